package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
	"countersign/services/servicestest"
	"countersign/views"
)

func TestX14_AnAuditorTakesTheEvidenceFromTheOrdersPage(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("apay.taiwan", 1)
	a.town.Live(10*time.Minute, 10*time.Second)
	b := a.as(models.Auditor)
	b.get(pathOf(p)).is(200).says("Evidence bundle", "Explain this payout")
	answer := b.post(pathOf(p)+"/evidence", nil).is(200)
	if got := answer.header.Get("Content-Disposition"); got != "attachment; filename=evidence-"+p.OrderNo+".zip" {
		t.Error(got)
	}
	head, _, err := models.LastHead(a.Store.Read(t.Context()))
	must(t, err)
	verifier, err := a.town.Heads.Verifier(t.Context())
	must(t, err)
	if _, err := bundle.Check([]byte(answer.body), []byte(head.Note), verifier); err != nil {
		t.Error(err)
	}
	if len(a.events("evidence_taken")) != 1 {
		t.Error("the log does not tell that it was taken")
	}
	b.get(pathOf(p)).is(200).says("took out the evidence")
	maker := a.as(models.Maker)
	maker.get(pathOf(p)).is(200).keepsQuiet("Evidence bundle")
	maker.post(pathOf(p)+"/evidence", nil).is(http.StatusForbidden)
}

func TestX16_APayoutIsExplainedInSentences(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("cashy.peru", 1)
	a.town.Live(time.Hour, 10*time.Second)
	if p = a.town.Look(p); p.Outcome != models.Paid {
		t.Fatal(p.State)
	}
	a.as(models.Maker).get(pathOf(p)+"/explanation").is(200).says("maker made the order on", "approver approved the content", "It was called paid from",
		"As it stands: Paid").keepsQuiet("0037651234")
	a.as(models.PeopleAdmin).get(pathOf(p) + "/explanation").is(http.StatusForbidden)
}

// Who has to judge a proposal does not read in the explanation what the first one said.
func TestX16_AnOpenProposalIsNotExplained(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Unclear(a.town.Form("apay.taiwan", 1))
	must(t, a.Verdicts.Propose(t.Context(), a.town.Resolver, p.OrderNo, services.Proposal{
		Says: "paid", Evidence: "statement", Text: "line 7 of the statement", Reason: "seen there", Received: p.Amount().Decimal(),
	}, servicestest.Click(a.Verdicts.Core, a.town.Resolver)))
	b := a.as(models.Controller)
	b.get(pathOf(p)+"/explanation").is(200).says("by resolver").keepsQuiet("line 7 of the statement", "proposed a verdict on")
	b.post(pathOf(p)+"/evidence", nil).is(http.StatusConflict).says("Somebody has proposed a verdict")
}

// What somebody was refused is explained to auditors, and as of an entry before it was not
// there yet; the bundle does not call it a refusal of the gateway.
func TestX16_ARefusedAttemptIsExplainedAsOne(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	maker := a.as(models.Maker)
	maker.post(approvalPath(p), url.Values{}).is(http.StatusForbidden)
	tried := a.events("refused")
	if len(tried) != 1 || tried[0].PayoutID != p.ID {
		t.Fatalf("%+v", tried)
	}
	refused := maker.person.Name + " was refused on "
	reader, path := a.as(models.Auditor), pathOf(p)+"/explanation"
	reader.get(path).is(http.StatusOK).says(refused, "Nothing was done.", "As it stands: ")
	reader.get(fmt.Sprintf("%s?entry=%d", path, tried[0].Seq)).is(http.StatusOK).says(refused)
	reader.get(fmt.Sprintf("%s?entry=%d", path, tried[0].Seq-1)).is(http.StatusOK).keepsQuiet(refused)
	maker.get(path).is(http.StatusOK).keepsQuiet(refused)
	whole, err := a.Evidence.Take(t.Context(), a.town.Auditor, p.OrderNo, views.DrawEvidence)
	must(t, err)
	if !strings.Contains(string(whole), "Refused: approve") || strings.Contains(string(whole), "Refused by the gateway") {
		t.Error("the bundle tells it otherwise")
	}
}
