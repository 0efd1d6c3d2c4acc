package services_test

import (
	"maps"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// entering are the answers of somebody in Taiwan whom no book has.
func entering() services.NewPayee {
	values := maps.Clone(servicestest.Answers["apay.taiwan"])
	values["name"] = "吳佩珊"
	return services.NewPayee{Rail: "apay.taiwan", Values: values, Reason: "New translator, contract 118"}
}

func enter(town *servicestest.Town, by models.Person, n services.NewPayee) (models.Change, error) {
	return town.Payees.Enter(town.T.Context(), by, n, servicestest.Click(town.Core, by))
}

func TestD1_NothingCanBePaidToANewPayeeBeforeASecondPersonHasConfirmedThem(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	town.SetPayeeRules(resting)
	change, err := enter(town, town.Maker, entering())
	town.Must(err)
	offered := func() []models.PayeeVersion {
		known, err := models.LatestPayeeVersions(town.Store.Read(t.Context()), "apay.taiwan", 9)
		town.Must(err)
		return known
	}
	if known := offered(); len(known) != 0 {
		t.Fatalf("the form offers %d payees", len(known))
	}
	both := town.WithRole(town.AddPerson("both", models.Maker), models.Approver)
	own, err := enter(town, both, otherName(entering(), "李淑芬"))
	town.Must(err)
	refusedAs(t, town.Confirmed(both, own), "change.own_proposal")
	refusedAs(t, town.Confirmed(town.Maker, change), "change.own_proposal")
	refusedAs(t, town.Confirmed(town.Resolver, change), "change.missing")
	town.Pass(time.Hour)
	town.Must(town.Confirmed(town.Approver, change))

	known := offered()
	if len(known) != 1 || !known[0].CreatedAt.Equal(town.Now()) || *known[0].ChangeID != change.ID || *known[0].ConfirmedBy != town.Approver.ID {
		t.Fatalf("the book has %+v", known)
	}
	form := town.Form("apay.taiwan", 1)
	form.PayeeVersion = known[0].ID
	p := town.Approved(form)
	sweep(t, town)
	if now := town.Look(p); now.Stage != models.Approved || !now.NextActionAt.Equal(known[0].CreatedAt.Add(2*time.Hour)) {
		t.Errorf("new details do not rest: %s, next at %s", now.Stage, now.NextActionAt)
	}
	town.Sound()
}

func otherName(n services.NewPayee, name string) services.NewPayee {
	n.Values = maps.Clone(n.Values)
	n.Values["name"] = name
	n.Seen = true
	return n
}

func TestD7_ANewPayeeIsHeldAgainstBlocksAndOwnAccountsBothTimes(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	number := entering().Values["number"]
	town.Must(town.Payees.DeclareAccount(t.Context(), town.Maker, town.Maker.ID, number))
	_, err := enter(town, town.Maker, entering())
	refusedAs(t, err, "payee.own_entry")
	second := town.AddPerson("second maker", models.Maker)
	change, err := enter(town, second, entering())
	town.Must(err)
	odd, err := town.Payees.Odd(town.Store.Read(t.Context()), change)
	if town.Must(err); len(odd) != 1 || odd[0].Key != "payee.account_of_colleague" {
		t.Errorf("whoever confirms is told %v", odd)
	}
	town.Must(town.Payees.DeclareAccount(t.Context(), town.Approver, town.Approver.ID, number))
	refusedAs(t, town.Confirmed(town.Approver, change), "payee.own_entry")

	town.Must(town.Payees.Block(t.Context(), town.Controller, services.NewBlock{Kind: models.BlockNumber, Number: number, Reason: "The bank called"}))
	refusedAs(t, town.Confirmed(town.Controller, change), "payee.blocked_number")
	_, err = enter(town, second, otherName(entering(), "李淑芬"))
	refusedAs(t, err, "payee.blocked_number")
	town.Sound()
}
