package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
)

// What waits for somebody who is away is told to who stands in, until the last day; then it
// is over by itself.
func TestE10_WhatWaitsForWhoIsAwayStandsInTheOthersList(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	lin, zhao := a.as(models.Approver), a.as(models.Approver)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	choice := fmt.Sprintf("approver %d", zhao.person.ID)
	named := url.Values{"to": {choice}, "from": {"2026-11-02"}, "until": {"2026-11-04"}}
	lin.get("/profile").says("Standing in for one another", zhao.person.Name+", approver")
	wrong := url.Values{"to": {fmt.Sprintf("controller %d", a.town.Controller.ID)}, "from": {"2026-11-02"}, "until": {"2026-11-04"}}
	lin.post("/profile/delegations", wrong).is(http.StatusForbidden)
	lin.post("/profile/delegations", url.Values{"to": {choice}, "from": {"2026-11-02"}, "until": {"2026-11-01"}}).is(http.StatusUnprocessableEntity).says("Say the last day")
	lin.post("/profile/delegations", named).leadsTo("/profile")
	lin.post("/profile/delegations", named).is(http.StatusUnprocessableEntity).says("at that time already")
	zhao.get("/approvals").says(zhao.person.Name+" stands in for "+lin.person.Name, "For "+lin.person.Name+", until 4 Nov")
	zhao.get("/approvals/"+p.OrderNo).says("For "+lin.person.Name+", until 4 Nov", "Approve")
	lin.get("/approvals").says("Mine to decide 1") // nobody loses a right
	admin := a.as(models.PeopleAdmin)
	admin.get(fmt.Sprintf("/people/%d", lin.person.ID)).says(zhao.person.Name + " stands in for " + lin.person.Name)
	a.town.Pass(72 * time.Hour)
	again := a.nobody()
	again.signIn(zhao.person)
	again.get("/approvals").keepsQuiet("stands in for").keepsQuiet("For " + lin.person.Name)
	if made := a.events("delegated"); len(made) != 1 || made[0].ActorID != lin.person.ID || made[0].Details["to"] != zhao.person.Name {
		t.Errorf("on record: %+v", made)
	}
}

func TestE10_EitherEndsItAndWhoLeavesEndsAll(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	lin, zhao := a.as(models.Approver), a.as(models.Approver)
	for i, from := range []string{"2026-11-02", "2026-11-12", "2026-11-22"} {
		named := url.Values{"to": {fmt.Sprintf("approver %d", zhao.person.ID)}, "from": {from}, "until": {from}}
		lin.post("/profile/delegations", named).leadsTo("/profile")
		path := fmt.Sprintf("/profile/delegations/%d/end", i+1)
		switch i {
		case 0:
			a.as(models.Approver).post(path, nil).is(http.StatusNotFound)
			lin.post(path, nil).leadsTo("/profile")
			lin.post(path, nil).is(http.StatusConflict)
		case 1:
			zhao.post(path, nil).leadsTo("/profile")
		}
	}
	admin := a.as(models.PeopleAdmin)
	admin.post(fmt.Sprintf("/people/%d/deactivation", zhao.person.ID), nil).is(http.StatusSeeOther)
	if ended := a.events("delegation_ended"); len(ended) != 3 {
		t.Errorf("on record: %+v", ended)
	}
}

// "Not me" moves an order from one list to another's, and signs nothing.
func TestE10_NotMeLeavesOneOrderToAnother(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	lin, zhao := a.as(models.Approver), a.as(models.Approver)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	lin.get("/approvals/" + p.OrderNo).says("Not me")
	lin.get("/approvals/"+p.OrderNo+"/hand").is(http.StatusOK).says("Who is to sign instead of you", zhao.person.Name).keepsQuiet("Zed controller")
	hand := func(to models.PersonID) url.Values {
		return url.Values{"to": {fmt.Sprint(to)}, "reason": {"I know the payee"}}
	}
	path := "/payouts/" + p.OrderNo + "/hand"
	lin.post(path, hand(a.town.Maker.ID)).is(http.StatusUnprocessableEntity).says("made this order, so they can never sign it")
	lin.post(path, url.Values{"to": {fmt.Sprint(zhao.person.ID)}, "reason": {""}}).is(http.StatusUnprocessableEntity)
	lin.post(path, hand(zhao.person.ID)).leadsTo("/approvals")
	lin.get("/approvals").says("Mine to decide 0", "Waiting for others 1")
	zhao.get("/approvals").says("Mine to decide 1", lin.person.Name+" left it to you")
	if got := a.order(p.OrderNo); got.Approvals != 0 || got.Stage != models.AwaitingApproval || len(a.events("handed_on")) != 1 {
		t.Fatalf("%+v", got.State)
	}
	zhao.post(path, hand(lin.person.ID)).is(http.StatusSeeOther)
	lin.get("/approvals").says("Mine to decide 1", zhao.person.Name+" left it to you")
	lin.post(path, hand(zhao.person.ID)).is(http.StatusSeeOther)
	must(t, a.People.Deactivate(t.Context(), models.Machine("test"), zhao.person.ID, services.Heirs{}, services.Signed{}))
	lin.get("/approvals").says("Mine to decide 1")
	lin.post(approvalPath(p), lin.card(p)).is(http.StatusSeeOther)
	if got := a.order(p.OrderNo); got.Approvals != 1 {
		t.Errorf("%+v", got.State)
	}
	a.town.Sound()
}
