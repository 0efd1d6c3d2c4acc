package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"countersign/models"
)

// TestI23_ListsSumsAndExportsHoldNothingOutOfScope reads every page without a thing in it.
func TestI23_ListsSumsAndExportsHoldNothingOutOfScope(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	for _, role := range models.Roles {
		r.keepsTo(t, r.limited(role))
	}
	for _, role := range []models.Role{models.Auditor, models.Controller} {
		r.keepsTo(t, r.seeing(role, models.Scope{Currencies: []string{"TWD"}}))
	}
}

// keepsTo reads all lists as somebody who sees Taipei alone.
func (r *realm) keepsTo(t *testing.T, b *browser) {
	t.Helper()
	for _, route := range r.Routes() {
		if route.live || route.Method != http.MethodGet || strings.Contains(route.Path, ":") || !b.person.May(route.Verb) || route.plain {
			continue
		}
		b.keeps(t, r, route.Path)
	}
	if !b.person.May(models.VerbSee) {
		return
	}
	for _, path := range []string{"/payouts?tab=all", "/payouts?tab=unclear", "/payouts?q=" + r.lima.OrderNo, "/payouts?currency=PEN", "/approvals?tab=others", "/notices?list=all", "/audit?when=30d"} {
		b.keeps(t, r, path)
	}
	b.get("/payouts?tab=all").says("All 1").links("/payouts/" + r.taipei.OrderNo)
	if b.person.May(models.VerbAudit) {
		r.auditKeepsTo(t, b)
	}
}

// auditKeepsTo reads the log in every way, and asks that what is about Taipei is there.
func (r *realm) auditKeepsTo(t *testing.T, b *browser) {
	t.Helper()
	for _, list := range []string{"/audit?size=200", "/audit.csv?when=30d", "/audit/sample?size=500&seed=x&up_to=100000", "/audit/sample.csv?size=500&seed=x&up_to=100000", "/audit/exceptions.csv"} {
		b.keeps(t, r, list)
	}
	for _, question := range models.AuditQuestions {
		b.keeps(t, r, "/audit?size=200&question="+string(question))
	}
	all := b.get("/audit.csv").is(http.StatusOK)
	for _, act := range []string{"payee_called", "change_proposed", "account_paused"} {
		if !strings.Contains(all.body, act) {
			t.Errorf("the log of %v holds no %s, which is about their account", b.person.Roles, act)
		}
	}
	sees, _, err := models.CountEvents(r.Store.Read(models.Seeing(t.Context(), r.now(b.person).Scope)), models.EventFilter{Verb: "change_proposed"})
	must(t, err)
	if sees != 5 {
		t.Errorf("%d proposals are counted for who sees those about one account", sees)
	}
}

// secrets are words of what was done about Lima.
func (r *realm) secrets() []string {
	return []string{
		r.lima.OrderNo, r.lima.PayeeName, "142.50", r.town.Lima.Name, "9876", "Lima changed banks", "Somebody in Lima", "Lima contract", "Lima stands still", "Lima goes on",
		"Lima is well known", "Lima changes over", "Lima has a limit", "Lima grows", "9,876,543.21", "9876543.21", "987654321", r.desks[r.lima.ID].send,
	}
}

// drawn are digests and keys: random, so that any four digits stand in one now and then.
// Order numbers are shorter.
var drawn = regexp.MustCompile(`[0-9A-Za-z_-]{32,}`)

// keeps asserts that a page tells nothing of what is in Lima.
func (b *browser) keeps(t *testing.T, r *realm, path string) {
	t.Helper()
	got := b.get(path)
	if strings.Contains(path, r.lima.OrderNo) {
		return
	}
	told := drawn.ReplaceAllString(got.body, "…")
	for _, secret := range r.secrets() {
		if at := strings.Index(told, secret); at >= 0 {
			t.Errorf("%s holds %q, which is out of scope (as %v): …%s…", path, secret, b.person.Roles, told[max(0, at-100):min(len(told), at+100)])
		}
	}
}

// Every kind of change that is about an account or a payee is missing to who does not see
// that.
func TestI23_AChangeOutOfScopeIsMissingWhateverItsKind(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	b := r.limited(models.Controller)
	for kind, of := range map[string]func(desk) int64{
		"payee": func(d desk) int64 { return d.change }, "keys": func(d desk) int64 { return d.keys },
		"sending": func(d desk) int64 { return d.sending }, "rests": func(d desk) int64 { return d.rests },
	} {
		for p, status := range map[*models.Payout]int{&r.taipei: http.StatusOK, &r.lima: http.StatusNotFound} {
			if got := b.get(fmt.Sprintf("/changes/%d", of(r.desks[p.ID]))); got.status != status {
				t.Errorf("a change of %s of %s: status %d", kind, p.PayeeName, got.status)
			}
		}
	}
}

func TestAScopeIsGivenByTwoPeopleAndLimitedByOne(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	admin, controller, p := r.as(models.PeopleAdmin), r.as(models.Controller), r.as(models.Auditor)
	path := fmt.Sprintf("/people/%d", p.person.ID)
	taipei := fmt.Sprint(r.town.Taipei.ID)
	p.get("/payouts/" + r.lima.OrderNo).is(http.StatusOK)
	admin.post(path+"/roles", url.Values{"roles": {"auditor"}, "accounts": {taipei}, "reason": {"looks after Taipei"}}).leadsTo(path)
	admin.get(path).says(r.town.Taipei.Name, "sees and acts on fewer gateway accounts or currencies from now on").keepsQuiet("has fewer roles")
	p.get("/profile").is(http.StatusSeeOther) // signed out with the wider scope
	again := r.nobody()
	again.signIn(p.person)
	again.get("/payouts/" + r.lima.OrderNo).is(http.StatusNotFound)
	again.get("/payouts/" + r.taipei.OrderNo).is(http.StatusOK)
	admin.post(path+"/roles", url.Values{"roles": {"auditor"}, "reason": {"looks after everything again"}}).leadsTo(path)
	if r.now(p.person).Scope.Whole() {
		t.Fatal("one person lifted the limit")
	}
	var proposed models.Change
	must(t, r.Store.Read(t.Context()).Take(&proposed, "kind = ?", models.ChangeRoles).Error)
	controller.get(fmt.Sprintf("/changes/%d", proposed.ID)).says("Gateway accounts", "every one", r.town.Taipei.Name)
	controller.confirms(proposed.ID)
	if !r.now(p.person).Scope.Whole() {
		t.Fatal("two people did not lift the limit")
	}
	admin.post(path+"/roles", url.Values{"roles": {"auditor"}, "accounts": {"777"}, "reason": {"elsewhere"}}).is(http.StatusUnprocessableEntity).says("no such gateway account")
}
