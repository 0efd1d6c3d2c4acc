package handlers

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// guards are the duties that protect the evidence.
func (h *Handlers) guards(db *gorm.DB) (*views.Guards, error) {
	duties, err := models.Duties(db)
	if err != nil {
		return nil, err
	}
	entries, _, err := models.Head(db)
	if err != nil {
		return nil, err
	}
	away, missed, _, err := models.LastAway(db)
	if err != nil {
		return nil, err
	}
	silent, err := models.SilentAccounts(db)
	if err != nil {
		return nil, err
	}
	heads, err := headsOf(db)
	return &views.Guards{
		Now: h.Now(), Sweeper: duties["sweeper"], Verify: duties["verify"], Backup: duties["backup"], Restore: duties["restore_check"],
		Entries: entries, Away: away, Missed: missed,
		Silent: silent, Heads: duties["heads"], Left: heads.Way.LeftAt, Unleft: heads.Waiting,
	}, err
}

// fillGuards adds what an auditor looks at first.
func (h *Handlers) fillGuards(ctx context.Context, db *gorm.DB, p *views.HomePage, by models.Person) (err error) {
	if p.Guards, err = h.guards(db); err != nil || !by.Has(models.Auditor) {
		return err
	}
	f, _ := models.ParseEventFilter(map[string][]string{"when": {"30d"}}, i18n.Zone(ctx), h.Now())
	p.Exceptions, err = questionCounts(db, f)
	return err
}
