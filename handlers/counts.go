package handlers

import (
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
)

// countedShell is what of the shell a live update renews: the counts, of the pages
// that the person may open.
func (h *Handlers) countedShell(db *gorm.DB, by models.Person) (views.Shell, error) {
	counts, err := h.counts(db, by)
	return views.Shell{Counts: counts, May: func(page string) bool { return h.mayOpen(by, page) }}, err
}

// counts are what waits, for the rail: approvals that this person may decide on,
// and what waits for anybody.
func (h *Handlers) counts(db *gorm.DB, by models.Person) (counts views.Counts, err error) {
	if counts.Approvals, err = models.CountToDecide(db, by); err != nil {
		return counts, err
	}
	if counts.Changes, err = models.CountChangesFor(db, by); err != nil {
		return counts, err
	}
	if counts.Finds, err = findsFor(db, by); err != nil {
		return counts, err
	}
	waiting, err := models.NoticesToLookAt(db)
	if err != nil {
		return counts, err
	}
	counts.Quarantine = int(waiting)
	cells, err := models.PayoutCounts(db)
	for _, cell := range cells {
		orders := int(cell.Orders)
		switch {
		case cell.Contradicted:
			counts.Contradictions += orders
		case cell.Outcome == models.Unclear:
			counts.Unclear += orders
		}
	}
	return counts, err
}
