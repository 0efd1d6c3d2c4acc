package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/ui"
)

// sentence is the one plain sentence of an entry.
func (h Happening) sentence(ctx context.Context) templ.Component {
	return ui.Say("timeline."+h.variant(), h.args(ctx)...)
}

// variant is the verb, or the verb and what it was about.
func (h Happening) variant() string {
	if h.Turned() {
		return "turned"
	}
	switch verb := h.verb(); verb {
	case string(models.MoveDraft):
		return either(h.detail("replaces") != "", "drafted_anew", verb)
	case string(models.MoveHold):
		return heldAs(h.detail("why"))
	case string(models.MoveApprove):
		return either(h.detail("no_room") != "", "approved_no_room", either(h.detail("leaves_at") != "", "approved_window", verb))
	case string(models.MoveAccept):
		return either(h.detail("gateway_no") != "", verb, "accepted_bare")
	case string(models.MoveRefuse):
		return either(h.Explained != "", verb, "refused_bare")
	case string(models.MovePaid), string(models.MoveProve), string(models.MoveWorking):
		return verb + "." + h.source()
	case string(models.MoveRestore):
		return either(h.detail("differs") != "", "restored_other", verb)
	case string(models.MoveMistrust):
		return h.mistrusted()
	case "verdict_proposed":
		return either(h.Hidden, "verdict_proposed_hidden", verb)
	case "heard_query", "heard_notice":
		return verb + "." + h.heard()
	case "quarantined":
		return either(h.detail("says") == "unknown", "quarantined_unknown", verb)
	default:
		return either(knownVerbs[verb], verb, "other")
	}
}

// knownVerbs have a sentence of their own; a verb without one is shown as it is
// called, so that nothing of the past is ever left out.
var knownVerbs = map[string]bool{
	"edited": true, "submitted": true, "signed": true, "rejected": true, "asked_maker": true, "withdrawn": true,
	"resumed": true, "stopped": true, "expired": true, "room_found": true, "sending": true, "not_sent": true, "doubted": true, "crash_found": true, "overdue": true, "failed": true,
	"contradicted": true, "verdict_paid": true, "verdict_failed": true, "settled_paid": true, "settled_failed": true,
	"settled_returned": true, "noted": true, "claimed": true, "handed_back": true, "handed_over": true, "draft_given": true, "handed_on": true, "reminded": true, "passed_on": true, "told_controllers": true, "attached": true, "revealed": true, "evidence_taken": true, "late_reply": true,
	"verdict_disagreed": true, "verdict_cancelled": true, "verdict_left": true, "look_again": true, "came_back": true, "escalated": true,
	"double_payment_feared": true, "restored_send": true, "send_looked_at": true, "send_closed": true,
	"enquiry_sent": true, "enquiry_answered": true,
}

// mistrusted says what was wrong with a word that had a right signature.
func (h Happening) mistrusted() string {
	switch {
	case h.detail("reason") == string(models.ReasonFailedNotice):
		return "mistrusted.failed_notice"
	case h.theirSum() != "" && (h.detail("differs") == "amount" || h.detail("differs") == "received"):
		return "mistrusted.sum"
	case h.detail("differs") != "":
		return "mistrusted.field"
	}
	return "mistrusted.reversed"
}

// heard is what a word without effect said.
func (h Happening) heard() string {
	switch says := h.detail("says"); {
	case h.detail("differs") != "":
		return "differs"
	case says == "", says == "unknown" && h.Asked != nil && h.Asked.Says == "not_found" && h.detail("problem") == "":
		// An answer without a row carries nothing to check, and still says this much.
		return either(says == "", "unknown", "not_found")
	default:
		return says
	}
}

func (h Happening) theirSum() string {
	if sum := h.detail("their_amount"); sum != "" && h.detail("differs") == "amount" {
		return sum
	}
	return h.detail("their_received")
}
