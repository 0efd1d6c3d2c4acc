package handlers

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
)

// rejects hands an order in and rejects it for this reason.
func (a *townApp) rejects(b *browser, serial int, why models.RejectionReason, text string) models.Payout {
	a.t.Helper()
	p := a.town.Submitted(a.town.Form("apay.taiwan", serial))
	b.post(pathOf(p)+"/rejection", url.Values{"digest": {hexOf(p)}, "because": {string(why)}, "reason": {text}, "password": {password}}).is(http.StatusSeeOther)
	return p
}

func TestARejectionSaysWhyByTheListAndInWords(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b, auditor := a.as(models.Approver), a.as(models.Auditor)
	p := a.rejects(b, 1, models.RejectAmount, "The invoice is over 301.15")
	for _, path := range []string{pathOf(p), "/audit?question=rejected", pathOf(p) + "/explanation", "/audit/exceptions"} {
		auditor.get(path).is(http.StatusOK).says("Another sum", "The invoice is over 301.15")
	}
	if e := a.events(string(models.MoveReject)); len(e) != 1 || e[0].Details[models.RejectedFor] != "amount" || e[0].Details["reason_text"] != "The invoice is over 301.15" {
		t.Errorf("the log says %+v", e)
	}
	if page := a.bundlesPage(p); !strings.Contains(page, "Another sum: The invoice is over 301.15") {
		t.Error("the bundle leaves the reason out")
	}
	if _, err := a.outsider(p); err != nil {
		t.Error(err)
	}
}

// bundlesPage is what the order's bundle shows without us.
func (a *townApp) bundlesPage(p models.Payout) string {
	a.t.Helper()
	whole, err := a.Evidence.Take(a.t.Context(), a.town.Auditor, p.OrderNo, views.DrawEvidence)
	must(a.t, err)
	files, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	must(a.t, err)
	page, err := fs.ReadFile(files, "index.html")
	must(a.t, err)
	return string(page)
}

func TestARejectionForNoReasonOfTheListIsRefused(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	for _, because := range []string{"", "none", "Amount"} {
		b.post(pathOf(p)+"/rejection", url.Values{"digest": {hexOf(p)}, "because": {because}, "reason": {"no"}, "password": {password}}).
			is(http.StatusUnprocessableEntity).says("Choose what is wrong with it")
	}
	if stands := a.order(p.OrderNo); stands.Stage != models.AwaitingApproval {
		t.Errorf("it is %s", stands.Stage)
	}
}

// Before there was a list orders were rejected in words alone.
func TestARejectionInWordsAloneStaysReadable(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	a.write(func(tx *gorm.DB) error {
		return models.Record(tx, &p, models.MoveReject, models.Effect{}, a.town.Approver.As(models.VerbApprove), a.town.Now(), models.Details{"reason_text": "Not this month"})
	})
	auditor := a.as(models.Auditor)
	for _, path := range []string{pathOf(p), "/audit?question=rejected", pathOf(p) + "/explanation", "/audit/exceptions"} {
		auditor.get(path).is(http.StatusOK).says("Not this month").keepsQuiet("[rejection.")
	}
	auditor.get("/audit/exceptions").says("In words alone 1")
}

func TestRejectedOrdersAreFoundAndCountedByTheirReason(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	a.rejects(b, 1, models.RejectAmount, "one")
	a.rejects(b, 2, models.RejectPapers, "two")
	a.rejects(b, 3, models.RejectPapers, "three")
	a.town.Submitted(a.town.Form("apay.taiwan", 4))
	for address, rows := range map[string]int{"rejected=papers": 2, "rejected=amount": 1, "rejected=payee": 0, "rejected=papers&tab=done": 2, "rejected=papers&tab=unclear": 0} {
		if n := rowsOf(b.get("/payouts?" + address).is(http.StatusOK)); n != rows {
			t.Errorf("%s lists %d orders, not %d", address, n, rows)
		}
	}
	b.get("/payouts?rejected=papers").says("Rejected because", "Papers missing or wrong")
	page := a.as(models.Auditor).get("/audit/exceptions").is(http.StatusOK)
	if row := rowOf(page, "Payouts rejected"); row != "Payouts rejected Another sum 1, Papers missing or wrong 2 3 0" {
		t.Errorf("the report says %q", row)
	}
}
