package models

import (
	"strconv"
	"time"

	"gorm.io/gorm"
)

// RestoreFound is what was found when this database was last held against the journal
// of sends and did not fit (I27).
type RestoreFound struct {
	At      time.Time // of the finding
	EndsAt  time.Time // of this database's last event before it
	BegunAt time.Time // the journal begins there, after this database ends; zero is well
	Sends   int       // requests of the journal that this database did not know
	Known   int       // of those whose order is here
	Damaged int       // lines that cannot be read
	Asked   int       // orders that were asked about because of it
}

// LastRestoreFound reads it from the log; found is false if the database always fitted.
func LastRestoreFound(db *gorm.DB) (r RestoreFound, found bool, err error) {
	var events []Event
	err = db.Where("verb = ?", "restore_found").Order("seq DESC").Limit(1).Find(&events).Error
	if err != nil || len(events) == 0 {
		return r, false, err
	}
	count := func(name string) int {
		n, _ := strconv.Atoi(events[0].Details[name]) // left out is none
		return n
	}
	r = RestoreFound{At: events[0].At, Sends: count("sends"), Known: count("known"), Damaged: count("damaged"), Asked: count("asked")}
	if begun := events[0].Details["journal_begun"]; begun != "" {
		if r.BegunAt, err = time.Parse(time.RFC3339, begun); err != nil {
			return r, true, err
		}
	}
	var last Event
	err = db.Where("seq = ?", count("head")).Limit(1).Find(&last).Error
	r.EndsAt = last.At
	return r, true, err
}
