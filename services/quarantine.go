package services

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// quarantineLimit bounds what strangers can make us keep, per account (I17).
const quarantineLimit = 5000

// forgedRemarks bounds the lines that forged notices may leave in one timeline.
const forgedRemarks = 20

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

// LookedAt marks a quarantined notice as seen by somebody.
func (s *Notices) LookedAt(ctx context.Context, by models.Person, id int64, words string) error {
	words, err := needReason(words)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbSort); err != nil {
			return err
		}
		n, err := models.FindNotice(tx, id)
		if err != nil {
			return err
		}
		if n.Quarantine == "" || n.LookedBy != 0 {
			return models.Refuse(models.Conflict, "notice.looked_at_already")
		}
		if err := checkNoticeScope(tx, n, by); err != nil {
			return err
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

// checkNoticeScope says whether the notice is within the person's scope: its order, or
// its account where it is about none of ours.
func checkNoticeScope(tx *gorm.DB, n models.Notice, by models.Person) error {
	if n.PayoutID != nil {
		p, err := models.FindPayout(tx, *n.PayoutID)
		if err == nil && p.CheckScope(by) != nil {
			err = models.Refuse(models.Missing, "notice.missing")
		}
		return err
	}
	account, err := models.FindAccount(tx, n.AccountID)
	if err == nil && account.CheckScope(by) != nil {
		err = models.Refuse(models.Missing, "notice.missing")
	}
	return err
}
