package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/journal"
)

// Guard holds the database against the journal of sends, which lies elsewhere and is
// never restored: a database that is older than its journal sends nothing until
// people have looked (I27).
type Guard struct {
	*Core
	Accounts *Accounts
	Path     string // of the journal
}

const asGuard = "journal"

// settledSince is how far back from its last event a restored database asks again
// about what was settled: contrary news of it may have come after the backup.
const settledSince = 24 * time.Hour

// Open compares, does what has to be done, and opens the journal for the sender. It
// belongs before the sender's first sweep.
func (g *Guard) Open(ctx context.Context) (*journal.Journal, error) {
	gap, err := Compare(g.Store.Read(ctx), g.Path)
	if err != nil {
		return nil, err
	}
	if err := g.reckon(ctx, gap); err != nil {
		return nil, err
	}
	j, err := journal.Open(g.Path)
	if err != nil {
		return nil, err
	}
	if err := g.acknowledge(ctx, j, gap); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// BeginAnew begins a journal for a database whose past nobody else knows, such as a
// story that has just been told, and opens it.
func (g *Guard) BeginAnew(ctx context.Context) (*journal.Journal, error) {
	j, err := journal.Open(g.Path)
	if err != nil {
		return nil, err
	}
	if err := g.acknowledge(ctx, j, Gap{}); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// Check is Open for a program that runs: nothing can have come between a database
// and its journal unless somebody exchanged one of them.
func (g *Guard) Check(ctx context.Context, j *journal.Journal) error {
	gap, err := Compare(g.Store.Read(ctx), g.Path)
	if err != nil {
		return err
	}
	if err := g.reckon(ctx, gap); err != nil {
		return err
	}
	return g.acknowledge(ctx, j, gap)
}

// acknowledge writes down that this database knows everything that was read. A new
// journal begins with the event from which on it is whole.
func (g *Guard) acknowledge(ctx context.Context, j *journal.Journal, gap Gap) error {
	seq, hash, err := models.Head(g.Store.Read(ctx))
	if err != nil {
		return err
	}
	if gap.There {
		return j.Know(seq, hash, g.Now(), gap.Last)
	}
	if err := j.Begin(seq, hash, g.Now()); err != nil {
		return err
	}
	return g.Store.Write(ctx, func(tx *gorm.DB) error {
		at := g.Now().Format(time.RFC3339)
		if err := models.WriteSetting(tx, models.SettingJournal, at); err != nil {
			return err
		}
		return models.Append(tx, settingEvent("journal_begun", "journal", models.Machine(asGuard), g.Now(), nil))
	})
}

// reckon does in one write what the gap asks for: what was sent is unclear and asked
// about, whatever is open is asked about, and sending stops.
func (g *Guard) reckon(ctx context.Context, gap Gap) error {
	why := gap.Why()
	if why == "" {
		return nil
	}
	slog.Error("the database does not fit the journal of sends; all sending is stopped", "why", why, "sends", len(gap.Sends))
	return g.Store.Write(ctx, func(tx *gorm.DB) error {
		found, err := g.bringAll(tx, gap.Sends)
		if err != nil {
			return err
		}
		asked, err := models.AskAll(tx, g.Now(), gap.HeadAt.Add(-settledSince))
		if err != nil {
			return err
		}
		details := models.Details{
			"journal_begun": timeOrNone(gap.BegunAt), "sends": fmt.Sprint(len(gap.Sends)), "known": fmt.Sprint(found.known), "unknown": fmt.Sprint(found.unknown),
			"asked": fmt.Sprint(asked), "head": fmt.Sprint(gap.Head), "damaged": fmt.Sprint(gap.Damaged),
		}
		trim(details)
		if err := models.Append(tx, settingEvent("restore_found", "journal", models.Machine(asGuard), g.Now(), details)); err != nil {
			return err
		}
		return g.Accounts.stopFor(tx, why, models.Machine(asGuard), models.Details{})
	})
}

func timeOrNone(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// brought counts the orders of the journal that are in this database, and those that
// are not.
type brought struct{ known, unknown int }

func (g *Guard) bringAll(tx *gorm.DB, lines []journal.Line) (found brought, err error) {
	last := map[string]int{}
	for i, line := range lines {
		last[line.OrderNo] = i
	}
	for i, line := range lines {
		p, known, err := models.LookForOrder(tx, line.OrderNo)
		if err != nil {
			return found, err
		}
		if known {
			found.known++
		} else {
			found.unknown++
		}
		if err := g.bring(tx, p, known, line, last[line.OrderNo] == i); err != nil {
			return found, err
		}
	}
	return found, nil
}

// bring puts one send on record. Of several tries of one order the last stands for all:
// nothing of those before it left.
func (g *Guard) bring(tx *gorm.DB, p models.Payout, known bool, line journal.Line, last bool) error {
	kept := models.RestoredSend{
		OrderNo: line.OrderNo, RequestDigest: line.RequestDigest, ContentDigest: line.ContentDigest, AccountSlug: line.Account,
		SentAt: line.At, RequestBytes: line.Bytes, FoundAt: g.Now(),
	}
	if known {
		account, err := models.FindAccount(tx, p.AccountID)
		if err != nil {
			return err
		}
		kept.PayoutID = &p.ID
		kept.Differs = string(p.Digest) != string(line.ContentDigest) || account.Slug != line.Account
		p.Algorithm = account.Algorithm
	}
	fresh, err := models.AddRestoredSend(tx, &kept)
	if err != nil || !fresh || !known || !last {
		return err
	}
	return g.bringOrder(tx, p, kept)
}

// bringOrder makes an order of this database one that has left, wherever it stood when
// the backup was made. One that has left in this database too keeps where it stands.
func (g *Guard) bringOrder(tx *gorm.DB, p models.Payout, kept models.RestoredSend) error {
	details := models.Details{
		"request_digest": fmt.Sprintf("%x", kept.RequestDigest), "digest": fmt.Sprintf("%x", kept.ContentDigest),
		"bytes": fmt.Sprint(kept.RequestBytes), "sent_at": kept.SentAt.UTC().Format(time.RFC3339),
	}
	if kept.Differs {
		details["differs"] = "content"
	}
	if !p.State.Can(models.MoveRestore) {
		return models.Remark(tx, p, "restored_send", models.Machine(asGuard), g.Now(), details)
	}
	if err := putBack(tx, p, kept); err != nil {
		return err
	}
	p.SentAt, p.NextActionAt, p.HeldWhy, p.LeasedBy, p.LeasedUntil = kept.SentAt, g.Now(), "", "", never
	limits, err := models.CurrentLimits(tx)
	if err != nil {
		return err
	}
	effect := models.Effect{Reason: models.ReasonRestored, Room: limits.Content.Day(kept.SentAt)} // it has left: it counts (I18)
	return models.Record(tx, &p, models.MoveRestore, effect, models.Machine(asGuard), g.Now(), details)
}

// putBack writes the attempt again, as far as the journal knows it, so that nothing can
// ever send the order once more (I6).
func putBack(tx *gorm.DB, p models.Payout, kept models.RestoredSend) error {
	left, err := models.HasLeft(tx, p.ID)
	if err != nil || left {
		return err
	}
	return models.AddAttempt(tx, &models.Attempt{
		PayoutID: p.ID, AccountID: p.AccountID, StartedAt: kept.SentAt, SealedRequest: []byte{}, RequestBytes: kept.RequestBytes,
		RequestDigest: kept.RequestDigest, ContentDigest: kept.ContentDigest, ReadAs: string(models.ReasonRestored), Restored: true,
	})
}
