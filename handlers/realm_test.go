package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// realm is a town with orders in Taipei and in Lima, and a way to name a thing of either
// in the address of any route.
type realm struct {
	*townApp
	taipei, lima models.Payout
	desks        map[models.PayoutID]desk
}

// desk is what there is about an order and its account.
type desk struct {
	file, enquiry, change, keys, sending, rests, notice int64
	send                                                string
}

const missingOrder = "01M7YTY3FWKJNBWZ9BZ7QS4AS4"

func newRealm(t *testing.T, change ...func(*Config)) *realm {
	t.Helper()
	a := newTown(t, change...)
	r := &realm{townApp: a, desks: map[models.PayoutID]desk{}}
	r.taipei, r.lima = a.town.Unclear(a.town.Form("apay.taiwan", 41)), a.town.Unclear(a.town.Form("cashy.peru", 42))
	r.furnish(r.taipei, place{"Taipei", "number", "6217001234567890128", "day TWD", 1_234_567_800})
	r.furnish(r.lima, place{"Lima", "accountNo", "0037659876", "day PEN", 987_654_321})
	return r
}

// place is what is done about an account.
type place struct {
	name, field, number, limit string
	sum                        int64
}

// furnish lets all happen about an order and its account that leaves something to see:
// other details with a call, other keys, a limit, a notice in quarantine, a pause.
func (r *realm) furnish(p models.Payout, at place) {
	r.t.Helper()
	d := desk{}
	d.file, d.enquiry = r.papers(p, at)
	d.change = r.moves(p, at)
	d.rests = r.rest(p, at)
	d.notice = r.distrusts(p)
	d.keys = r.rekeys(p, at)
	r.limits(at)
	d.send = r.looseSend(p)
	must(r.t, r.Accounts.Pause(r.t.Context(), r.town.Controller, p.AccountID, at.name+" stands still"))
	c, err := r.Accounts.ProposeReopening(r.t.Context(), r.town.Controller, p.AccountID, at.name+" goes on", servicestest.Click(r.Core, r.town.Controller))
	must(r.t, err)
	d.sending = c.ID
	r.desks[p.ID] = d
}

func (r *realm) papers(p models.Payout, at place) (file, enquiry int64) {
	ctx := r.t.Context()
	must(r.t, r.town.Payouts.Note(ctx, r.town.Maker, p.OrderNo, "seen in "+at.name, []services.Upload{{Name: "note.txt", Content: []byte("a note")}}))
	var kept models.File
	must(r.t, r.Store.Read(ctx).Take(&kept, "payout_id = ?", p.ID).Error)
	return kept.ID, 99999
}

func (r *realm) moves(p models.Payout, at place) int64 {
	ctx := r.t.Context()
	c, err := r.town.Payees.Change(ctx, r.town.Other, p.PayeeID, services.NewDetails{
		Values: map[string]string{at.field: at.number}, Reason: at.name + " changed banks",
	}, servicestest.Click(r.Core, r.town.Other))
	must(r.t, err)
	must(r.t, r.town.Payees.KeepCall(ctx, r.town.Approver, c.ID, services.NewCall{
		Number: "+886 2 2712 0000", Source: models.FromContract, SourceNote: at.name + " contract", KnownSince: r.town.Now().AddDate(-2, 0, 0),
		CalledAt: r.town.Now(), Reached: "Somebody in " + at.name, ReadBack: true,
	}))
	return c.ID
}

func (r *realm) rest(p models.Payout, at place) int64 {
	v, err := models.FindPayeeVersion(r.Store.Read(r.t.Context()), p.PayeeVersionID)
	must(r.t, err)
	c, err := r.changes.Propose(r.t.Context(), r.town.Controller.As(models.VerbResume), models.ChangeRests, services.VersionSubject(v.ID), r.town.Payees.Released(v),
		at.name+" is well known", servicestest.Click(r.Core, r.town.Controller))
	must(r.t, err)
	return c.ID
}

func (r *realm) distrusts(p models.Payout) int64 {
	account, err := models.FindAccount(r.Store.Read(r.t.Context()), p.AccountID)
	must(r.t, err)
	answer, err := r.web.Client().Post(r.web.URL+"/webhooks/"+account.Slug, "application/json", strings.NewReader(`{"merchantNo":"nobody"}`))
	must(r.t, err)
	must(r.t, answer.Body.Close())
	all := r.notices()
	return all[len(all)-1].ID
}

func (r *realm) rekeys(p models.Payout, at place) int64 {
	admin := r.add(models.GatewayAdmin)
	c, err := r.Sender.ProposeKeys(r.t.Context(), admin, p.AccountID, services.NewKeys{
		Keys: services.Keys{Key: "another key of " + at.name, Authorization: "another"}, Overlap: 24, Reason: at.name + " changes over",
	}, servicestest.Click(r.Core, admin))
	must(r.t, err)
	return c.ID
}

func (r *realm) limits(at place) {
	now, err := models.CurrentLimits(r.Store.Read(r.t.Context()))
	must(r.t, err)
	now.Content.Zone = "UTC"
	set, err := now.Content.With(at.limit, models.LimitPart{Minor: at.sum})
	must(r.t, err)
	_, err = r.Limits.Set(r.t.Context(), models.Machine("test"), set, at.name+" has a limit")
	must(r.t, err)
	_, err = r.Limits.Change(r.t.Context(), r.town.Controller.As(models.VerbLimits), at.limit, models.LimitPart{Minor: at.sum * 2}, at.name+" grows",
		servicestest.Click(r.Core, r.town.Controller))
	must(r.t, err)
}

func (r *realm) looseSend(p models.Payout) string {
	account, err := models.FindAccount(r.Store.Read(r.t.Context()), p.AccountID)
	must(r.t, err)
	no := "01K9ZZZZZZZZZZZZZZZZZZZ" + fmt.Sprintf("%03d", p.ID)
	r.write(func(tx *gorm.DB) error {
		_, err := models.AddRestoredSend(tx, &models.RestoredSend{
			OrderNo: no, RequestDigest: []byte{1}, ContentDigest: []byte{2}, AccountSlug: account.Slug, SentAt: r.town.Now(), FoundAt: r.town.Now().Add(time.Minute),
		})
		return err
	})
	return no
}

// limited is a person with one role who sees Taipei alone.
func (r *realm) limited(role models.Role) *browser {
	return r.seeing(role, models.Scope{Accounts: []models.AccountID{r.town.Taipei.ID}})
}

// seeing is a person with one role and this scope.
func (r *realm) seeing(role models.Role, s models.Scope) *browser {
	r.t.Helper()
	p := r.add(role)
	r.write(func(tx *gorm.DB) error { return models.SetScope(tx, p.ID, s) })
	b := r.nobody()
	b.signIn(p)
	return b
}

// address fills a route with a thing of this order; with none, of what nobody has. about
// says whether the thing belongs to a scope.
func (r *realm) address(route Route, p *models.Payout) (path string, about bool) {
	path = route.Path
	for _, part := range r.parts(p) {
		if strings.HasPrefix(path, part.route) {
			path = part.route[:strings.LastIndex(part.route, "/")+1] + part.number + path[len(part.route):]
			about = about || part.scoped
		}
	}
	return path, about
}

// part is how a route begins up to a parameter, and what stands there.
type part struct {
	route, number string
	scoped        bool
}

// parts are all that routes can name, each after those that it begins with.
func (r *realm) parts(p *models.Payout) []part {
	no, send, id := missingOrder, missingOrder, func(n int64) string { return "99999" }
	d, account, payee := desk{}, int64(0), int64(0)
	if p != nil {
		d, no, account, payee = r.desks[p.ID], p.OrderNo, int64(p.AccountID), int64(p.PayeeID)
		send, id = d.send, func(n int64) string { return fmt.Sprint(n) }
	}
	parts := []part{
		{"/sends/:no", send, true}, {"/gateways/sandbox/:no", no, false},
		{"/people/:id", id(int64(r.town.Maker.ID)), false}, {"/payees/blocked/:id", id(1), false}, {"/payees/finds/:id", id(1), false},
		{"/profile/delegations/:id", id(1), false}, {"/profile/passkeys/:id", id(1), false}, {"/profile/sessions/:handle", "0123456789ab", false},
		{"/setup/:secret", "nobodysecret", false}, {"/invitations/:secret", "nobodysecret", false}, {"/webhooks/:slug", "nowhere", false}, {"/static/*path", "none.css", false},
		{"/changes/:id", id(d.change), true}, {"/notices/:id", id(d.notice), true}, {"/gateways/:id", id(account), true}, {"/payees/:id", id(payee), true},
		{"/payees/" + id(payee) + "/changes/:change", id(d.change), true},
	}
	for _, under := range []string{"/payouts/", "/approvals/", "/unclear/", "/contradictions/"} {
		parts = append(parts, part{under + ":no", no, true})
	}
	return append(parts, part{"/payouts/" + no + "/files/:id", id(d.file), true}, part{"/payouts/" + no + "/enquiry/:id", id(d.enquiry), true})
}

// Every route with a parameter has something to stand there: a new one that has not fails
// here, so that no walk leaves it out.
func TestI23_EveryRouteWithAParameterHasAnAddress(t *testing.T) {
	t.Parallel()
	r := newRealm(t, func(c *Config) { c.Demo = true })
	for _, route := range r.Routes() {
		for _, p := range []*models.Payout{&r.taipei, nil} {
			if path, _ := r.address(route, p); strings.ContainsAny(path, ":*") {
				t.Errorf("%s %s has no address", route.Method, path)
			}
		}
	}
	if path, _ := r.address(Route{Path: "/orchards/:id"}, &r.taipei); !strings.Contains(path, ":") {
		t.Error("a route that nobody knows is filled")
	}
}
