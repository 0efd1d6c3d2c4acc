package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

func TestTheBookFindsAPayeeByNameInAnyScriptByLastFourAndByNumber(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	a.drafted(maker, a.town.Form("apay.taiwan", 1))
	a.drafted(maker, a.town.Form("cashy.peru", 2))

	reader := a.as(models.Auditor)
	reader.get("/payees").is(http.StatusOK).says("陳怡君", "Rosa Quispe", "Never paid").keepsQuiet("4088748280272397")
	search := func(typed string) page {
		t.Helper()
		to := reader.post("/payees/search", url.Values{"q": {typed}, "filter": {""}}).is(http.StatusSeeOther).header.Get("Location")
		if strings.Contains(to, "4088748280272397") {
			t.Errorf("the number stands in the address %s", to)
		}
		return reader.get(to).is(http.StatusOK)
	}
	for _, typed := range []string{"陈怡君", "陳怡", "2397", "4088748280272397", "4088-7482 8027-２３９７"} {
		search(typed).says("陳怡君").keepsQuiet("Rosa Quispe")
	}
	search("ROSA quispe").says("Rosa Quispe").keepsQuiet("怡君")
	search("nobody at all").says("No payee fits")
	reader.get("/payees?rail=cashy.peru").says("Rosa Quispe").keepsQuiet("陳怡君")
	reader.get("/payees?state=changed").says("Nobody's details have changed")
	reader.get("/payees?state=odd").is(http.StatusUnprocessableEntity)
	reader.get("/payees?q=4088748280272397").is(http.StatusSeeOther)
}

func TestD8APayeesNumberIsMaskedAndShowingItIsOnRecord(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	p := a.drafted(maker, a.town.Form("apay.taiwan", 1))
	path := "/payees/" + p.PayeeID.Value()
	reveal := url.Values{"version": {fmt.Sprint(p.PayeeVersionID)}}

	a.as(models.Auditor).get(path).is(http.StatusOK).says("陳怡君", "····2397", "101", "INV-apay.taiwan-1").keepsQuiet("4088748280272397", ">Reveal<")
	a.as(models.Auditor).post(path+"/reveal", reveal).is(http.StatusForbidden)
	a.as(models.Maker).post(path+"/reveal", reveal).is(http.StatusForbidden).keepsQuiet("4088748280272397")
	if n := len(a.events("payee_revealed")); n != 0 {
		t.Fatalf("%d reveals on record", n)
	}
	a.as(models.Approver).post(path+"/reveal", reveal).is(http.StatusOK).says("4088748280272397", "That you looked is on record")
	maker.post(path+"/reveal", reveal).is(http.StatusOK)
	events := a.events("payee_revealed")
	if len(events) != 2 || events[0].Details["last4"] != "2397" || strings.Contains(fmt.Sprint(events), "4088748280272397") {
		t.Errorf("on record: %v", events)
	}
	a.as(models.Approver).post("/payees/9999/reveal", reveal).is(http.StatusNotFound)
	a.as(models.Auditor).get("/payees/9999").is(http.StatusNotFound)
	a.as(models.GatewayAdmin).get("/payees").is(http.StatusForbidden)
}

func TestAPayeeWhoWasPaidIsNotCalledNew(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.town.SetPayeeRules(models.PayeeRules{Cooling: 60})
	p := a.town.Draft(a.town.Form("apay.taiwan", 1))
	approver := a.as(models.Approver)
	payee := "/payees/" + p.PayeeID.Value()
	approver.get(payee).says("These details are new")
	a.write(func(tx *gorm.DB) error {
		return tx.Create(&models.PayeeRelease{VersionID: p.PayeeVersionID, Why: models.ReleaseNew, ReleasedBy: a.town.Second.ID, ProposedBy: &a.town.Approver.ID, Reason: "x", ReleasedAt: a.town.Now()}).Error
	})
	approver.get(payee).keepsQuiet("These details are new")
}
