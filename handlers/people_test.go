package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
)

func somebody() url.Values {
	return url.Values{
		"name": {"林雨婷 Lin Yu-ting"}, "login": {"lin@harbour.example"}, "zone": {"Asia/Taipei"},
		"roles": {"maker", "resolver"}, "reason": {"joins treasury in Taipei"},
	}
}

func TestAPersonIsAddedAndChoosesTheirOwnPassword(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin := a.as(models.PeopleAdmin)
	admin.post("/people", somebody()).leadsTo("/people/2")
	admin.get("/people/2").says("is added", "No role yet", "Waits for a controller", "joins treasury in Taipei", "Has not chosen a password yet", "They have none yet")
	a.nobody().post("/sign-in", url.Values{"login": {"lin@harbour.example"}, "password": {""}, "next": {""}}).is(http.StatusUnprocessableEntity)

	link := admin.invites(2)
	b := a.nobody()
	b.get(link.path).is(http.StatusOK).says("Lin Yu-ting", "lin@harbour.example")
	b.post(link.path, link.with("short-secret")).is(http.StatusUnprocessableEntity).says("at least 15 letters").keepsQuiet("short-secret")
	b.post(link.path, url.Values{"code": {link.code}, "password": {password}, "again": {password + "s"}}).is(http.StatusUnprocessableEntity).says("two new passwords differ")
	b.post(link.path, link.with(password)).leadsTo("/profile")
	b.person = models.Person{ID: 2, Login: "lin@harbour.example"}
	b.get("/policy").is(http.StatusForbidden) // they hold no role yet, and still look after themselves
	b.post("/profile/zone", url.Values{"zone": {"UTC"}}).leadsTo("/profile")
	a.as(models.Controller).confirms(1)
	b.get("/policy").is(http.StatusSeeOther) // roles have changed: they sign in again
	again := a.nobody()
	again.signIn(b.person)
	b = again
	b.get("/policy").is(http.StatusOK)
	if chosen := a.events("password_chosen"); len(chosen) != 1 || chosen[0].ActorID != 2 || len(a.events("invited")) != 1 {
		t.Fatalf("on record: %+v", chosen)
	}
}

func TestEveryMistakeIsToldAtOnceAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin := a.as(models.PeopleAdmin)
	form := url.Values{"name": {"X"}, "login": {"a b"}, "zone": {"Mars"}}
	admin.post("/people", form).is(http.StatusUnprocessableEntity).
		says("5 answers need another look", "The name needs 2 to 80 letters", "The login needs", "Choose at least one role")
	told := somebody()
	told.Set("password", "nine umbrellas at noon")
	admin.post("/people", told).is(http.StatusUnprocessableEntity) // nobody tells another a password
	taken := somebody()
	taken.Set("login", strings.ToUpper(admin.person.Login))
	admin.post("/people", taken).is(http.StatusUnprocessableEntity).says("Somebody else has this login")
}

func TestNobodyChangesTheirOwnRoles(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin := a.as(models.PeopleAdmin, models.Maker)
	own := fmt.Sprintf("/people/%d", admin.person.ID)
	admin.get(own).says("Nobody changes their own roles").keepsQuiet("Change roles")
	admin.post(own+"/roles", url.Values{"roles": {"controller", "people_admin"}}).is(http.StatusForbidden).says("Nobody changes their own roles")
	admin.post(own+"/deactivation", nil).is(http.StatusForbidden)
	if len(a.events("refused")) != 2 {
		t.Error("the tries are not on record")
	}
	if p, err := models.FindPerson(a.Store.Read(t.Context()), admin.person.ID); err != nil || p.Has(models.Controller) || !p.Active {
		t.Fatalf("changed: %+v, %v", p, err)
	}
}

func TestAPersonIsDeactivatedAtOnceOnTheRecord(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.as(models.PeopleAdmin), a.add(models.Maker)
	path := fmt.Sprintf("/people/%d", p.ID)
	admin.promotes(p, "king").is(http.StatusUnprocessableEntity).says("There is no such role")
	admin.promotes(p).is(http.StatusUnprocessableEntity).says("Choose at least one role")
	admin.post(path+"/roles", url.Values{"roles": {"maker", "resolver"}}).is(http.StatusUnprocessableEntity).says("Say why")
	a.as(models.Auditor).get(path).is(http.StatusOK).keepsQuiet("Change roles")
	admin.post(path+"/deactivation", nil).leadsTo(path)
	admin.get(path).says("Deactivated", "Let sign in again")
	admin.post(path+"/deactivation", nil).is(http.StatusConflict)
	if len(a.events("person_deactivated")) != 1 {
		t.Fatal("not on record")
	}
}

func TestTheTableOfRolesIsTheOneThatDecides(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.as(models.Auditor).get("/people").is(http.StatusOK).says("Approve or reject payouts", "Gateway admin").keepsQuiet("Add a person")
}

func TestThePolicyIsShownAndItsHistoryKept(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	_, err := a.Policy.Set(t.Context(), models.Machine("test"), models.Policy{Bands: models.Bands{{Currency: "PEN", FromMinor: 1, Need: models.Anybody(1)}, {Currency: "PEN", FromMinor: 900_00, Need: models.Anybody(3)}}}, "Lima grew")
	must(t, err)
	a.as(models.Maker).get("/policy").is(http.StatusOK).says("from 900.00 PEN", "3 signatures", "Lima grew", "countersign policy set FILE", "TWD: one signature from 0.01, 2 signatures from 500,000.00")
	_, err = a.Policy.Set(t.Context(), models.Machine("test"), models.Policy{Bands: models.Bands{{Currency: "PEN", FromMinor: 5, Need: models.Anybody(1)}}}, "a gap")
	if err == nil {
		t.Fatal("a gap was taken")
	}
	if events := a.events("policy_changed"); len(events) != 2 || !strings.Contains(events[1].Details["before"], "TWD") {
		t.Fatalf("on record: %+v", events)
	}
}

func TestS19_ARoleThatIsGoneMayNothingMoreEvenWithinTheRequest(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.add(models.PeopleAdmin), a.add(models.Maker)
	before := admin.As(models.VerbPeople)
	a.nowIs(admin, models.Auditor)
	_, err := a.People.SetRoles(t.Context(), before, p.ID, services.Wanted{Roles: []models.Role{models.Controller}, Reason: "promoted"}, services.Signed{})
	if err == nil || err.Error() != "role.changed" {
		t.Fatalf("got %v", err)
	}
}
