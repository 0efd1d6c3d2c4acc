package services

import (
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// word is what a gateway said of an order, verified: a notice or the answer to a
// question.
type word struct {
	outcome gateway.Outcome
	facts   gateway.Facts
	source  string // "notice" or "query"
	grade   models.Grade
	details models.Details // refers to the stored notice or question
}

// noEffect is the effect of a word that moves nothing.
const noEffect = "none"

// says are the words for what a gateway may say of an order.
var says = map[gateway.Outcome]string{
	gateway.Unknown: "unknown", gateway.Working: "working", gateway.Paid: "paid", gateway.Failed: "failed",
	gateway.NotFound: "not_found", gateway.Reversed: "reversed",
}

// hear does what a verified word proves, and says which move it made. Paid needs
// every field it carries to equal ours (I10); failed needs that of a query, never
// of a notice alone (I9, I11); a contrary word after a final outcome opens a
// contradiction (I12); everything else decides nothing.
func hear(tx *gorm.DB, p *models.Payout, account models.GatewayAccount, w word, at time.Time) (effect string, err error) {
	w.details["says"], w.details["word"], w.details["source"] = says[w.outcome], w.facts.Word, w.source
	trim(w.details)
	if differs := w.differs(*p, account); differs != "" {
		return mistrust(tx, p, w, differs, at)
	}
	adopt(p, w, at)
	switch w.outcome {
	case gateway.Paid:
		return hearPaid(tx, p, w, at)
	case gateway.Failed:
		return hearFailed(tx, p, w, at)
	case gateway.Working:
		return hearWorking(tx, p, w, at)
	case gateway.Reversed:
		return hearReversed(tx, p, w, at)
	}
	return remark(tx, p, w, at)
}

// differs names the first field that the word carries and that is not ours; ""
// if all that it carries is equal.
func (w word) differs(p models.Payout, account models.GatewayAccount) string {
	f := w.facts
	switch {
	case f.Odd != "":
		return f.Odd
	case f.OrderNo != "" && f.OrderNo != p.OrderNo:
		return "order_no"
	case f.GatewayNo != "" && p.GatewayNo != "" && f.GatewayNo != p.GatewayNo:
		return "gateway_no"
	case f.MerchantID != "" && f.MerchantID != account.MerchantID:
		return "merchant"
	case f.AmountBad || !f.Amount.IsZero() && f.Amount != p.Amount():
		return "amount"
	case f.Currency != "" && !strings.EqualFold(f.Currency, p.Currency): // one family writes it in small letters
		return "currency"
	case !f.Received.IsZero() && f.Received != p.Amount():
		return "received"
	}
	return ""
}

// adopt keeps what the word tells beside its verdict.
func adopt(p *models.Payout, w word, at time.Time) {
	if w.outcome == gateway.NotFound || w.outcome == gateway.Unknown {
		return
	}
	p.HeardAt = at
	if p.GatewayNo == "" && w.facts.GatewayNo != "" {
		p.GatewayNo = w.facts.GatewayNo
		w.details["gateway_no"] = p.GatewayNo
	}
	if w.outcome == gateway.Paid {
		p.ReceivedMinor = p.AmountMinor
		if w.facts.Fee != "" {
			p.Fee = w.facts.Fee
		}
	}
	if w.outcome == gateway.Failed {
		p.Code, p.CodeText = w.facts.Word, w.facts.Result
	}
}

func hearPaid(tx *gorm.DB, p *models.Payout, w word, at time.Time) (string, error) {
	switch {
	case p.Outcome == models.Failed:
		return contradict(tx, p, w, "paid", at)
	case p.Open() && w.source == "notice" && !p.FailNoticeAt.IsZero():
		// Two verified notices that disagree (M25).
		return contradict(tx, p, w, "paid_after_fail_notice", at)
	case p.Unclear == models.ReasonAmount:
		// A verified word named another sum, this one names ours (M29).
		return contradict(tx, p, w, "paid", at)
	case p.Outcome == models.Paid && w.grade <= p.Grade, p.Outcome == models.Returned:
		return remark(tx, p, w, at)
	}
	if err := cancelVerdict(tx, p, models.Paid, at); err != nil {
		return "", err
	}
	switch {
	case w.grade < models.E3:
		p.NextActionAt = at // a question raises the proof
	case !p.Clash: // while one is open, the questions go on
		p.NextActionAt = never
	}
	move := models.MovePaid
	if p.Outcome == models.Paid {
		move = models.MoveProve
	}
	return record(tx, p, move, models.Effect{Grade: w.grade}, w, at)
}

func hearFailed(tx *gorm.DB, p *models.Payout, w word, at time.Time) (string, error) {
	switch {
	case p.Outcome == models.Paid:
		if w.source == "notice" {
			p.NextActionAt = at
		}
		return contradict(tx, p, w, "failed", at)
	case p.Outcome == models.Failed && w.grade > p.Grade:
		return record(tx, p, models.MoveProve, models.Effect{Grade: w.grade}, w, at)
	case p.Open() && w.source == "notice":
		// A FAIL notice alone decides nothing: ask now (I11).
		p.FailNoticeAt, p.NextActionAt = at, at
		return remark(tx, p, w, at)
	case p.Unclear == models.ReasonAmount:
		// A verified word named another sum: "failed" does not prove that nothing of
		// it left (M29).
		return contradict(tx, p, w, "failed", at)
	case p.Open() && p.Stage == models.Sent:
		if err := cancelVerdict(tx, p, models.Failed, at); err != nil {
			return "", err
		}
		p.NextActionAt = models.SecondLook(at, at)
		return record(tx, p, models.MoveFail, models.Effect{Grade: w.grade}, w, at)
	}
	return remark(tx, p, w, at)
}

func hearWorking(tx *gorm.DB, p *models.Payout, w word, at time.Time) (string, error) {
	doubtful := p.Unclear == models.ReasonOverdue || p.Unclear == models.ReasonAmount
	if p.Outcome == models.Unclear && !doubtful && !p.Clash {
		if err := cancelVerdict(tx, p, models.Pending, at); err != nil {
			return "", err
		}
		return record(tx, p, models.MoveWorking, models.Effect{Grade: w.grade}, w, at)
	}
	if p.Outcome == models.Failed && w.source == "notice" {
		p.NextActionAt = at // M23: failed stays, but ask
	}
	return remark(tx, p, w, at)
}

// hearReversed takes "taken back" for what it says, that the money had left, also
// where the word "paid" is still on its way (I16).
func hearReversed(tx *gorm.DB, p *models.Payout, w word, at time.Time) (string, error) {
	switch {
	case p.Outcome == models.Paid, p.Open() && p.Stage == models.Sent:
		return contradict(tx, p, w, "reversed", at)
	case p.Open():
		return doubt(tx, p, w, models.ReasonUnmapped, at)
	}
	return remark(tx, p, w, at)
}

// mistrust keeps a verified word whose fields are not ours: it proves nothing
// but that something is wrong (M29).
func mistrust(tx *gorm.DB, p *models.Payout, w word, field string, at time.Time) (string, error) {
	w.details["differs"] = field
	if !w.facts.Amount.IsZero() {
		w.details["their_amount"] = w.facts.Amount.String()
	}
	if !w.facts.Received.IsZero() {
		w.details["their_received"] = w.facts.Received.String()
	}
	switch {
	case p.Open() && w.source == "query" && (field == "order_no" || field == "gateway_no" || field == "merchant"):
		return remark(tx, p, w, at) // the answer is about something else (M35)
	case p.Open() && (field == "order_no" || field == "gateway_no" || field == "merchant"):
		return doubt(tx, p, w, models.ReasonOtherOrder, at)
	case p.Open():
		return doubt(tx, p, w, models.ReasonAmount, at)
	case p.Final() && (w.source == "notice" || field == "amount" || field == "currency" || field == "received"):
		return contradict(tx, p, w, "differs", at)
	}
	return remark(tx, p, w, at)
}

// doubt makes an open order unclear; one that is unclear already keeps a remark.
// That another sum was named outweighs every other reason.
func doubt(tx *gorm.DB, p *models.Payout, w word, reason models.UnclearReason, at time.Time) (string, error) {
	if p.Outcome == models.Unclear && (p.Unclear == reason || p.Unclear == models.ReasonAmount) {
		return remark(tx, p, w, at)
	}
	p.NextActionAt = at
	return record(tx, p, models.MoveMistrust, models.Effect{Reason: reason}, w, at)
}

func record(tx *gorm.DB, p *models.Payout, m models.Move, e models.Effect, w word, at time.Time) (string, error) {
	err := models.Record(tx, p, m, e, models.Machine(asListener), at, w.details)
	return string(m), err
}

// remark keeps the word in the timeline; it moved nothing.
func remark(tx *gorm.DB, p *models.Payout, w word, at time.Time) (string, error) {
	if err := p.Keep(tx); err != nil {
		return "", err
	}
	verb := "heard_" + w.source
	return noEffect, models.Remark(tx, *p, verb, models.Machine(asListener), at, w.details)
}

const asListener = "gateway"
