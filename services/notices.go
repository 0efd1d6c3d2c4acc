package services

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// Notices takes in what gateways tell us: keep first, apply second, acknowledge
// after the commit (I15).
type Notices struct {
	*Core
	Accounts *Accounts
}

// quarantineLimit bounds what strangers can make us keep, per account (I17).
const quarantineLimit = 5000

// forgedRemarks bounds the lines that forged notices may leave in one timeline.
const forgedRemarks = 20

// ErrNotAccepted refuses a notice; the words are the same whatever the reason.
var ErrNotAccepted = models.Refuse(models.Invalid, "notice.not_accepted")

// Arrival is a notice as it came over HTTP.
type Arrival struct {
	Slug    string // of the account's address
	Header  http.Header
	Body    []byte
	Address string // of the caller
}

// Receive keeps the notice and applies it, in one write, and gives back the
// acknowledgement to answer with. A notice that cannot be verified is kept in
// quarantine and refused.
func (s *Notices) Receive(ctx context.Context, a Arrival) (gateway.Acknowledgement, error) {
	// Two look-ups by a key end sooner than somebody could be set to watch over them.
	db := s.Store.Read(context.WithoutCancel(ctx))
	account, err := models.FindAccountBySlug(db, a.Slug)
	if err != nil {
		return gateway.Acknowledgement{}, err
	}
	opened, family, err := s.Accounts.open(account)
	if err != nil {
		return gateway.Acknowledgement{}, err
	}
	p, known, err := s.subject(db, account, family.Peek(a.Body))
	if err != nil {
		return gateway.Acknowledgement{}, err
	}
	// The algorithm is pinned to the order: no downgrade by leaving sign_type out.
	read := family.ReadNotice(opened, subjectOrder(p, known), a.Header, a.Body)
	n := s.notice(account, a, read)
	if known {
		n.PayoutID = &p.ID
	}
	n.Quarantine = whyQuarantine(read, p, known)
	if n.Quarantine == "quarantine.not_sent" && p.Algorithm == "" {
		n.PayoutID = nil // nothing of ours may hang on an order that never left
	}
	s.reach(PointNoticeRead)
	if err := s.keep(ctx, &n, account, read); err != nil {
		return gateway.Acknowledgement{}, err
	}
	s.reach(PointNoticeKept)
	if n.Quarantine != "" {
		return gateway.Acknowledgement{}, ErrNotAccepted
	}
	return family.Acknowledge(), nil
}

// subject is the order that the notice names, of this account.
func (s *Notices) subject(db *gorm.DB, account models.GatewayAccount, orderNo string) (p models.Payout, known bool, err error) {
	if orderNo == "" {
		return p, false, nil
	}
	p, err = models.FindOrder(db, orderNo)
	var no models.Refusal
	if errors.As(err, &no) {
		return p, false, nil
	}
	return p, err == nil && p.AccountID == account.ID, err
}

// subjectOrder is the order as the family checks a notice against it; empty if
// the notice names none of ours.
func subjectOrder(p models.Payout, known bool) gateway.Order {
	if !known {
		return gateway.Order{}
	}
	return order(p, nil)
}

// whyQuarantine is "" for a notice that may be applied.
func whyQuarantine(read gateway.Notice, p models.Payout, known bool) string {
	switch {
	case read.Check != gateway.CheckGood:
		return "quarantine." + string(read.Check)
	case !known:
		return "quarantine.unknown_order"
	case p.Stage != models.Sending && p.Stage != models.Sent:
		return "quarantine.not_sent" // M20: a draft or approved order has no fate yet
	}
	return ""
}

func (s *Notices) notice(account models.GatewayAccount, a Arrival, read gateway.Notice) models.Notice {
	body := a.Body
	if body == nil {
		body = []byte{}
	}
	return models.Notice{
		AccountID: account.ID, Body: body, BodyDigest: keptAs(a, read.Check), SameDigest: read.Same[:],
		Headers: keptHeaders(a.Header), Address: a.Address, ReceivedAt: s.Now(), Verified: string(read.Check), Algorithm: read.Algorithm,
		OrderNo: cut(read.Facts.OrderNo, 64), Says: says[read.Outcome], Word: cut(read.Facts.Word, 64),
		AmountMinor: read.Facts.Amount.Minor, Currency: read.Facts.Amount.Currency,
	}
}

// keptAs is what makes two notices the same: their bytes. One that is not verified
// is counted under its headers too, where a signature may stand: a forged copy of
// a body must neither pass as the true notice nor keep it out.
func keptAs(a Arrival, check gateway.Check) []byte {
	digest := sha256.Sum256(a.Body)
	if check != gateway.CheckGood {
		digest = sha256.Sum256(slices.Concat([]byte(keptHeaders(a.Header)), []byte{0}, a.Body))
	}
	return digest[:]
}

// keep stores the notice and applies it in an inner savepoint: failing to apply
// never undoes the keeping; the sweeper tries again.
func (s *Notices) keep(ctx context.Context, n *models.Notice, account models.GatewayAccount, read gateway.Notice) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if n.Quarantine != "" {
			full, err := models.QuarantineFull(tx, account.ID, quarantineLimit)
			if err != nil {
				return err
			}
			if full {
				slog.Warn("quarantine is full; a notice was refused unseen", "account", account.Name)
				return nil
			}
		}
		if err := models.KeepNotice(tx, n); err != nil {
			return fmt.Errorf("keep notice: %w", err)
		}
		s.reach(PointNoticeKeep)
		if n.Quarantine != "" {
			return s.suspect(tx, *n, account)
		}
		if err := s.noteHeard(tx, account); err != nil {
			return err
		}
		if n.Seen > 1 && n.Applied != "" {
			return nil // the same bytes again: one event, one more on the counter
		}
		if err := models.Within(tx, func(tx *gorm.DB) error { return s.apply(tx, n, account, read) }); err != nil {
			slog.Error("a notice was kept and not applied; it will be tried again", "notice", n.ID, "error", err)
		}
		return nil
	})
}

// noteHeard keeps when the account was last heard of, to the second: in a storm
// of notices one write a second says as much as three hundred.
func (s *Notices) noteHeard(tx *gorm.DB, account models.GatewayAccount) error {
	if s.Now().Sub(account.LastNoticeAt) < time.Second && !s.Now().Before(account.LastNoticeAt) {
		return nil
	}
	account.LastNoticeAt = s.Now()
	return models.UpdateAccount(tx, &account, "last_notice_at")
}

// suspect tells the order that somebody spoke of it without a right signature,
// and lets it ask the gateway.
func (s *Notices) suspect(tx *gorm.DB, n models.Notice, account models.GatewayAccount) error {
	if n.Seen > 1 {
		return nil
	}
	details := models.Details{"notice": fmt.Sprint(n.ID), "why": n.Quarantine, "account": account.Name, "says": n.Says, "order_no": n.OrderNo}
	trim(details)
	if n.PayoutID == nil {
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "quarantined", Actor: asListener, Subject: "notice", SubjectID: fmt.Sprint(n.ID), Details: details,
		})
	}
	p, err := models.FindPayout(tx, *n.PayoutID)
	if err != nil {
		return err
	}
	others, err := models.CountQuarantinedAbout(tx, p.OrderNo, forgedRemarks+1)
	if err != nil || others > forgedRemarks {
		return err
	}
	if p.Open() && p.Stage == models.Sent {
		p.NextActionAt = s.Now()
		if err := p.Keep(tx); err != nil {
			return err
		}
	}
	return models.Remark(tx, p, "quarantined", models.Machine(asListener), s.Now(), details)
}

// apply does what the notice proves, once for each set of facts (I16).
func (s *Notices) apply(tx *gorm.DB, n *models.Notice, account models.GatewayAccount, read gateway.Notice) error {
	same, err := models.SameNotice(tx, *n)
	if err != nil {
		return err
	}
	n.Applied = noEffect
	if !same {
		p, err := models.FindPayout(tx, *n.PayoutID)
		if err != nil {
			return err
		}
		n.Applied, err = hear(tx, &p, account, word{
			outcome: read.Outcome, facts: read.Facts, source: "notice", grade: models.E2,
			details: models.Details{"notice": fmt.Sprint(n.ID), "algorithm": read.Algorithm},
		}, s.Now())
		if err != nil {
			return err
		}
	}
	s.reach(PointNoticeApply)
	return models.NoteApplied(tx, *n)
}

// ApplyKept applies notices that were kept and could not be applied at once.
func (s *Notices) ApplyKept(ctx context.Context) error {
	waiting, err := models.NoticesToApply(s.Store.Read(ctx), 100)
	if err != nil {
		return err
	}
	var faults error
	for _, n := range waiting {
		if err := s.applyKept(ctx, n.ID); err != nil {
			faults = errors.Join(faults, fmt.Errorf("apply notice %d: %w", n.ID, err))
		}
	}
	return faults
}

func (s *Notices) applyKept(ctx context.Context, id int64) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		n, err := models.FindNotice(tx, id)
		if err != nil || n.Applied != "" {
			return err // the gateway came again in the meantime
		}
		account, err := models.FindAccount(tx, n.AccountID)
		if err != nil {
			return err
		}
		opened, family, err := s.Accounts.open(account)
		if err != nil {
			return err
		}
		p, err := models.FindPayout(tx, *n.PayoutID)
		if err != nil {
			return err
		}
		read := family.ReadNotice(opened, order(p, nil), readHeaders(n.Headers), n.Body)
		return s.apply(tx, &n, account, read)
	})
}

// LookedAt marks a quarantined notice as seen by somebody.
func (s *Notices) LookedAt(ctx context.Context, by models.Person, id int64, words string) error {
	words, err := needReason(words)
	if err != nil {
		return err
	}
	if !by.May(models.VerbSort) {
		return models.Refuse(models.Forbidden, "role.sort")
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		n, err := models.FindNotice(tx, id)
		if err != nil {
			return err
		}
		if n.Quarantine == "" || n.LookedBy != 0 {
			return models.Refuse(models.Conflict, "notice.looked_at_already")
		}
		n.LookedBy, n.LookedAt = by.ID, s.Now()
		if err := tx.Model(&n).Select("looked_by", "looked_at").Updates(&n).Error; err != nil {
			return err
		}
		actor := by.As(models.VerbSort)
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "quarantine_looked_at", ActorID: actor.ID, Actor: actor.Name, Role: string(actor.Role),
			Subject: "notice", SubjectID: fmt.Sprint(id), Details: models.Details{"reason_text": words, "why": n.Quarantine},
		})
	})
}

// keptHeaders are the ones that say something of a notice, one a line. The sign
// is no secret.
func keptHeaders(h http.Header) string {
	var lines []string
	for _, name := range []string{"Content-Type", "Merchantid", "Sign", "User-Agent"} {
		if value := h.Get(name); value != "" {
			lines = append(lines, name+": "+cut(value, 200))
		}
	}
	return strings.Join(lines, "\n")
}

// readHeaders reads them back.
func readHeaders(text string) http.Header {
	h := http.Header{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			h.Set(name, value)
		}
	}
	return h
}

func cut(text string, limit int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), limit)])
}
