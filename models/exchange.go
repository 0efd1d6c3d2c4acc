package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// Attempt is the one send of an order: what was on record before the first byte
// left, and what the exchange proved (I6, I7).
type Attempt struct {
	ID            int64
	PayoutID      PayoutID
	AccountID     AccountID
	Number        int
	StartedAt     time.Time `gorm:"serializer:ms"`
	Method        string
	URL           string
	SealedRequest []byte // the exact bytes, encrypted
	RequestBytes  int
	RequestDigest []byte    // SHA-256 of the exact bytes
	ContentDigest []byte    // what the approvers signed
	Fence         int64     // of the sender's lease
	NotSent       bool      // our own connection saw no byte leave
	EndedAt       time.Time `gorm:"serializer:ms"`
	TookMS        int64     `gorm:"column:took_ms"`
	HTTPStatus    int       `gorm:"column:http_status"`
	Fault         string
	ReadAs        string
	Code          string
	Message       string
	Response      []byte
	Restored      bool // written again from the journal of sends; its bytes are not here (I27)
}

// AddAttempt puts the attempt on record; the database refuses a second one that
// may have left us.
func AddAttempt(tx *gorm.DB, a *Attempt) error {
	var count int64
	if err := tx.Model(&Attempt{}).Where("payout_id = ?", a.PayoutID).Count(&count).Error; err != nil {
		return err
	}
	a.Number = int(count) + 1
	err := tx.Create(a).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Refuse(Conflict, "payout.already_sent")
	}
	return err
}

// EndAttempt stores what the exchange proved.
func EndAttempt(tx *gorm.DB, a *Attempt) error {
	return tx.Model(a).Select("not_sent", "ended_at", "took_ms", "http_status", "fault", "read_as", "code", "message", "response").Updates(a).Error
}

// Attempts lists the attempts of an order, the first one first.
func Attempts(db *gorm.DB, id PayoutID) ([]Attempt, error) {
	var all []Attempt
	err := db.Where("payout_id = ?", id).Order("number").Find(&all).Error
	return all, err
}

// BytesDigest is the detail of an event that holds the SHA-256 of the exact bytes of the
// notice or the answer that it goes by.
const BytesDigest = "bytes_digest"

// NoticeFrom and NoticeAt are the details of an event that say from which address the
// notice came that it goes by, and when.
const (
	NoticeFrom = "notice_from"
	NoticeAt   = "notice_at"
)

// Came is when the notice came, as its events say it.
func Came(at time.Time) string { return at.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano) }

// Question is one query of an order, or a test of an account.
type Question struct {
	ID         int64
	PayoutID   *PayoutID
	AccountID  AccountID
	AskedBy    PersonID  // 0: by the schedule
	AskedAt    time.Time `gorm:"serializer:ms"`
	TookMS     int64     `gorm:"column:took_ms"`
	HTTPStatus int       `gorm:"column:http_status"`
	Fault      string
	Says       string
	Problem    string
	Word       string
	Code       string
	Message    string
	Response   []byte
	Effect     string // the move it made, or "none"
}

// Questions lists what was asked about an order, the newest first.
func Questions(db *gorm.DB, id PayoutID) ([]Question, error) {
	var all []Question
	err := db.Where("payout_id = ?", id).Order("id DESC").Find(&all).Error
	return all, err
}

// LastQuestion is the newest question about an order; ok is false if none was asked.
func LastQuestion(db *gorm.DB, id PayoutID) (q Question, ok bool, err error) {
	var found []Question
	err = db.Where("payout_id = ?", id).Order("id DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return q, false, err
	}
	return found[0], true, nil
}

// Notice is a webhook as it came. Notices are a set: any order, any repetition,
// the same result (I16).
type Notice struct {
	ID          int64
	AccountID   AccountID
	Body        []byte
	BodyDigest  []byte
	SameDigest  []byte
	Headers     string // the ones that matter, secrets masked, one a line
	Address     string
	ReceivedAt  time.Time `gorm:"serializer:ms"`
	LastAt      time.Time `gorm:"serializer:ms"`
	Seen        int
	Verified    string // "good", or why not
	Algorithm   string
	OrderNo     string
	PayoutID    *PayoutID
	Says        string
	Word        string
	AmountMinor int64
	Currency    string
	Quarantine  string // why, "" is not in quarantine
	LookedBy    PersonID
	LookedAt    time.Time `gorm:"serializer:ms"`
	Applied     string    // the move it made, "none", or "" for not yet
}

// FindNotice reads one notice.
func FindNotice(db *gorm.DB, id int64) (Notice, error) {
	var n Notice
	err := db.Take(&n, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return n, Refuse(Missing, "notice.missing")
	}
	return n, err
}

// KeepNotice stores the notice, or counts one more of the same bytes. Seen is
// above 1 for a repetition.
func KeepNotice(tx *gorm.DB, n *Notice) error {
	n.Seen, n.LastAt = 1, n.ReceivedAt
	if err := addNotice(tx, n); err != nil || n.Seen == 1 {
		return err
	}
	known, err := FindNotice(tx, n.ID)
	*n = known
	return err
}

// NoteApplied keeps what the notice has moved.
func NoteApplied(tx *gorm.DB, n Notice) error {
	_, err := run(tx, "UPDATE notices SET applied = ? WHERE id = ?", n.Applied, n.ID)
	return err
}

// NoticesOf lists the notices about an order, the newest first.
func NoticesOf(db *gorm.DB, id PayoutID) ([]Notice, error) {
	var all []Notice
	err := db.Where("payout_id = ?", id).Order("id DESC").Find(&all).Error
	return all, err
}

// QuarantinedAbout lists quarantined notices that name the order number.
func QuarantinedAbout(db *gorm.DB, orderNo string) ([]Notice, error) {
	var all []Notice
	err := db.Where("order_no = ? AND quarantine <> ''", orderNo).Order("id DESC").Find(&all).Error
	return all, err
}

// CountQuarantinedAbout counts them, up to a limit.
func CountQuarantinedAbout(db *gorm.DB, orderNo string, most int) (int64, error) {
	var count int64
	found := db.Model(&Notice{}).Where("order_no = ? AND quarantine <> ''", orderNo).Select("1").Limit(most)
	err := db.Session(&gorm.Session{NewDB: true}).Table("(?)", found).Count(&count).Error
	return count, err
}

// SameNotice says whether another notice with the same facts was already applied
// to the order.
func SameNotice(tx *gorm.DB, n Notice) (bool, error) {
	return one(tx, []any{new(int)}, "SELECT 1 FROM notices WHERE payout_id = ? AND same_digest = ? AND id <> ? AND applied <> '' LIMIT 1",
		n.PayoutID, n.SameDigest, n.ID)
}
