package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"countersign/models"
)

func TestD7_ThePagesSayWhatIsBlockedAndTwoTakeItOff(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, approver, second := a.as(models.Maker), a.as(models.Approver), a.as(models.Approver)
	a.town.Maker = maker.person
	draft, waiting := a.town.Draft(a.town.Form("apay.taiwan", 1)), a.town.Submitted(a.town.Form("apay.taiwan", 2))
	payee := "/payees/" + draft.PayeeID.Value()

	maker.get(payee).is(http.StatusOK).keepsQuiet("blocked/new")
	maker.get("/payees/blocked/new").is(http.StatusForbidden)
	maker.get("/payees/blocked").is(http.StatusOK).says("Nothing is blocked")
	form := url.Values{"kind": {"number"}, "version": {fmt.Sprint(draft.PayeeVersionID)}, "reason": {""}}
	approver.get("/payees/blocked/new?version="+form.Get("version")).is(http.StatusOK).says("The account ····2397", "The name 陳怡君").keepsQuiet("4088748280272397")
	approver.post("/payees/blocked", form).is(http.StatusUnprocessableEntity)
	approver.post("/payees/blocked", url.Values{"kind": {"number"}, "number": {"40"}, "reason": {"x"}}).is(http.StatusUnprocessableEntity).says("Enter the whole number")
	form.Set("reason", "The bank called")
	approver.post("/payees/blocked", form).leadsTo("/payees/blocked")

	maker.get("/payees/blocked").says("陳怡君 ····2397", "Nothing is paid", "The bank called").keepsQuiet("4088748280272397")
	for _, page := range []string{payee, "/payouts/" + draft.OrderNo + "/review"} {
		maker.get(page).is(http.StatusOK).says("is on the block list", "The bank called")
	}
	maker.post("/payouts/"+draft.OrderNo+"/submission", url.Values{"digest": {fmt.Sprintf("%x", draft.Digest)}, "compared": {"on"}}).is(http.StatusForbidden).says("The bank called")
	approver.get("/payouts/" + waiting.OrderNo).says("payee blocked").keepsQuiet("/resume")
	approver.get("/payouts/" + waiting.OrderNo + "/resume").is(http.StatusForbidden).says("The bank called")
	approver.get("/approvals/" + waiting.OrderNo).says("is on the block list")

	maker.post("/payees/blocked/1/lifting", url.Values{"reason": {"It is right"}}).is(http.StatusForbidden)
	approver.post("/payees/blocked/1/lifting", url.Values{"reason": {"The bank took it back"}}).is(http.StatusSeeOther)
	change, _, err := models.WaitingChange(a.Store.Read(t.Context()), models.ChangeUnblock, "1")
	must(t, err)
	decide := fmt.Sprintf("/changes/%d", change.ID)
	second.get(decide).says("Block of 陳怡君 ····2397", "taken off the list", "The bank took it back")
	second.post(decide+"/confirmation", url.Values{"digest": {fmt.Sprintf("%x", change.Digest)}, "password": {password}}).is(http.StatusSeeOther)
	maker.get("/payees/blocked/1").says("Taken off")
	approver.get("/payouts/" + waiting.OrderNo + "/resume").is(http.StatusOK)
}
