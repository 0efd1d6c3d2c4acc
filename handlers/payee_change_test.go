package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

// calls are what somebody tells of a good call to a payee.
func calls(a *townApp, readBack string) url.Values {
	return url.Values{
		"number": {"+886 2 2712 0000"}, "source": {"contract"}, "source_note": {"Contract 118, page 3"}, "known_since": {"2025-03-01"},
		"called_at": {a.town.Now().Format("2006-01-02T15:04")}, "reached": {"Ms Chen, accounting"}, "read_back": {readBack}, "note": {""},
	}
}

func TestD2_APayeesDetailsAreChangedByOneAndConfirmedByAnotherAfterACall(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.town.SetPayeeRules(models.PayeeRules{Calls: true})
	paid := a.sent("apay.taiwan", 1)
	maker, approver := a.as(models.Maker), a.as(models.Approver)
	payee := "/payees/" + paid.PayeeID.Value()

	a.as(models.Auditor).get(payee + "/change").is(http.StatusForbidden)
	form := maker.get(payee+"/change").is(http.StatusOK).says("Change where 陳怡君 is paid", "Leave it empty to keep it as it is")
	form.keepsQuiet("4088748280272397")
	answers := url.Values{"f.bank_code": {"822"}, "f.name": {"陳怡君"}, "f.number": {""}, "reason": {"They wrote"}}
	maker.post(payee+"/change", answers).is(http.StatusConflict)
	answers.Set("f.number", "40887x")
	maker.post(payee+"/change", answers).is(http.StatusUnprocessableEntity).says("digits")
	answers.Set("f.number", "4088748280272497")
	evidence := maker.post(payee+"/change", answers).is(http.StatusSeeOther).header.Get("Location")
	maker.get(payee + "/change").is(http.StatusOK).says("They wrote")

	page := approver.get(evidence).is(http.StatusOK).says("Before and after, side by side", "in one place", "One person other than whoever asked")
	page.keepsQuiet("4088748280272397", "4088748280272497")
	if !strings.Contains(page.body, "<ins>4</ins>") && !strings.Contains(page.body, "<ins>•</ins>") {
		t.Error("the digit that differs is not marked")
	}
	a.town.Pass(5 * time.Minute)
	maker.post(evidence+"/calls", calls(a, "yes")).is(http.StatusForbidden).says("You asked for this change")
	young := calls(a, "yes")
	young.Set("known_since", a.town.Now().Format(time.DateOnly))
	approver.post(evidence+"/calls", young).is(http.StatusUnprocessableEntity).says("The number has to be known to us before")

	change, waits, err := models.WaitingChange(a.Store.Read(t.Context()), models.ChangePayee, paid.PayeeID.Value())
	if err != nil || !waits {
		t.Fatal("no change waits", err)
	}
	confirm := url.Values{"digest": {fmt.Sprintf("%x", change.Digest)}, "password": {password}}
	decide := fmt.Sprintf("/changes/%d", change.ID)
	approver.post(decide+"/confirmation", confirm).is(http.StatusConflict).says("calls")
	approver.post(evidence+"/calls", calls(a, "yes")).leadsTo(evidence)
	approver.get(evidence).says("Ms Chen, accounting", "Contract 118, page 3", "+886 2 2712 0000")
	approver.get(decide).is(http.StatusOK).says("Before and after, side by side", "Ms Chen, accounting")
	approver.post(decide+"/confirmation", confirm).is(http.StatusSeeOther)
	maker.get(payee).says("····2497", "Details before", "····2397", "confirmed by")
	approver.post(evidence+"/reveal", nil).is(http.StatusOK).says("Both numbers")
	if n := len(a.events("payee_changed")) + len(a.events("payee_called")) + len(a.events("payee_revealed")); n != 3 {
		t.Errorf("%d acts on record", n)
	}
}

func TestI25_APayeeChangedAndPaidByTheSamePersonIsRefusedInWordsAndInTheAudit(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	paid := a.sent("apay.taiwan", 1)
	both := a.as(models.Maker, models.Approver)
	a.town.Must(a.town.Confirmed(a.town.Approver, a.town.Moved(both.person, paid, "4088748280279999")))
	p := a.town.Submitted(a.town.Picked(paid, 2))
	both.get("/approvals/" + p.OrderNo).says("You entered the payee's details")
	both.post("/payouts/"+p.OrderNo+"/approval", url.Values{"digest": {fmt.Sprintf("%x", p.Digest)}}).is(http.StatusForbidden).says("You entered the payee's details")
	refused := a.events("refused")
	if len(refused) == 0 || refused[len(refused)-1].ActorID != both.person.ID {
		t.Errorf("the audit has %d refusals", len(refused))
	}
	if a.order(p.OrderNo).Approvals != 0 {
		t.Error("it was signed")
	}
}
