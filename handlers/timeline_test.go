package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func TestQuestionsWithoutEffectAreOneEntryAndSilenceIsDrawn(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	a.town.Live(3*time.Hour, 5*time.Minute)
	asked := a.town.Look(p).Questions
	if asked < 5 {
		t.Fatalf("asked %d times", asked)
	}
	page := a.as(models.Auditor).get(pathOf(p)).is(http.StatusOK)
	page.says("order not found. That is not proof of failure. Asked "+strconv.Itoa(asked)+" times with nothing new.", "earlier questions", "No news for", "questions asked.")
	if n := strings.Count(page.body, ">order not found.<"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

func TestTheTimelineNarrowsByKindInTheAddress(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	must(t, a.town.Payouts.Note(t.Context(), a.town.Maker, p.OrderNo, "The payee has not called", nil))
	b := a.as(models.Auditor)
	b.get(pathOf(p)).says("All 6", "People 3", "Sends 2", "Notes 1", "The payee has not called")
	sends := b.get(pathOf(p)+"?show=sends").is(http.StatusOK).says("All 6", "On its way to APAY Taipei", "did not answer")
	sends.keepsQuiet("The payee has not called", "No news for")
	if !strings.Contains(sends.body, "/stream?show=sends") {
		t.Error("the live updates are not narrowed")
	}
	b.get(pathOf(p) + "?show=verdicts").says("Nothing of this kind has happened.")
	b.get(pathOf(p)+"?show=<script>").says("All 6", "The payee has not called").keepsQuiet("<script>")
}

func TestAForgedNoticeChangesNothingAndIsShown(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	forged := a.written(p, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterBadSign})
	if status, _, _ := a.posted(forged); status == http.StatusOK {
		t.Fatal("a forged notice was acknowledged")
	}
	a.as(models.Resolver).get(pathOf(p)).says("A message about this order did not pass its check: Signature wrong.", "Nothing was changed. It is kept in quarantine.",
		"Look at the message", "Unclear: no answer")
	a.as(models.Maker).get(pathOf(p)).says("It is kept in quarantine.").keepsQuiet("Look at the message")
	a.as(models.Resolver).get("/unclear/"+p.OrderNo).says("1 message about this number failed its check.", "Signature wrong")
}

func TestThePageMovesByItself(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	b := a.as(models.Maker)
	if !strings.Contains(b.get(pathOf(p)).body, `hx-sse:connect="`+pathOf(p)+`/stream"`) {
		t.Fatal("the page does not watch its order")
	}
	lines, status := b.stream(startServer(t, a.app), pathOf(p)+"/stream")
	if status != http.StatusOK || !until(t, lines, "Unclear:") {
		t.Fatalf("status %d, nothing at once", status)
	}
	must(t, a.town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid}))
	b.get(pathOf(p)).says("A verified notice of")
	if !until(t, lines, "Notice from APAY Taipei: paid") {
		t.Fatal("the stream ended before the news")
	}
	_, status = b.stream(startServer(t, a.app), "/payouts/01ZZZZZZZZZZZZZZZZZZZZZZZZ/stream")
	if status != http.StatusNotFound {
		t.Errorf("a stream about nothing: %d", status)
	}
}

func TestAnOpenPageTellsTheTimeOfEachUpdate(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("apay.taiwan", 1)
	b := a.as(models.Maker)
	lines, _ := b.stream(startServer(t, a.app), pathOf(p)+"/stream")
	until(t, lines, "order-sent")
	a.town.Pass(5 * time.Hour)
	must(t, a.town.Payouts.Note(t.Context(), a.town.Maker, p.OrderNo, "still nothing", nil))
	if !until(t, lines, "No news for 5 h") {
		t.Error("the update was written for the time at which the page was opened")
	}
}
