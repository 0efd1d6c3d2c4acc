package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

// lastRefused is the newest entry of somebody who was refused.
func (a *app) lastRefused() models.Event {
	a.t.Helper()
	all := a.events("refused")
	if len(all) == 0 {
		a.t.Fatal("nothing refused is on record")
	}
	return all[len(all)-1]
}

func TestI19_ARefusedAttemptSaysAtWhatItWasAndOverWhichContent(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, auditor := a.as(models.Maker), a.as(models.Auditor)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	maker.post(approvalPath(p), url.Values{"digest": {hexOf(p)}}).is(http.StatusForbidden)
	e := a.lastRefused()
	if e.PayoutID != p.ID || e.Details[models.AtOrder] != p.OrderNo || e.Details[models.AtDigest] != hexOf(p) || e.Details["route"] != "POST /payouts/:no/approval" {
		t.Errorf("on record: %+v", e)
	}
	auditor.get("/audit?question=refused").says("Refused: approve or reject payouts").links(pathOf(p))
	auditor.get(pathOf(p)).says(maker.person.Name + " was refused: approve or reject payouts. No role allows it. Nothing was done.")
	for _, page := range []string{pathOf(p), pathOf(p) + "/explanation"} {
		maker.get(page).is(http.StatusOK).keepsQuiet("was refused")
	}
	auditor.get(pathOf(p) + "/explanation").says(maker.person.Name + " was refused on")
	for path, at := range map[string]string{
		"/payees/" + p.PayeeID.Value() + "/release": models.AtPayee, "/changes/7/confirmation": models.AtChange, "/notices/8/look": models.AtNotice,
		"/people/1/roles": models.AtPerson, "/gateways/2/keys": models.AtAccount, "/payees/blocked/3/lifting": models.AtBlock,
	} {
		maker.post(path, nil).is(http.StatusForbidden)
		if number := a.lastRefused().Details[at]; number == "" || !strings.Contains(path, "/"+number+"/") {
			t.Errorf("%s is on record as %+v", path, a.lastRefused().Details)
		}
		auditor.get("/audit?question=refused").is(http.StatusOK)
	}
	maker.post("/payouts/of%20Mr%20Chen/approval", nil).is(http.StatusForbidden)
	if tried := a.lastRefused(); tried.Details[models.AtOrder] != "" || tried.PayoutID != 0 {
		t.Errorf("what was typed in the place of a number is on record: %+v", tried.Details)
	}
	a.town.Sound()
}

// An attempt at an order that the person does not see is not told on that order, and in
// the audit to those alone who see it.
func TestI23_AnAttemptOutsideOfTheScopeIsToldToWhoSeesTheOrder(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	limited := func(role models.Role, to models.GatewayAccount) *browser {
		person := a.add(role)
		a.write(func(tx *gorm.DB) error {
			return models.SetScope(tx, person.ID, models.Scope{Accounts: []models.AccountID{to.ID}})
		})
		b := a.nobody()
		b.signIn(person)
		return b
	}
	elsewhere, there, here := limited(models.Maker, a.town.Lima), limited(models.Auditor, a.town.Lima), limited(models.Auditor, a.town.Taipei)
	elsewhere.post(approvalPath(p), url.Values{"digest": {hexOf(p)}}).is(http.StatusForbidden)
	if e := a.lastRefused(); e.PayoutID != 0 || e.Details[models.AtOrder] != p.OrderNo {
		t.Errorf("on record: %+v", e)
	}
	for _, list := range []string{"/audit", "/audit?question=refused", "/audit.csv"} {
		there.get(list).is(http.StatusOK).keepsQuiet(p.OrderNo)
		if got := here.get(list).is(http.StatusOK); !strings.Contains(got.body, p.OrderNo) {
			t.Errorf("%s does not tell who sees the order", list)
		}
	}
	here.get(pathOf(p)).keepsQuiet("was refused")
}

func TestAnApprovalOfOtherContentIsToldThatTheOrderStillWaits(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	b.post(approvalPath(p), url.Values{"digest": {strings.Repeat("ab", 32)}, "password": {password}}).is(http.StatusConflict).
		says("Your approval was not recorded", "not the content of this payout. It still waits for signatures").keepsQuiet("no longer waits")
}
