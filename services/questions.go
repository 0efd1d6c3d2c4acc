package services

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// overdueFactor times a rail's usual time without a final word makes a pending
// order unclear, so that nothing waits for ever.
const overdueFactor = 3

// AskNow asks the gateway about an order because a person wants to know.
func (s *Sender) AskNow(ctx context.Context, by models.Person, orderNo string) (models.Question, error) {
	p, err := models.FindOrder(s.Store.Read(ctx), orderNo)
	if err != nil {
		return models.Question{}, err
	}
	if err := p.CheckScope(by); err != nil {
		return models.Question{}, err
	}
	if err := p.CheckAsk(by); err != nil {
		return models.Question{}, err
	}
	last, asked, err := models.LastQuestion(s.Store.Read(ctx), p.ID)
	if err != nil {
		return models.Question{}, err
	}
	if rest := last.Rest(s.Now()); asked && last.AskedBy != 0 && rest > 0 {
		return last, models.Refuse(models.TooOften, "payout.asked_just_now", "Seconds", int(rest/time.Second)+1)
	}
	return s.ask(ctx, p.ID, by.As(models.VerbAsk))
}

// ask puts one question to the gateway and does what the answer proves.
func (s *Sender) ask(ctx context.Context, id models.PayoutID, by models.Actor) (models.Question, error) {
	db := s.Store.Read(ctx)
	p, err := models.FindPayout(db, id)
	if err != nil {
		return models.Question{}, err
	}
	stored, err := models.FindAccount(db, p.AccountID)
	if err != nil {
		return models.Question{}, err
	}
	account, family, err := s.Accounts.open(stored)
	if err != nil {
		return models.Question{}, err
	}
	request, err := family.Query(account, order(p, nil), s.Now(), randomName())
	if err != nil {
		return models.Question{}, fmt.Errorf("write the question: %w", err)
	}
	s.reach(PointAsking)
	asked := s.Now()
	response := s.Accounts.Exchange(ctx, account, request)
	s.reach(PointAsked)
	if ctx.Err() != nil {
		return models.Question{}, ctx.Err() // we are closing: the answer is not the gateway's
	}
	answer := family.ReadQuery(account, order(p, nil), response)
	q := question(answer, response, asked)
	q.PayoutID, q.AccountID, q.AskedBy = &id, p.AccountID, by.ID
	err = s.answered(ctx, &q, answer, by)
	s.reach(PointAnswered)
	return q, err
}

func question(answer gateway.Answer, response gateway.Response, asked time.Time) models.Question {
	return models.Question{
		AskedAt: asked, TookMS: response.Took.Milliseconds(), HTTPStatus: response.Status, Fault: string(response.Fault),
		Says: says[answer.Outcome], Problem: string(answer.Problem), Word: cut(answer.Facts.Word, 64),
		Code: cut(answer.Code, 64), Message: cut(answer.Message, 300), Response: response.Body, Effect: noEffect,
	}
}

// answered stores the question with its answer and does what the answer proves,
// in one write.
func (s *Sender) answered(ctx context.Context, q *models.Question, answer gateway.Answer, by models.Actor) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		p, err := models.FindPayout(tx, *q.PayoutID)
		if err != nil {
			return err
		}
		account, err := models.FindAccount(tx, p.AccountID)
		if err != nil {
			return err
		}
		p.Questions++
		p.LeasedBy, p.LeasedUntil = "", never
		p.NextActionAt = s.nextQuestion(p, account, answer)
		if err := tx.Create(q).Error; err != nil {
			return fmt.Errorf("store question: %w", err)
		}
		s.reach(PointAnswering)
		if q.Effect, err = s.hearAnswer(tx, &p, account, *q, answer, by); err != nil {
			return err
		}
		if answer.Problem == gateway.ProblemNone {
			account.LastGoodAt = s.Now()
			if err := models.UpdateAccount(tx, &account, "last_good_at"); err != nil {
				return err
			}
		}
		return tx.Model(q).Select("effect").Updates(q).Error
	})
}

// nextQuestion is when to ask again: by the schedule while the order is open, hourly
// while a contradiction is, and a few times more about what is called failed.
func (s *Sender) nextQuestion(p models.Payout, account models.GatewayAccount, answer gateway.Answer) time.Time {
	switch {
	case p.Open():
		return s.Now().Add(account.QuestionAfter(p.Questions))
	case p.Clash:
		return s.Now().Add(time.Hour)
	case p.Outcome == models.Paid && p.Grade < models.E3 && answer.Outcome != gateway.Paid && p.Questions < 12:
		return s.Now().Add(account.QuestionAfter(p.Questions)) // its proof may still be raised
	case p.Denied():
		return models.SecondLook(p.SettledAt, s.Now())
	}
	return never
}

// hearAnswer keeps an answer that says nothing as one line, and lets one that
// does be heard. An answer that is not authentic decides nothing.
func (s *Sender) hearAnswer(tx *gorm.DB, p *models.Payout, account models.GatewayAccount, q models.Question, answer gateway.Answer, by models.Actor) (string, error) {
	details := models.Details{"question": fmt.Sprint(q.ID), "problem": q.Problem, "asked": fmt.Sprint(p.Questions), "alarm": string(answer.Alarm)}
	if len(q.Response) > 0 {
		details[models.BytesDigest] = hexOf(sum(q.Response))
	}
	if by.ID != 0 {
		details["asked_by"] = by.Name
	}
	trim(details)
	w := word{outcome: answer.Outcome, facts: answer.Facts, source: "query", grade: models.E3, details: details}
	// An answer with another sum is heard, so that the order becomes doubtful; every
	// other problem is no information.
	otherSum := answer.Problem == gateway.ProblemAmount && w.differs(*p, account) != ""
	if !answer.Authentic || answer.Problem != gateway.ProblemNone && !otherSum {
		w.outcome, w.facts = gateway.Unknown, gateway.Facts{Word: answer.Facts.Word}
	}
	if w.outcome == gateway.Unknown && !p.FailNoticeAt.IsZero() && p.Outcome == models.Pending {
		// A notice said failed and the gateway cannot be heard: doubt (M28).
		details["says"] = says[gateway.Unknown]
		return record(tx, p, models.MoveMistrust, models.Effect{Reason: models.ReasonFailedNotice}, w, s.Now())
	}
	effect, err := hear(tx, p, account, w, s.Now())
	if err != nil || effect != noEffect {
		return effect, err
	}
	return s.checkOverdue(tx, p)
}

// checkOverdue makes a pending order unclear when three times its rail's usual
// time has passed without a final word.
func (s *Sender) checkOverdue(tx *gorm.DB, p *models.Payout) (string, error) {
	_, rail, ok := families.Rail(p.Rail)
	if !ok || p.Outcome != models.Pending || p.Stage != models.Sent || s.Now().Before(p.SentAt.Add(overdueFactor*rail.NormalTime)) {
		return noEffect, nil
	}
	effect := models.Effect{Reason: models.ReasonOverdue}
	err := models.Record(tx, p, models.MoveOverdue, effect, models.Machine(asSender), s.Now(), models.Details{"usual": rail.NormalTime.String()})
	return string(models.MoveOverdue), err
}
