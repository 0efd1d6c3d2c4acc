package models

import (
	"time"

	"gorm.io/gorm"
)

// ExceptionRows is how many acts of one kind the report of a month shows; the log has all.
const ExceptionRows = 50

// ExceptionKinds are what the report of a month counts, in its order (M7): each is a
// question to the log, so that every number on it comes from there.
var ExceptionKinds = []AuditQuestion{
	AskOverrides, AskOwn, AskQuick, AskOffHours, AskRejected, AskVerdicts, AskLate, AskLetGo, AskRestarts, AskPolicy, AskRights, AskDevices,
}

// Month is a month in somebody's zone.
type Month struct {
	From, Until time.Time
}

// MonthOf is the month that holds this moment.
func MonthOf(at time.Time, zone *time.Location) Month {
	at = at.In(zone)
	from := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, zone)
	return Month{from, from.AddDate(0, 1, 0)}
}

// ReadMonth reads one as addresses write it, 2026-11.
func ReadMonth(text string, zone *time.Location) (Month, bool) {
	at, err := time.ParseInLocation("2006-01", text, zone)
	return MonthOf(at, zone), err == nil
}

// Text is the month as addresses write it.
func (m Month) Text() string { return m.From.Format("2006-01") }

// Before is the month before.
func (m Month) Before() Month { return MonthOf(m.From.AddDate(0, -1, 0), m.From.Location()) }

// After is the month after.
func (m Month) After() Month { return MonthOf(m.Until, m.From.Location()) }

// Asking is the question, asked of this month.
func (m Month) Asking(question AuditQuestion) EventFilter {
	return EventFilter{Question: question, From: m.From, Until: m.Until, Zone: m.From.Location()}
}

// ExceptionKind is one kind of a report: how many there were in the month and in the one
// before, and the newest of them.
type ExceptionKind struct {
	Filter EventFilter
	Count  int64
	Was    int64
	Capped bool
	Events []Event
	ByFor  []RejectionCount // of rejections: how many for which reason
}

// Exceptional is the report of a month.
func Exceptional(db *gorm.DB, m Month) (kinds []ExceptionKind, err error) {
	for _, question := range ExceptionKinds {
		k := ExceptionKind{Filter: m.Asking(question)}
		var more, wasMore bool
		if k.Count, more, err = CountEvents(db, k.Filter); err != nil {
			return nil, err
		}
		if k.Was, wasMore, err = CountEvents(db, m.Before().Asking(question)); err != nil {
			return nil, err
		}
		k.Capped = more || wasMore
		list, err := ListEvents(db, k.Filter, EventPage{Size: ExceptionRows})
		if err != nil {
			return nil, err
		}
		k.Events = list.Events
		if question == AskRejected {
			if k.ByFor, err = CountRejections(db, k.Filter); err != nil {
				return nil, err
			}
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}
