package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// yard is orders of one maker in the stages in which people act on them.
type yard struct {
	*townApp
	maker  *browser
	orders []models.Payout
}

// newYard lets a person with these roles make them.
func newYard(t *testing.T, roles ...models.Role) *yard {
	t.Helper()
	y := &yard{townApp: newTown(t)}
	y.maker = y.as(roles...)
	y.town.Maker = y.maker.person
	form := func(serial int) models.Payout { return y.town.Draft(y.town.Form("apay.taiwan", serial)) }
	y.orders = []models.Payout{
		form(1), y.town.Submitted(y.town.Form("apay.taiwan", 2)), y.town.Approved(y.town.Form("apay.taiwan", 3)), y.town.Unclear(y.town.Form("apay.taiwan", 4)),
	}
	return y
}

// doors are the routes about one order that declare one of the verbs. Each is tried in every
// stage; everything else that has an owner is walked in own_doors_test.go.
func (y *yard) doors(verbs ...models.Verb) (doors []Route) {
	for _, route := range y.Routes() {
		if strings.HasPrefix(route.Path, "/payouts/:no") && strings.Count(route.Path, ":") == 1 && slices.Contains(verbs, route.Verb) {
			doors = append(doors, route)
		}
	}
	return doors
}

// opens lists through which of the doors this person gets at an order: a page that is
// shown, or an act that leaves more on record than that it was refused.
func (y *yard) opens(b *browser, doors []Route) (open []string) {
	y.t.Helper()
	for _, door := range doors {
		for _, p := range y.orders {
			path := strings.Replace(door.Path, ":no", p.OrderNo, 1)
			before := y.trace(p)
			shown := door.Method == http.MethodGet && b.get(path).status == http.StatusOK
			if door.Method == http.MethodPost {
				y.tries(b, path, p)
			}
			if shown || y.trace(p) != before {
				open = append(open, door.Method+" "+door.Path+" of one that is "+string(p.Stage))
			}
		}
	}
	return open
}

// tries posts what the forms of these doors ask for; each takes no other fields than its own.
func (y *yard) tries(b *browser, path string, p models.Payout) {
	signed, because := url.Values{"digest": {hexOf(p)}, "password": {password}}, "because of this"
	b.post(path, url.Values{"reason": {because}})
	b.post(path, signed)
	for _, why := range []string{"reason", "text"} {
		b.post(path, url.Values{"digest": signed["digest"], "password": signed["password"], why: {because}})
	}
}

// trace counts what is on record about the order, without what was refused.
func (y *yard) trace(p models.Payout) (acts int64) {
	y.t.Helper()
	must(y.t, y.Store.Read(y.t.Context()).Model(&models.Event{}).Where("payout_id = ? AND verb <> 'refused'", p.ID).Count(&acts).Error)
	return acts
}

// ownAlone are the verbs that a maker has over their own orders (invariants.md 3, "own").
var ownAlone = []models.Verb{models.VerbDraft, models.VerbStop, models.VerbHold, models.VerbReveal}

func TestI23_AMakerActsOnOwnOrdersAlone(t *testing.T) {
	t.Parallel()
	y := newYard(t, models.Maker)
	doors := y.doors(ownAlone...)
	for _, open := range y.opens(y.as(models.Maker), doors) {
		t.Errorf("open to another maker: %s", open)
	}
	if open := y.opens(y.maker, doors); len(open) < 8 {
		t.Errorf("the maker gets through only %d of %d doors, so that the walk proves little: %v", len(open), len(doors), open)
	}
}

// notOwn are the verbs that nobody has over what they made themselves (invariants.md 3,
// "not own"), whatever other roles they hold.
var notOwn = []models.Verb{models.VerbApprove, models.VerbResume, models.VerbVerdict}

func TestI04_NobodyJudgesWhatTheyMade(t *testing.T) {
	t.Parallel()
	y := newYard(t, models.Maker, models.Approver, models.Controller, models.Resolver)
	doors := slices.DeleteFunc(y.doors(notOwn...), func(r Route) bool {
		return r.Method == http.MethodGet || strings.Contains(r.Path, "enquiry") || strings.HasSuffix(r.Path, "/claim")
	})
	for _, open := range y.opens(y.maker, doors) {
		t.Errorf("open to the maker: %s", open)
	}
	if open := y.opens(y.as(models.Approver, models.Controller), doors); len(open) == 0 {
		t.Error("nobody gets through: the walk proves nothing")
	}
}

// The known-bad variant: a handler that asks for the verb and not whose order it is.
func TestI23_AHandlerThatForgetsWhoseOrderItIsIsCaught(t *testing.T) {
	t.Parallel()
	y := newYard(t, models.Maker)
	bad := Route{Method: http.MethodPost, Path: "/payouts/:no/careless", Verb: models.VerbHold, body: formBytes}
	y.engine.Handle(bad.Method, bad.Path, y.page(bad, func(c *gin.Context) error {
		return y.Payouts.Hold(c, y.maker.person, c.Param("no"), "because of this")
	}))
	if open := y.opens(y.as(models.Maker), []Route{bad}); len(open) == 0 {
		t.Error("the walk does not see it")
	}
}
