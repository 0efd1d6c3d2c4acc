package models

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"
)

// AccountID names a gateway account.
type AccountID int64

// GatewayAccount is one merchant at one gateway: address, sealed keys, zone,
// time-outs and the schedule of questions.
type GatewayAccount struct {
	ID                AccountID
	Name              string
	Family            string
	Slug              string // in the address for notices
	BaseURL           string
	MerchantID        string
	SealedKeys        []byte
	Fingerprint       string    // of the keys; all that is ever shown of them
	KeysSince         time.Time `gorm:"serializer:ms"`
	SealedFormer      []byte    // the keys before them; nil: none
	FormerFingerprint string
	FormerUntil       time.Time `gorm:"serializer:ms"` // until when notices signed with those are taken
	Algorithm         string
	QueryShape        string
	Currency          string
	Rails             string // ids, comma separated
	Zone              string
	AllowLoopback     bool
	TimeoutMS         int64     `gorm:"column:timeout_ms"`
	QuestionsS        string    `gorm:"column:questions_s"`
	VerdictWaitMS     int64     `gorm:"column:verdict_wait_ms"`
	VerdictQuestions  int       // how many questions before "not paid" may be proposed
	NotFinal          string    // words of status beyond the documented ones that decide nothing, comma separated
	Paused            string    // why, a catalogue key; "" is open
	PausedAt          time.Time `gorm:"serializer:ms"`
	NotSentStreak     int
	TurnedAway        int
	LastGoodAt        time.Time `gorm:"serializer:ms"`
	LastNoticeAt      time.Time `gorm:"serializer:ms"`
	SilentAt          time.Time `gorm:"serializer:ms"` // since when it is called silent; zero is not
	SilentSince       time.Time `gorm:"serializer:ms"` // its last notice before that; zero is none ever
	SilentOrders      int       // settled by asking alone meanwhile
	BalanceMinor      int64
	FrozenMinor       int64
	BalanceAt         time.Time `gorm:"serializer:ms"`
	CalendarText      string    `gorm:"column:calendar"` // when the gateway pays; "" is no cut-off
	CreatedAt         time.Time `gorm:"serializer:ms;autoCreateTime:false"`
}

// DefaultQuestions is the schedule of questions, in seconds (invariants.md 2):
// 30 s, 1, 2, 5, 15, 30 min, hourly to 24 h, then every 4 hours.
const DefaultQuestions = "30,60,120,300,900,1800," +
	"3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,3600,14400"

// Timeout is the total deadline of one exchange.
func (a GatewayAccount) Timeout() time.Duration { return time.Duration(a.TimeoutMS) * time.Millisecond }

// VerdictWait is how long after the last sign of life "not paid" may be proposed.
func (a GatewayAccount) VerdictWait() time.Duration {
	return time.Duration(a.VerdictWaitMS) * time.Millisecond
}

// Location is the gateway's zone, for its times without one.
func (a GatewayAccount) Location() *time.Location {
	return zone(a.Zone)
}

// RailIDs are the rails that this account may use.
func (a GatewayAccount) RailIDs() []string { return strings.Split(a.Rails, ",") }

// QuestionAfter is how long to wait after the given number of questions.
func (a GatewayAccount) QuestionAfter(asked int) time.Duration {
	gaps, err := ParseQuestions(a.QuestionsS)
	if err != nil {
		gaps, _ = ParseQuestions(DefaultQuestions)
	}
	return gaps[min(asked, len(gaps)-1)]
}

// ParseQuestions reads a schedule: gaps in seconds, comma separated, each from
// one second to a day.
func ParseQuestions(text string) ([]time.Duration, error) {
	var gaps []time.Duration
	for _, part := range strings.Split(text, ",") {
		seconds, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || seconds < 1 || seconds > 86400 {
			return nil, Refuse(Invalid, "account.questions_shape").On("questions")
		}
		gaps = append(gaps, time.Duration(seconds)*time.Second)
	}
	return gaps, nil
}

// The bounds of NotFinal.
const (
	mostNotFinal = 20
	longestWord  = 64
)

// ParseNotFinal reads words of status, comma separated: those that a gateway uses
// though no document names them, and that settle nothing.
func ParseNotFinal(text string) ([]string, error) {
	var words []string
	for part := range strings.SplitSeq(text, ",") {
		word := strings.TrimSpace(part)
		switch {
		case word == "" && strings.TrimSpace(text) == "":
			return nil, nil
		case word == "", len(word) > longestWord, len(words) == mostNotFinal, strings.ContainsFunc(word, unicode.IsControl):
			return nil, Refuse(Invalid, "account.not_final_shape").On("not_final")
		}
		words = append(words, word)
	}
	return words, nil
}

// FindAccount reads one gateway account.
func FindAccount(db *gorm.DB, id AccountID) (GatewayAccount, error) {
	return oneAccount(db, "id = ?", id)
}

// FindAccountBySlug reads the account whose notices come to this address.
func FindAccountBySlug(db *gorm.DB, slug string) (GatewayAccount, error) {
	return oneAccount(db, "slug = ?", slug)
}

var errNoAccount = Refuse(Missing, "account.missing")

// CheckSlug refuses an address for notices that no account has.
func CheckSlug(db *gorm.DB, slug string) error {
	found, err := one(db, []any{new(AccountID)}, "SELECT id FROM gateway_accounts WHERE slug = ?", slug)
	if err == nil && !found {
		return errNoAccount
	}
	return err
}

func oneAccount(db *gorm.DB, condition string, value any) (GatewayAccount, error) {
	a, found, err := readAccount(db, condition, value)
	if err == nil && !found {
		return a, errNoAccount
	}
	return a, err
}

// Accounts lists all gateway accounts, by name.
func Accounts(db *gorm.DB) ([]GatewayAccount, error) {
	var all []GatewayAccount
	err := db.Order("name").Find(&all).Error
	return all, err
}

// UpdateAccount writes the named columns of the account.
func UpdateAccount(tx *gorm.DB, a *GatewayAccount, columns ...string) error {
	return tx.Model(a).Select(columns).Updates(a).Error
}
