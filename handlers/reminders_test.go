package handlers

import (
	"net/http"
	"testing"
	"time"

	"countersign/models"
)

// The card says who was reminded and with whom the order is, and the home of that one too.
func TestE10_TheCardSaysWhoWasRemindedAndWithWhomItIs(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	for _, p := range []models.Person{a.town.Second, a.town.Other, a.town.Controller} {
		a.nowIs(p, models.Auditor)
	}
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	a.town.Pass(13 * time.Hour) // four working hours of a Monday
	must(t, a.Payouts.Remind(t.Context()))
	zhao := a.as(models.Approver)
	card := "/approvals/" + p.OrderNo
	zhao.get(card).is(http.StatusOK).says(a.town.Approver.Name + " was reminded")
	zhao.get("/").is(http.StatusOK).keepsQuiet("with you in particular")
	a.town.Pass(24 * time.Hour)
	must(t, a.Payouts.Remind(t.Context()))
	zhao = a.again(zhao)
	zhao.get(card).is(http.StatusOK).says(a.town.Approver.Name + " did not decide; with you since")
	zhao.get("/payouts/" + p.OrderNo).is(http.StatusOK).says("Now with " + zhao.person.Name)
	zhao.get("/").is(http.StatusOK).says("1 payout is with you in particular")
	zhao.get("/approvals").is(http.StatusOK).says("with you since")
	must(t, a.Payouts.HandOn(t.Context(), zhao.person, p.OrderNo, a.town.Approver.ID, "they know the payee"))
	zhao.get("/").is(http.StatusOK).keepsQuiet("with you in particular")
	a.town.Pass(24 * time.Hour)
	must(t, a.Payouts.Remind(t.Context()))
	controller := a.as(models.Controller)
	controller.get("/").is(http.StatusOK).says("1 payout waits for signatures and nobody decides")
	controller.get(card).is(http.StatusOK).says("with the controllers since")
	if got := a.order(p.OrderNo); got.Approvals != 0 || got.Stage != models.AwaitingApproval {
		t.Errorf("%+v", got.State)
	}
}

// again is the same person in a new sign-in, after hours.
func (a *townApp) again(b *browser) *browser {
	a.t.Helper()
	fresh := a.nobody()
	fresh.signIn(b.person)
	return fresh
}
