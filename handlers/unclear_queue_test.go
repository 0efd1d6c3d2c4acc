package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func TestTheQueueNamesTheMoneyAtRiskByGatewayAndLeadsToItsRows(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	lima, taipei := a.muted("cashy.peru", 1), a.muted("apay.taiwan", 2)
	by := a.as(models.Resolver)
	by.get("/unclear").says("At risk, CASHY Lima", lima.Amount().String(), "At risk, APAY Taipei", "nothing heard", "a notice may come until")
	by.get("/").says("Money at risk", "1 unclear")
	by.get("/payouts?risk=on&currency=PEN").says("Only money at risk", lima.PayeeName).keepsQuiet(taipei.PayeeName)
	a.askedEnough(lima)
	by.get("/unclear").says("notice time over since")
}

// The quarantine is searched for the number, the amount and the account.
func TestACaseSearchesTheQuarantine(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("apay.taiwan", 1)
	by := a.as(models.Resolver)
	by.get("/unclear/" + p.OrderNo).says("No message with this number failed its check.").keepsQuiet("came in for APAY Taipei")
	forged := a.written(p, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterBadSign})
	a.posted(forged)
	other := forged
	other.Body = []byte(strings.ReplaceAll(string(forged.Body), p.OrderNo, strings.Repeat("Z", 26)))
	a.posted(other)
	page := by.get("/unclear/" + p.OrderNo).is(http.StatusOK)
	page.says("1 message about this number failed its check.", "1 message without our number names "+p.Amount().String())
	clean := a.muted("apay.taiwan", 2)
	by.get("/unclear/" + clean.OrderNo).says("No message with this number failed its check.").keepsQuiet("names " + clean.Amount().String())
}

// An empty queue with a dead sweeper is the dangerous case.
func TestAnEmptyQueueIsRedWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	by := a.as(models.Resolver)
	a.write(func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: a.Now(), OK: true})
	})
	by.get("/unclear").says("No unclear orders", "What is being watched").keepsQuiet("Nobody is looking")
	a.town.Pass(2*time.Minute + time.Second)
	by.get("/unclear").says("Nobody is looking", "What is being watched").keepsQuiet("No unclear orders", "circle-check")
}

func TestTheEmptyQueueTellsOfTheLastDoubtAndHowLongItTook(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	a.town.Pass(41 * time.Minute)
	a.posted(a.written(p, sandbox.Tell{Say: sandbox.Paid}))
	if p = a.town.Look(p); p.Outcome != models.Paid {
		t.Fatalf("not settled: %+v", p.State)
	}
	a.write(func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: a.Now(), OK: true})
	})
	a.as(models.Resolver).get("/unclear").says("No unclear orders", "after 41 min of doubt")
}

// While the owner of a case is away the queue names who stands in, if that one may settle it.
func TestE10_ACaseNamesWhoStandsInForItsOwner(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("apay.taiwan", 1)
	owner, other, maker := a.as(models.Resolver), a.as(models.Resolver), a.town.WithRole(a.town.Maker, models.Resolver)
	must(t, a.Payouts.Claim(t.Context(), owner.person, p.OrderNo))
	until := a.Now().Add(48 * time.Hour)
	words := "away until " + until.Add(-time.Minute).UTC().Format("2 Jan") + "; " + other.person.Name + " stands in"
	other.get("/unclear").says("claimed by " + owner.person.Name).keepsQuiet("stands in")
	away := func(role models.Role, to models.Person) error {
		return a.People.Delegate(t.Context(), owner.person, models.Delegation{DelegateID: to.ID, Role: role, FromAt: a.Now(), UntilAt: until})
	}
	must(t, away(models.Resolver, other.person))
	other.get("/unclear").says("claimed by "+owner.person.Name, owner.person.Name+" is "+words)
	other.get("/unclear/" + p.OrderNo).says("Claimed by " + owner.person.Name + ", " + words)
	a.town.Pass(49 * time.Hour)
	other.get("/unclear").keepsQuiet("stands in")
	until = a.Now().Add(48 * time.Hour)
	must(t, away(models.Resolver, maker))
	other.get("/unclear").keepsQuiet("stands in") // the maker of an order settles no doubt of it
}
