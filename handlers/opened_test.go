package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
)

// read is the form of a card, with the stamp of when it was opened.
func (b *browser) read(p models.Payout) url.Values {
	b.t.Helper()
	card := b.get("/approvals/" + p.OrderNo).is(http.StatusOK)
	form := url.Values{"digest": {hidden(card, "digest")}, "opened": {hidden(card, "opened")}, "password": {password}}
	return form
}

func TestAnApprovalSaysHowLongAfterOpeningItWasGiven(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, b, auditor := a.as(models.Maker), a.as(models.Approver), a.as(models.Auditor)
	hasty, calm, unknown := a.submitted(maker, a.town.Form("apay.taiwan", 1)), a.submitted(maker, a.town.Form("apay.taiwan", 2)), a.submitted(maker, a.town.Form("apay.taiwan", 3))
	first, second := b.read(hasty), b.read(calm)
	a.town.Pass(12 * time.Second)
	b.post(approvalPath(hasty), first).is(http.StatusSeeOther)
	a.town.Pass(3 * time.Minute)
	b.post(approvalPath(calm), second).is(http.StatusSeeOther)
	third := b.card(unknown)
	third["opened"] = second["opened"] // of another order
	b.post(approvalPath(unknown), third).is(http.StatusSeeOther)
	for i, want := range []string{"12", "192", ""} {
		if got := a.events("approved")[i].Details[models.ReadSeconds]; got != want {
			t.Errorf("approval %d was given %q seconds after opening, not %q", i+1, got, want)
		}
	}
	b.get("/payouts/" + hasty.OrderNo).says("approved by password, 12 s after opening it")
	quick := auditor.get("/audit?question=quick").is(http.StatusOK).says("Approved within a minute 1").keepsQuiet(calm.OrderNo, unknown.OrderNo)
	if !strings.Contains(quick.body, hasty.OrderNo) {
		t.Error("the audit does not list the approval that was given at once")
	}
}

// A phone confirms on a page of its own: it is the card that was read.
func TestAPhonesApprovalCountsFromTheCard(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	b := a.as(models.Approver)
	stamp := b.read(p).Get("opened")
	a.town.Pass(90 * time.Second)
	confirm := b.get("/approvals/" + p.OrderNo + "/approve?opened=" + stamp).is(http.StatusOK)
	if hidden(confirm, "opened") != stamp {
		t.Fatal("the page that confirms has forgotten when the card was opened")
	}
	if forged := b.get("/approvals/" + p.OrderNo + "/approve?opened=" + stamp[:40]).is(http.StatusOK); hidden(forged, "opened") == stamp[:40] {
		t.Error("a stamp that is none of ours is kept")
	}
	a.town.Pass(5 * time.Second)
	b.post(approvalPath(p), url.Values{"digest": {hidden(confirm, "digest")}, "opened": {stamp}, "password": {password}}).is(http.StatusSeeOther)
	if got := a.events("approved")[0].Details[models.ReadSeconds]; got != "95" {
		t.Errorf("it was given %q seconds after opening", got)
	}
}

func TestB4_AttachmentsAreLookedAtOnTheCard(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	picture := []byte("\x89PNG\r\n\x1a\n and so on")
	letter := strings.Repeat("Una línea de la factura.\n", 200)
	p, err := a.Payouts.Draft(t.Context(), a.town.Maker, a.town.Form("apay.taiwan", 1), []services.Upload{{Name: "invoice.png", Content: picture}, {Name: "letter.txt", Content: []byte(letter)}, {Name: "contract.pdf", Content: []byte(wholePDF)}})
	must(t, err)
	must(t, a.Payouts.Submit(t.Context(), a.town.Maker, p.OrderNo, p.Digest))
	card := a.as(models.Approver).get("/approvals/"+p.OrderNo).is(http.StatusOK).says("Look at invoice.png", "Look at letter.txt", "Una línea de la factura.", "The rest is in the file", "Look at contract.pdf", "PDF, 25 B, SHA-256", "Open contract.pdf by itself")
	if strings.Count(card.body, "<img ") != 1 || strings.Count(card.body, "<iframe ") != 1 || strings.Count(card.body, `loading="lazy"`) != 2 || strings.Count(card.body, "Una línea") > 170 {
		t.Error("the card shows other attachments than a picture, a PDF and the beginning of a text")
	}
}
