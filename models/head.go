package models

import (
	"time"

	"gorm.io/gorm"
)

// SignedHead is one signed statement of what the log was: so many events, this root (I19).
type SignedHead struct {
	ID       int64
	Kind     string // hour, day, asked
	Size     int64
	Root     []byte
	SignedAt time.Time `gorm:"serializer:ms"`
	Note     string    // what leaves, to the byte
}

// TableName is the plural of the noun.
func (SignedHead) TableName() string { return "heads" }

// Departure is the way of one head out of this machine.
type Departure struct {
	HeadID  int64     `gorm:"primaryKey"`
	Outlet  string    `gorm:"primaryKey"` // folder, webhook, mail
	Place   string    // where it was last tried
	LeftAt  time.Time `gorm:"serializer:ms"`
	Tries   int
	TriedAt time.Time `gorm:"serializer:ms"`
	Problem string    // of the last try
}

// TableName is what the table is called.
func (Departure) TableName() string { return "head_departures" }

// AddHead stores a signed head and where it has to go.
func AddHead(tx *gorm.DB, h *SignedHead, outlets []string) error {
	if err := tx.Create(h).Error; err != nil {
		return err
	}
	for _, outlet := range outlets {
		if err := tx.Create(&Departure{HeadID: h.ID, Outlet: outlet}).Error; err != nil {
			return err
		}
	}
	return nil
}

// NoteTry keeps how the last try to let a head leave went. What has left has left.
func NoteTry(tx *gorm.DB, d Departure) error {
	return tx.Model(&d).Where("left_at = 0").Select("place", "left_at", "tries", "tried_at", "problem").Updates(&d).Error
}

// LastHead is the newest head of these kinds, of any where none is named; ok is false
// where there is none.
func LastHead(db *gorm.DB, kinds ...string) (h SignedHead, ok bool, err error) {
	var found []SignedHead
	q := db.Order("id DESC").Limit(1)
	if len(kinds) > 0 {
		q = q.Where("kind IN ?", kinds)
	}
	if err = q.Find(&found).Error; err != nil || len(found) == 0 {
		return h, false, err
	}
	return found[0], true, nil
}

// Heads lists the newest heads, the newest first.
func Heads(db *gorm.DB, most int) ([]SignedHead, error) {
	var all []SignedHead
	err := db.Order("id DESC").Limit(most).Find(&all).Error
	return all, err
}

// FindHead reads one head.
func FindHead(db *gorm.DB, id int64) (h SignedHead, err error) {
	err = db.Take(&h, "id = ?", id).Error
	return h, err
}

// Departures lists where a head went, and what kept it.
func Departures(db *gorm.DB, head int64) ([]Departure, error) {
	var all []Departure
	err := db.Where("head_id = ?", head).Order("outlet").Find(&all).Error
	return all, err
}

// Waiting lists heads that have not left by one of these outlets, the oldest first.
func Waiting(db *gorm.DB, outlets []string, most int) ([]Departure, error) {
	var all []Departure
	err := db.Where("left_at = 0 AND outlet IN ?", outlets).Order("head_id, outlet").Limit(most).Find(&all).Error
	return all, err
}

// CountWaiting counts the ways out that are still to be gone.
func CountWaiting(db *gorm.DB) (count int64, err error) {
	err = db.Model(&Departure{}).Where("left_at = 0").Count(&count).Error
	return count, err
}

// StuckHeads counts the ways out that were tried in vain and are still to be gone, and
// gives the oldest.
func StuckHeads(db *gorm.DB) (count int64, oldest Departure, err error) {
	var found []Departure
	err = db.Where("left_at = 0 AND tries > 0").Order("head_id, outlet").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return 0, oldest, err
	}
	count, err = CountWaiting(db)
	return count, found[0], err
}

// LastDeparture is the newest head that has left, with its way out.
func LastDeparture(db *gorm.DB) (h SignedHead, d Departure, ok bool, err error) {
	var found []Departure
	err = db.Where("left_at > 0").Order("head_id DESC, left_at DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return h, d, false, err
	}
	h, err = FindHead(db, found[0].HeadID)
	return h, found[0], err == nil, err
}
