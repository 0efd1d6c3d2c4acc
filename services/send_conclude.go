package services

import (
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// conclude records what the exchange proved. It is written even when the program
// is about to end.
func (s *Sender) conclude(ctx context.Context, ready prepared, response gateway.Response) error {
	return s.Store.Write(context.WithoutCancel(ctx), func(tx *gorm.DB) error {
		p, err := models.FindPayout(tx, ready.attempt.PayoutID)
		if err != nil {
			return err
		}
		account, err := models.FindAccount(tx, p.AccountID)
		if err != nil {
			return err
		}
		_, family, err := s.Accounts.open(account)
		if err != nil {
			return err
		}
		receipt := family.ReadCreate(ready.account, ready.order, response)
		receipt = believe(receipt, p)
		s.endAttempt(&ready.attempt, receipt, response)
		if err := models.EndAttempt(tx, &ready.attempt); err != nil {
			return err
		}
		if err := s.noteHealth(tx, &account, receipt, response); err != nil {
			return err
		}
		s.reach(PointConcluding)
		return s.apply(tx, &p, account, ready.attempt, receipt, response)
	})
}

// believe doubts a receipt that denies what a verified notice has said already: that
// the gateway has the order. One of the two is wrong, so it is neither sent again (I6)
// nor called refused before acceptance (I9 a, M10). An order that is not sending any
// more was called unclear by another program that took the lease over: its attempt
// stays the one that may have left us (I6, I21).
func believe(r gateway.Receipt, p models.Payout) gateway.Receipt {
	switch {
	case r.Kind == gateway.NotSent && p.Stage != models.Sending:
		return gateway.Receipt{Reason: models.ReasonCut, Code: r.Code}
	case p.HeardAt.IsZero():
	case r.Kind == gateway.NotSent:
		return gateway.Receipt{Reason: models.ReasonCut, Code: r.Code}
	case r.Kind == gateway.Refused && p.Stage == models.Sending:
		r.Kind, r.Reason = gateway.Doubt, models.ReasonDuplicate
	}
	return r
}

func (s *Sender) endAttempt(a *models.Attempt, receipt gateway.Receipt, response gateway.Response) {
	a.EndedAt, a.TookMS, a.HTTPStatus, a.Fault = s.Now(), response.Took.Milliseconds(), response.Status, string(response.Fault)
	a.Code, a.Message, a.Response = receipt.Code, receipt.Message, response.Body
	a.NotSent = receipt.Kind == gateway.NotSent
	a.ReadAs = readAs(receipt)
}

func readAs(r gateway.Receipt) string {
	switch r.Kind {
	case gateway.Accepted:
		return "accepted"
	case gateway.Refused:
		return "refused"
	case gateway.NotSent:
		return "not_sent"
	}
	return string(r.Reason)
}

// apply moves the order by the receipt. What a verified notice has settled in the
// meantime stays settled (M19).
func (s *Sender) apply(tx *gorm.DB, p *models.Payout, account models.GatewayAccount, a models.Attempt, receipt gateway.Receipt, response gateway.Response) error {
	details := models.Details{
		"attempt": fmt.Sprint(a.ID), "took_ms": fmt.Sprint(a.TookMS), "http": fmt.Sprint(a.HTTPStatus), "read_as": a.ReadAs,
		"code": receipt.Code, "message": receipt.Message, "fault": string(response.Fault), "detail": string(response.Detail), "alarm": string(receipt.Alarm),
	}
	trim(details)
	move, effect := moveFor(receipt)
	if receipt.GatewayNo != "" {
		p.GatewayNo = cmp.Or(p.GatewayNo, receipt.GatewayNo) // a notice may have told it, signed
		details["gateway_no"] = receipt.GatewayNo
	}
	if !p.State.Can(move) {
		return s.lateReply(tx, p, receipt, details) // its next question stays when it is
	}
	switch receipt.Kind {
	case gateway.NotSent:
		p.SentAt, p.NextActionAt = never, s.Now().Add(retryAfter)
	case gateway.Refused:
		p.Code, p.CodeText, p.NextActionAt = receipt.Code, receipt.Message, never
	default:
		p.NextActionAt = s.Now().Add(account.QuestionAfter(0))
		if !p.FailNoticeAt.IsZero() {
			p.NextActionAt = s.Now() // a FAIL notice outran the reply: ask now (I11)
		}
	}
	return models.Record(tx, p, move, effect, models.Machine(asSender), s.Now(), details)
}

// lateReply handles a reply to an order that a notice has moved already: it is
// kept, and a refusal of what was reported paid is a contradiction.
func (s *Sender) lateReply(tx *gorm.DB, p *models.Payout, receipt gateway.Receipt, details models.Details) error {
	if receipt.Kind == gateway.Refused && p.Outcome == models.Paid {
		return clash(tx, p, s.Now(), "refused", "reply", models.E1, details)
	}
	if err := p.Keep(tx); err != nil {
		return err
	}
	return models.Remark(tx, *p, "late_reply", models.Machine(asSender), s.Now(), details)
}

func moveFor(r gateway.Receipt) (models.Move, models.Effect) {
	switch r.Kind {
	case gateway.Accepted:
		return models.MoveAccept, models.Effect{Grade: models.E1}
	case gateway.Refused:
		return models.MoveRefuse, models.Effect{Grade: models.E1}
	case gateway.NotSent:
		return models.MoveNotSent, models.Effect{}
	}
	return models.MoveDoubt, models.Effect{Reason: r.Reason}
}

// noteHealth counts what the exchange says of the account, and pauses it when
// nothing gets there (M12, M14).
func (s *Sender) noteHealth(tx *gorm.DB, account *models.GatewayAccount, receipt gateway.Receipt, response gateway.Response) error {
	switch {
	case receipt.Kind == gateway.NotSent:
		account.NotSentStreak++
	case receipt.Reason == models.ReasonHTTPStatus:
		account.TurnedAway++
	case receipt.Kind == gateway.Accepted, receipt.Kind == gateway.Refused:
		account.NotSentStreak, account.TurnedAway, account.LastGoodAt = 0, 0, s.Now()
	}
	why := ""
	switch {
	case account.Paused != "":
	case account.NotSentStreak >= notSentPause:
		why = "paused.unreachable"
	case account.TurnedAway >= turnedPause:
		why = "paused.turned_away"
	}
	if why != "" {
		if err := s.Accounts.pause(tx, account, models.Machine(asSender), why, ""); err != nil {
			return err
		}
	}
	return models.UpdateAccount(tx, account, "not_sent_streak", "turned_away", "last_good_at")
}

// trim drops details that say nothing.
func trim(d models.Details) {
	for name, value := range d {
		if value == "" || value == "0" && name == "http" {
			delete(d, name)
		}
	}
}
