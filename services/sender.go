package services

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/journal"
)

// never is the time of what is not to happen.
var never time.Time

const (
	senderLease  = "sender"
	leaseLength  = 30 * time.Second
	notSentPause = 3 // attempts in a row of which nothing left, before the account is paused
	turnedPause  = 3 // refusals by HTTP status in a row (M12)
	retryAfter   = 30 * time.Second
	asSender     = "sender"
)

// Sender carries approved orders to their gateways, each at most once (I6), and
// asks about those whose fate is open. It owns no queue: the orders themselves
// say when they next want something.
type Sender struct {
	*Core
	Payouts  *Payouts
	Accounts *Accounts
	Journal  *journal.Journal // outside the database: every send, before its first byte (I27)
	Holder   string           // names this process in the lease
	AtOnce   int              // orders worked on at the same time; 0 is sweepAtOnce of each account's sends, and of its questions
	fence    int64
	freed    int64 // the fence under which claims of others were last looked for

	noted  time.Time // when the sweeper last said that it is alive
	seen   time.Time // what the clock said last
	minded int64     // the fence under which it was last asked what others saw of the clock
}

// Lead takes or renews the lease; only its holder sends (I21). The lease of a
// process that was killed is taken over at once, by the post that it left; that of
// one which only hangs has to run out.
func (s *Sender) Lead(ctx context.Context) (held bool, err error) {
	locked := s.Store.HoldPost(s.Holder)
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		lease, ok, err := models.TakeLease(tx, senderLease, s.Holder, locked, s.Now(), leaseLength)
		held = ok
		if ok {
			s.fence = lease.Fence
		}
		return err
	})
	if err == nil && !held {
		err = s.Store.LeavePost(s.Holder) // it is for who leads
	}
	return held && err == nil, err
}

// Resign gives the lease back.
func (s *Sender) Resign(ctx context.Context) error {
	err := s.Store.Write(ctx, func(tx *gorm.DB) error { return models.DropLease(tx, senderLease, s.Holder) })
	return errors.Join(err, s.Store.LeavePost(s.Holder))
}

// Recover makes every order that was found sending unclear: the exchange was cut
// off by our own end, so nobody knows what left. Nothing is sent again. It runs
// before every sweep, while no exchange of ours is under way: what a crash left,
// and what another holder of the lease or a fault of our own did not finish (I13).
func (s *Sender) Recover(ctx context.Context) (found int, err error) {
	if left, err := models.InStage(s.Store.Read(ctx), models.Sending); err != nil || len(left) == 0 {
		return 0, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		orders, err := models.InStage(tx, models.Sending)
		if err != nil {
			return err
		}
		for i := range orders {
			p := &orders[i]
			p.LeasedBy, p.LeasedUntil = "", never
			p.NextActionAt = s.Now()
			err := models.Record(tx, p, models.MoveCrash, models.Effect{Reason: models.ReasonCrash}, models.Machine(asSender), s.Now(), nil)
			if err != nil {
				return err
			}
		}
		found = len(orders)
		s.reach(PointRecovering)
		return nil
	})
	s.reach(PointRecovered)
	return found, err
}

// prepared is an attempt on record, ready to leave.
type prepared struct {
	attempt models.Attempt
	line    journal.Line
	account gateway.Account
	order   gateway.Order
	request gateway.Request
}

// Send sends one approved order: intent on record, a line in the journal, the exchange
// outside any transaction, its outcome on record. A crash in between shows as sending
// and becomes unclear, never a second try.
func (s *Sender) Send(ctx context.Context, id models.PayoutID) error {
	ready, err := s.prepare(ctx, id)
	if err != nil {
		return s.setAside(ctx, id, err)
	}
	s.reach(PointAttempted)
	if err := s.Journal.Keep(ready.line); err != nil {
		return s.keepBack(ctx, ready, err)
	}
	s.reach(PointLeaving)
	// From here on the exchange runs to its own deadline, whatever ends meanwhile (I8).
	response := s.Accounts.Exchange(context.WithoutCancel(ctx), ready.account, ready.request)
	s.reach(PointExchanged)
	err = s.conclude(ctx, ready, response)
	s.reach(PointConcluded)
	return err
}

// prepare commits the attempt with the digest of the exact bytes before the
// first of them may leave (I7).
func (s *Sender) prepare(ctx context.Context, id models.PayoutID) (prepared, error) {
	var ready prepared
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		p, err := models.FindPayout(tx, id)
		if err != nil {
			return err
		}
		if p.Stage != models.Approved {
			return models.Refuse(models.Conflict, "payout.moved_on")
		}
		if err := s.mayLeave(tx, p); err != nil {
			return err
		}
		if p.Room == "" {
			return models.Refuse(models.Stopped, "sender.no_room") // nothing is sent beyond the limits (I18)
		}
		if ready.request, err = s.Payouts.render(tx, p, &ready.account); err != nil {
			return err
		}
		p.Algorithm = ready.account.Algorithm
		ready.attempt = s.attempt(p, ready.request)
		if err := models.AddAttempt(tx, &ready.attempt); err != nil {
			return onRecord(err)
		}
		s.reach(PointAttempting)
		p.SentAt, p.NextActionAt, p.LeasedBy, p.LeasedUntil = s.Now(), never, "", never
		ready.order = order(p, nil)
		err = models.Record(tx, &p, models.MoveSend, models.Effect{}, models.Machine(asSender), s.Now(), models.Details{
			"attempt": fmt.Sprint(ready.attempt.ID), "bytes": fmt.Sprint(ready.attempt.RequestBytes),
			"request_digest": fmt.Sprintf("%x", ready.attempt.RequestDigest), "digest": fmt.Sprintf("%x", p.Digest),
		})
		if err != nil {
			return err
		}
		ready.line, err = lineOf(tx, p, ready.attempt)
		return err
	})
	return ready, err
}

// mayLeave is the last look before an order leaves: the lease is ours, nothing
// is stopped, and enough people signed exactly this content.
func (s *Sender) mayLeave(tx *gorm.DB, p models.Payout) error {
	held, err := models.HoldsLease(tx, senderLease, s.Holder, s.fence)
	if err != nil || !held {
		return orRefuse(err, models.Refuse(models.Conflict, "sender.lease_lost"))
	}
	cord, err := models.ReadSetting(tx, models.SettingCord)
	if err != nil || cord != "" {
		return orRefuse(err, models.Refuse(models.Stopped, "sender.cord_pulled"))
	}
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil || account.Paused != "" {
		return orRefuse(err, models.Refuse(models.Stopped, "sender.account_paused"))
	}
	if err := mayGoOn(tx, p); err != nil {
		return err
	}
	if err := s.inWindow(p); err != nil {
		return err
	}
	signatures, err := models.Approvals(tx, p)
	if err != nil {
		return err
	}
	for _, signature := range signatures {
		if string(signature.Digest) != string(p.Digest) {
			return stuck{models.HeldSignature, fmt.Errorf("payout %s: a signature names another content", p.OrderNo)}
		}
	}
	if !p.Asks().Met(models.SignersOf(signatures)) {
		return stuck{models.HeldUnsigned, fmt.Errorf("payout %s: %d signatures on record do not meet %q", p.OrderNo, len(signatures), p.Asks())}
	}
	return s.mayGoThere(tx, p)
}

func (s *Sender) attempt(p models.Payout, r gateway.Request) models.Attempt {
	digest := sha256.Sum256(r.Body)
	return models.Attempt{
		PayoutID: p.ID, AccountID: p.AccountID, StartedAt: s.Now(), Method: r.Method, URL: r.URL,
		SealedRequest: s.Vault.Seal("request "+p.OrderNo, r.Body), RequestBytes: len(r.Body),
		RequestDigest: digest[:], ContentDigest: p.Digest, Fence: s.fence,
	}
}

// logUnlessRefused reports faults of one order's work; a refusal only means that
// somebody or something was faster.
func logUnlessRefused(what string, id models.PayoutID, err error) {
	var no models.Refusal
	var told stuck
	var window windowOpen
	var rest later
	if err != nil && !errors.As(err, &no) && !errors.As(err, &told) && !errors.As(err, &window) && !errors.As(err, &rest) {
		slog.Error(what, "payout", id, "error", err)
	}
}
