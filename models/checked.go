package models

import (
	"encoding/json"
	"time"

	"gorm.io/gorm"
)

// SettingChecked holds the last report of Verify.
const SettingChecked = "checked"

// Checked is a report with when it was made, how long it took and who asked.
type Checked struct {
	Report
	At     time.Time
	TookMS int64
	By     string
	ByID   PersonID // 0 is the machine, by itself
}

// LastChecked reads the last report; ok is false before the first.
func LastChecked(db *gorm.DB) (c Checked, ok bool, err error) {
	text, err := ReadSetting(db, SettingChecked)
	if err != nil || text == "" {
		return c, false, err
	}
	return c, true, json.Unmarshal([]byte(text), &c)
}
