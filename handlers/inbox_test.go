package handlers

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

var cardLink = regexp.MustCompile(`href="/approvals/([0-9A-Z]{26})"`)

// listed are the orders of a page of the inbox, in its order.
func (p page) listed() (all []string) {
	for _, found := range cardLink.FindAllStringSubmatch(p.body, -1) {
		all = append(all, found[1])
	}
	return slices.Compact(all)
}

func (a *townApp) waits(b *browser, rail, amount string, serial int) models.Payout {
	a.t.Helper()
	form := a.town.Form(rail, serial)
	form.Amount = amount
	return a.submitted(b, form)
}

// screens.md 3: sorted by cut-off, then amount; without a calendar everything is as it was.
func TestB5_TheInboxIsSortedByCutOffThenAmount(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, b := a.as(models.Maker), a.as(models.Approver)
	union := a.waits(maker, "apay.unionpay", "9.00", 1)
	small, large := a.waits(maker, "cashy.peru", "10.00", 2), a.waits(maker, "cashy.peru", "400.00", 3)
	soon := a.waits(maker, "apay.taiwan", "20.00", 4)
	b.get("/approvals").is(http.StatusOK).keepsQuiet("Cut-off", "cut-off")
	if got := b.get("/approvals").listed(); got[0] != union.OrderNo {
		t.Fatalf("without calendars who waits longest is not first: %v", got)
	}
	a.pays(a.account("cashy.peru"), "UTC", a.cutOffIn(5*time.Hour))
	a.pays(a.account("apay.taiwan"), "UTC", a.cutOffIn(40*time.Minute))
	got := b.get("/approvals").is(http.StatusOK).says("Cut-off "+a.cutOffIn(40*time.Minute)+" UTC, in 40 min", "No cut-off", "Longest waiting first", "Largest first")
	want := []string{soon.OrderNo, large.OrderNo, small.OrderNo, union.OrderNo}
	if !slices.Equal(got.listed(), want) {
		t.Errorf("the order is %v, want %v", got.listed(), want)
	}
	b.get("/approvals/"+soon.OrderNo).says("1 of 4 to decide", "Cut-off "+a.cutOffIn(40*time.Minute)+" UTC, in 40 min")
	b.get("/approvals/" + union.OrderNo).says("4 of 4 to decide").keepsQuiet("Cut-off")
	if got := b.get("/approvals?sort=longest").listed(); got[0] != union.OrderNo {
		t.Errorf("who waits longest is not first: %v", got)
	}
}

// What was not shown on one page is shown on the next, though a cut-off passes in between. A
// list that is sorted anew by the clock is the known-bad one: it leaves orders out.
func TestB5_ACutOffThatPassesBetweenTwoPagesHidesNoOrder(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	a.pays(a.account("apay.taiwan"), "UTC", a.cutOffIn(10*time.Minute))
	a.pays(a.account("cashy.peru"), "UTC", a.cutOffIn(20*time.Minute))
	for i := range inboxRows + 3 {
		a.town.Submitted(a.town.Form("apay.taiwan", i))
	}
	lima := a.town.Submitted(a.town.Form("cashy.peru", 90))
	first := b.get("/approvals").is(http.StatusOK)
	if shown := first.listed(); len(shown) != inboxRows || slices.Contains(shown, lima.OrderNo) {
		t.Fatalf("the first page has %d orders", len(shown))
	}
	more := regexp.MustCompile(`href="(/approvals\?[^"]*after=[^"]*)"`).FindStringSubmatch(first.body)
	if more == nil {
		t.Fatal("there is no next page")
	}
	next := strings.ReplaceAll(more[1], "&amp;", "&")
	a.town.Pass(12 * time.Minute)
	if shown := b.get(next).is(http.StatusOK).says("After today's cut-off in UTC").listed(); len(shown) != 4 || !slices.Contains(shown, lima.OrderNo) {
		t.Errorf("the next page has %d orders", len(shown))
	}
	if shown := b.get(regexp.MustCompile(`&?at=\d+`).ReplaceAllString(next, "")).listed(); slices.Contains(shown, lima.OrderNo) {
		t.Error("a list that is sorted anew by the clock leaves nothing out, so the moment in the address is for nothing")
	}
}

func TestB5_AnEmptyInboxAndHomeSayTheNextCutOff(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	both, maker := a.as(models.Maker, models.Approver), a.as(models.Maker)
	a.pays(a.account("apay.taiwan"), "UTC", a.cutOffIn(30*time.Minute))
	both.get("/approvals").says("Nothing waits for you", "Next cut-off: UTC "+a.cutOffIn(30*time.Minute)+" , 0 orders wait for others.")
	a.submitted(both, a.town.Form("apay.unionpay", 1))
	both.get("/approvals").says("Next cut-off: UTC " + a.cutOffIn(30*time.Minute) + " , 1 order waits for others.")
	both.get("/").says("Next cut-off: UTC " + a.cutOffIn(30*time.Minute) + " , 1 order waits for others.")
	a.submitted(maker, a.town.Form("cashy.peru", 2))
	both.get("/").keepsQuiet("Next cut-off")
	p := a.submitted(maker, a.town.Form("apay.taiwan", 3))
	both.get("/").says("Next cut-off: UTC " + a.cutOffIn(30*time.Minute) + " , 1 order")
	maker.get("/").says("Needs approval 3", "Next cut-off: UTC "+a.cutOffIn(30*time.Minute)+" , 1 order").keepsQuiet("wait for others")
	a.town.Pass(time.Hour)
	both.get("/approvals").says("After today's cut-off in UTC: the gateway pays it")
	a.as(models.Approver).get("/approvals/" + p.OrderNo).says("After today's cut-off in UTC: the gateway pays it").says("Approve")
}

// A large order can be called back before it leaves: who signs it in the last minutes before
// the cut-off is told that it leaves after it.
func TestB5_TheTimeToCallBackCountsTowardsTheCutOff(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	maker, b := a.as(models.Maker), a.as(models.Approver)
	a.pays(a.account("apay.taiwan"), "UTC", a.cutOffIn(40*time.Minute))
	_, err := a.Limits.Set(t.Context(), models.Machine("test"), models.Limits{Zone: "UTC", Windows: []models.Window{{Currency: "TWD", Minor: 1_00, Minutes: 15}}}, "large ones can be stopped")
	must(t, err)
	p := a.submitted(maker, a.town.Form("apay.taiwan", 1))
	b.get("/approvals/" + p.OrderNo).says("It can be called back for 15 min before it leaves, so the last signature is due by " + a.cutOffIn(25*time.Minute) + " UTC.")
	a.town.Pass(30 * time.Minute)
	b.get("/approvals/" + p.OrderNo).says("and so leaves after the cut-off: the gateway pays it")
}
