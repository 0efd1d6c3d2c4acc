package services_test

import (
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

func findsOf(town *servicestest.Town) map[models.FindKind]int {
	town.T.Helper()
	var all []models.PayeeFind
	town.Must(town.Store.Read(town.T.Context()).Find(&all).Error)
	found := map[models.FindKind]int{}
	for _, f := range all {
		found[f.Kind]++
	}
	return found
}

// flags are what the approver of an order is told.
func flags(town *servicestest.Town, p models.Payout) models.Unusual {
	town.T.Helper()
	u, err := models.FindUnusual(town.Store.Read(town.T.Context()), p, town.Now().Location(), town.Now())
	town.Must(err)
	return u
}

// to is a form to another name or another number on the rail.
func to(town *servicestest.Town, serial int, name, number string) (p models.Payout) {
	town.T.Helper()
	form := town.Form("apay.taiwan", serial)
	form.Values["name"], form.Values["number"], form.SomebodyElse = name, number, true
	return town.Submitted(form)
}

func TestD7_OneAccountUnderTwoNamesIsFoundOnceAndPointedOutUntilSomebodyHasLooked(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	first, second := to(town, 1, "陳怡君", "4088748280272397"), to(town, 2, "林志豪", "4088748280272397")
	if found := findsOf(town); found[models.FindShared] != 1 || len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	if u := flags(town, first); u.Shared.Name != "林志豪" {
		t.Errorf("whoever signs the first is told of %+v", u.Shared)
	}
	if u := flags(town, second); u.Shared.Name != "陳怡君" || u.Alike.Found {
		t.Errorf("whoever signs the second is told of %+v", u)
	}
	to(town, 3, "林志豪", "4088748280272397")
	if found := findsOf(town); found[models.FindShared] != 1 {
		t.Errorf("found again: %v", found)
	}
	refusedAs(t, town.Payees.LookAtFind(ctx, town.Approver, 1, ""), "reason.needed")
	refusedAs(t, town.Payees.LookAtFind(ctx, town.Maker, 1, "one family"), "role.payee_confirm")
	town.Must(town.Payees.LookAtFind(ctx, town.Approver, 1, "one family"))
	refusedAs(t, town.Payees.LookAtFind(ctx, town.Second, 1, "again"), "find.looked_already")
	if u := flags(town, second); u.Shared.Found {
		t.Errorf("it is still pointed out: %+v", u)
	}
	town.Sound()
}

func TestD7_NamesEasilyTakenForEachOtherAreFoundFromBothEnds(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	first := to(town, 1, "鴻達物流股份有限公司", "20680100044471")
	for i, name := range []string{"鴻大物流股份有限公司", "鸿达物流股份有限公可"} {
		p := to(town, 2+i, name, "2068010004448"+string(rune('0'+i)))
		if u := flags(town, p); !u.Alike.Found {
			t.Errorf("%s is not found", name)
		}
	}
	to(town, 5, "東昇報關行", "20680100044490")
	if found := findsOf(town); found[models.FindAlike] != 2 {
		t.Errorf("found %v", found)
	}
	if u := flags(town, first); !u.Alike.Found || u.Shared.Found {
		t.Errorf("the first is told %+v", u)
	}
	town.Sound()
}

func TestD7_AColleaguesOwnAccountIsPointedOutForEver(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	p := to(town, 1, "陳怡君", "4088748280272397")
	refusedAs(t, town.Payees.DeclareAccount(ctx, town.Approver, town.Maker.ID, "4088748280272397"), "role.people")
	town.Must(town.Payees.DeclareAccount(ctx, town.Second, town.Second.ID, "4088 7482 8027 2397"))
	refusedAs(t, town.Payees.DeclareAccount(ctx, town.Second, town.Second.ID, "4088748280272397"), "own.already")
	if found := findsOf(town); found[models.FindOwn] != 1 {
		t.Fatalf("found %v", found)
	}
	refusedAs(t, town.Payees.LookAtFind(ctx, town.Second, 1, "it is mine"), "find.about_you")
	town.Must(town.Payees.LookAtFind(ctx, town.Approver, 1, "It is the rent of the flat in Keelung; contract seen"))
	if u := flags(town, p); u.Colleague != town.Second.Name {
		t.Errorf("whoever signs is told of %q", u.Colleague)
	}
	refusedAs(t, town.Approve(town.Second, p.OrderNo, p.Digest), "payout.own_account")
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Sound()
}

func TestD7_WhoeverSeesAPartIsNotToldTheNameOfAPayeeBeyondIt(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := to(town, 1, "陳怡君", "4088748280272397")
	form := town.Form("apay.unionpay", 2)
	form.Values["name"], form.Values["number"] = "王建国", "4088748280272397"
	town.Submitted(form)
	part := models.Seeing(t.Context(), models.Scope{Currencies: []string{"TWD"}})
	u, err := models.FindUnusual(town.Store.Read(part), p, town.Now().Location(), town.Now())
	town.Must(err)
	if !u.Shared.Found || u.Shared.Name != "" {
		t.Errorf("they are told %+v", u.Shared)
	}
}

func TestD7_TheDatabaseLetsNobodyLookAtTheirOwnDetails(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	to(town, 1, "陳怡君", "4088748280272397")
	to(town, 2, "林志豪", "4088748280272397")
	for statement, args := range map[string][]any{
		"UPDATE payee_finds SET looked_by = ?, looked_at = 5, note = 'x'": {town.Maker.ID}, "DELETE FROM payee_finds": nil, "UPDATE payee_finds SET kind = 'alike'": nil,
	} {
		if err := town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(statement, args...).Error }); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

// A book of the time before is compared once, when the program starts.
func TestD7_PayeesOfBeforeAreComparedAtTheNextStart(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	to(town, 1, "陳怡君", "4088748280272397")
	to(town, 2, "林志豪", "4088748280272397")
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("DROP TRIGGER payee_finds_stay; DELETE FROM payee_finds; UPDATE payees SET backward = '', romanised = '', initials = ''").Error
	}))
	for range 2 {
		town.Must(town.Core.FoldNames(t.Context()))
	}
	if found := findsOf(town); found[models.FindShared] != 1 {
		t.Errorf("found %v", found)
	}
	var unread int64
	town.Must(town.Store.Read(t.Context()).Model(&models.Payee{}).Where("backward = '' OR romanised = ''").Count(&unread).Error)
	if unread > 0 {
		t.Errorf("%d names are not read", unread)
	}
}
