package services

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
)

// PeriodWish is which orders a bundle is to hold: those that were made in a span of days,
// as far as the scope goes.
type PeriodWish struct {
	From  time.Time
	Until time.Time // the first moment after it
	Zone  *time.Location
	Scope models.Scope
}

// DrawPeriod makes the pages of a bundle of a period.
type DrawPeriod struct {
	Order func(context.Context, models.Dossier, []models.Event) ([]byte, error)
	Rest  func(context.Context, models.PeriodDossier, []models.PeriodOrder, []models.Event, func(name string, page []byte) error) error
}

// PeriodProgress is how far the making of a bundle is.
type PeriodProgress struct {
	Orders, Of int
	Bytes      int64
}

// PeriodTaken is a bundle that was made.
type PeriodTaken struct {
	Orders int
	Events int64 // of the span
	Files  int
	Bytes  int64
}

// periodTaking is a bundle of a period in the making. Of an order nothing is kept but its
// line in the list.
type periodTaking struct {
	*Evidence
	ctx     context.Context
	by      models.Actor
	wish    PeriodWish
	draw    DrawPeriod
	tell    func(PeriodProgress)
	archive *bundle.Archive
	db      *gorm.DB // one snapshot of everything
	seen    *gorm.DB // the same, as far as the wish's scope goes
	names   map[models.PersonID]string
	start   models.SignedHead
	dossier models.PeriodDossier
	orders  []models.PeriodOrder
	within  map[models.PayoutID]string
	rows    *models.OrderRows
	people  map[models.PersonID]bool
	payees  map[models.PayeeVersionID]models.PayeeVersion
	paid    map[string]bool // payees, by their number as events write it
	changed map[string]bool // changes that made details which orders were paid to
	terms   map[int]models.Policy
	earlier []models.Event // of what orders depend on, from before the span
	later   []models.Event // and within it
}

// narrowed is the wish of somebody who sees so much: what they left open is all that they
// see, and what they asked for has to be within it.
func (w PeriodWish) narrowed(sees models.Scope) (PeriodWish, error) {
	if !w.Scope.Within(sees) {
		if len(w.Scope.Accounts) == 0 {
			w.Scope.Accounts = sees.Accounts
		}
		if len(w.Scope.Currencies) == 0 {
			w.Scope.Currencies = sees.Currencies
		}
	}
	if !w.Scope.Within(sees) {
		return w, models.Refuse(models.Invalid, "evidence.period_scope").On("account")
	}
	w.Scope = w.Scope.InOrder()
	return w, nil
}

// CheckWish refuses a period that cannot be told.
func (s *Evidence) CheckWish(w PeriodWish) error {
	switch {
	case w.From.IsZero() || w.Until.IsZero():
		return models.Refuse(models.Invalid, "evidence.period_open").On("from")
	case !w.From.Before(w.Until):
		return models.Refuse(models.Invalid, "evidence.period_backward").On("to")
	case !w.From.Before(s.Now()):
		return models.Refuse(models.Invalid, "evidence.period_future").On("from")
	}
	return nil
}

// TakePeriod makes a bundle of all orders of a period and writes it file by file (M5). That
// it was taken is on record, with the digest of what is in it, before it is whole.
func (s *Evidence) TakePeriod(ctx context.Context, by models.Actor, w PeriodWish, draw DrawPeriod, to io.Writer, tell func(PeriodProgress)) (PeriodTaken, error) {
	if err := s.CheckWish(w); err != nil {
		return PeriodTaken{}, err
	}
	ctx = models.Everywhere(ctx)
	t := periodTaking{
		Evidence: s, ctx: ctx, by: by, wish: w, draw: draw, tell: tell, archive: bundle.NewArchive(to), within: map[models.PayoutID]string{},
		people: map[models.PersonID]bool{}, payees: map[models.PayeeVersionID]models.PayeeVersion{}, terms: map[int]models.Policy{},
		paid: map[string]bool{}, changed: map[string]bool{},
	}
	err := s.Store.Read(ctx).Transaction(func(tx *gorm.DB) error {
		t.db, t.seen = tx, tx.WithContext(models.Seeing(ctx, w.Scope))
		return t.gatherAll()
	})
	if err != nil {
		return PeriodTaken{}, err
	}
	manifest := t.archive.Manifest()
	seq, err := t.note(manifest)
	if err != nil {
		return PeriodTaken{}, err
	}
	if err := t.close(manifest, seq); err != nil {
		return PeriodTaken{}, err
	}
	span := t.dossier.Span
	return PeriodTaken{Orders: len(t.orders), Events: span.Last - span.Start, Files: t.archive.Files, Bytes: t.archive.Bytes}, nil
}

// gatherAll writes everything that one snapshot has of the period.
func (t *periodTaking) gatherAll() error {
	for _, step := range []func() error{t.begin, t.addOrders, t.asWritten, t.addLog, t.addGrounds, t.addList} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// asWritten refuses the bundle if a row of one of its orders is not what was written.
func (t *periodTaking) asWritten() error { return altered(t.rows) }

// begin finds the span of the log, and which orders were made in the period.
func (t *periodTaking) begin() (err error) {
	if t.names, err = models.Names(t.db); err != nil {
		return err
	}
	if t.rows, err = models.ReadOrderRows(t.db); err != nil {
		return err
	}
	t.dossier = models.PeriodDossier{
		From: t.wish.From.UTC(), Until: t.wish.Until.UTC(), Zone: t.wish.Zone.String(), Currencies: t.wish.Scope.Currencies,
		Whole: t.wish.Scope.Whole(), TakenAt: t.Now().UTC().Truncate(time.Millisecond), TakenBy: t.by.Name,
	}
	if err := t.addAccounts(); err != nil {
		return err
	}
	if err := t.findSpan(); err != nil {
		return err
	}
	ids, err := models.MadeWithin(t.seen, t.dossier.Span.Start, t.wish.From, t.wish.Until, bundle.MaxOrders+1)
	if err != nil {
		return err
	}
	if len(ids) > bundle.MaxOrders {
		return models.Refuse(models.Invalid, "evidence.period_orders", "Limit", bundle.MaxOrders).On("from")
	}
	if len(ids) == 0 {
		return models.Refuse(models.Invalid, "evidence.period_empty").On("from")
	}
	for _, id := range ids {
		t.within[id] = ""
		t.orders = append(t.orders, models.PeriodOrder{PayoutID: id})
	}
	return nil
}

func (t *periodTaking) addAccounts() error {
	for _, id := range t.wish.Scope.Accounts {
		account, err := models.FindAccount(t.db, id)
		if err != nil {
			return err
		}
		t.dossier.Accounts = append(t.dossier.Accounts, account.Name)
	}
	return nil
}

func (t *periodTaking) findSpan() (err error) {
	span := &t.dossier.Span
	if span.Last, span.LastAt, err = models.LastEventAt(t.db); err != nil {
		return err
	}
	span.LastAt = span.LastAt.UTC()
	var signed bool
	if t.start, signed, err = models.HeadBefore(t.db, t.wish.From); err != nil {
		return err
	}
	if signed {
		span.Start = t.start.Size
		if span.Edge, err = models.TreeEdge(t.db, span.Start); err != nil {
			return err
		}
		if span.Before, err = models.HashBefore(t.db, span.Start+1); err != nil {
			return err
		}
		if err := t.archive.Add(bundle.StartFile, []byte(t.start.Note)); err != nil {
			return err
		}
	}
	if events := span.Last - span.Start; events > bundle.MaxEvents {
		return models.Refuse(models.Invalid, "evidence.period_events", "Events", events, "Limit", bundle.MaxEvents).On("from")
	}
	return nil
}

// note puts on record who took which bundle.
func (t *periodTaking) note(manifest []byte) (seq int64, err error) {
	d := t.dossier
	err = t.Store.Write(t.ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, t.by, models.VerbAudit); err != nil {
			return err
		}
		details := models.Details{
			"manifest": hexOf(sum(manifest)), "from": bundle.Stamp(d.From), "until": bundle.Stamp(d.Until), "orders": fmt.Sprint(len(t.orders)),
			"start": fmt.Sprint(d.Span.Start), "last": fmt.Sprint(d.Span.Last), "files": fmt.Sprint(t.archive.Files), "bytes": fmt.Sprint(t.archive.Bytes),
		}
		if !d.Whole {
			details["filter"] = strings.Join(append(d.Accounts, d.Currencies...), ", ")
		}
		err := models.Append(tx, models.Event{
			At: t.Now(), Verb: "evidence_taken", ActorID: t.by.ID, Actor: t.by.Name, Role: string(t.by.Role), Subject: "list", SubjectID: "period", Details: details,
		})
		if err != nil {
			return err
		}
		seq, _, err = models.Head(tx)
		return err
	})
	return seq, err
}

// close signs a head over all of it and adds what holds the bundle to the head.
func (t *periodTaking) close(manifest []byte, seq int64) error {
	head, err := t.Heads.Sign(t.ctx, "asked")
	if err != nil {
		return err
	}
	_ = t.Heads.Leave(t.ctx) // kept with its problem and shown on the audit page
	var proof bundle.PeriodProof
	err = t.Store.Read(t.ctx).Transaction(func(tx *gorm.DB) error {
		taken, err := models.EventsAfter(tx, seq-1, 1)
		if err != nil {
			return err
		}
		all, err := proven(tx, taken, head.Size)
		if err != nil {
			return err
		}
		proof.Taken = all[0]
		if proof.Last, err = tlog.ProveTree(head.Size, t.dossier.Span.Last, models.StoredTree(tx)); err != nil {
			return err
		}
		if start := t.dossier.Span.Start; start > 0 {
			if proof.Start, err = tlog.ProveTree(head.Size, start, models.StoredTree(tx)); err != nil {
				return err
			}
		}
		proof.Links, err = links(tx, head.Size)
		return err
	})
	if err != nil {
		return err
	}
	return t.archive.Close(manifest, head.Note, proof)
}
