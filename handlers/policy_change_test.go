package handlers

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

var policyContent = regexp.MustCompile(`name="content" value="([^"]*)"`)

// typed is a policy as a controller types it: three rows, two of them of one band.
func typed() url.Values {
	return url.Values{
		"do":              {"look"},
		"band.0.currency": {"PEN"}, "band.0.from": {"0.01"}, "band.0.anyone": {"1"}, "band.0.approver": {""}, "band.0.controller": {""},
		"band.1.currency": {"PEN"}, "band.1.from": {"2,000.00"}, "band.1.anyone": {""}, "band.1.approver": {"1"}, "band.1.controller": {"1"},
		"band.2.currency": {"PEN"}, "band.2.from": {"2,000.00"}, "band.2.anyone": {"3"}, "band.2.approver": {""}, "band.2.controller": {""},
		"sum_account": {"on"}, "zone": {""}, "opens": {""}, "closes": {""},
		"condition.0.when": {"new_account"}, "condition.0.of": {""}, "condition.0.then": {"1 controller"},
	}
}

// contentOf is the content that the page before the proposal carries.
func contentOf(t *testing.T, p page) string {
	t.Helper()
	found := policyContent.FindStringSubmatch(p.is(http.StatusOK).body)
	if found == nil {
		t.Fatalf("nothing to propose: %s", p.text())
	}
	return html.UnescapeString(found[1])
}

func TestE13_ThePolicyIsChangedByTwoControllers(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.as(models.Maker)
	one, two := a.as(models.Controller), a.as(models.Controller)
	a.add(models.Approver)
	one.get("/policy").says("Change the policy")
	one.get("/policy/change").says("See what changes", "Add a row")
	shown := one.post("/policy/change", typed())
	shown.is(http.StatusOK).says("What the policy would change", "one approver and one controller, or 3 signatures from 2,000.00", "Where nothing was ever paid to the account: one controller more")
	content := contentOf(t, shown)
	one.post("/policy/change", url.Values{"do": {"propose"}, "content": {content}, "reason": {""}}).is(http.StatusUnprocessableEntity)
	one.post("/policy/change", url.Values{"do": {"propose"}, "content": {content}, "reason": {"Lima grew"}}).leadsTo("/policy")
	if p, err := models.CurrentPolicy(a.Store.Read(t.Context())); err != nil || p.Version != 1 {
		t.Fatalf("one person put version %d in force: %v", p.Version, err)
	}
	one.get("/policy").says("Lima grew").keepsQuiet(`href="/policy/change"`)
	one.confirm(1).is(http.StatusForbidden)
	two.confirms(1)
	p, err := models.CurrentPolicy(a.Store.Read(t.Context()))
	if err != nil || p.Version != 2 || p.Note != "Lima grew" || p.CreatedBy != one.person.Name || p.ConfirmedBy != two.person.Name {
		t.Fatalf("in force is %+v: %v", p, err)
	}
	two.get("/policy").says(one.person.Name+", confirmed by "+two.person.Name, "3 signatures")
	if noted := a.events("policy_changed"); len(noted) != 2 || noted[1].Details["proposed_by"] != one.person.Name || noted[1].Details["after"] != p.Terms() {
		t.Errorf("on record: %+v", noted)
	}
}

func TestThePolicyFormKeepsItsRowsByPlainPosts(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Controller)
	rows := func(p page) int { return strings.Count(p.is(http.StatusOK).body, `.currency"`) / 2 } // id and name
	form := typed()
	form.Set("do", "add_band")
	if n := rows(b.post("/policy/change", form)); n != 4 {
		t.Errorf("with one more there are %d rows", n)
	}
	form.Set("do", "drop_band.1")
	if n := rows(b.post("/policy/change", form)); n != 2 {
		t.Errorf("with one less there are %d rows", n)
	}
	form.Set("do", "add_condition")
	b.post("/policy/change", form).is(http.StatusOK).says("Add a condition")
	form.Set("do", "look")
	form.Set("band.1.from", "much")
	b.post("/policy/change", form).is(http.StatusUnprocessableEntity).says("Write the sum like 500000.00")
	form.Set("band.1.from", "2000")
	form.Set("band.1.approver", "")
	form.Set("band.1.controller", "")
	b.post("/policy/change", form).is(http.StatusUnprocessableEntity).says("This row asks for nobody")
	a.as(models.Approver).get("/policy/change").is(http.StatusForbidden)
}

func TestE9_APolicyUnderWhichNobodyCouldSignIsRefused(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	maker, one, two := a.as(models.Maker), a.as(models.Controller), a.as(models.Controller)
	form := typed()
	form.Set("band.1.approver", "4")
	form.Set("band.2.anyone", "5")
	shown := one.post("/policy/change", form)
	shown.is(http.StatusOK).says("This policy is not taken", "where the maker is "+maker.person.Name).keepsQuiet("Propose it")
	one.post("/policy/change", url.Values{"do": {"propose"}, "content": {contentOf(t, shown)}, "reason": {"all the same"}}).
		is(http.StatusUnprocessableEntity).says("Nobody could sign some sums from 2,000.00 PEN")
	// What stands is looked at as well: two controllers, and one of them leaves.
	one.get("/").keepsQuiet("could not be signed by anybody")
	admin := a.as(models.PeopleAdmin)
	admin.get("/people/" + fmt.Sprint(two.person.ID)).says("Without this person some payouts could not be signed by anybody")
	must(t, a.People.Deactivate(t.Context(), admin.person.As(models.VerbPeople), two.person.ID, services.Heirs{}, servicestest.Click(a.Core, admin.person)))
	one.get("/").says("Some payouts could not be signed by anybody", maker.person.Name)
	one.get("/policy").says("Some payouts could not be signed by anybody")
}
