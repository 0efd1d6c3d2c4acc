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
	return kept.ID, r.enquires(p)
}

// enquires is the number of a letter to the gateway's staff about an order in doubt.
func (a *townApp) enquires(p models.Payout) int64 {
	a.t.Helper()
	sent := services.SentEnquiry{Language: "en", Channel: "mail", Person: "support of " + p.OrderNo, SentAt: a.town.Now(), Text: "What became of " + p.OrderNo + "?"}
	must(a.t, a.town.Verdicts.Enquire(a.t.Context(), a.town.Resolver, p.OrderNo, sent))
	all, err := models.Enquiries(a.Store.Read(a.t.Context()), p.ID)
	must(a.t, err)
	return all[0].ID
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

// looseSend is the number of a send through the order's account that has no order here.
func (a *townApp) looseSend(p models.Payout) string {
	account, err := models.FindAccount(a.Store.Read(a.t.Context()), p.AccountID)
	must(a.t, err)
	no := "01K9ZZZZZZZZZZZZZZZZZZZ" + fmt.Sprintf("%03d", p.ID)
	a.write(func(tx *gorm.DB) error {
		_, err := models.AddRestoredSend(tx, &models.RestoredSend{
			OrderNo: no, RequestDigest: []byte{1}, ContentDigest: []byte{2}, AccountSlug: account.Slug, SentAt: a.town.Now(), FoundAt: a.town.Now().Add(time.Minute),
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
