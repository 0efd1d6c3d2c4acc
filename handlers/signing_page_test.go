package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
)

// keysAsked is the page that comes between a form of a gateway admin and its deed.
func keysAsked(a *townApp, b *browser) (where string, form url.Values, asked page) {
	a.t.Helper()
	where = path(a.account("cashy.peru"), "keys")
	form = url.Values{"key": {"a-key-that-nobody-sees"}, "authorization": {""}, "overlap": {"24"}, "reason": {"The old one was in a mail"}}
	return where, form, b.postOnly(where, form).is(http.StatusUnprocessableEntity)
}

// What somebody typed is done as they typed it, with the proof that comes after it; it
// stands in no page.
func TestS5_WhatWasTypedWaitsSealedForItsProof(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	b := a.as(models.GatewayAdmin)
	key := b.withPasskey()
	where, _, asked := keysAsked(a, b)
	asked.says("Propose: Keys of CASHY Lima", "Nothing was proposed.", "The old one was in a mail", "Sign and propose with your passkey", "Everything stays as it is until a second person confirms it.")
	asked.keepsQuiet("a-key-that-nobody-sees")
	sealed := hidden(asked, "typed")
	b.postOnly(where, url.Values{"typed": {sealed}, "stamp": {hidden(asked, "stamp")}, "answer": {key.get(asked.asked())}}).is(http.StatusSeeOther)
	proposed := a.events("change_proposed")
	if len(proposed) != 1 || proposed[0].Details["method"] != "passkey" || proposed[0].Details["signature"] == "" || len(a.signatures()) != 1 {
		t.Fatalf("on record: %+v", proposed)
	}
	if s := a.signatures()[0]; s.Act != models.ActProposeChange || s.Subject != "change" || !strings.HasPrefix(s.SubjectID, "keys ") {
		t.Errorf("signed: %+v", s)
	}
}

// typedProofs are ways to come by a signed form that must not do.
var typedProofs = []struct {
	name, says string
	status     int
	send       func(a *townApp, b *browser, key *authenticator, where, sealed string, asked page) page
}{
	{"no proof", "Unlock your passkey", http.StatusUnprocessableEntity, func(_ *townApp, b *browser, _ *authenticator, where, sealed string, _ page) page {
		return b.postOnly(where, url.Values{"typed": {sealed}})
	}},
	{"the password, of somebody with a passkey", "Unlock your passkey", http.StatusUnprocessableEntity, func(_ *townApp, b *browser, _ *authenticator, where, sealed string, _ page) page {
		return b.postOnly(where, url.Values{"typed": {sealed}, "password": {password}})
	}},
	{"six minutes later", "more than five minutes", http.StatusUnprocessableEntity, func(a *townApp, b *browser, key *authenticator, where, sealed string, asked page) page {
		form := url.Values{"typed": {sealed}, "stamp": {hidden(asked, "stamp")}, "answer": {key.get(asked.asked())}}
		a.town.Pass(6 * time.Minute)
		return b.postOnly(where, form)
	}},
	{"in another session", "another sign-in", http.StatusForbidden, func(a *townApp, b *browser, _ *authenticator, where, sealed string, _ page) page {
		other := a.as(models.GatewayAdmin)
		return other.postOnly(where, url.Values{"typed": {sealed}, "password": {password}})
	}},
	{"for another account", "another sign-in", http.StatusForbidden, func(a *townApp, b *browser, _ *authenticator, _, sealed string, _ page) page {
		return b.postOnly(path(a.account("apay.taiwan"), "keys"), url.Values{"typed": {sealed}})
	}},
	{"with a field beside it", "holds a field", http.StatusUnprocessableEntity, func(_ *townApp, b *browser, _ *authenticator, where, sealed string, _ page) page {
		return b.postOnly(where, url.Values{"typed": {sealed}, "key": {"another"}})
	}},
	{"altered", "another sign-in", http.StatusForbidden, func(_ *townApp, b *browser, _ *authenticator, where, sealed string, _ page) page {
		return b.postOnly(where, url.Values{"typed": {"AAAA" + sealed[4:]}})
	}},
}

func TestS5_WhatWasTypedIsSignedByWhoTypedItThereAndThen(t *testing.T) {
	t.Parallel()
	for _, bad := range typedProofs {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			a := newSiteTown(t)
			b := a.as(models.GatewayAdmin)
			key := b.withPasskey()
			where, _, asked := keysAsked(a, b)
			got := bad.send(a, b, key, where, hidden(asked, "typed"), asked)
			if got.status != bad.status || !strings.Contains(got.text(), bad.says) {
				t.Errorf("status %d: %s", got.status, got.text())
			}
			if len(a.signatures()) != 0 || len(a.events("change_proposed")) != 0 {
				t.Error("it was proposed")
			}
		})
	}
}

// What became another while its person read it is shown again, and nothing is done.
func TestS5_WhatChangedBeforeItWasSignedIsShownAgain(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	one, two := a.as(models.Controller), a.as(models.Controller)
	form := url.Values{"of": {"day TWD"}, "sum": {"500.00"}, "reason": {"the first limit"}}
	asked := one.postOnly("/limits/change", form).is(http.StatusUnprocessableEntity).says("Change now: Limit for")
	two.post("/limits/change", url.Values{"of": {"day TWD"}, "sum": {"900.00"}, "reason": {"so much a day"}}).is(http.StatusSeeOther)
	again := one.postOnly("/limits/change", url.Values{"typed": {hidden(asked, "typed")}, "password": {password}}).is(http.StatusUnprocessableEntity)
	again.says("It has changed since you opened the page", "900.00 TWD", "500.00 TWD")
	one.postOnly("/limits/change", url.Values{"typed": {hidden(again, "typed")}, "password": {"a guess at it"}}).is(http.StatusUnprocessableEntity).says("That is not your password", "500.00 TWD")
	one.postOnly("/limits/change", url.Values{"typed": {hidden(again, "typed")}, "password": {password}}).is(http.StatusSeeOther)
	if set := a.events("limits_changed"); len(set) != 2 || set[1].Details["method"] != "password" {
		t.Errorf("on record: %+v", set)
	}
	if refused := a.events("step_up_refused"); len(refused) != 1 || refused[0].Details["act"] != "change_alone" {
		t.Errorf("on record: %+v", refused)
	}
}

// Whatever is wrong with a form is said before anybody is asked to sign it.
func TestAFormIsRefusedBeforeItIsSigned(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, other := a.as(models.PeopleAdmin), a.add(models.Maker)
	where := fmt.Sprintf("/people/%d/roles", other.ID)
	admin.postOnly(where, url.Values{"roles": {"resolver"}, "reason": {""}}).is(http.StatusUnprocessableEntity).says("Say why").keepsQuiet(`name="typed"`)
	admin.post(where, url.Values{"roles": {"resolver"}, "reason": {"moves to the desk"}}).is(http.StatusSeeOther)
	admin.postOnly(where, url.Values{"roles": {"approver"}, "reason": {"or there"}}).is(http.StatusConflict).says("A change of this waits already")
}

// People of a demonstration sign by a click, and the record says so.
func TestADemonstrationSignsByAClick(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(c *Config) { c.Demo = true })
	admin, other := a.add(models.PeopleAdmin), a.add(models.Maker)
	a.DemoPeople = []DemoPerson{{Login: admin.Login}}
	b := a.nobody()
	b.post("/sign-in/demo", url.Values{"person": {fmt.Sprint(admin.ID)}, "next": {"/profile"}}).is(http.StatusSeeOther)
	b.person = admin
	where := fmt.Sprintf("/people/%d/deactivation", other.ID)
	asked := b.postOnly(where, nil).is(http.StatusUnprocessableEntity).says("Deactivate "+other.Name, "In this demonstration one click signs").keepsQuiet(`name="password"`)
	b.postOnly(where, url.Values{"typed": {hidden(asked, "typed")}}).is(http.StatusSeeOther)
	if gone := a.events("person_deactivated"); len(gone) != 1 || gone[0].Details["method"] != "demo" {
		t.Errorf("on record: %+v", gone)
	}
}

// The machine's own commands sign nothing, and the record says that it was the machine.
func TestTheMachineSignsNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := a.add(models.Maker)
	must(t, a.People.Deactivate(t.Context(), models.Machine("test"), p.ID, services.Heirs{}, services.Signed{}))
	if gone := a.events("person_deactivated"); len(gone) != 1 || gone[0].Details["method"] != "" || len(a.signatures()) != 0 {
		t.Errorf("on record: %+v", gone)
	}
}

// Of two admins who add somebody at the same moment neither signs what the other does: what
// they sign names the person, and no number that the other may take first.
func TestS5_TwoPeopleAreAddedAtTheSameMomentAndSignedForOnce(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	first, second := a.as(models.PeopleAdmin), a.as(models.PeopleAdmin)
	key := first.withPasskey()
	lin := func(login string) url.Values {
		return url.Values{"login": {login}, "name": {"Lin Yu-ting"}, "zone": {"UTC"}, "roles": {"maker"}, "reason": {"makes orders"}}
	}
	asked := first.postOnly("/people", lin("lin@example.com")).is(http.StatusUnprocessableEntity).says("Lin Yu-ting")
	second.post("/people", lin("lin.two@example.com")).is(http.StatusSeeOther)
	signed := url.Values{"typed": {hidden(asked, "typed")}, "stamp": {hidden(asked, "stamp")}, "answer": {key.get(asked.asked())}}
	first.postOnly("/people", signed).is(http.StatusSeeOther)
	subjects := map[string]bool{}
	for _, s := range a.signatures() {
		subjects[s.SubjectID] = true
	}
	if !subjects["roles of lin@example.com"] || !subjects["roles of lin.two@example.com"] || len(a.events("change_proposed")) != 2 {
		t.Errorf("signed: %v", subjects)
	}
	a.town.Sound()
}

// Who inherits is a part of what is signed: a proof for one heir lets nothing go to another.
func TestS5_WhoInheritsIsSignedWithTheDeactivation(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	b, gone, heir, other := a.as(models.PeopleAdmin), a.add(models.Maker), a.add(models.Maker), a.add(models.Maker)
	key := b.withPasskey()
	to := func(p models.Person) url.Values {
		return url.Values{"drafts_to": {strconv.FormatInt(int64(p.ID), 10)}}
	}
	path := personPath(gone.ID) + "/deactivation"
	asked := b.postOnly(path, to(heir)).is(http.StatusUnprocessableEntity).says("Their drafts", heir.Name, "Their unclear cases", "Back to the queue")
	elsewhere := b.postOnly(path, to(other)).is(http.StatusUnprocessableEntity)
	answer := key.get(asked.asked())
	b.postOnly(path, url.Values{"typed": {hidden(elsewhere, "typed")}, "stamp": {hidden(asked, "stamp")}, "answer": {answer}}).is(http.StatusUnprocessableEntity)
	if p, err := models.FindPerson(a.Store.Read(t.Context()), gone.ID); err != nil || !p.Active {
		t.Fatalf("a proof for one heir let another inherit: %v", err)
	}
	asked = b.postOnly(path, to(heir))
	b.postOnly(path, url.Values{"typed": {hidden(asked, "typed")}, "stamp": {hidden(asked, "stamp")}, "answer": {key.get(asked.asked())}}).is(http.StatusSeeOther)
	if events := a.events("person_deactivated"); len(events) != 1 || events[0].Details["signature"] == "" {
		t.Errorf("on record: %+v", events)
	}
}
