package handlers

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
	"countersign/views"
	"countersign/views/i18n"
)

// restoredTown is a town whose database is from before its only order left.
func restoredTown(t *testing.T, change ...func(*Config)) (*townApp, models.Payout) {
	t.Helper()
	town := servicestest.New(t)
	backup := town.Backup()
	p := town.Sent(town.Form("apay.taiwan", 1))
	town.Restore(backup)
	return moveIn(t, town, change...), p
}

// A send that the restored database has no order for is on the strip, on home and on a
// page of its own, until two people have closed it; then it is in the other list.
func TestASendWithoutAnOrderIsSeenUntilTwoHaveClosedIt(t *testing.T) {
	t.Parallel()
	a, p := restoredTown(t)
	one, two, maker := a.as(models.Resolver), a.as(models.Controller), a.as(models.Maker)
	strip := "This database was restored from a backup and ends at"
	home := one.get("/").is(http.StatusOK)
	home.says("1 send has no order here", "The journal of sends says that money left")
	if !strings.Contains(home.body, strip) || !strings.Contains(home.body, "the journal of sends has 1 request that left later") || !strings.Contains(home.body, `href="/sends"`) {
		t.Errorf("the strip does not say so: %s", home.body)
	}
	maker.get("/").keepsQuiet("1 send has no order here</")
	list := one.get("/sends").is(http.StatusOK)
	if !strings.Contains(list.body, `href="/sends/`+p.OrderNo+`"`) {
		t.Error("the list does not lead to the send")
	}
	list.says(strip, "are never sent again", "Nobody has asked", "APAY Taipei", "not in the journal",
		"There is no order of this number here.", "Ask APAY Taipei about it by its number.", "Open 1", "Closed 0")
	path := "/sends/" + p.OrderNo
	maker.get(path).is(http.StatusOK).keepsQuiet("Mark as looked at")
	maker.post(path+"/look", url.Values{"reason": {"paid"}, "act": {"look"}}).is(http.StatusForbidden)
	one.get(path).says("This money may have left", "Do not pay the same again", "Mark as looked at").keepsQuiet("close it")
	one.post(path+"/look", url.Values{"reason": {""}, "act": {"look"}}).is(http.StatusUnprocessableEntity).says("1 answer needs another look")
	one.post(path+"/look", url.Values{"reason": {"Ms Gu: paid, 100.00 TWD"}, "act": {"look"}}).leadsTo("/sends")
	one.get("/sends").says("Waits for a second person", "is marked as looked at")
	one.get(path).keepsQuiet("I found the same")
	one.post(path+"/look", url.Values{"reason": {"me too"}, "act": {"agree"}}).is(http.StatusForbidden).says("You wrote this down, so somebody else has to find the same")
	two.get(path).says("Ms Gu: paid, 100.00 TWD", "I found the same: close it", "I found otherwise")
	two.post(path+"/look", url.Values{"reason": {"the same line in the back office"}, "act": {"agree"}}).leadsTo("/sends")
	two.get("/sends").says("No send waits", "Open 0", "Closed 1", "No send is left without an order.")
	two.get("/sends?list=closed").says("Closed by two people", "APAY Taipei")
	two.get(path).says("the same line in the back office").keepsQuiet("I found the same", "This money may have left")
	two.get("/").is(http.StatusOK).keepsQuiet("1 send has no order here")
	must(t, a.town.GoOn("we have looked"))
	two.get("/sends").says("No send waits").keepsQuiet("What to do")
	two.get("/audit").says("Send without an order looked at", "Send without an order closed by a second person")
	one.get("/sends/nothing").is(http.StatusNotFound)
}

// An order that stands here with another content is shown beside what left.
func TestASendOfAnotherContentShowsTheOrderThatIsHere(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	form := town.Form("apay.taiwan", 1)
	p := town.Draft(form)
	backup := town.Backup()
	form.Amount = "777.00"
	must(t, town.Payouts.Edit(t.Context(), town.Maker, p.OrderNo, form))
	p = town.Look(p)
	must(t, town.Payouts.Submit(t.Context(), town.Maker, p.OrderNo, p.Digest))
	must(t, town.Approve(town.Approver, p.OrderNo, p.Digest))
	must(t, town.Sender.Send(t.Context(), p.ID))
	town.Restore(backup)
	a := moveIn(t, town)
	b, second := a.as(models.Resolver), a.as(models.Controller)
	path := "/sends/" + p.OrderNo
	b.get(path).is(http.StatusOK).says("stands here with another content", "amount and payee may not be what was paid", "Unclear")
	b.post(path+"/look", url.Values{"reason": {"777.00 left"}, "act": {"look"}}).leadsTo("/sends")
	second.post(path+"/look", url.Values{"reason": {"777.00 it is"}, "act": {"agree"}}).leadsTo("/sends")
	b.get(pathOf(p)).says("wrote down what APAY Taipei says of what left with another content.", "found the same of what left with another content.")
}

// Each stop that comes from the journal says what happened, what it means for the
// money, and what to do; a page of gateways that is open hears of it.
func TestWhatTheJournalStopsIsSaidInWords(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	backup := town.Backup()
	town.Sent(town.Form("apay.taiwan", 1))
	must(t, os.Remove(town.Guard.Path))
	_, err := town.Guard.Open(t.Context())
	must(t, err)
	says := func(kind string, words ...string) {
		b := moveIn(t, town).as(models.Controller)
		b.get("/gateways").is(http.StatusOK).says(append(words, "Sends without an order")...)
		b.get("/sends").says(words...)
		if town.Cord() != kind {
			t.Errorf("stopped for %q", town.Cord())
		}
	}
	says(services.StopMissing, "The journal of sends is missing, and this database has sent before.", "would be paid twice if sending went on", "Look up the 0 orders that have not left here, drafts too")
	town.Restore(backup)
	says(services.StopGap, "This database ends at", "the journal of sends begins only at", "would be paid twice if sending went on")
}

// The words of every finding are in the catalogue and name what was counted.
func TestEveryFindingHasItsWords(t *testing.T) {
	theDay := time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC)
	ctx := i18n.With(t.Context(), "en", time.UTC, theDay)
	for want, found := range map[string]models.RestoreFound{
		"1 line of the journal of sends cannot be read.": {Damaged: 1},
		"The journal of sends is missing":                {},
		"has 3 requests that left later":                 {Sends: 3, EndsAt: theDay},
		"begins only at":                                 {BegunAt: theDay, EndsAt: theDay},
	} {
		f := views.Finding{RestoreFound: found, Kind: views.KindOf(found), Open: 2, Unsent: 4}
		if words := f.StopWords(ctx); !strings.Contains(words, want) || strings.Contains(words, "[") || !strings.Contains(words, "2 sends have no order here") {
			t.Errorf("%q", words)
		}
	}
}

func TestAnOpenPageOfGatewaysHearsThatSendingHasStopped(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Controller)
	if body := b.get("/gateways").is(http.StatusOK).body; !strings.Contains(body, `hx-sse:connect="/gateways/stream"`) || !strings.Contains(body, `href="/cord"`) {
		t.Fatal("the page does not listen")
	}
	lines, status := b.stream(startServer(t, a.app), "/gateways/stream")
	if status != http.StatusOK || !until(t, lines, `href="/cord"`) {
		t.Fatalf("status %d, the button to stop is not there", status)
	}
	must(t, a.town.Accounts.PullCord(t.Context(), a.town.Controller, "the bank rang"))
	// One message is one line: the notice is there, and the button is not.
	if !until(t, lines, `</section></div></hx-partial> <hx-partial hx-target="#cord-button" hx-swap="outerMorph"><span id="cord-button" hidden>`) {
		t.Error("it does not hear")
	}
}
