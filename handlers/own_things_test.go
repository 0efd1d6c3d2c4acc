package handlers

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// This file furnishes what people own that is no order.

// ofPayees are details that somebody entered, which another one calls about and looks at.
func (d *ownDoors) ofPayees() {
	form := d.by(d.maker)
	form.Values["name"], form.Values["number"] = "王美玲", "4088748280270001"
	entered := d.town.Approved(form)
	payee := "/payees/" + entered.PayeeID.Value()
	d.door("/payees/:id/reveal", payee+"/reveal", url.Values{"version": {fmt.Sprint(entered.PayeeVersionID)}}, d.maker, d.other)
	d.town.SetPayeeRules(models.PayeeRules{Calls: true})
	moved := d.town.Moved(d.mine.person, entered, "4088748280270002")
	path := fmt.Sprintf("%s/changes/%d", payee, moved.ID)
	d.door("/payees/:id/changes/:change/reveal", path+"/reveal", nil, d.mine, d.other)
	d.door("/payees/:id/changes/:change/calls", path+"/calls", calls(d.townApp, "yes"), d.yours, d.mine)
	shared := d.by(d.mine)
	shared.Values["name"], shared.Values["number"] = "林志豪", "4088748280270001"
	d.town.Submitted(shared)
	d.door("/payees/finds/:id/look", "/payees/finds/1/look", url.Values{"note": {"two branches"}}, d.yours, d.mine)
}

// ofChanges are proposals, which their proposer takes back and never decides.
func (d *ownDoors) ofChanges() {
	proposed := func(deed string) (path string, digest url.Values) {
		grant, of := models.Grant{Active: true, Roles: []models.Role{models.Resolver}}, services.PersonSubject(d.townApp.add(models.Maker).ID)
		c, err := d.changes.Propose(d.t.Context(), d.mine.person.As(models.VerbPeople), models.ChangeRoles, of, grant, "moves", servicestest.Click(d.Core, d.mine.person))
		must(d.t, err)
		return fmt.Sprintf("/changes/%d/%s", c.ID, deed), url.Values{"digest": {hex.EncodeToString(c.Digest)}}
	}
	path, digest := proposed("confirmation")
	d.door("/changes/:id/confirmation", path, digest, d.yours, d.mine)
	path, _ = proposed("refusal")
	d.door("/changes/:id/refusal", path, because, d.yours, d.mine)
	path, _ = proposed("withdrawal")
	d.door("/changes/:id/withdrawal", path, nil, d.mine, d.yours)
}

// ofPeople is what nobody does to themselves, nor alone to another.
func (d *ownDoors) ofPeople() {
	for deed, form := range map[string]url.Values{"roles": {"roles": {"resolver"}, "reason": {"moves"}}, "invitation": {"link_reason": {"joins"}}, "deactivation": nil} {
		self := d.as(everyRole...)
		d.door("/people/:id/"+deed, personPath(self.person.ID)+"/"+deed, form, d.yours, self)
	}
	self := d.as(everyRole...)
	self.withCodes()
	d.door("/people/:id/factors", personPath(self.person.ID)+"/factors", because, d.yours, self)
	for _, deed := range []string{"confirmation", "refusal"} {
		lost := d.as(everyRole...)
		lost.withCodes()
		path := personPath(lost.person.ID) + "/factors"
		d.mine.post(path, because).leadsTo(path)
		d.door("/people/:id/factors/"+deed, path+"/"+deed, nil, d.yours, d.mine, lost)
	}
}

// ofThemselves is what people have at home.
func (d *ownDoors) ofThemselves() {
	owner, again := d.as(models.Approver), d.nobody()
	again.signIn(owner.person)
	sessions, err := models.SessionsOf(d.Store.Read(d.t.Context()), owner.person.ID)
	must(d.t, err)
	d.door("/profile/sessions/:handle/end", "/profile/sessions/"+services.Handle(sessions[len(sessions)-1])+"/end", nil, owner, d.yours)
	named := url.Values{"to": {fmt.Sprintf("approver %d", d.town.Second.ID)}, "from": {"2026-11-02"}, "until": {"2026-11-04"}}
	owner.post("/profile/delegations", named).leadsTo("/profile")
	d.door("/profile/delegations/:id/end", "/profile/delegations/1/end", nil, owner, d.yours)
	keyed := d.as(models.Approver)
	must(d.t, d.Accounts.SetPublicURL(d.t.Context(), models.Machine("test"), testOrigin)) // where a passkey can be made
	key := keyed.withPasskey()
	keyed.post("/profile/recovery", nil).is(http.StatusOK)
	factors, err := models.FactorsOf(d.Store.Read(d.t.Context()), keyed.person.ID)
	must(d.t, err)
	d.door("/profile/passkeys/:id/removal", fmt.Sprintf("/profile/passkeys/%d/removal", factors.Passkeys[0].ID), nil, keyed, d.yours)
	d.all[len(d.all)-1].key = key
}
