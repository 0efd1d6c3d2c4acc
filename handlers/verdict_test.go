package handlers

import (
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// reply is evidence that names the order.
func reply(p models.Payout) string { return "We have no order " + p.OrderNo + ". APAY support" }

func proposal(says string, p models.Payout) map[string]string {
	return map[string]string{"says": says, "evidence": "gateway_reply", "text": reply(p), "reason": "They looked it up", "received": "", "look_again_at": ""}
}

// judged is the second person's form for the open proposal.
func (a *townApp) judged(p models.Payout, says string) url.Values {
	a.t.Helper()
	v, ok, err := models.OpenVerdict(a.Store.Read(a.t.Context()), p.ID)
	must(a.t, err)
	if !ok {
		a.t.Fatal("no proposal is open")
	}
	return url.Values{"verdict": {strconv.FormatInt(v.ID, 10)}, "says": {says}, "reason": {"The mail names our number"},
		"digest": {hex.EncodeToString(a.order(p.OrderNo).CaseDigest(&v))}, "password": {password}}
}

// proven is the first person's form, with the proof that somebody without a factor gives.
func (a *townApp) proven(p models.Payout, form map[string]string) map[string]string {
	a.t.Helper()
	sent := maps.Clone(form)
	sent["digest"], sent["password"] = hex.EncodeToString(a.order(p.OrderNo).CaseDigest(nil)), password
	return sent
}

// patient signs nobody out while the gateway's waiting time passes.
func patient(c *Config) { c.SignIn.Idle = 24 * time.Hour }

// askedEnough lets the waiting time pass, with questions in it.
func (a *townApp) askedEnough(p models.Payout) models.Payout {
	a.t.Helper()
	a.town.Live(2*time.Hour, 5*time.Minute)
	return a.town.Look(p)
}

func TestAVerdictTakesTwoPeopleAndTheSecondJudgesTheEvidence(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("apay.taiwan", 1)
	path := "/unclear/" + p.OrderNo
	first, second := a.as(models.Resolver), a.as(models.Controller)
	first.get(path).is(http.StatusOK).says("Propose a verdict", "Not asked yet.", "Not yet: the gateway was asked", "No message with this number failed its check.", "Enquiry pack", "To the gateway’s staff")
	p = a.askedEnough(p)
	first.get(path).says("Order not found. That is not proof of failure. Asked").keepsQuiet("Not yet:")
	first.postFiles(path+"/verdict", a.proven(p, proposal("not_paid", p)), map[string]string{"mail.txt": "From: support"}).leadsTo(path)
	first.get(path).says("It waits for a second person", "You proposed “not paid”").keepsQuiet("Confirm my verdict", "Open the evidence")
	first.post(path+"/confirmation", a.judged(p, "not_paid")).is(http.StatusForbidden).says("You proposed this verdict, so somebody else confirms it.")

	closed := second.get(path).says("Judge the evidence", "Open the evidence")
	closed.keepsQuiet("They looked it up", reply(p), "Confirm my verdict", "mail.txt")
	second.get(pathOf(p)).says("proposed a verdict.", "Open the case").keepsQuiet("They looked it up", "proposed: not paid", "Proposed “not paid”")
	opened := second.get(path+"?evidence=opened").says(reply(p), "mail.txt", "They looked it up", "Confirm my verdict")
	if strings.Contains(opened.body, " checked") {
		t.Error("a verdict is chosen beforehand")
	}
	second.post(path+"/confirmation", url.Values{"verdict": {"1"}, "says": {""}, "reason": {""}}).is(http.StatusUnprocessableEntity)
	second.post(path+"/confirmation", a.judged(p, "not_paid")).leadsTo(pathOf(p))
	second.get(pathOf(p)).says("Two people have decided: not paid.", "Failed: proven", "Decided by two people", "confirmed: not paid.", "Proposed “not paid”", "Confirmed “not paid”")
	second.get(path).leadsTo(pathOf(p))
	a.town.Sound()
}

func TestADisagreementDecidesNothing(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.askedEnough(a.muted("apay.taiwan", 1))
	path := "/unclear/" + p.OrderNo
	a.as(models.Resolver).postFiles(path+"/verdict", a.proven(p, proposal("not_paid", p)), nil).leadsTo(path)
	second := a.as(models.Resolver)
	second.post(path+"/confirmation", a.judged(p, "paid")).leadsTo(path)
	second.get(path).says("You judged otherwise, so nothing is decided.", "Unclear: no answer", "A controller proposes the next verdict").keepsQuiet("Propose a verdict")
	a.as(models.Controller).get(path).says("Propose a verdict")
	second.get(pathOf(p)).says("judged otherwise: paid. not paid had been proposed.")
}

func TestMakerAndTwoApproversDecideNothing(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, one, two := a.as(models.Maker, models.Resolver), a.as(models.Approver, models.Resolver), a.as(models.Approver, models.Resolver)
	a.town.Maker, a.town.Approver, a.town.Second = maker.person, one.person, two.person
	form := a.town.Form("cashy.peru", 1)
	form.Amount = "1900.00"
	p := a.town.Approved(form)
	a.town.Sandbox.Script(p.OrderNo, mute)
	a.town.Must(a.town.Sender.Send(t.Context(), p.ID))
	path := "/unclear/" + p.OrderNo
	paid := proposal("paid", p)
	paid["received"] = "1900.00"
	maker.get(path).says("You made this payout, so two other people decide what became of it.").keepsQuiet("Propose a verdict")
	maker.postFiles(path+"/verdict", a.proven(p, paid), nil).is(http.StatusForbidden)
	one.postFiles(path+"/verdict", a.proven(p, paid), nil).leadsTo(path)
	two.get(path).says("You and the proposer both approved this payout.").keepsQuiet("Open the evidence", reply(p))
	two.post(path+"/confirmation", a.judged(p, "paid")).is(http.StatusForbidden).says("You and the proposer both approved this payout.")
	maker.post(path+"/confirmation", a.judged(p, "paid")).is(http.StatusForbidden)
	a.as(models.Approver).post(path+"/confirmation", a.judged(p, "paid")).is(http.StatusForbidden)
	a.as(models.Resolver).post(path+"/confirmation", a.judged(p, "paid")).leadsTo(pathOf(p))
	a.town.Sound()
}

func TestNotPaidHasToWaitAndToNameTheOrder(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("apay.taiwan", 1)
	path, b := "/unclear/"+p.OrderNo, a.as(models.Resolver)
	early := b.postFiles(path+"/verdict", a.proven(p, proposal("not_paid", p)), nil).is(http.StatusUnprocessableEntity)
	early.says("1 answer needs another look", "Not yet: the gateway was asked 0 times; 3 are needed.", reply(p))
	if !strings.Contains(early.body, "<title>Error:") {
		t.Error("the title does not say that the form came back")
	}
	p = a.askedEnough(p)
	wrong := proposal("not_paid", p)
	wrong["text"], wrong["reason"] = "We have no such order", ""
	b.postFiles(path+"/verdict", a.proven(p, wrong), nil).is(http.StatusUnprocessableEntity).says("2 answers need another look", "The reply has to name our order number")
	wrong["evidence"] = "payee_reply"
	b.postFiles(path+"/verdict", a.proven(p, wrong), nil).is(http.StatusUnprocessableEntity).says("this verdict does not take every kind")
	if a.town.Look(p).Outcome != models.Unclear {
		t.Error("a refused form moved the order")
	}
}

func TestLookingAgainNeedsATimeInTheReadersZone(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	path, b := "/unclear/"+p.OrderNo, a.as(models.Resolver)
	form := map[string]string{"says": "look_again", "evidence": "", "text": "", "received": "", "reason": "They answer later", "look_again_at": ""}
	b.postFiles(path+"/verdict", a.proven(p, form), nil).is(http.StatusUnprocessableEntity).says("Choose a time between now and 14 days from now")
	form["look_again_at"] = a.town.Now().Add(time.Hour).Format(momentLayout)
	b.postFiles(path+"/verdict", a.proven(p, form), nil).leadsTo(path)
	second := a.as(models.Resolver)
	second.post(path+"/confirmation", a.judged(p, "look_again")).leadsTo(path)
	second.get(path).says("Two people agree to look again.", "Unclear: no answer")
}

func TestALateNoticeAgainstAVerdictIsLoudAndTwoPeopleCloseIt(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.askedEnough(a.muted("apay.taiwan", 1))
	path := "/unclear/" + p.OrderNo
	signers := []*browser{a.as(models.Resolver), a.as(models.Resolver)}
	signers[0].postFiles(path+"/verdict", a.proven(p, proposal("not_paid", p)), nil).leadsTo(path)
	signers[1].post(path+"/confirmation", a.judged(p, "not_paid")).leadsTo(pathOf(p))
	form := a.town.Form("apay.taiwan", 1)
	form.Replaces, form.TwinReason = p.OrderNo, "it replaces it"
	next := a.town.Approved(form)
	must(t, a.town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Times: 3}))

	auditor := a.as(models.Auditor)
	page := auditor.get(pathOf(p)).says("Contradiction: decided “not paid”, then the gateway reported it paid", "Until proven otherwise the order counts as paid",
		"had not been sent and is held, so nothing was paid twice.", "Contradiction opened.", "×3", "A controller decides next, then another.")
	if strings.Index(page.body, `id="order-notices"`) > strings.Index(page.body, `id="order-head"`) {
		t.Error("the contradiction does not stand above the head")
	}
	auditor.get(pathOf(next)).says("Held by itself", "cannot go on before that case is closed.")
	auditor.get("/unclear").says("1 contradiction is open")
	for _, signer := range signers {
		signer.get("/").says("A verdict that you signed is contradicted", "Each order counts as paid until two controllers have decided")
	}
	a.as(models.Resolver).get("/").keepsQuiet("A verdict that you signed").says("The evidence about one order disagrees. A controller decides.")
	where := "/contradictions/" + p.OrderNo
	auditor.get("/contradictions").says("Money at risk", "What stood", "confirmed: not paid.", "What came", "Contradiction opened.").keepsQuiet("Propose a verdict")
	auditor.get(path).leadsTo(where)
	a.as(models.Resolver).get(where).says("Two controllers close a contradiction: one proposes, another confirms.")
	a.as(models.Resolver).postFiles(where+"/verdict", a.proven(p, proposal("paid", p)), nil).is(http.StatusForbidden)

	controller, second := a.as(models.Controller), a.as(models.Controller)
	controller.get(where).says("Not yet: “not paid” waits until the gateway, asked every hour, says failed too")
	controller.postFiles(where+"/verdict", a.proven(p, proposal("not_paid", p)), nil).is(http.StatusUnprocessableEntity).says("says failed too, or is silent")
	returned := proposal("returned", p)
	controller.postFiles(where+"/verdict", a.proven(p, returned), nil).leadsTo(where)
	controller.post(where+"/confirmation", a.judged(p, "returned")).is(http.StatusForbidden)
	resolver := a.as(models.Resolver)
	resolver.get(where + "?evidence=opened").says("Only a controller closes a contradiction").keepsQuiet("Confirm my verdict")
	resolver.post(where+"/confirmation", a.judged(p, "returned")).is(http.StatusForbidden)
	resolver.post("/unclear/"+p.OrderNo+"/confirmation", a.judged(p, "returned")).is(http.StatusForbidden) // nor by the other door
	second.get(where+"?evidence=opened").says("Confirm my verdict", "Paid and returned")
	second.post(where+"/confirmation", a.judged(p, "returned")).leadsTo(pathOf(p))
	auditor.get(pathOf(p)).says("Returned", "Two controllers have closed the contradiction.").keepsQuiet("Open the case")
	auditor.get("/contradictions").says("No contradictions")
	a.town.Sound()
}

func TestAnEmptyQueueIsGoodNewsOnlyWhileTheSweeperRuns(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Auditor)
	b.get("/unclear").says("Nobody is looking", "The sweeper has not run yet.", "What is being watched").keepsQuiet("No unclear orders")
	a.write(func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: a.town.Now(), OK: true})
	})
	a.town.Pass(time.Minute)
	b.get("/unclear").says("Sweeper ran 1 min ago", "No unclear orders", "What is being watched", "Notices from APAY Taipei").keepsQuiet("Nobody is looking")
	a.town.Pass(time.Minute)
	b.get("/unclear").says("Nobody is looking", "The sweeper last ran 2 min ago")
}

func TestTheQueuePutsMoneyAtRiskTimesAgeFirst(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	small := a.town.Unclear(a.town.Form("apay.taiwan", 1))
	form := a.town.Form("apay.taiwan", 2)
	form.Amount = "200000.00"
	large := a.town.Unclear(form)
	a.town.Pass(20 * time.Minute)
	fresh := a.town.Unclear(a.town.Form("cashy.peru", 3))
	b := a.as(models.Resolver)
	page := b.get("/unclear").says("3 cases, by money at risk and age", "Unclaimed 3", "nobody yet", "Oldest 20 min")
	at := func(p models.Payout) int { return strings.Index(page.body, `href="/unclear/`+p.OrderNo) }
	if !(at(large) < at(fresh) && at(large) < at(small) && at(large) > 0) {
		t.Errorf("large at %d, small at %d, fresh at %d", at(large), at(small), at(fresh))
	}
	b.post(pathOf(large)+"/claim", url.Values{"back": {"unclear"}}).leadsTo("/unclear/" + large.OrderNo)
	b.get("/unclear").says("Unclaimed 2", "claimed by "+b.person.Name)
	b.post(pathOf(large)+"/claim", url.Values{"back": {"unclear"}}).is(http.StatusConflict)
}

func TestAVerdictOfAnotherOrderIsRefused(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	must(t, a.town.Verdicts.Propose(t.Context(), a.town.Resolver, p.OrderNo, services.Proposal{
		Says: "look_again", Reason: "later", LookAgainAt: a.town.Now().Add(time.Hour),
	}, servicestest.Click(a.town.Verdicts.Core, a.town.Resolver)))
	form := a.judged(p, "look_again")
	form.Set("verdict", "999")
	a.as(models.Controller).post("/unclear/"+p.OrderNo+"/confirmation", form).is(http.StatusConflict)
}

// X5: the proof stands wherever an order is shown, also where it is only the
// replacement of another.
func TestX5_TheProofOfAReplacementStandsBesideIt(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	first := a.muted("apay.taiwan", 1)
	must(t, a.town.Sandbox.Push(first.OrderNo, sandbox.PushFailed))
	_, err := a.town.Sender.AskNow(t.Context(), a.town.Resolver, first.OrderNo)
	must(t, err)
	form := a.town.Form("apay.taiwan", 1)
	form.Replaces, form.TwinReason = first.OrderNo, "it replaces it"
	next := a.town.Sent(form)
	must(t, a.town.Sandbox.Push(next.OrderNo, sandbox.PushPaid))
	reader := a.as(models.Auditor)
	proven := func(where string, times int) {
		t.Helper()
		if shown := strings.Count(reader.get(where).body, "Proof 2 of 4: verified notice"); shown < times {
			t.Errorf("%s shows the proof %d times, not %d", where, shown, times)
		}
	}
	proven(pathOf(first), 1)
	must(t, a.town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	proven("/contradictions/"+first.OrderNo, 3) // its row, its case, its replacement
	proven("/payouts?grade=2", 4)               // in two places of each row, by the width of the page
}
