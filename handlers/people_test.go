package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"countersign/models"
)

func somebody() url.Values {
	return url.Values{
		"name": {"林雨婷 Lin Yu-ting"}, "login": {"lin@harbour.example"}, "zone": {"Asia/Taipei"},
		"roles": {"maker", "resolver"},
	}
}

func TestAPersonIsAddedAndChoosesTheirOwnPassword(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin := a.as(models.PeopleAdmin)
	admin.post("/people", somebody()).leadsTo("/people/2")
	admin.get("/people/2").says("is added", "Maker, resolver", "Has not chosen a password yet", "They have none yet")
	a.nobody().post("/sign-in", url.Values{"login": {"lin@harbour.example"}, "password": {""}, "next": {""}}).is(http.StatusUnprocessableEntity)

	link := admin.invites(2)
	b := a.nobody()
	b.get(link).is(http.StatusOK).says("Lin Yu-ting", "lin@harbour.example")
	b.post(link, url.Values{"password": {"short-secret"}, "again": {"short-secret"}}).is(http.StatusUnprocessableEntity).says("at least 15 letters").keepsQuiet("short-secret")
	b.post(link, url.Values{"password": {password}, "again": {password + "s"}}).is(http.StatusUnprocessableEntity).says("two new passwords differ")
	b.post(link, url.Values{"password": {password}, "again": {password}}).leadsTo("/profile")
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
		says("4 answers need another look", "The name needs 2 to 80 letters", "The login needs", "Choose at least one role")
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

func TestRolesAreChangedByAPeopleAdminOnTheRecord(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.as(models.PeopleAdmin), a.add(models.Maker)
	path := fmt.Sprintf("/people/%d", p.ID)
	admin.post(path+"/roles", url.Values{"roles": {"approver"}}).leadsTo(path)
	events := a.events("roles_changed")
	if len(events) != 1 || events[0].ActorID != admin.person.ID || events[0].Role != "people_admin" || events[0].Details["before"] != "maker" || events[0].Details["after"] != "approver" {
		t.Fatalf("on record: %+v", events)
	}
	admin.post(path+"/roles", url.Values{"roles": {"king"}}).is(http.StatusUnprocessableEntity)
	admin.post(path+"/roles", nil).is(http.StatusUnprocessableEntity).says("Choose at least one role")
	a.as(models.Auditor).get(path).is(http.StatusOK).keepsQuiet("Change roles")
	admin.post(path+"/deactivation", nil).leadsTo(path)
	admin.get(path).says("Deactivated", "Let sign in again")
	admin.post(path+"/activation", nil).leadsTo(path)
	admin.post(path+"/activation", nil).is(http.StatusConflict)
}

func TestTheTableOfRolesIsTheOneThatDecides(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.as(models.Auditor).get("/people").is(http.StatusOK).says("Approve or reject payouts", "Gateway admin").keepsQuiet("Add a person")
}

func TestThePolicyIsShownAndItsHistoryKept(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	_, err := a.Policy.Set(t.Context(), models.Machine("test"), models.Bands{{Currency: "PEN", FromMinor: 1, Approvers: 1}, {Currency: "PEN", FromMinor: 900_00, Approvers: 3}}, "Lima grew")
	must(t, err)
	a.as(models.Maker).get("/policy").is(http.StatusOK).says("from 900.00 PEN", "3 signatures", "Lima grew", "countersign policy set FILE", "TWD: 1 from 0.01, 2 from 500,000.00")
	_, err = a.Policy.Set(t.Context(), models.Machine("test"), models.Bands{{Currency: "PEN", FromMinor: 5, Approvers: 1}}, "a gap")
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
	must(t, a.People.SetRoles(t.Context(), models.Machine("test"), admin.ID, []models.Role{models.Auditor}))
	err := a.People.SetRoles(t.Context(), before, p.ID, []models.Role{models.Controller})
	if err == nil || err.Error() != "role.changed" {
		t.Fatalf("got %v", err)
	}
}
