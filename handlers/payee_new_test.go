package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"countersign/models"
)

// enteringWu is the form that enters somebody whom no book has.
func enteringWu() url.Values {
	return url.Values{"rail": {"apay.taiwan"}, "f.bank_code": {"822"}, "f.number": {"4088748280272397"}, "f.name": {"吳佩珊"}, "reason": {"New translator, contract 118"}}
}

func TestD1_APayeeIsEnteredWithoutAPayoutByTwoPeopleAfterACall(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.town.SetPayeeRules(models.PayeeRules{Calls: true, Cooling: 60})
	maker, approver := a.as(models.Maker), a.as(models.Approver)
	approver.get("/payees/new").is(http.StatusForbidden)
	approver.get("/payees").keepsQuiet("/payees/new")
	maker.get("/payees").says("Enter a payee")
	maker.get("/payees/new").is(http.StatusOK).says("Taiwan bank", "in TWD")
	maker.get("/payees/new?rail=apay.mars").is(http.StatusNotFound)
	maker.get("/payees/new?rail=apay.taiwan").is(http.StatusOK).says("Account holder", "the book has nobody to pay")
	form := enteringWu()
	form.Set("f.number", "40887x")
	form.Set("reason", "")
	maker.post("/payees/new", form).is(http.StatusUnprocessableEntity).says("digits", "Who they are")
	decide := maker.post("/payees/new", enteringWu()).is(http.StatusSeeOther).header.Get("Location")
	maker.get("/payees?q=吳佩珊").says("No payee fits")
	maker.post("/payees/new", enteringWu()).is(http.StatusConflict)
	maker.get(decide).is(http.StatusOK).says("so somebody else")

	approver.get(decide).is(http.StatusOK).says("New payee 吳佩珊", "Taiwan bank, TWD", "2397", "New translator", "One person other than whoever asked").keepsQuiet("4088748280272397")
	waiting, err := models.WaitingChanges(a.Store.Read(t.Context()))
	must(t, err)
	confirm := url.Values{"digest": {fmt.Sprintf("%x", waiting[0].Digest)}, "password": {password}}
	approver.post(decide+"/confirmation", confirm).is(http.StatusConflict).says("calls")
	evidence := fmt.Sprintf("/payees/new/changes/%d", waiting[0].ID)
	a.town.Pass(5 * time.Minute)
	maker.post(evidence+"/calls", calls(a, "yes")).is(http.StatusForbidden)
	approver.post(evidence+"/calls", calls(a, "yes")).leadsTo(evidence)
	approver.get(evidence).is(http.StatusOK).says("Ms Chen, accounting", "Payees")
	approver.post(evidence+"/reveal", nil).is(http.StatusOK).says("4088748280272397")
	approver.post(decide+"/confirmation", confirm).is(http.StatusSeeOther)

	maker.get("/payees?q=wupeishan").says("吳佩珊", "None yet")
	maker.get("/payees/1").says("entered by", "confirmed by", "These details are new").keepsQuiet("4088748280272397")
	maker.get("/payees/1/changes/1").is(http.StatusOK).says("Ms Chen, accounting")
	maker.get(evidence).is(http.StatusOK)
	maker.get("/payees/2/changes/1").is(http.StatusNotFound)
	maker.get("/payouts/new?payee=1").is(http.StatusOK).says("····2397")
	maker.post("/payees/new", enteringWu()).is(http.StatusConflict).says("has 吳佩珊 with the account ····2397 already")
	if n := len(a.events("payee_entered")) + len(a.events("payee_called")) + len(a.events("payee_revealed")); n != 3 {
		t.Errorf("%d acts on record", n)
	}
}

func TestD7_WhatIsOddAboutANewPayeeIsToldToBoth(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.sent("apay.taiwan", 1) // 陳怡君, ····2397
	maker, approver := a.as(models.Maker), a.as(models.Approver)
	form := enteringWu()
	form.Set("f.name", "陈怡君")
	form.Set("f.number", "4088748280279999")
	maker.post("/payees/new", form).is(http.StatusUnprocessableEntity).says("a payee of this name, 陳怡君, who is paid to ····2397", "I have looked at it")
	form.Set("f.number", "4088748280272397")
	maker.post("/payees/new", form).is(http.StatusUnprocessableEntity).says("a payee of this name", "is paid to this very account")
	form.Set("seen", "on")
	decide := maker.post("/payees/new", form).is(http.StatusSeeOther).header.Get("Location")
	approver.get(decide).is(http.StatusOK).says("Something about this payee is odd", "a payee of this name, 陳怡君", "is paid to this very account")

	surname := url.Values{"rail": {"apay.alipay"}, "f.payee_name": {"周丽"}, "f.alipay_surname": {"王"}, "f.alipay_account_name": {"li.zhou@163.com"}, "reason": {"Invoices"}}
	maker.post("/payees/new", surname).is(http.StatusUnprocessableEntity).says("does not begin with 王")
}
