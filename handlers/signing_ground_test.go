package handlers

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// signedDoor is a deed that takes a proof: who would do it, and with what form.
type signedDoor struct {
	by   *browser
	path string
	form url.Values
}

// signedDoors are all of them, by route, in an installation in which each could be done.
type signedDoors struct {
	*townApp
	all map[string]signedDoor

	people, gateways, maker, approver, resolver, controller, second *browser
}

func (d *signedDoors) add(route string, by *browser, path string, form url.Values) {
	d.all[route] = signedDoor{by, path, form}
}

var because = url.Values{"reason": {"all is well"}}

func newSignedDoors(t *testing.T) *signedDoors {
	t.Helper()
	a, loose := restoredTown(t, patient)
	d := &signedDoors{townApp: a, all: map[string]signedDoor{}}
	d.people, d.gateways, d.maker, d.approver = a.as(models.PeopleAdmin), a.as(models.GatewayAdmin), a.as(models.Maker), a.as(models.Approver)
	d.resolver, d.controller, d.second = a.as(models.Resolver), a.as(models.Controller), a.as(models.Controller)
	must(d.t, d.town.GoOn("what left is known"))
	d.ofPeople()
	d.ofChanges()
	d.ofPayees()
	d.ofOrders()
	d.ofCases()
	d.add("/sends/:no/look", d.resolver, "/sends/"+loose.OrderNo+"/look", url.Values{"act": {"look"}, "reason": {"Ms Gu: paid"}})
	d.ofAccounts()
	d.ofFactors()
	return d
}

func (d *signedDoors) ofPeople() {
	somebodyElse := d.as(models.Maker)
	somebodyElse.withCodes()
	gone := d.app.add(models.Maker)
	must(d.t, d.People.Deactivate(d.t.Context(), models.Machine("test"), gone.ID, services.Heirs{}, services.Signed{}))
	theirs := personPath(somebodyElse.person.ID)
	d.add("/people", d.people, "/people", url.Values{"login": {"lin"}, "name": {"Lin"}, "zone": {"UTC"}, "roles": {"maker"}, "reason": {"makes orders"}})
	d.add("/people/:id/roles", d.people, theirs+"/roles", url.Values{"roles": {"resolver"}, "reason": {"moves to the desk"}})
	d.add("/people/:id/invitation", d.people, theirs+"/invitation", lost)
	d.add("/people/:id/deactivation", d.people, theirs+"/deactivation", nil)
	d.add("/people/:id/activation", d.people, personPath(gone.ID)+"/activation", because)
	d.add("/people/:id/factors", d.people, theirs+"/factors", because)
	lost := d.as(models.Maker)
	lost.withCodes()
	d.people.post(personPath(lost.person.ID)+"/factors", because).is(http.StatusSeeOther)
	d.add("/people/:id/factors/confirmation", d.controller, personPath(lost.person.ID)+"/factors/confirmation", nil)
}

// ofFactors are one's own ways to sign in: a session alone changes none of them.
func (d *signedDoors) ofFactors() {
	must(d.t, d.Accounts.SetPublicURL(d.t.Context(), models.Machine("test"), testOrigin)) // where a passkey can be made
	plain, keyed := d.as(models.Maker), d.as(models.Maker)
	key := keyed.withPasskey()
	keyed.post("/profile/recovery", nil).is(http.StatusOK)
	coded := d.as(models.Maker)
	coded.withCodes()
	codes, _ := plain.codesForm()
	d.add("/profile/codes", plain, "/profile/codes", codes)
	d.add("/profile/codes/removal", coded, "/profile/codes/removal", nil)
	another := newAuthenticator(d.t)
	another.owner = key.owner
	d.add("/profile/passkeys", keyed, "/profile/passkeys", keyed.passkeyForm(another))
	factors, err := models.FactorsOf(d.Store.Read(d.t.Context()), keyed.person.ID)
	must(d.t, err)
	d.add("/profile/passkeys/:id/removal", keyed, fmt.Sprintf("/profile/passkeys/%d/removal", factors.Passkeys[0].ID), nil)
	d.add("/profile/recovery", keyed, "/profile/recovery", nil)
	plain.post("/profile/accounts", url.Values{"number": {"0037651234"}}).leadsTo("/profile")
	d.add("/profile/accounts/end", plain, "/profile/accounts/end", ending("1"))
	theirs := personPath(coded.person.ID) + "/accounts"
	d.people.post(theirs, url.Values{"number": {"0037651235"}}).is(http.StatusSeeOther)
	d.add("/people/:id/accounts/end", d.people, theirs+"/end", ending("2"))
}

func (d *signedDoors) ofChanges() {
	grant := models.Grant{Active: true, Roles: []models.Role{models.Resolver}}
	change, err := d.changes.Propose(d.t.Context(), d.people.person.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(d.maker.person.ID), grant, "moves", servicestest.Click(d.Core, d.people.person))
	must(d.t, err)
	d.add("/changes/:id/confirmation", d.controller, fmt.Sprintf("/changes/%d/confirmation", change.ID), url.Values{"digest": {hex.EncodeToString(change.Digest)}})
	policy, err := models.CurrentPolicy(d.Store.Read(d.t.Context()))
	must(d.t, err)
	policy.Rules.Sums = models.Cumulations
	content, err := json.Marshal(policy.Content())
	must(d.t, err)
	d.add("/policy/change", d.controller, "/policy/change", url.Values{"do": {"propose"}, "content": {string(content)}, "reason": {"Lima grew"}})
	d.add("/limits/change", d.controller, "/limits/change", url.Values{"of": {"day TWD"}, "sum": {"500.00"}, "reason": {"the first limit"}})
}

func (d *signedDoors) ofPayees() {
	paid := d.sent("apay.taiwan", 11)
	payee := "/payees/" + paid.PayeeID.Value()
	d.add("/payees/:id/release", d.approver, payee+"/release", because)
	d.add("/payees/:id/change", d.maker, payee+"/change", url.Values{"f.bank_code": {"822"}, "f.name": {"陳怡君"}, "f.number": {"4088748280272497"}, "reason": {"They wrote"}})
	d.approver.post("/payees/blocked", url.Values{"kind": {"number"}, "number": {"6222029999999999999"}, "reason": {"The bank called"}}).leadsTo("/payees/blocked")
	d.add("/payees/blocked/:id/lifting", d.approver, "/payees/blocked/1/lifting", because)
	d.add("/payees/new", d.maker, "/payees/new", enteringWu())
	rules := url.Values{"known_days": {"30"}, "cooling": {"1440"}, "expire_days": {"5"}, "reason": {"The auditors asked"}}
	d.add("/payees/rules/change", d.controller, "/payees/rules/change", rules)
}

func (d *signedDoors) ofOrders() {
	waits := d.town.Submitted(d.town.Form("apay.taiwan", 12))
	digest := url.Values{"digest": {hexOf(waits)}, "because": {"other"}, "reason": {"no"}}
	d.add("/payouts/:no/approval", d.approver, approvalPath(waits), url.Values{"digest": {hexOf(waits)}})
	together := listed(map[string]string{"TWD": "112.50"}, waits)
	together.Del("password")
	d.add("/approvals/list", d.approver, "/approvals/list", together)
	d.add("/payouts/:no/rejection", d.approver, pathOf(waits)+"/rejection", digest)
	held := d.town.Submitted(d.town.Form("apay.taiwan", 13))
	d.approver.post(pathOf(held)+"/hold", because).is(http.StatusSeeOther)
	d.add("/payouts/:no/resume", d.controller, pathOf(held)+"/resume", url.Values{"digest": {hexOf(held)}, "reason": {"go on"}})
}

func (d *signedDoors) ofCases() {
	unclear, judged, clash, other := d.muted("apay.taiwan", 14), d.muted("apay.taiwan", 15), d.clashing(16), d.clashing(17)
	d.askedEnough(unclear)
	d.ofVerdict("/unclear/", "not_paid", unclear, judged, d.resolver, d.controller)
	d.ofVerdict("/contradictions/", "returned", clash, other, d.second, d.controller)
}

func (d *signedDoors) ofAccounts() {
	d.add("/gateways/new", d.gateways, "/gateways/new", newAccountForm(func(url.Values) {}))
	d.add("/gateways/address", d.gateways, "/gateways/address", url.Values{"public_url": {"https://payouts.example.com"}, "reason": {"a new name"}})
	lima := d.account("cashy.peru")
	d.add("/gateways/:id/keys", d.gateways, path(lima, "keys"), url.Values{"key": {"another key"}, "authorization": {""}, "overlap": {"24"}, "reason": {"yearly"}})
	d.add("/gateways/:id/calendar", d.gateways, path(lima, "calendar"), url.Values{"zone": {"America/Lima"}, "cut_off": {"17:00"}, "days": {"1", "2"}, "reason": {"the gateway wrote"}})
	d.controller.post(path(lima, "pause"), because).is(http.StatusSeeOther)
	d.controller.post("/cord", because).is(http.StatusSeeOther)
	d.add("/gateways/:id/reopening", d.controller, path(lima, "reopening"), because)
	d.add("/cord/release", d.controller, "/cord/release", because)
}

// clashing is an order of which verified notices disagree.
func (a *townApp) clashing(serial int) models.Payout {
	a.t.Helper()
	p := a.sent("apay.taiwan", serial)
	must(a.t, a.town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid}))
	must(a.t, a.town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed}))
	return a.town.Look(p)
}

// verdictDoor adds both halves of a verdict: one case that nobody has judged yet, and one
// that waits for a second person.
func (d *signedDoors) ofVerdict(under, says string, open, waiting models.Payout, first, second *browser) {
	d.t.Helper()
	form := url.Values{"digest": {hex.EncodeToString(d.order(open.OrderNo).CaseDigest(nil))}}
	for name, value := range proposal(says, open) {
		form.Set(name, value)
	}
	d.add(under+":no/verdict", first, under+open.OrderNo+"/verdict", form)
	first.postFiles(under+waiting.OrderNo+"/verdict", d.proven(waiting, proposal(says, waiting)), nil).is(http.StatusSeeOther)
	judged := d.judged(waiting, says)
	judged.Del("password")
	d.add(under+":no/confirmation", second, under+waiting.OrderNo+"/confirmation", judged)
}
