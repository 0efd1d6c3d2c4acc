package handlers

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// What two people could not settle is on the controller's home, first in the queue, and
// not for a resolver to propose.
func TestACaseOfTwoMindsIsTheControllers(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	town := a.town
	large := town.Form("apay.taiwan", 1)
	large.Amount = "90000.00"
	town.Unclear(large)
	p := town.Unclear(town.Form("apay.taiwan", 2))
	must(t, town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, services.Proposal{
		Says: "look_again", Reason: "nothing known", LookAgainAt: a.Now().Add(time.Hour)}, servicestest.Click(town.Verdicts.Core, town.Resolver)))
	open, _, err := models.OpenVerdict(a.Store.Read(t.Context()), p.ID)
	must(t, err)
	_, err = town.Verdicts.Confirm(t.Context(), town.Second, p.OrderNo, open.ID, "paid", "they wrote it", servicestest.Click(town.Verdicts.Core, town.Second))
	must(t, err)
	controller, resolver := a.as(models.Controller), a.as(models.Resolver)
	controller.get("/").is(http.StatusOK).says("1 case is for a controller", p.Amount().Decimal())
	resolver.get("/").is(http.StatusOK).keepsQuiet("is for a controller")
	resolver.get("/unclear").is(http.StatusOK).says("For a controller", "This case is for a controller", "Two people judged the evidence, and not alike.",
		"Two people disagreed about this order, so a controller proposes the next verdict.")
	controller.get("/unclear/"+p.OrderNo).is(http.StatusOK).says("Propose a verdict", "This case is for a controller")
	resolver.post("/unclear/"+p.OrderNo+"/verdict", url.Values{"says": {"look_again"}, "reason": {"once more"}, "look_again_at": {"2026-11-02T09:00"},
		"digest": {hex.EncodeToString(a.order(p.OrderNo).CaseDigest(nil))}, "password": {password}}).is(http.StatusForbidden)
	controller.get("/payouts/" + p.OrderNo).is(http.StatusOK).says("Handed to a controller. Two people judged the evidence, and not alike.")
}
