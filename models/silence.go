package models

import (
	"time"

	"gorm.io/gorm"
)

// SilenceAfter is how many orders in a row have to be settled by asking alone before
// no accident explains that their notices are missing (features.md, G7).
const SilenceAfter = 3

// silenceSeen bounds how many orders the rule looks at, the oldest first.
const silenceSeen = 1000

// Expected is an order that the answer to a question has settled: its notice should
// have come, or still should.
type Expected struct {
	Sent    time.Time
	Settled time.Time
	Noticed bool // a good notice said the same, before or after
}

// Missed counts the orders in a row, up to now, whose notice never came within the
// gateway's window, and between which none came at all: heard is when the gateway was
// last heard, back when we were last back from an outage. What was sent before that
// may have found nobody, and says nothing about the gateway.
func Missed(settled []Expected, heard, back, now time.Time, window time.Duration) (missed int) {
	for _, e := range settled {
		switch {
		case e.Noticed:
			missed = 0
		case e.Settled.After(heard) && !e.Sent.Before(back) && !now.Before(e.Settled.Add(window)):
			missed++
		}
	}
	return missed
}

// Silent says whether the account is to be called silent: from so many missed notices
// on, until a good one comes. Whether one came is told by another time, not by a later
// one, for clocks are set back (I20).
func (a GatewayAccount) Silent(missed int) bool {
	if !a.SilentAt.IsZero() {
		return a.LastNoticeAt.Equal(a.SilentSince)
	}
	return missed >= SilenceAfter
}

// ExpectedOf lists the orders of an account that questions have settled since it was
// last heard, the oldest first.
func ExpectedOf(db *gorm.DB, a GatewayAccount) ([]Expected, error) {
	var rows []struct {
		SentAt, AskedAt int64
		Noticed         bool
	}
	err := expectedOf(db, a).Scan(&rows).Error
	settled := make([]Expected, len(rows))
	for i, row := range rows {
		settled[i] = Expected{Sent: FromMillis(row.SentAt), Settled: FromMillis(row.AskedAt), Noticed: row.Noticed}
	}
	return settled, err
}

func expectedOf(db *gorm.DB, a GatewayAccount) *gorm.DB {
	return db.Model(&Question{}).Joins("JOIN payouts ON payouts.id = questions.payout_id").
		Where("questions.account_id = ? AND questions.asked_at > ? AND questions.effect IN ?", a.ID, Millis(a.LastNoticeAt), []Move{MovePaid, MoveFail}).
		Select("payouts.sent_at, questions.asked_at, EXISTS (SELECT 1 FROM notices WHERE notices.payout_id = payouts.id AND notices.quarantine = '' " +
			"AND notices.says IN ('paid', 'failed', 'reversed')) AS noticed").
		Order("questions.asked_at, questions.id").Limit(silenceSeen)
}

// SilentAccounts lists those that are called silent, by name.
func SilentAccounts(db *gorm.DB) ([]GatewayAccount, error) {
	var all []GatewayAccount
	err := db.Where("silent_at > 0").Order("name").Find(&all).Error
	return all, err
}
