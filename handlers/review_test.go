package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
)

func TestCheckingSaysTheAmountInWordsAndTheGatewaysUnit(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	form := a.town.Form("apay.taiwan", 1)
	form.Amount = "1850.50"
	p := a.drafted(maker, form)
	maker.get("/payouts/"+p.OrderNo+"/review").is(http.StatusOK).says(
		"One thousand eight hundred and fifty New Taiwan dollars and fifty cents", "185050", "1,850.50 TWD in cents", "408874828027 2397",
		"I have compared the account", "Submit for approval").keepsQuiet("key-of-taipei")
	a.as(models.Maker).get("/payouts/" + p.OrderNo + "/review").is(http.StatusForbidden).keepsQuiet("408874828027")
}

func TestSubmittingNeedsTheAnswersThatWereChecked(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	form := a.town.Form("apay.taiwan", 1)
	p := a.drafted(maker, form)
	checked := maker.review(p)
	path := "/payouts/" + p.OrderNo

	maker.post(path+"/submission", url.Values{"digest": checked["digest"]}).is(http.StatusUnprocessableEntity).says("Compare the account with the invoice")
	form.Purpose = "November freight"
	maker.post(path+"/edit", sentAs(form)).leadsTo(path + "/review")
	maker.post(path+"/submission", checked).is(http.StatusConflict).says("changed")
	if got := a.order(p.OrderNo); got.Stage != models.Draft {
		t.Fatalf("it is %s", got.Stage)
	}
	maker.post(path+"/submission", maker.review(p)).leadsTo(path)
	maker.get(path + "/review").leadsTo(path)
}

func TestAnEditMakesSignaturesVoid(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	form := a.town.Form("cashy.peru", 1)
	form.Amount = "1900.00"
	p := a.submitted(maker, form)
	if p.Needed != 2 {
		t.Fatalf("%d signatures needed", p.Needed)
	}
	must(t, a.town.Approve(a.town.Approver, p.OrderNo, p.Digest))
	page := maker.get("/payouts/"+p.OrderNo+"/edit").is(http.StatusOK).says("Saving makes 1 signature void", "Change payout, Peru bank")
	if !strings.Contains(page.body, `value="0037651234"`) {
		t.Error("the maker's own answers are not there")
	}
	a.as(models.Maker).get("/payouts/" + p.OrderNo + "/edit").is(http.StatusForbidden)
	form.Amount = "1950.00"
	maker.post("/payouts/"+p.OrderNo+"/edit", sentAs(form)).leadsTo("/payouts/" + p.OrderNo + "/review")
	got := a.order(p.OrderNo)
	if got.Stage != models.Draft || got.Approvals != 0 || got.Version != 2 || got.Amount().Decimal() != "1950.00" {
		t.Fatalf("%s, %d signatures, version %d, %s", got.Stage, got.Approvals, got.Version, got.Amount())
	}
	maker.get("/payouts/" + p.OrderNo + "/review").says("It is a draft again")
}

func TestNobodySubmitsWhatNobodyCanSign(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	for _, p := range []models.Person{a.town.Other, a.town.Approver, a.town.Second, a.town.Controller} {
		must(t, a.People.Deactivate(t.Context(), models.Machine("test"), p.ID, services.Heirs{}, services.Signed{}))
	}
	p := a.drafted(maker, a.town.Form("apay.taiwan", 1))
	maker.get("/payouts/" + p.OrderNo + "/review").says("Nobody is left who could sign this").keepsQuiet("Submit for approval")
}
