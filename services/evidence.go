package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
)

// Evidence takes the evidence of one order out of this installation (X14).
type Evidence struct {
	*Core
	Payouts *Payouts
	Heads   *Heads
}

// Draw makes the pages of a bundle, which are files like all others.
type Draw func(context.Context, models.Dossier, []models.Event) (map[string][]byte, error)

// Take makes a bundle for a person who may read the audit. Whoever may still have to
// judge a proposal does not read in it what the first one proposed.
func (s *Evidence) Take(ctx context.Context, by models.Person, orderNo string, draw Draw) ([]byte, error) {
	if err := mayNow(s.Store.Read(ctx), &by, models.VerbAudit); err != nil {
		return nil, err
	}
	p, err := models.FindOrder(s.Store.Read(ctx), orderNo)
	if err != nil {
		return nil, err
	}
	if err := p.CheckScope(by); err != nil {
		return nil, err
	}
	v, open, err := models.OpenVerdict(s.Store.Read(ctx), p.ID)
	if err != nil {
		return nil, err
	}
	if open && by.May(models.VerbVerdict) && v.ProposerID != by.ID {
		return nil, models.Refuse(models.Conflict, "evidence.proposal_open")
	}
	return s.TakeAs(models.Everywhere(ctx), by.As(models.VerbAudit), orderNo, draw)
}

// Read is what a bundle would tell of the order, for a page of ours: no attachments, no
// requests, nothing on record. A proposal that somebody still has to judge says nothing.
func (s *Evidence) Read(ctx context.Context, by models.Person, orderNo string) (models.Dossier, []models.Event, error) {
	if !by.May(models.VerbSee) {
		return models.Dossier{}, nil, models.Refuse(models.Forbidden, "role.see")
	}
	g := gathering{files: map[string][]byte{}}
	var events []models.Event
	err := s.Store.Read(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if g.payout, err = models.FindOrder(tx, orderNo); err != nil {
			return err
		}
		if err := g.payout.CheckScope(by); err != nil {
			return err
		}
		g.db = tx
		if events, err = models.EventsOf(tx, g.payout.ID); err != nil {
			return err
		}
		g.events = slices.Clone(events)
		if !by.May(models.VerbAudit) {
			events = slices.DeleteFunc(events, models.Event.Turned)
		}
		return s.fill(&g, by.As(models.VerbSee))
	})
	hush(&g.dossier, events, by)
	return g.dossier, events, err
}

// hush takes out what an open proposal says, unless it is the reader's own.
func hush(d *models.Dossier, events []models.Event, by models.Person) {
	for _, v := range d.Verdicts {
		for i, e := range events {
			if v.State == string(models.VerdictOpen) && e.Details["verdict"] == fmt.Sprint(v.ID) && e.ActorID != by.ID {
				events[i].Details = models.Details{}
			}
		}
	}
}

// errOrderMoves is an order about which something is written all the time.
var errOrderMoves = errors.New("the order moved while its evidence was taken; take it again")

// TakeAs makes a bundle: the files first, then the line in the log that names their
// digest, then a head over that line, which leaves, and the proofs under it.
func (s *Evidence) TakeAs(ctx context.Context, by models.Actor, orderNo string, draw Draw) ([]byte, error) {
	for range 3 {
		files, events, p, err := s.gather(ctx, by, orderNo, draw)
		if err != nil {
			return nil, err
		}
		files[bundle.ManifestFile] = bundle.Manifest(files)
		noted, err := s.note(ctx, by, p, files, events)
		if err != nil {
			return nil, err
		}
		if noted {
			return s.prove(ctx, p, files)
		}
	}
	return nil, errOrderMoves
}

// note puts on record who took which bundle, unless something was written about the
// order since it was read.
func (s *Evidence) note(ctx context.Context, by models.Actor, p models.Payout, files map[string][]byte, read []models.Event) (noted bool, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbAudit); err != nil {
			return err
		}
		events, err := models.EventsOf(tx, p.ID)
		if noted = len(events) == len(read); err != nil || !noted {
			return err
		}
		return models.Remark(tx, p, "evidence_taken", by, s.Now(), models.Details{
			"manifest": fmt.Sprintf("%x", sum(files[bundle.ManifestFile])), "files": fmt.Sprint(len(files) - 1),
			"events": fmt.Sprint(len(events)), "past": bundle.PastDigest(events),
		})
	})
	return noted, err
}

// linksMany is to how many older heads a bundle shows that it continues them.
const linksMany = 200

// prove signs a head over all of it and adds what holds the events to the head. A head
// that cannot leave now is tried again and shown; the bundle carries it anyway.
func (s *Evidence) prove(ctx context.Context, p models.Payout, files map[string][]byte) ([]byte, error) {
	head, err := s.Heads.Sign(ctx, "asked")
	if err != nil {
		return nil, err
	}
	_ = s.Heads.Leave(ctx) // kept with its problem and shown on the audit page
	var proof bundle.Proof
	err = s.Store.Read(ctx).Transaction(func(tx *gorm.DB) error {
		if proof.Leaves, err = leaves(tx, p.ID, head.Size); err != nil {
			return err
		}
		if proof.Keys, err = keyLeaves(tx, proof.Leaves, head.Size); err != nil {
			return err
		}
		proof.Links, err = links(tx, head.Size)
		return err
	})
	if err != nil {
		return nil, err
	}
	files[bundle.HeadFile], files[bundle.ProofFile] = []byte(head.Note), bundle.Encode(proof)
	return bundle.Write(files)
}

// leaves are the events of the order up to the last taking, each with its way to the root.
func leaves(tx *gorm.DB, id models.PayoutID, size int64) (all []bundle.Leaf, err error) {
	events, err := models.EventsOf(tx, id)
	if err != nil {
		return nil, err
	}
	for len(events) > 0 && (events[len(events)-1].Seq > size || events[len(events)-1].Verb != "evidence_taken") {
		events = events[:len(events)-1] // written after the head
	}
	return proven(tx, events, size)
}

// keyLeaves are the events that put the passkeys on record by which the order's were signed.
func keyLeaves(tx *gorm.DB, signed []bundle.Leaf, size int64) ([]bundle.Leaf, error) {
	var events []models.Event
	for _, leaf := range signed {
		events = append(events, leaf.Event)
	}
	signatures, err := models.SignaturesIn(tx, events)
	if err != nil {
		return nil, err
	}
	if events, err = models.Enrolments(tx, signatures); err != nil {
		return nil, err
	}
	return proven(tx, events, size)
}

// proven gives each event its way to the root.
func proven(tx *gorm.DB, events []models.Event, size int64) (all []bundle.Leaf, err error) {
	for _, e := range events {
		before, err := models.HashBefore(tx, e.Seq)
		if err != nil {
			return nil, err
		}
		proof, err := tlog.ProveRecord(size, e.Seq-1, models.StoredTree(tx))
		if err != nil {
			return nil, fmt.Errorf("prove event %d: %w", e.Seq, err)
		}
		all = append(all, bundle.Leaf{Event: e, Before: before, Proof: proof})
	}
	return all, nil
}

// links show that the heads that left before are beginnings of this one.
func links(tx *gorm.DB, size int64) (all []bundle.Link, err error) {
	heads, err := models.Heads(tx, linksMany)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{size: true}
	for _, h := range heads {
		if seen[h.Size] || h.Size > size {
			continue
		}
		seen[h.Size] = true
		proof, err := tlog.ProveTree(size, h.Size, models.StoredTree(tx))
		if err != nil {
			return nil, fmt.Errorf("prove the head of %d events: %w", h.Size, err)
		}
		all = append(all, bundle.Link{Size: h.Size, Proof: proof})
	}
	return all, nil
}
