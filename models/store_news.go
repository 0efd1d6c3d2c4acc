package models

import (
	"time"

	"gorm.io/gorm"
)

// news is what the units of a batch know together: which payouts they have written
// about, the last event as this transaction has read or written it, and what
// fault of the disk they met.
type news struct {
	payouts   []PayoutID
	everybody bool // something was written that every page shows
	head      *Event
	last      *Event           // that was appended and is not written yet
	tables    []boundTable     // whose rows are bound to the log
	now       func() time.Time // nil where nobody told
	fault     error            // of the disk, also where the unit that met it went on
}

// spread tells what was written, if anything was.
func (n *news) spread(wake func([]PayoutID)) {
	switch {
	case n.everybody:
		wake(nil)
	case len(n.payouts) > 0:
		wake(n.payouts)
	}
}

const newsKey = "countersign:news"

func withNews(tx *gorm.DB, n *news) *gorm.DB {
	return tx.Set(newsKey, n).Session(&gorm.Session{})
}

// newsOf is nil outside a batch.
func newsOf(tx *gorm.DB) *news {
	n, _ := tx.Get(newsKey)
	known, _ := n.(*news)
	return known
}

// tell says what was added to the log.
func tell(tx *gorm.DB, e Event) {
	n := newsOf(tx)
	if n == nil {
		return
	}
	n.head = &e
	if e.PayoutID > 0 {
		n.payouts = append(n.payouts, e.PayoutID)
	}
	switch e.Subject {
	case "settings", "account": // whether anything is sent
		n.everybody = true
	case "change": // waits for people who look at whatever page
		n.everybody = true
	}
}

// head is the last event. Within a batch it is read once: the transaction holds
// the only right to write.
func head(tx *gorm.DB) (Event, error) {
	n := newsOf(tx)
	if n != nil && n.head != nil {
		return *n.head, nil
	}
	last, err := lastEvent(tx)
	if n != nil && err == nil {
		n.head = &last
	}
	return last, err
}

// forget makes the next event look for the head again, because some may have been
// undone.
func forget(tx *gorm.DB) {
	if n := newsOf(tx); n != nil {
		n.head, n.last = nil, nil
	}
}

// suffer remembers a fault of the disk: nothing of the batch can be believed.
func suffer(tx *gorm.DB, err error) {
	if n := newsOf(tx); n != nil && fatal(err) {
		n.fault = err
	}
}
