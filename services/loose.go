package services

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// LookAtSend writes down what the gateway says about a send that no order here stands
// for. It moves no order, and waits for a second person.
func (s *Verdicts) LookAtSend(ctx context.Context, by models.Person, orderNo, words string, signed Signed) error {
	return s.onSend(ctx, &by, orderNo, words, models.ActLookAtSend, "send_looked_at", signed, func(tx *gorm.DB, send *models.LooseSend, words string) error {
		if err := send.CheckLook(by); err != nil {
			return err
		}
		return send.Look(tx, by, words, s.Now())
	})
}

// AgreeOnSend closes it: a second person asked the gateway and found the same.
func (s *Verdicts) AgreeOnSend(ctx context.Context, by models.Person, orderNo, words string, signed Signed) error {
	return s.onSend(ctx, &by, orderNo, words, models.ActAgreeOnSend, "send_closed", signed, func(tx *gorm.DB, send *models.LooseSend, words string) error {
		approvers, err := send.Approvers(tx)
		if err != nil {
			return err
		}
		if err := send.CheckAgree(by, approvers); err != nil {
			return err
		}
		return send.Agree(tx, by, words, s.Now())
	})
}

// onSend does one act of people about a send, with its line in the log; where an order
// of this number is here, the line is on its timeline too.
func (s *Verdicts) onSend(ctx context.Context, by *models.Person, orderNo, words string, verb models.ActVerb, done string, signed Signed, act func(*gorm.DB, *models.LooseSend, string) error) error {
	words, err := needReason(words)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, by); err != nil {
			return err
		}
		send, err := models.FindLooseSend(tx, orderNo)
		if err != nil {
			return err
		}
		if err := checkSendScope(tx, send, *by); err != nil {
			return err
		}
		if err := act(tx, &send, words); err != nil {
			return err
		}
		signature, err := signed.over(tx, by.ID, Deed{Act: send.Act(verb), Name: send.OrderNo, Reason: words}, s.Now())
		if err != nil {
			return err
		}
		details := signature.Note(models.Details{"reason_text": words, "requests": fmt.Sprint(send.Requests), "account": send.AccountSlug})
		actor := by.As(models.VerbVerdict)
		if send.Here != nil {
			return models.Remark(tx, *send.Here, done, actor, s.Now(), details)
		}
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: done, ActorID: actor.ID, Actor: actor.Name, Role: string(actor.Role), Subject: "send", SubjectID: send.OrderNo, Details: details,
		})
	})
}

// checkSendScope says whether the account of the send is within the person's scope.
func checkSendScope(tx *gorm.DB, send models.LooseSend, by models.Person) error {
	if by.Scope.Whole() {
		return nil
	}
	account, err := models.FindAccountBySlug(tx, send.AccountSlug)
	if err != nil || account.CheckScope(by) != nil {
		return models.Refuse(models.Missing, "send.missing")
	}
	return nil
}
