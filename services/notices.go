package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
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
	read, err := s.Accounts.readNotice(account, opened, func(keys gateway.Account) gateway.Notice {
		return family.ReadNotice(keys, subjectOrder(p, known), a.Header, a.Body)
	})
	if err != nil {
		return gateway.Acknowledgement{}, err
	}
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

func cut(text string, limit int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), limit)])
}
