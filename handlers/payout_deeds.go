package handlers

import (
	"countersign/models"
	"countersign/views"
)

// deeds are what this person may do now: the button is there exactly if the verb
// would obey. At most two stand beside the head, the rest is in the menu.
func (r *payoutRows) deeds(by models.Person) views.OrderDeeds {
	var all []views.OrderDeed
	for _, offer := range r.offers(by) {
		if offer.check == nil {
			all = append(all, offer.OrderDeed)
		}
	}
	deeds := views.OrderDeeds{}
	for _, deed := range all {
		if len(deeds.Main) < 2 && mainDeeds[deed.Key] {
			deed.Primary = len(deeds.Main) == 0 && deed.Key != "deed.ask" && deed.Key != "deed.edit"
			deeds.Main = append(deeds.Main, deed)
			continue
		}
		deeds.More = append(deeds.More, deed)
	}
	return deeds
}

// mainDeeds are those that may stand beside the head.
var mainDeeds = map[string]bool{
	"deed.check": true, "deed.decide": true, "deed.case": true, "deed.resume": true, "deed.create_again": true, "deed.ask": true,
	"deed.edit": true, "deed.stop": true,
}

// offer is a deed and the rule that it stands under.
type offer struct {
	views.OrderDeed
	check error
}

// offers are all deeds, the ones that matter most first.
func (r *payoutRows) offers(by models.Person) []offer {
	p, path := r.payout, string(views.PayoutPath(r.payout.OrderNo))
	return []offer{
		{views.OrderDeed{Key: "deed.check", Icon: "list-check", Href: path + "/review"}, p.CheckSubmit(by)},
		{views.OrderDeed{Key: "deed.decide", Icon: "signature", Href: "/approvals/" + p.OrderNo}, p.CheckDecide(by, r.signers())},
		{views.OrderDeed{Key: "deed.case", Icon: "scale", Href: r.verdictPath()}, r.checkCase(by)},
		{views.OrderDeed{Key: "deed.resume", Icon: "arrow-right", Href: path + "/resume"}, r.checkResume(by)},
		{views.OrderDeed{Key: "deed.stop", Icon: "hand-stop", Href: path + "/stop", Post: true}, p.CheckStop(by, r.now)},
		{views.OrderDeed{Key: "deed.create_again", Icon: "plus", Href: "/payouts/new?from=" + p.OrderNo}, r.checkReplace(by)},
		{views.OrderDeed{Key: "deed.ask", Icon: "refresh", Href: path + "/query", Post: true}, p.CheckAsk(by)},
		{views.OrderDeed{Key: "deed.edit", Icon: "file-text", Href: path + "/edit"}, p.CheckEdit(by)},
		{views.OrderDeed{Key: "deed.note", Icon: "note", Href: path + "/notes"}, p.CheckNote(by)},
		{views.OrderDeed{Key: "deed.claim", Icon: "hand-finger", Href: path + "/claim", Post: true}, r.checkClaim(by)},
		{views.OrderDeed{Key: "deed.hold", Icon: "player-pause", Href: path + "/hold"}, r.checkHold(by)},
		{views.OrderDeed{Key: "deed.withdraw", Icon: "x", Href: path + "/withdrawal"}, p.CheckWithdraw(by)},
		{views.OrderDeed{Key: "evidence.explain", Icon: "list-check", Href: path + "/explanation"}, nil},
		{views.OrderDeed{Key: "evidence.take", Icon: "file-export", Href: path + "/evidence", Post: true}, checkAudit(by)},
		{views.OrderDeed{Key: "deed.reveal", Icon: "eye", Href: path + "/reveal", Post: true}, p.CheckReveal(by)},
	}
}

// checkAudit offers the bundle to those who may read the log it is made of.
func checkAudit(by models.Person) error {
	if !by.May(models.VerbAudit) {
		return models.Refuse(models.Forbidden, "role.audit")
	}
	return nil
}

// checkCase allows to open the case to whoever may propose or confirm. The notice
// of a contradiction leads there already.
func (r *payoutRows) checkCase(by models.Person) error {
	if r.payout.Clash {
		return models.Refuse(models.Conflict, "verdict.not_in_doubt")
	}
	if v, open := r.openVerdict(); open {
		return r.payout.CheckConfirm(by, v, r.signers())
	}
	return r.payout.CheckProposal(by, r.verdicts)
}

// checkClaim leaves a contradiction out: nobody claims one, a controller has it.
func (r *payoutRows) checkClaim(by models.Person) error {
	if r.payout.Clash {
		return models.Refuse(models.Conflict, "verdict.not_in_doubt")
	}
	return r.payout.CheckClaim(by)
}

// checkHold leaves out an order that one click calls back.
func (r *payoutRows) checkHold(by models.Person) error {
	if r.payout.InWindow(r.now) {
		return models.Refuse(models.Conflict, "payout.moved_on")
	}
	return r.payout.CheckHold(by)
}

// checkResume also asks whether the order that this one replaces is still open, and
// whether the payee is on the block list.
func (r *payoutRows) checkResume(by models.Person) error {
	if r.blocked != nil {
		return r.blocked
	}
	if r.predecessor != nil && r.predecessor.CheckSuccessor() != nil {
		return r.predecessor.CheckSuccessor()
	}
	return r.payout.CheckResume(by)
}

// checkReplace also asks whether somebody has replaced the order already.
func (r *payoutRows) checkReplace(by models.Person) error {
	if r.successor != nil {
		return models.Refuse(models.Conflict, "payout.replaced_already")
	}
	return r.payout.CheckReplace(by)
}
