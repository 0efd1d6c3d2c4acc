package handlers

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// nobodysOwn are the deeds about one thing that are the same whoever made it, each with why.
var nobodysOwn = map[string]string{
	"/people/:id/drafts":          "whoever left them behind is gone, and signs in no more",
	"/people/:id/activation":      "the same",
	"/people/:id/accounts":        "a people admin declares an own account as everybody may: it only takes rights away",
	"/people/:id/accounts/end":    "it proposes a change, which another confirms who is not its owner",
	"/payees/blocked/:id/lifting": "it proposes a change, which another confirms",
	"/payees/:id/release":         "the same",
	"/payees/:id/change":          "the same",
	"/gateways/:id/keys":          "the same",
	"/gateways/:id/calendar":      "the same",
	"/gateways/:id/reopening":     "the same",
	"/gateways/:id/test":          "a question that changes nothing",
	"/gateways/:id/pause":         "it stops sending, which everybody may",
	"/gateways/sandbox/:no/push":  "it plays the gateway, in a demonstration",
	"/payouts/:no/query":          "a question to the gateway moves nothing by itself",
	"/payouts/:no/notes":          "a note moves nothing",
	"/payouts/:no/evidence":       "it reads",
	"/notices/:id/look":           "nobody here sent it",
	"/webhooks/:slug":             "a gateway's",
	"/setup/:secret":              "whoever holds the secret",
	"/invitations/:secret":        "the same",
}

// acts counts what is on record, without what was refused.
func (a *townApp) acts() (n int64) {
	a.t.Helper()
	must(a.t, a.Store.Read(a.t.Context()).Model(&models.Event{}).Where("verb NOT IN ('refused', 'step_up_refused', 'rows_kept')").Count(&n).Error)
	return n
}

// try does what the door is for, and types the password wherever a page asks for it.
func (b *browser) try(door ownDoor) page {
	if b == door.right && door.key != nil {
		asked := b.postOnly(door.path, door.form)
		return b.postOnly(door.path, url.Values{"typed": {hidden(asked, "typed")}, "stamp": {hidden(asked, "stamp")}, "answer": {door.key.get(asked.asked())}})
	}
	got := b.post(door.path, door.form)
	if got.status == http.StatusUnprocessableEntity && strings.Contains(got.body, `name="password"`) {
		form := maps.Clone(door.form)
		form.Set("password", password)
		got = b.post(door.path, form)
	}
	return got
}

// opens is why the door is not shut on somebody, "" where it is: nothing may be on record,
// and the answer has to say that it is not theirs, not that something in the form is wrong.
func (d *ownDoors) opens(door ownDoor, b *browser) string {
	before := d.acts()
	got := b.try(door)
	switch {
	case !b.person.May(door.route.Verb):
		return "they may not by their roles, which proves nothing"
	case d.acts() != before:
		return "it is done"
	case got.status != http.StatusForbidden && got.status != http.StatusNotFound && !signedAlready(got):
		return fmt.Sprintf("status %d: %s", got.status, got.text())
	}
	return ""
}

// signedAlready is the one refusal that is a matter of time, as the page has it.
func signedAlready(got page) bool {
	return got.status == http.StatusConflict && strings.Contains(got.text(), "You have signed this payout already")
}

// Every deed about one thing, by everybody who may by their roles and not with this thing,
// and then by who may (invariants.md 3, "own"; I4, I23, I25).
func TestI23_EveryDeedAsksWhoseItIs(t *testing.T) {
	t.Parallel()
	d := newOwnDoors(t)
	d.furnish()
	d.saidOnce()
	for _, door := range d.all {
		for i, b := range door.wrong {
			if why := d.opens(door, b); why != "" {
				t.Errorf("%s is open to wrong person %d: %s", door.path, i, why)
			}
		}
	}
	for _, door := range d.all {
		before := d.acts()
		if got := door.right.try(door); d.acts() == before {
			t.Errorf("%s is shut to who may, which proves nothing of the others: status %d: %.300s", door.path, got.status, got.text())
		}
	}
}

// saidOnce asks that a new deed about one thing says whose it is.
func (d *ownDoors) saidOnce() {
	walked, known := map[string]bool{}, map[string]bool{}
	for _, door := range d.all {
		walked[door.route.Path] = true
	}
	for _, route := range d.Routes() {
		known[route.Path] = true
		if route.Method == http.MethodPost && strings.Contains(route.Path, ":") && walked[route.Path] == (nobodysOwn[route.Path] != "") {
			d.t.Errorf("%s: whose it is has to be said once: as a door, or in why it is nobody's own", route.Path)
		}
	}
	for path := range nobodysOwn {
		if !known[path] {
			d.t.Errorf("there is no %s", path)
		}
	}
}

// The known-bad variants: deeds that forgot to ask.
func TestI23_ADeedThatForgetsWhoseItIsIsCaught(t *testing.T) {
	t.Parallel()
	d := newOwnDoors(t)
	d.ofDoubt()
	careless := func(verb models.Verb, do func(c *gin.Context) error) ownDoor {
		bad := Route{Method: http.MethodPost, Path: "/careless/" + string(verb), Verb: verb, body: formBytes}
		d.engine.Handle(bad.Method, bad.Path, d.page(bad, do))
		return ownDoor{route: bad, path: bad.Path}
	}
	claimed := d.all[slices.IndexFunc(d.all, func(o ownDoor) bool { return o.route.Path == "/payouts/:no/claim" })]
	no := strings.Split(claimed.path, "/")[2]
	claims := careless(models.VerbVerdict, func(c *gin.Context) error { return d.town.Payouts.Claim(c, d.yours.person, no) })
	silent := careless(models.VerbApprove, func(c *gin.Context) error { c.Status(http.StatusOK); return nil })
	for _, door := range []ownDoor{claims, silent} {
		if d.opens(door, d.mine) == "" {
			t.Errorf("%s: the walk does not see it", door.path)
		}
	}
	if d.opens(silent, d.maker) == "" {
		t.Error("somebody whom their role keeps out is taken for a proof")
	}
}
