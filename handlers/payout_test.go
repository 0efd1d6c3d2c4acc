package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func pathOf(p models.Payout) string { return "/payouts/" + p.OrderNo }

// mute takes the order, gives no answer, and knows nothing when asked.
var mute = sandbox.Scenario{Create: sandbox.Create{Reply: sandbox.ReplySilent}, Query: []sandbox.Phase{{Hidden: true}}, Quiet: true}

// muted is an order that a gateway took without a word.
func (a *townApp) muted(rail string, serial int) models.Payout {
	a.t.Helper()
	p := a.town.Approved(a.town.Form(rail, serial))
	a.town.Sandbox.Script(p.OrderNo, mute)
	a.town.Must(a.town.Sender.Send(a.t.Context(), p.ID))
	return a.town.Look(p)
}

func TestATimeoutIsToldAsDoubtAndNeverAsFailure(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Unclear(a.town.Form("apay.taiwan", 1))
	page := a.as(models.Approver).get(pathOf(p)).is(http.StatusOK)
	page.says("Unclear: no answer", "APAY Taipei did not answer in", "The money may or may not have left. This order is unclear",
		", not failed.", "Do not create another payout for this payee.", "is asked again within a minute")
	page.keepsQuiet("Failed: proven", "No money left", "4088748280272397")
}

func TestThePageSaysWhatStandsAndWhoActs(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	reader := a.as(models.Auditor)
	draft := a.town.Draft(a.town.Form("apay.unionpay", 1))
	reader.get(pathOf(draft)).says("Draft", "Nothing was sent, and nobody has been asked to sign.", "maker checks the answers and submits it.", "Nothing yet.")
	waiting := a.town.Submitted(a.town.Form("apay.unionpay", 2))
	reader.get(pathOf(waiting)).says("Needs approval 0 of 1", "One more signature before it leaves", "Somebody else")
	ready := a.town.Approved(a.town.Form("apay.unionpay", 3))
	reader.get(pathOf(ready)).says("Ready", "It leaves for APAY Shanghai within 30 seconds.")
	must(t, a.town.Accounts.Pause(t.Context(), a.town.Controller, a.town.Shanghai.ID, "their maintenance"))
	reader.get(pathOf(ready)).says("Sending through this account is paused", "not sent: sending through APAY Shanghai is paused.")
	a.get404(reader, "/payouts/01ZZZZZZZZZZZZZZZZZZZZZZZZ")
}

func (a *townApp) get404(b *browser, path string) {
	a.t.Helper()
	b.get(path).is(http.StatusNotFound)
}

func TestAPaidOrderShowsItsProofAndWhatWasSent(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Approved(a.town.Form("apay.taiwan", 1))
	a.town.Live(10*time.Minute, 30*time.Second)
	page := a.as(models.Auditor).get(pathOf(p)).is(http.StatusOK)
	page.says("Paid", "APAY Taipei said on its authenticated call that it was paid", "took the order", "On its way to APAY Taipei",
		"1 of 1", "Taken, not yet paid", "POST /gateway/api/v2/payouts", "10150 101.50 TWD in cents", "•••••••• 2397", "Digest of the content")
	page.keepsQuiet("4088748280272397", "Ask the gateway now")
}

func TestARefusalSaysThatNoMoneyLeftAndWhy(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	form := a.town.Form("apay.taiwan", 1)
	form.Amount = "300.01"
	p := a.town.Sent(form)
	a.as(models.Auditor).get(pathOf(p)).says("Failed: proven", "APAY Taipei refused it before accepting it.", "No money left.", "Refused before accepting",
		"As sent 30001 300.01 TWD in cents")
}

func TestAnAuditorIsOfferedNoDeed(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Unclear(a.town.Form("apay.taiwan", 1))
	reader := a.as(models.Auditor)
	deeds := []string{"query", "notes", "hold", "resume", "withdrawal", "claim", "reveal"}
	for _, path := range []string{"/unclear", "/unclear/" + p.OrderNo} {
		reader.get(path).is(http.StatusOK).keepsQuiet(`action="/payouts/`, `action="/unclear/`, "Ask the gateway now", "Take the case on", ">Reveal<", "More actions")
	}
	page := reader.get(pathOf(p)).is(http.StatusOK).keepsQuiet(`action="/unclear/`, "Ask the gateway now", "Take the case on", ">Reveal<")
	for _, deed := range deeds {
		page.keepsQuiet(pathOf(p) + "/" + deed + `"`)
	}
	for _, deed := range deeds {
		reader.post(pathOf(p)+"/"+deed, url.Values{}).is(http.StatusForbidden)
	}
}

func TestAMakerIsOfferedOnlyWhatTheVerbsAllow(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	a.town.Maker = maker.person
	p := a.town.Draft(a.town.Form("apay.taiwan", 1))
	page := maker.get(pathOf(p)).says("Check your answers", "Edit the payout", "Withdraw it", "Add a note or file")
	page.keepsQuiet("Let it go on", "Ask the gateway now", "Create it again", "Decide about it")
	a.as(models.Maker).get(pathOf(p)).keepsQuiet("Check your answers", "Edit the payout", "Withdraw it", ">Reveal<")
}

func TestHoldingAsksForAReasonAndSomebodyElseLetsItGoOn(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker, models.Approver)
	a.town.Maker = maker.person
	p := a.town.Approved(a.town.Form("apay.taiwan", 1))
	maker.get(pathOf(p)+"/hold").says("Hold it", "Nothing is sent while it is held.")
	maker.post(pathOf(p)+"/hold", url.Values{"reason": {" "}}).is(http.StatusUnprocessableEntity).says("1 answer needs another look")
	maker.post(pathOf(p)+"/hold", url.Values{"reason": {"Wait for the call-back"}}).leadsTo(pathOf(p))
	maker.get(pathOf(p)).says("Held. Nothing is sent until somebody lets it go on.", "“Wait for the call-back”", "held it.", "Ready", "Held: by hand").keepsQuiet("Let it go on")
	maker.post(pathOf(p)+"/resume", url.Values{"reason": {"done"}, "digest": {hexOf(p)}, "password": {password}}).is(http.StatusForbidden).says("You made this payout, so somebody else lets it go on.")
	other := a.as(models.Approver)
	other.get(pathOf(p)).says("Let it go on")
	other.get(pathOf(p) + "/resume").says("This may send the money")
	other.post(pathOf(p)+"/resume", other.signing(pathOf(p)+"/resume", "The payee called back")).leadsTo(pathOf(p))
	other.get(pathOf(p)).says("It goes on.", "let it go on.")
}

func TestWithdrawingEndsIt(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	a.town.Maker = maker.person
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	maker.post(pathOf(p)+"/withdrawal", url.Values{"reason": {"ordered twice"}}).leadsTo(pathOf(p))
	maker.get(pathOf(p)).says("Withdrawn", "Nothing was sent, and nothing will be.", "ordered twice", "Create it again")
}

func TestRevealingIsOnRecordAndHidesByItself(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Draft(a.town.Form("apay.taiwan", 1))
	reader := a.as(models.Approver)
	page := reader.post(pathOf(p)+"/reveal", nil).is(http.StatusOK).says("4088748280272397", "That you looked is on record")
	if page.header.Get("Cache-Control") != "no-store" || page.header.Get("Refresh") != "60;url="+pathOf(p) {
		t.Errorf("headers %v", page.header)
	}
	events := a.events("revealed")
	if len(events) != 1 || events[0].ActorID != reader.person.ID || strings.Contains(events[0].Details["last4"], "4088") {
		t.Fatalf("on record: %+v", events)
	}
	reader.get(pathOf(p)).says("looked at the whole account number").keepsQuiet("4088748280272397")
	a.as(models.Maker).post(pathOf(p)+"/reveal", nil).is(http.StatusForbidden)
	a.as(models.Auditor).post(pathOf(p)+"/reveal", nil).is(http.StatusForbidden)
	if len(a.events("revealed")) != 1 {
		t.Error("a refused look is on record as one that happened")
	}
}

func TestAFileIsSavedAndNeverOpened(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p, other := a.town.Draft(a.town.Form("apay.taiwan", 1)), a.town.Draft(a.town.Form("apay.taiwan", 2))
	b := a.as(models.Maker)
	content := "plain words <script>alert(1)</script>"
	b.postFiles(pathOf(p)+"/notes", map[string]string{"text": "The contract"}, map[string]string{`../evil "name".txt`: content}).leadsTo(pathOf(p))
	var file models.File
	must(t, a.Store.Read(t.Context()).Take(&file).Error)
	path := "/files/" + strconv.FormatInt(file.ID, 10)
	page := a.as(models.Auditor).get(pathOf(p) + path).is(http.StatusOK)
	for header, want := range map[string]string{
		"Content-Disposition": `attachment; filename="evil _name_.txt"`, "X-Content-Type-Options": "nosniff", "Content-Type": "text/plain; charset=utf-8",
		"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if got := page.header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if page.body != content {
		t.Errorf("content %q", page.body)
	}
	b.get(pathOf(p)).says("The contract", "attached evil _name_.txt", "SHA-256")
	b.get(pathOf(other) + path).is(http.StatusNotFound)
	b.get(pathOf(p) + "/files/x").is(http.StatusNotFound)
}

func TestANoteThatCannotBeKeptComesBackAsTyped(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Draft(a.town.Form("apay.taiwan", 1))
	b := a.as(models.Maker)
	b.postFiles(pathOf(p)+"/notes", map[string]string{"text": ""}, nil).is(http.StatusUnprocessableEntity).says("Write a note or choose a file")
	b.postFiles(pathOf(p)+"/notes", map[string]string{"text": "See the page"}, map[string]string{"page.html": "<html><script></script>"}).
		is(http.StatusUnprocessableEntity).says("See the page", "page.html is neither a PDF, PNG, JPEG nor plain text")
	if len(a.events("noted"))+len(a.events("attached")) > 0 {
		t.Error("a refused note is on record")
	}
}

func TestAskingIsRestedAndTellsWhatItDidNotChange(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	b := a.as(models.Resolver)
	b.post(pathOf(p)+"/query", nil).leadsTo(pathOf(p))
	b.get(pathOf(p)).says("Asked. Order not found. That is not proof of failure. Nothing was changed.", "order not found.", "No change.")
	b.post(pathOf(p)+"/query", nil).is(http.StatusTooManyRequests).says("asked a moment ago")
	a.town.Pass(models.AskAgainAfter)
	b.post(pathOf(p)+"/query", url.Values{"back": {"unclear"}}).leadsTo("/unclear/" + p.OrderNo)
	b.post(pathOf(p)+"/query", url.Values{"back": {"//evil.example"}}).is(http.StatusTooManyRequests)
}
