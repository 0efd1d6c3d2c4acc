package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// stands is everything that a deed could have left behind.
func (a *townApp) stands() (left [3]int64) {
	a.t.Helper()
	db := a.Store.Read(a.t.Context())
	must(a.t, db.Model(&models.Event{}).Where("verb NOT IN ('refused', 'step_up_refused', 'rows_kept')").Count(&left[0]).Error)
	must(a.t, db.Model(&models.Signature{}).Count(&left[1]).Error)
	must(a.t, db.Model(&models.Change{}).Where("state <> 'waiting'").Count(&left[2]).Error)
	return left
}

// undone are the words by which an answer says that nothing was done.
var undone = []string{"Nothing was", "Nobody was", "No link", "No factor", "No account", "No passkey", "No codes", "is as it was", "are as they were", "is still", "are still"}

// Each deed of invariants.md 3 with an arrow: without a proof nothing happens, and the
// answer says so; with one it is done.
func TestS5_NothingThatTakesAProofIsDoneWithoutOne(t *testing.T) {
	t.Parallel()
	a := newSignedDoors(t)
	before := a.stands()
	for route, door := range a.all {
		got := door.by.postOnly(door.path, door.form)
		told := false
		for _, words := range undone {
			told = told || strings.Contains(got.text(), words)
		}
		if got.status != http.StatusUnprocessableEntity || !told {
			t.Errorf("%s: status %d: %s", route, got.status, got.text())
		}
		if after := a.stands(); after != before {
			t.Fatalf("%s was done without a proof: %v, then %v", route, before, after)
		}
	}
	for _, route := range a.Routes() {
		if _, tried := a.all[route.Path]; route.signed != tried && route.Method == http.MethodPost {
			t.Errorf("%s takes a proof: %v, and was tried without one: %v", route.Path, route.signed, tried)
		}
	}
}

// A deed of a verb that takes a proof has to say whether it is one itself: a route whose
// word was forgotten, or that says both, starts nothing.
func TestS5_ARouteThatForgotItsProofStopsTheStart(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	nothing := func(*gin.Context) error { return nil }
	for name, options := range map[string][]Option{"says nothing": nil, "says both": {Signed, Unsigned}} {
		in := &registrar{h: a.Handlers, routes: a.routed}
		in.POST("/forgotten/"+url.PathEscape(name), models.VerbGrant, nothing, options...)
		if err := in.check(); err == nil || !strings.Contains(err.Error(), "proof") {
			t.Errorf("a route that %s starts: %v", name, err)
		}
	}
}
