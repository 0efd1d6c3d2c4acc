package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// stuck is why an approved order cannot leave as it stands, however often it is
// tried: a person has to look (I13). A fault of the disk is none, it passes.
type stuck struct {
	why   string // a catalogue key: "held.…" is the order's own, "paused.…" its account's
	fault error
}

// What belongs to the account stops the account, or each of its orders would have to
// be let go on by itself.
const (
	pausedKeys     = "paused.keys_unreadable"
	pausedNotSetUp = "paused.not_set_up"
)

// Error says it for the log; the words for people are in the catalogue.
func (s stuck) Error() string { return fmt.Sprintf("%s: %v", s.why, s.fault) }

// Unwrap is the fault underneath.
func (s stuck) Unwrap() error { return s.fault }

// unwritable says whose fault it is that a request cannot be written; nil stays nil.
func unwritable(fault error) error {
	switch {
	case fault == nil:
		return nil
	case errors.Is(fault, gateway.ErrAccount):
		return stuck{pausedNotSetUp, fault}
	}
	return stuck{models.HeldUnwritable, fault}
}

// onRecord tells a second attempt as what it is: something that was sent, or may have
// been, and must not wait to be sent again (I6).
func onRecord(err error) error {
	var no models.Refusal
	if errors.As(err, &no) && no.Key == "payout.already_sent" {
		return stuck{models.HeldAttempt, err}
	}
	return err
}

// setAside puts an order that cannot leave where people see it. Any other error is
// left as it is.
func (s *Sender) setAside(ctx context.Context, id models.PayoutID, err error) error {
	var reason stuck
	if !errors.As(err, &reason) {
		return err
	}
	slog.Error("an approved order cannot leave", "payout", id, "why", reason.why, "error", reason.fault)
	kept := s.Store.Write(context.WithoutCancel(ctx), func(tx *gorm.DB) error {
		p, err := models.FindPayout(tx, id)
		if err != nil || p.Stage != models.Approved {
			return err
		}
		return s.stop(tx, &p, reason)
	})
	return errors.Join(err, kept)
}

// stop holds the order, or stops its account. The fault itself may name what no page
// shows, so it stays in the log (I24).
func (s *Sender) stop(tx *gorm.DB, p *models.Payout, reason stuck) error {
	p.LeasedBy, p.LeasedUntil = "", never
	if reason.why != pausedKeys && reason.why != pausedNotSetUp {
		return hold(tx, p, models.Machine(asSender), s.Now(), reason.why, models.Details{})
	}
	p.NextActionAt = s.Now().Add(retryAfter)
	if err := p.Keep(tx); err != nil {
		return err
	}
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil || account.Paused != "" {
		return err
	}
	return s.Accounts.pause(tx, &account, models.Machine(asSender), reason.why, "")
}
