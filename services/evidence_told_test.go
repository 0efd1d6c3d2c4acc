package services_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// What two people decided, and decided otherwise after a contradiction, is shown by what
// each of them signed, in the bundle of the order and in that of the period.
func TestI12_EvidenceOfAClosedContradictionShowsBothPeople(t *testing.T) {
	t.Parallel()
	for _, says := range []models.Said{models.SaidPaid, models.SaidReturned} {
		t.Run(string(says), func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			p := failedByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Paid})
			tells(sandbox.Paid)(town, p)
			p = agreed(town, p, says)
			whole, head, verifier := taken(t, town, p)
			found, err := bundle.Check(whole, head, verifier)
			town.Must(err)
			lines := strings.Join(found.Proofs(), "\n")
			if len(found.Deeds) != 4 || !strings.Contains(lines, "proposed “not paid” by a click in a demonstration") || strings.Count(lines, " confirmed “") != 2 {
				t.Errorf("%+v\n%s", found.Deeds, lines)
			}
			period, _ := periodOf(t, town, models.Scope{})
			head, verifier = lastHead(t, town)
			told, _, err := checkPeriod(period, head, verifier)
			town.Must(err)
			if told.Deeds[models.FactorDemo] != 4 || !strings.Contains(strings.Join(told.Held(), "\n"), "4 other acts that have to be signed (verdicts, rejections, holds let go) were done by a click") {
				t.Error(told.Held())
			}
			town.Sound()
		})
	}
}

// A hold that ends with a change of two people names that change, which they signed.
func TestX14_AHoldThatEndsWithAChangeNamesIt(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	p := heldAtFirst(t, town)
	v, err := models.LatestVersion(town.Store.Read(ctx), p.PayeeID)
	town.Must(err)
	change, err := town.Changes.Propose(ctx, town.Approver.As(models.VerbResume), models.ChangeRests, "2", town.Payees.Released(v), "Signed at their office", servicestest.Click(town.Core, town.Approver))
	town.Must(err)
	_, err = town.Changes.Confirm(ctx, town.Controller.As(models.VerbResume), change.ID, change.Digest, servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	whole, head, verifier := taken(t, town, p)
	found, err := bundle.Check(whole, head, verifier)
	town.Must(err)
	if len(found.Deeds) != 1 || found.Deeds[0].Change != fmt.Sprint(change.ID) || !strings.Contains(strings.Join(found.Proofs(), "\n"), "let the order go on by carrying out change "+found.Deeds[0].Change+" of two people") {
		t.Errorf("%+v", found.Deeds)
	}
}

// What a person was refused stands among the events of the order, under the verb of a
// gateway's refusal. It moves nothing, proves nothing, and keeps nothing from being proven.
func TestX14_EvidenceOfAnOrderAtWhichSomebodyWasRefused(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	signIn := &services.SignIn{Core: town.Core}
	tries := func(by models.Person, verb models.Verb, more models.Details) {
		at := models.Details{models.AtOrder: p.OrderNo, models.AtDigest: strings.Repeat("00", 32)}
		maps.Copy(at, more)
		town.Must(signIn.Refused(t.Context(), by, services.Attempt{Verb: verb, Route: "POST /payouts/:no/approval", Why: "approve.own", At: at}))
	}
	tries(town.Maker, models.VerbApprove, nil)
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	tries(town.Approver, models.VerbVerdict, models.Details{models.AtNotice: "77"})
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(10*time.Minute, 10*time.Second)
	tries(town.Maker, models.VerbHold, nil)
	p = town.Look(p)
	whole, head, verifier := taken(t, town, p)
	found, err := bundle.Check(whole, head, verifier)
	town.Must(err)
	if found.Dossier.State != p.State || p.Outcome != models.Paid || len(found.Signed) != 1 || len(found.Deeds) != 0 {
		t.Errorf("%+v, %+v", found.Dossier.State, found.Deeds)
	}
	period, _ := periodOf(t, town, models.Scope{})
	head, verifier = lastHead(t, town)
	_, orders, err := checkPeriod(period, head, verifier)
	town.Must(err)
	if len(orders) != 1 || orders[0].Dossier.State != p.State {
		t.Errorf("%+v", orders)
	}
	town.Sound()
}
