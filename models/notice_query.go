package models

import (
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// QuarantineFull says whether an account's quarantine holds as many notices that
// nobody has looked at as it may.
func QuarantineFull(db *gorm.DB, id AccountID, limit int64) (bool, error) {
	var count int64
	err := db.Model(&Notice{}).Where("account_id = ? AND quarantine <> '' AND looked_by = 0", id).Count(&count).Error
	return count >= limit, err
}

// NoticesToApply lists verified notices that were kept and not yet applied.
func NoticesToApply(db *gorm.DB, limit int) ([]Notice, error) {
	var all []Notice
	err := db.Where("applied = '' AND quarantine = ''").Order("id").Limit(limit).Find(&all).Error
	return all, err
}

// InStage lists the payouts in a stage, the oldest first.
func InStage(db *gorm.DB, stage Stage) ([]Payout, error) {
	var all []Payout
	err := db.Where("stage = ?", stage).Order("id").Find(&all).Error
	return all, err
}

// The lists of notices: those that wait for somebody's eyes, all that were ever
// put aside, and everything.
const (
	NoticesWaiting     = "waiting"
	NoticesQuarantined = "quarantine"
	NoticesAll         = "all"
)

// NoticeFilter narrows the list of notices. What is empty does not.
type NoticeFilter struct {
	List    string // one of Notices…
	Account AccountID
	Check   string // result of the check of its signature
	Says    string
	OrderNo string // how the number begins
}

func (f NoticeFilter) narrow(db *gorm.DB) *gorm.DB {
	switch {
	case f.List == NoticesWaiting:
		db = db.Where("quarantine <> '' AND looked_by = 0")
	case f.List == NoticesQuarantined, f.Check != "" && f.Check != "good":
		db = db.Where("quarantine <> ''") // what was not verified is nowhere else
	}
	if f.Account != 0 {
		db = db.Where("account_id = ?", f.Account)
	}
	if f.Check != "" {
		db = db.Where("verified = ?", f.Check)
	}
	if f.Says != "" {
		db = db.Where("says = ?", f.Says)
	}
	if f.OrderNo != "" {
		db = db.Where("order_no >= ? AND order_no < ?", f.OrderNo, f.OrderNo+"\U0010ffff")
	}
	return db
}

// ListNotices gives a page of notices, the newest first and without their bodies:
// those older than before, or those next newer than after, or the newest.
func ListNotices(db *gorm.DB, f NoticeFilter, before, after int64, limit int) ([]Notice, error) {
	db = f.narrow(db).Omit("body").Limit(limit)
	var page []Notice
	if after > 0 {
		err := db.Where("id > ?", after).Order("id").Find(&page).Error
		slices.Reverse(page)
		return page, err
	}
	if before > 0 {
		db = db.Where("id < ?", before)
	}
	err := db.Order("id DESC").Find(&page).Error
	return page, err
}

// CountNotices counts what a filter finds, up to a limit.
func CountNotices(db *gorm.DB, f NoticeFilter, most int) (int64, error) {
	var count int64
	found := f.narrow(db.Model(&Notice{})).Select("1").Limit(most)
	err := db.Session(&gorm.Session{NewDB: true}).Table("(?)", found).Count(&count).Error
	return count, err
}

// NoticesToLookAt counts those in quarantine that nobody has looked at.
func NoticesToLookAt(db *gorm.DB) (int64, error) {
	var count int64
	err := db.Model(&Notice{}).Where("quarantine <> '' AND looked_by = 0").Count(&count).Error
	return count, err
}

// NoticesEver counts all notices. They are numbered one after another and none is
// ever deleted, so the last number is the count.
func NoticesEver(db *gorm.DB) (int64, error) {
	var count int64
	err := db.Model(&Notice{}).Select("coalesce(max(id), 0)").Scan(&count).Error
	return count, err
}

// LookedAtWords are what somebody wrote when they looked at a quarantined notice.
func LookedAtWords(db *gorm.DB, id int64) (string, error) {
	var found []Event
	err := db.Where("verb = 'quarantine_looked_at' AND subject_id = ?", strconv.FormatInt(id, 10)).
		Order("seq DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].Details["reason_text"], nil
}
