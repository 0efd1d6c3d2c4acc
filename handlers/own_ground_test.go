package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// ownDoor is a deed about a thing whose owner counts: by their roles all of these people
// may, and only one of them with this thing.
type ownDoor struct {
	route Route
	path  string
	form  url.Values
	right *browser
	wrong []*browser
	key   *authenticator // by which right proves it, where a password will not do
}

// ownDoors are things of every kind. Mine and yours hold all the roles that one person
// can, so that nothing but whose it is keeps them out.
type ownDoors struct {
	*townApp
	mine, yours  *browser
	maker, other *browser // who are nothing else
	serial       int
	all          []ownDoor
}

var everyRole = []models.Role{models.Maker, models.Approver, models.Resolver, models.Controller, models.GatewayAdmin, models.PeopleAdmin}

func newOwnDoors(t *testing.T) *ownDoors {
	t.Helper()
	d := &ownDoors{townApp: newTown(t, patient)}
	d.mine, d.yours, d.maker, d.other = d.as(everyRole...), d.as(everyRole...), d.as(models.Maker), d.as(models.Maker)
	return d
}

// furnish adds a door for every deed that asks whose a thing is.
func (d *ownDoors) furnish() {
	d.ofSigners()
	d.ofDoubt()
	d.ofVerdicts()
	d.ofPayees()
	d.ofChanges()
	d.ofPeople()
	d.ofThemselves()
	d.ofMakers()
}

// door is one through which only right gets.
func (d *ownDoors) door(route, path string, form url.Values, right *browser, wrong ...*browser) {
	d.t.Helper()
	for _, known := range d.Routes() {
		if known.Path == route && known.Method == http.MethodPost {
			d.all = append(d.all, ownDoor{route: known, path: path, form: form, right: right, wrong: wrong})
			return
		}
	}
	d.t.Fatalf("there is no %s", route)
}

// by is the form of another order, which this person makes.
func (d *ownDoors) by(maker *browser) services.PayoutForm {
	d.town.Maker = maker.person
	d.serial++
	return d.town.Form("apay.taiwan", 100+d.serial)
}

// ofMakers are orders of a maker for whom no other maker stands in, nor for a draft anybody.
func (d *ownDoors) ofMakers() {
	draft := func() models.Payout { return d.town.Draft(d.by(d.maker)) }
	waits := func() models.Payout { return d.town.Submitted(d.by(d.maker)) }
	changed, ready := d.by(d.maker), draft()
	d.door("/payouts/:no/edit", pathOf(draft())+"/edit", sentAs(changed), d.maker, d.other, d.yours)
	d.door("/payouts/:no/submission", pathOf(ready)+"/submission", d.maker.review(ready), d.maker, d.other, d.yours)
	d.door("/payouts/:no/withdrawal", pathOf(draft())+"/withdrawal", because, d.maker, d.other, d.yours)
	d.door("/payouts/:no/withdrawal", pathOf(waits())+"/withdrawal", because, d.maker, d.other)
	d.door("/payouts/:no/hold", pathOf(waits())+"/hold", because, d.maker, d.other)
	d.door("/payouts/:no/reveal", pathOf(waits())+"/reveal", nil, d.maker, d.other)
	windows := models.Limits{Zone: "UTC", Windows: []models.Window{{Currency: "TWD", Minor: 1_00, Minutes: 60}}}
	_, err := d.Limits.Set(d.t.Context(), models.Machine("test"), windows, "all can be called back")
	must(d.t, err)
	d.door("/payouts/:no/stop", pathOf(d.town.Approved(d.by(d.maker)))+"/stop", nil, d.maker, d.other)
}

// ofSigners are orders that wait for a signature: not for that of who made them, entered
// the payee's details, or has signed.
func (d *ownDoors) ofSigners() {
	d.by(d.mine)
	q := d.town.Quiet("apay.taiwan", 1)[0]
	waits := func() models.Payout { return d.town.Submitted(d.by(d.mine)) }
	p, r := waits(), waits()
	d.door("/payouts/:no/approval", approvalPath(p), url.Values{"digest": {hexOf(p)}}, d.yours, d.mine)
	d.door("/approvals/list", "/approvals/list", listed(map[string]string{"TWD": q.Amount().Decimal()}, q), d.yours, d.mine)
	d.door("/payouts/:no/rejection", pathOf(r)+"/rejection", url.Values{"digest": {hexOf(r)}, "because": {"other"}, "reason": {"no"}}, d.yours, d.mine)
	d.door("/payouts/:no/question", pathOf(waits())+"/question", because, d.yours, d.mine)
	d.door("/payouts/:no/hand", pathOf(waits())+"/hand", url.Values{"to": {fmt.Sprint(d.town.Approver.ID)}, "reason": {"on leave"}}, d.yours, d.mine)
	held := waits()
	must(d.t, d.town.Payouts.Hold(d.t.Context(), d.town.Approver, held.OrderNo, "look first"))
	d.door("/payouts/:no/resume", pathOf(held)+"/resume", url.Values{"digest": {hexOf(held)}, "reason": {"go on"}}, d.yours, d.mine)
	toMine := d.town.Submitted(d.by(d.other)) // mine entered where it goes
	d.door("/payouts/:no/approval", approvalPath(toMine), url.Values{"digest": {hexOf(toMine)}}, d.yours, d.mine)
	elsewhere := d.large(d.other)
	elsewhere.Values["accountName"], elsewhere.Values["accountNo"], elsewhere.Values["idCard"] = "Julio Mamani", "0037650001", "87654321"
	half := d.town.Submitted(elsewhere)
	must(d.t, d.town.Approve(d.mine.person, half.OrderNo, half.Digest))
	d.door("/payouts/:no/approval", approvalPath(half), url.Values{"digest": {hexOf(half)}, "whole": {half.Amount().Decimal()}}, d.yours, d.mine)
}

// large is the form of an order for which two sign.
func (d *ownDoors) large(maker *browser) services.PayoutForm {
	d.by(maker)
	form := d.town.Form("cashy.peru", d.serial)
	form.Amount = fmt.Sprintf("19%02d.00", d.serial)
	return form
}

// doubtful is an order in doubt that mine made.
func (d *ownDoors) doubtful() models.Payout {
	d.by(d.mine)
	return d.muted("apay.taiwan", 100+d.serial)
}

// ofDoubt are orders in doubt, of which their maker takes nothing on.
func (d *ownDoors) ofDoubt() {
	d.door("/payouts/:no/claim", pathOf(d.doubtful())+"/claim", nil, d.yours, d.mine)
	d.door("/payouts/:no/enquiry", pathOf(d.doubtful())+"/enquiry", d.marked("mail", "support"), d.yours, d.mine)
	asked := d.doubtful()
	letter := d.enquires(asked)
	d.door("/payouts/:no/enquiry/:id/reply", fmt.Sprintf("%s/enquiry/%d/reply", pathOf(asked), letter), url.Values{"reply": {reply(asked)}, "person": {"Rosa"}}, d.yours, d.mine)
	loose := d.looseSend(asked)
	must(d.t, d.town.Verdicts.LookAtSend(d.t.Context(), d.mine.person, loose, "paid", servicestest.Click(d.Core, d.mine.person)))
	d.door("/sends/:no/look", "/sends/"+loose+"/look", url.Values{"act": {"agree"}, "reason": {"the same"}}, d.yours, d.mine)
}

// ofVerdicts are cases that neither the maker judges, nor one person alone, nor two who
// both signed the order: whether in doubt or contradicted.
func (d *ownDoors) ofVerdicts() {
	one, two := d.as(models.Approver, models.Resolver, models.Controller), d.as(models.Approver, models.Resolver, models.Controller)
	d.town.Second = two.person
	signed := func() models.Payout {
		approver := d.town.Approver
		defer func() { d.town.Approver = approver }()
		d.town.Approver = one.person
		return d.town.Approved(d.large(d.mine))
	}
	for under, says := range map[string]string{"/unclear/": "paid", "/contradictions/": "returned"} {
		open, judged := d.inDoubt(signed(), under), d.inDoubt(signed(), under)
		form := url.Values{}
		for name, value := range d.proven(open, d.verdict(says, open)) {
			form.Set(name, value)
		}
		d.door(under+":no/verdict", under+open.OrderNo+"/verdict", form, d.yours, d.mine)
		one.postFiles(under+judged.OrderNo+"/verdict", d.proven(judged, d.verdict(says, judged)), nil).is(http.StatusSeeOther)
		d.door(under+":no/confirmation", under+judged.OrderNo+"/confirmation", d.judged(judged, says), d.yours, d.mine, one, two)
	}
}

func (d *ownDoors) verdict(says string, p models.Payout) map[string]string {
	form := proposal(says, p)
	form["received"] = p.Amount().Decimal()
	return form
}

// inDoubt sends the order: no answer comes, or two that disagree.
func (d *ownDoors) inDoubt(p models.Payout, under string) models.Payout {
	d.t.Helper()
	if under == "/unclear/" {
		d.town.Sandbox.Script(p.OrderNo, mute)
	}
	must(d.t, d.town.Sender.Send(d.t.Context(), p.ID))
	if under == "/contradictions/" {
		must(d.t, d.town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid}))
		must(d.t, d.town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed}))
	}
	return d.town.Look(p)
}
