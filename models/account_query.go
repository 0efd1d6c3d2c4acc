package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// AccountHealth is how an account has done lately, counted from what is on record.
type AccountHealth struct {
	Sent    int64 // attempts of the last day
	Unclear int64 // those that were answered with nothing that proves anything
	// Usual is the same of the seven days before.
	UsualSent, UsualUnclear int64

	Slowest     time.Duration // 95 of 100 complete answers came within; 0 if there were none
	NoticeDelay time.Duration // 95 of 100 notices came within, after we knew by asking
	Quarantined int64         // notices of the last day that were not to be trusted
	BadlySigned int64         // those of them whose signature was wrong or missing
}

const (
	lately      = 24 * time.Hour
	usually     = 7 * 24 * time.Hour
	sampled     = 500 // answers and notices looked at, at most
	sureOfRatio = 3   // so many unclear ones are no accident
)

// Unusual says whether orders come back unclear more than twice as often as they
// used to.
func (h AccountHealth) Unusual() bool {
	return h.Unclear >= sureOfRatio && h.Unclear*h.UsualSent > 2*h.UsualUnclear*h.Sent
}

// HealthOf counts how an account has done up to now.
func HealthOf(db *gorm.DB, id AccountID, now time.Time) (h AccountHealth, err error) {
	since := now.Add(-lately)
	if h.Sent, h.Unclear, err = sentBetween(db, id, since, now.Add(time.Hour)); err != nil {
		return h, err
	}
	if h.UsualSent, h.UsualUnclear, err = sentBetween(db, id, since.Add(-usually), since); err != nil {
		return h, err
	}
	if h.Slowest, err = slowestAnswer(db, id, since); err != nil {
		return h, err
	}
	if h.NoticeDelay, err = noticeDelay(db, id, since); err != nil {
		return h, err
	}
	h.Quarantined, h.BadlySigned, err = quarantinedSince(db, id, since)
	return h, err
}

// sentBetween counts attempts, and those of which nobody knew whether they arrived.
func sentBetween(db *gorm.DB, id AccountID, from, to time.Time) (sent, unclear int64, err error) {
	var row struct{ Sent, Unclear int64 }
	err = db.Model(&Attempt{}).
		Select("count(*) AS sent, coalesce(sum(read_as NOT IN ('', 'accepted', 'refused')), 0) AS unclear").
		Where("account_id = ? AND started_at >= ? AND started_at < ? AND read_as <> 'not_sent'", id, Millis(from), Millis(to)).
		Scan(&row).Error
	return row.Sent, row.Unclear, err
}

// slowestAnswer is within what 95 of 100 questions were answered completely.
func slowestAnswer(db *gorm.DB, id AccountID, since time.Time) (time.Duration, error) {
	var took []int64
	err := db.Model(&Question{}).Where("account_id = ? AND asked_at >= ? AND fault = ''", id, Millis(since)).
		Order("asked_at DESC").Limit(sampled).Pluck("took_ms", &took).Error
	return nineteenOfTwenty(took), err
}

// noticeDelay is by how much notices come after the moment at which the order was
// settled without them. A notice that settles its order has none.
func noticeDelay(db *gorm.DB, id AccountID, since time.Time) (time.Duration, error) {
	var delays []int64
	err := db.Model(&Notice{}).Joins("JOIN payouts ON payouts.id = notices.payout_id").
		Where("notices.account_id = ? AND notices.received_at >= ? AND notices.quarantine = ''", id, Millis(since)).
		Where("notices.says IN ('paid', 'failed') AND payouts.settled_at > 0").
		Order("notices.id DESC").Limit(sampled).
		Pluck("max(notices.received_at - payouts.settled_at, 0)", &delays).Error
	return nineteenOfTwenty(delays), err
}

// quarantinedSince counts notices that were kept and not believed.
func quarantinedSince(db *gorm.DB, id AccountID, since time.Time) (all, badlySigned int64, err error) {
	var row struct{ Total, BadlySigned int64 }
	err = db.Model(&Notice{}).
		Select("count(*) AS total, coalesce(sum(verified IN ('bad_signature', 'missing_signature', 'other_algorithm')), 0) AS badly_signed").
		Where("quarantine <> '' AND account_id = ? AND last_at >= ?", id, Millis(since)).Scan(&row).Error
	return row.Total, row.BadlySigned, err
}

// nineteenOfTwenty is the 95th percentile of milliseconds.
func nineteenOfTwenty(ms []int64) time.Duration {
	if len(ms) == 0 {
		return 0
	}
	slices.Sort(ms)
	return time.Duration(ms[(len(ms)*95+99)/100-1]) * time.Millisecond
}

// PauseWords are what somebody wrote when they paused the account; "" if a machine
// did.
func PauseWords(db *gorm.DB, a GatewayAccount) (string, error) {
	var found []Event
	err := db.Where("verb = 'account_paused' AND subject_id = ?", a.Name).Order("seq DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].Details["reason_text"], nil
}

// LastSent lists the payouts that left us last, the newest first.
func LastSent(db *gorm.DB, limit int) ([]Payout, error) {
	var all []Payout
	err := db.Where("stage IN ('sending', 'sent')").Order("id DESC").Limit(limit).Find(&all).Error
	return all, err
}
