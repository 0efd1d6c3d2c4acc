package handlers

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

// twoSigned is a form whose sum needs two signatures and has to be typed.
func (a *townApp) twoSigned(b *browser) models.Payout {
	form := a.town.Form("cashy.peru", 1)
	form.Amount = "1900.00"
	return a.submitted(b, form)
}

// card is what the approval's page sends.
func (b *browser) card(p models.Payout) url.Values {
	b.t.Helper()
	found := digestPattern.FindStringSubmatch(b.get("/approvals/" + p.OrderNo).is(http.StatusOK).body)
	if found == nil {
		b.t.Fatal("the card has no digest")
	}
	return url.Values{"digest": {found[1]}, "password": {password}}
}

func approvalPath(p models.Payout) string { return "/payouts/" + p.OrderNo + "/approval" }

func TestI04_TheMakerCannotApproveTheirOwn(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	both := a.as(models.Maker, models.Approver)
	p := a.submitted(both, a.town.Form("apay.taiwan", 1))
	both.get("/approvals/" + p.OrderNo).is(http.StatusOK).says("somebody else has to approve it").keepsQuiet(`name="digest"`)
	both.post(approvalPath(p), url.Values{"digest": {hexOf(p)}, "password": {password}}).is(http.StatusForbidden)
	both.get("/approvals").says("Mine to decide 0", "Nothing waits for you")
	both.get("/approvals?tab=others").says(p.PayeeName)
	if a.order(p.OrderNo).Approvals != 0 {
		t.Error("it was signed")
	}
}

func TestI04_TwoApprovalsAreTwoPeople(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.twoSigned(a.as(models.Maker))
	first, second := a.as(models.Approver), a.as(models.Controller)
	signed := first.card(p)
	signed.Set("whole", "1,900")
	first.post(approvalPath(p), signed).leadsTo("/approvals")
	first.get("/approvals").says("needs one more signature", "Nothing waits for you", "Waiting for others 1")
	first.post(approvalPath(p), signed).is(http.StatusConflict).says("Your approval was not recorded", "You have signed this payout already")
	if got := a.order(p.OrderNo); got.Stage != models.AwaitingApproval || got.Approvals != 1 {
		t.Fatalf("%s with %d", got.Stage, got.Approvals)
	}
	second.get("/approvals/"+p.OrderNo).says("From 1,500.00 PEN: 2 signatures", "signed", "Yours is the last signature", "Your signature")
	signed = second.card(p)
	signed.Set("whole", "1900")
	second.post(approvalPath(p), signed).leadsTo("/approvals")
	second.get("/approvals").says("Yours was the last signature")
	if got := a.order(p.OrderNo); got.Stage != models.Approved || got.Approvals != 2 {
		t.Fatalf("%s with %d", got.Stage, got.Approvals)
	}
	second.get("/approvals?tab=decided").says(p.PayeeName, "you signed")
}

func TestTheAmountIsTypedFromTheSecondBandUp(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.twoSigned(a.as(models.Maker))
	b := a.as(models.Approver)
	for _, typed := range []string{"", "1,800", "19", "1900.01", "1.9e3"} {
		signed := b.card(p)
		signed.Set("whole", typed)
		b.post(approvalPath(p), signed).is(http.StatusUnprocessableEntity).says("is not the amount of this payout", "You are about to approve", "····1234")
	}
	for i, typed := range []string{"1900.00", " 1 900 "} {
		signed := b.card(p)
		signed.Set("whole", typed)
		b.post(approvalPath(p), signed).is(http.StatusSeeOther)
		if i == 0 {
			b = a.as(models.Approver)
		}
	}
	small := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 5))
	b.get("/approvals/" + small.OrderNo).keepsQuiet(`name="whole"`)
	b.get("/approvals/"+small.OrderNo+"/approve").is(http.StatusOK).says("You are about to approve", small.PayeeName, "····2397")
	b.post(approvalPath(small), b.card(small)).is(http.StatusSeeOther)
}

func TestI03_AnApprovalOfEarlierContentIsRefusedInWords(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, b := a.as(models.Maker), a.as(models.Approver)
	form := a.town.Form("apay.taiwan", 1)
	p := a.submitted(maker, form)
	seen := b.card(p)
	form.Values["number"] = "4088748280279999"
	maker.post("/payouts/"+p.OrderNo+"/edit", sentAs(form)).is(http.StatusSeeOther)
	words := []string{"Your approval was not recorded", maker.person.Name + " changed this payout", "9999, before 2397"}
	b.post(approvalPath(p), seen).is(http.StatusConflict).says(words...)
	maker.post("/payouts/"+p.OrderNo+"/submission", maker.review(p)).is(http.StatusSeeOther)
	b.post(approvalPath(p), seen).is(http.StatusConflict).says(append(words, "Read it again")...)
	if a.order(p.OrderNo).Approvals != 0 {
		t.Error("it was signed")
	}
	b.get("/approvals/"+p.OrderNo).says("changed this order", "9999, before 2397", "Bank details changed", "From ····2397 to ····9999")
	b.post(approvalPath(p), url.Values{"digest": {"zz"}}).is(http.StatusConflict)
}

func TestARejectionNeedsAReasonThatTheMakerReads(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, b := a.as(models.Maker), a.as(models.Approver)
	p := a.submitted(maker, a.town.Form("apay.taiwan", 1))
	next := a.submitted(maker, a.town.Form("apay.taiwan", 2))
	b.get("/approvals/"+p.OrderNo+"/reject").is(http.StatusOK).says("You are about to reject", p.PayeeName)
	b.post("/payouts/"+p.OrderNo+"/rejection", url.Values{"digest": {hexOf(p)}, "reason": {""}, "password": {password}}).is(http.StatusUnprocessableEntity).says("Choose what is wrong with it", "Say why")
	b.post("/payouts/"+p.OrderNo+"/rejection", url.Values{"digest": {hexOf(p)}, "because": {"paid"}, "reason": {"The invoice is paid"}, "password": {password}}).leadsTo("/approvals/" + next.OrderNo)
	b.get("/approvals/"+next.OrderNo).says("Rejected. ", "1 of 1 to decide")
	if got := a.order(p.OrderNo); got.Stage != models.Rejected {
		t.Fatalf("it is %s", got.Stage)
	}
	maker.get("/payouts/" + p.OrderNo).says("The invoice is paid")
	b.post(approvalPath(p), url.Values{"digest": {hexOf(p)}, "password": {password}}).is(http.StatusConflict).says("rejected this payout")
}

func TestAQuestionToTheMakerVoidsNothing(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, first, second := a.as(models.Maker), a.as(models.Approver), a.as(models.Approver)
	p := a.twoSigned(maker)
	signed := first.card(p)
	signed.Set("whole", "1900")
	first.post(approvalPath(p), signed).is(http.StatusSeeOther)
	second.get("/approvals/" + p.OrderNo + "/question").is(http.StatusOK).says("Ask the maker")
	second.post("/payouts/"+p.OrderNo+"/question", url.Values{"reason": {"Which month?"}}).leadsTo("/approvals/" + p.OrderNo)
	second.get("/approvals/"+p.OrderNo).says("asked the maker", "Which month?")
	if a.order(p.OrderNo).Approvals != 1 {
		t.Error("a signature was lost")
	}
}

func TestTheInboxShowsWhatIsUnusual(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, b := a.as(models.Maker), a.as(models.Approver)
	for i := range 4 {
		a.town.Sent(a.town.Form("apay.taiwan", i))
		a.town.Pass(time.Minute)
	}
	a.town.Live(10*time.Minute, time.Minute)
	form := a.town.Form("apay.taiwan", 50)
	form.Amount = "1,000.00"
	usual := a.submitted(maker, form)
	fresh := a.submitted(maker, a.town.Form("cashy.peru", 51))
	b.get("/approvals").is(http.StatusOK).says("Mine to decide 2", "9 × usual", "New payee", "0 of 1 signed", "2 orders", "1,000 .00 TWD", "151 .50 PEN")
	b.get("/approvals/"+usual.OrderNo).says("Last 5 to this account", "This one is 9 times the usual", "1 of 2 to decide")
	b.get("/approvals?sort=largest").says("PEN 1 order", "TWD 1 order", "Longest waiting first")
	if body := b.get("/approvals").body; strings.Index(body, usual.OrderNo) > strings.Index(body, fresh.OrderNo) {
		t.Error("the longest waiting does not come first")
	}
	b.get("/approvals?after=" + usual.OrderNo).says("1 order").keepsQuiet("/approvals/" + usual.OrderNo)
}

func TestTheRailCountsWhatIMayDecide(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	both, maker := a.as(models.Maker, models.Approver), a.as(models.Maker)
	a.submitted(both, a.town.Form("apay.taiwan", 1))
	a.submitted(maker, a.town.Form("cashy.peru", 2))
	for b, want := range map[*browser]int{both: 1, maker: 0, a.as(models.Approver): 2, a.as(models.Auditor): 0} {
		counts, err := a.counts(a.Store.Read(t.Context()), b.person)
		must(t, err)
		if counts.Approvals != want {
			t.Errorf("%s counts %d, want %d", b.person.Name, counts.Approvals, want)
		}
	}
}

func hexOf(p models.Payout) string { return hex.EncodeToString(p.Digest) }

// X22: what decides needs no script but the passkey's, and this person has none.
func TestX22_WhereSomebodyDecidesThereIsNoScript(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	b := a.as(models.Approver)
	for _, step := range []string{"", "/approve", "/reject", "/question"} {
		b.get("/approvals/"+p.OrderNo+step).is(http.StatusOK).keepsQuiet("<script", "hx-sse", "data-set-theme", "data-copy")
	}
	if whole := b.get("/payouts/" + p.OrderNo).is(http.StatusOK); !strings.Contains(whole.body, "<script") || !strings.Contains(whole.body, "hx-sse:connect") {
		t.Error("a page that decides nothing has lost its comforts")
	}
}
