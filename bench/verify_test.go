//go:build bench

package bench

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"syscall"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

var million = flag.Bool("million", false, "check the past of a million orders as well; filling them in takes minutes")

// past is the life of a paid order, as its events tell it.
var past = []struct {
	move    models.Move
	effect  models.Effect
	details models.Details
}{
	{models.MoveDraft, models.Effect{}, models.Details{"digest": "9f3c4b1de0aa"}},
	{models.MoveSubmit, models.Effect{Needed: 1}, models.Details{"needed": "1", "policy": "1"}},
	{models.MoveApprove, models.Effect{Room: "2026-11-02"}, models.Details{"digest": "9f3c4b1de0aa", "room": "2026-11-02"}},
	{models.MoveSend, models.Effect{}, models.Details{"attempt": "1", "bytes": "338"}},
	{models.MoveAccept, models.Effect{Grade: models.E1}, models.Details{"attempt": "1", "grade": "1", "gateway_no": "POT00000001"}},
	{models.MovePaid, models.Effect{Grade: models.E3}, models.Details{"question": "1", "grade": "3", "source": "query", "says": "paid"}},
}

// TestVerify measures the check of the whole past over orders that each have one, six
// events long, with signature, attempt and proof, and over the tree that stands for
// them. The yardstick reads the same events, column by column, and does nothing else.
// What both cost the processors is told too: other work on the machine changes it less.
func TestVerify(t *testing.T) {
	sizes := []int{10_000, 100_000}
	if *million {
		sizes = append(sizes, 1_000_000)
	}
	for _, orders := range sizes {
		p := newProduct(t)
		p.fill(ledger{orders: orders, payees: orders / 100, span: 5 * 365 * 24 * time.Hour})
		p.relive(orders)
		p.growTree()
		var scans, checks, scanned, checked []time.Duration
		var report models.Report
		for range 3 {
			took, spent := timed(p.scanEvents)
			scans, scanned = append(scans, took), append(scanned, spent)
			took, spent = timed(func() {
				var err error
				report, err = models.Verify(p.Store.Read(t.Context()))
				p.Must(err)
			})
			checks, checked = append(checks, took), append(checked, spent)
		}
		fmt.Printf("verify: %d orders, %d events, %d findings\n", report.Orders, report.Events, len(report.Findings))
		tell := func(what string, check, scan time.Duration) {
			fmt.Printf("  %s: %s, %.1f µs an event; a plain scan of the events %s, ratio %.2f\n", what, check.Round(time.Millisecond),
				check.Seconds()*1e6/float64(report.Events), scan.Round(time.Millisecond), check.Seconds()/scan.Seconds())
		}
		tell("took", median(checks), median(scans))
		tell("of the processors", median(checked), median(scanned))
		for _, f := range report.Findings[:min(len(report.Findings), 3)] {
			t.Error(f)
		}
	}
}

// timed is how long work took, and how much of the processors.
func timed(work func()) (took, spent time.Duration) {
	before, began := processor(), time.Now()
	work()
	return time.Since(began), processor() - before
}

// processor is the time that the processors have spent on this process.
func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // asking for oneself always works
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// scanEvents reads every column of every event into variables that are used again.
func (p *product) scanEvents() {
	rows, err := p.Store.Read(context.Background()).Raw("SELECT * FROM events ORDER BY seq").Rows()
	p.Must(err)
	defer rows.Close()
	names, err := rows.Columns()
	p.Must(err)
	into := make([]any, len(names))
	for i := range into {
		into[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		p.Must(rows.Scan(into...))
	}
	p.Must(rows.Err())
}

// growTree stores the tree of the log as far as the log is.
func (p *product) growTree() {
	for {
		growth, err := models.NextGrowth(p.Store.Read(context.Background()), chunk)
		p.Must(err)
		if len(growth.Hashes) == 0 {
			return
		}
		p.Must(p.Store.Write(context.Background(), func(tx *gorm.DB) error { return models.GrowTree(tx, growth) }))
	}
}

// relive gives every order the same whole past, chained as the product chains it.
func (p *product) relive(orders int) {
	var state models.State
	ctx := context.Background()
	for from := 1; from <= orders; from += chunk {
		p.Must(p.Store.Write(ctx, func(tx *gorm.DB) error {
			for id := from; id < min(from+chunk, orders+1); id++ {
				state = models.State{}
				for _, step := range past {
					before := state
					if step.move == models.MoveDraft {
						state = models.Begin()
					} else {
						next, err := state.After(step.move, step.effect)
						if err != nil {
							return fmt.Errorf("%s from %+v: %w", step.move, state, err)
						}
						state = next
					}
					err := models.Append(tx, models.Event{
						At: p.Now(), Verb: string(step.move), Actor: "bench", Subject: "payout", SubjectID: fmt.Sprint(id), PayoutID: models.PayoutID(id),
						Before: textOf(before), After: textOf(state), Details: step.details,
					})
					if err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	write := func(query string, values ...any) {
		p.Must(p.Store.Write(ctx, func(tx *gorm.DB) error { return tx.Exec(query, values...).Error }))
	}
	var guards []string
	p.Must(p.Store.Read(ctx).Raw("SELECT sql FROM sqlite_schema WHERE name IN ('payouts_identity', 'approvals_signed')").Scan(&guards).Error)
	write("DROP TRIGGER payouts_identity")
	write("DROP TRIGGER approvals_signed")
	defer func() {
		for _, guard := range guards {
			write(guard)
		}
	}()
	write("UPDATE payouts SET stage = ?, held_from = '', outcome = ?, grade = ?, by_hand = 0, unclear_reason = '', contradicted = 0, approvals = ?, approvals_needed = ?, version = ?, room = ?, next_action_at = 0, maker_id = ?",
		state.Stage, state.Outcome, state.Grade, state.Approvals, state.Needed, state.Version, state.Room, p.Maker.ID)
	write("DELETE FROM payout_counts")
	write(fillCounts)
	write(fillUses)
	write("INSERT INTO approvals (payout_id, version, person_id, digest, policy_version, at) SELECT id, version, ?, digest, 1, created_at FROM payouts", p.Approver.ID)
	write(`INSERT INTO attempts (payout_id, account_id, number, started_at, method, url, sealed_request, request_bytes, request_digest, content_digest, fence, ended_at, read_as)
		SELECT id, account_id, 1, sent_at, 'POST', '', x'01', 338, x'01', digest, 1, sent_at, 'accepted' FROM payouts`)
	write(`INSERT INTO questions (payout_id, account_id, asked_at, took_ms, http_status, fault, says, problem, word, code, message, effect)
		SELECT id, account_id, sent_at, 40, 200, '', 'paid', '', 'success', '', '', 'paid' FROM payouts`)
}

// textOf is a state as events carry it.
func textOf(s models.State) string {
	if s == (models.State{}) {
		return ""
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // plain fields always marshal
	}
	return string(text)
}
