package bundle

import (
	"fmt"

	"countersign/models"
)

// agreeVerdicts holds what was proposed and how it ended against the lines that its
// people wrote.
func (f *Found) agreeVerdicts(map[string][]byte) error {
	for _, v := range f.Dossier.Verdicts {
		var proposed, judged models.Event
		for _, e := range f.about("verdict", v.ID) {
			if differs(e, "said", v.Says) || differs(e, "about", v.About) || differs(e, "evidence", v.Evidence) {
				return refused("The facts tell verdict %d otherwise than the log.", v.ID)
			}
			switch {
			case e.Verb == "verdict_proposed":
				proposed = e
			case e.ActorID != 0:
				judged = e
			}
		}
		if err := f.agreeTwo(v, proposed, judged); err != nil {
			return err
		}
	}
	for _, e := range f.of(models.MoveVerdictPaid, models.MoveVerdictFailed, models.MoveSettlePaid, models.MoveSettleFailed, models.MoveSettleReturned) {
		if !f.twoPeople(e) {
			return refused("By event %d two people decided, and the log does not show a first one.", e.Seq)
		}
	}
	return nil
}

// agreeTwo holds the two people of a verdict, and how it ended, against their lines.
func (f *Found) agreeTwo(v models.DossierVerdict, proposed, judged models.Event) error {
	switch {
	case proposed.Seq == 0:
		return refused("The log does not know verdict %d.", v.ID)
	case proposed.Actor != v.Proposer || !near(proposed.At, v.ProposedAt):
		return refused("The facts name another proposer of verdict %d than the log, or another moment.", v.ID)
	case differs(proposed, models.VerdictText, v.Text) || differs(proposed, models.VerdictReason, v.Reason) || differs(judged, models.VerdictAnswer, v.Answer):
		return refused("The facts tell the words of verdict %d otherwise than the log.", v.ID)
	case judged.Seq == 0 && (v.Confirmer != "" || v.Answer != "" || v.State == "confirmed" || v.State == "disagreed"):
		return refused("The facts name a second person of verdict %d, and the log knows none.", v.ID)
	case judged.Seq == 0:
		return nil
	case judged.Actor != v.Confirmer || !near(judged.At, v.ConfirmedAt):
		return refused("The facts name another second person of verdict %d than the log, or another moment.", v.ID)
	case (judged.Verb == "verdict_disagreed") != (v.State == "disagreed") || (v.State != "disagreed" && v.State != "confirmed"):
		return refused("The facts tell verdict %d to have ended otherwise than the log does.", v.ID)
	case !f.twoPeople(judged):
		return refused("Verdict %d was proposed and judged by one person, or by whoever made the order.", v.ID)
	}
	return nil
}

// twoPeople says whether the verdict of the turn was proposed by somebody else.
func (f *Found) twoPeople(turn models.Event) bool {
	for _, e := range f.Events {
		if e.Verb == "verdict_proposed" && e.Details["verdict"] == turn.Details["verdict"] {
			return e.ActorID != turn.ActorID && e.ActorID != f.Events[0].ActorID && turn.ActorID != f.Events[0].ActorID
		}
	}
	return false
}

// about lists the events that name this row. What a person was refused names what they
// tried it at, and goes by nothing.
func (f *Found) about(what string, id int64) (found []models.Event) {
	for _, e := range f.Events {
		if e.Details[what] == fmt.Sprint(id) && !e.Turned() {
			found = append(found, e)
		}
	}
	return found
}
