package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

// Taking a role or a part of the business away acts at once, so what nobody could sign any
// more is said first and has to be meant.
func TestE9_WhatAChangeLeavesToNobodyIsSaidBeforeItIsDone(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	admin := a.as(models.PeopleAdmin)
	for _, p := range []models.Person{a.town.Second, a.town.Other, a.town.Controller} {
		a.nowIs(p, models.Auditor)
	}
	p, before := a.town.Approver, len(a.events("roles_changed"))
	path := fmt.Sprintf("/people/%d", p.ID)
	lima := url.Values{"roles": {"approver"}, "accounts": {fmt.Sprint(a.town.Lima.ID)}, "reason": {"works for Lima from now on"}}
	admin.post(path+"/roles", lima).is(http.StatusUnprocessableEntity).says("Nothing was changed yet", "After this some payouts could not be signed by anybody", "Do it all the same")
	if len(a.events("roles_changed")) != before {
		t.Fatal("it was done without being meant")
	}
	admin.get(path).says("Without this person some payouts could not be signed by anybody")
	lima.Set("anyway", "on")
	admin.post(path+"/roles", lima).leadsTo(path)
	if len(a.events("roles_changed")) != before+1 {
		t.Error("it was not done")
	}
}

// The card of an order that nobody else can sign says who is in the way, and by what.
func TestE9_TheCardOfAStuckOrderSaysWhoIsInTheWay(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	town := a.town
	p := town.Submitted(town.Form("apay.taiwan", 1))
	reader := a.as(models.Auditor)
	card := "/approvals/" + p.OrderNo
	reader.get(card).is(http.StatusOK).keepsQuiet("No one else can approve this")
	a.nowIs(town.Second, models.Auditor)
	a.nowIs(town.Other, models.Maker)
	a.write(func(tx *gorm.DB) error {
		if err := models.SetScope(tx, town.Controller.ID, models.Scope{Accounts: []models.AccountID{town.Lima.ID}}); err != nil {
			return err
		}
		return models.SetActive(tx, town.Approver.ID, false)
	})
	reader.get(card).is(http.StatusOK).says("No one else can approve this", town.Maker.Name+" made it", town.Controller.Name+" does not see this account and currency",
		town.Approver.Name+" is deactivated").keepsQuiet(town.Second.Name + " ")
}

func TestWhoSeesAPartOfTheBusinessIsToldOfItsLimits(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	_, err := (&services.Limits{Core: a.Core}).Set(t.Context(), models.Machine("test"), models.Limits{Zone: "UTC", Limits: []models.Limit{
		{Scope: models.LimitDay, Currency: "TWD", Minor: 9000_00}, {Scope: models.LimitDay, Currency: "PEN", Minor: 8000_00}, {Scope: models.LimitGateway, Currency: "PEN", Minor: 7000_00},
	}}, "for the test")
	must(t, err)
	r := &realm{townApp: a}
	a.town.Approved(a.town.Form("cashy.peru", 1))
	b := r.limited(models.Approver)
	b.get("/limits").is(http.StatusOK).says("9,000.00").keepsQuiet("101.50")
	a.as(models.Approver).get("/limits").is(http.StatusOK).says("101.50 of", "8,000.00")
}
