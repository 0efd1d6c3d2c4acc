package services

import (
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// contradict opens a contradiction, or adds to the open one. Until proven
// otherwise the money left: the order counts as paid.
func contradict(tx *gorm.DB, p *models.Payout, w word, news string, at time.Time) (string, error) {
	if p.Clash {
		return hearMore(tx, p, w, news, at)
	}
	if err := clash(tx, p, at, news, w.source, w.grade, w.details); err != nil {
		return "", err
	}
	return string(models.MoveClash), nil
}

// hearMore adds to the contradiction that is open. That the gateway, once asked,
// says failed too denies a proposal, but only when it is new: said again every hour,
// it must not keep two people from settling what they know better (X4).
func hearMore(tx *gorm.DB, p *models.Payout, w word, news string, at time.Time) (string, error) {
	if w.source != "query" || news != "failed" {
		return remark(tx, p, w, at)
	}
	open, _, err := models.OpenContradictionOf(tx, p.ID)
	if err != nil {
		return "", err
	}
	asked, err := models.QuestionsOf(tx, p.ID)
	if err != nil {
		return "", err
	}
	if !open.SaidFailed(asked[min(1, len(asked)):]) { // the newest is this one
		if err := cancelVerdict(tx, p, models.Failed, at); err != nil {
			return "", err
		}
	}
	return remark(tx, p, w, at)
}

// clash records the contradiction and holds what waits to replace the order.
func clash(tx *gorm.DB, p *models.Payout, at time.Time, news, source string, grade models.Grade, details models.Details) error {
	standing := string(p.Outcome)
	switch {
	case p.ByHand:
		standing += "_by_hand"
	case p.Unclear == models.ReasonAmount:
		standing = "differs"
	}
	err := models.OpenContradiction(tx, &models.Contradiction{PayoutID: p.ID, Standing: standing, News: news, Source: source, OpenedAt: at})
	if err != nil {
		return err
	}
	// While one is open only a late refusal comes this way.
	if err := cancelVerdict(tx, p, models.Failed, at); err != nil {
		return err
	}
	if p.NextActionAt.IsZero() || p.Outcome == models.Failed {
		p.NextActionAt = at // hear the gateway's own word now
	}
	details["news"], details["standing"] = news, standing
	if err := models.Record(tx, p, models.MoveClash, models.Effect{Grade: grade}, models.Machine(asListener), at, details); err != nil {
		return err
	}
	return holdSuccessors(tx, *p, at)
}

// holdSuccessors stops what replaces this order, and what replaces that, all along
// the chain (I14).
func holdSuccessors(tx *gorm.DB, p models.Payout, at time.Time) error {
	next, ok, err := models.SuccessorOf(tx, p.ID)
	for err == nil && ok {
		if err := holdSuccessor(tx, next, p.OrderNo, at); err != nil {
			return err
		}
		next, ok, err = models.SuccessorOf(tx, next.ID)
	}
	return err
}

// holdSuccessor stops an order that has not left yet. One that has, and did not
// fail, is an incident: two payments may be under way.
func holdSuccessor(tx *gorm.DB, p models.Payout, predecessor string, at time.Time) error {
	details := models.Details{"predecessor": predecessor}
	switch {
	case p.State.Can(models.MoveHold):
		return hold(tx, &p, models.Machine(asListener), at, models.HeldPredecessor, details)
	case p.Stage == models.Draft, p.Stage == models.Held, p.CheckSuccessor() == nil:
		return nil
	}
	return models.Remark(tx, p, "double_payment_feared", models.Machine(asListener), at, details)
}

// hold stops an order that has not left.
func hold(tx *gorm.DB, p *models.Payout, by models.Actor, at time.Time, why string, details models.Details) error {
	p.HeldWhy, p.NextActionAt = why, never
	details["why"] = why
	return models.Record(tx, p, models.MoveHold, models.Effect{}, by, at, details)
}

// cancelVerdict ends a proposal that the gateway's own word has overtaken.
func cancelVerdict(tx *gorm.DB, p *models.Payout, said models.Outcome, at time.Time) error {
	if p.Outcome != models.Unclear && !p.Clash {
		return nil // nobody proposes anything about an order that is in no doubt
	}
	verdict, ok, err := models.OpenVerdict(tx, p.ID)
	if err != nil || !ok || !verdict.OvertakenBy(said) {
		return err
	}
	verdict.State, verdict.ConfirmedAt = models.VerdictCancelled, at
	if err := models.CloseVerdict(tx, &verdict); err != nil {
		return err
	}
	return models.Remark(tx, *p, "verdict_cancelled", models.Machine(asListener), at, models.Details{"said": string(verdict.Says)})
}
