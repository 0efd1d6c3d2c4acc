package models_test

import (
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

func TestI30_FiguresByDayAreThoseOfTheRows(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 3000) // a little over two days
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	now := c.began.Add(3000 * time.Minute).In(lima)
	days, err := models.LastDays(c.db(), now, 30)
	if err != nil {
		t.Fatal(err)
	}
	values, err := models.ValueByDay(c.db(), days, "PEN")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{}
	for _, p := range c.all(c.filter("currency=PEN"), 5000) {
		if p.Stage == models.Sent {
			want[p.CreatedAt.In(lima).Format(time.DateOnly)+string(p.Outcome)] += p.AmountMinor
		}
	}
	for i, day := range days {
		for outcome, sum := range values[i] {
			key := day.Start.Format(time.DateOnly) + string(outcome)
			if want[key] != sum {
				t.Errorf("%s sums up to %d, its rows to %d", key, sum, want[key])
			}
			delete(want, key)
		}
	}
	if len(want) > 0 {
		t.Errorf("no day has %v", want)
	}
}

func TestDaysHaveTheLengthOfTheirZone(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 1)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	days, err := models.LastDays(c.db(), time.Date(2026, 10, 26, 9, 0, 0, 0, berlin), 3)
	if err != nil {
		t.Fatal(err)
	}
	if got := days[2].Start.Sub(days[1].Start); got != 25*time.Hour {
		t.Errorf("the day on which clocks go back has %s", got)
	}
}

func TestCertaintyIsMeasuredFromSendToTheGatewaysProof(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 1000)
	days, err := models.LastDays(c.db(), c.began.Add(20*time.Hour), 2)
	if err != nil {
		t.Fatal(err)
	}
	found, whole, err := models.CertaintyByDay(c.db(), days)
	if err != nil || found[0].Orders != 0 || found[0].Half != -1 || found[0].Most != -1 {
		t.Errorf("a day without orders has %+v, %v", found[0], err)
	}
	var seconds []int64
	for _, p := range c.all(c.filter(""), 5000) {
		if !p.SettledAt.IsZero() && !p.ByHand {
			seconds = append(seconds, int64(p.SettledAt.Sub(p.SentAt)/time.Second))
		}
	}
	slices.Sort(seconds)
	n := len(seconds)
	want := models.Certainty{Orders: int64(n), Half: seconds[(n*50+99)/100-1], Most: seconds[(n*95+99)/100-1]}
	if found[1] != want || whole != want {
		t.Errorf("certain within %+v, all in all %+v, want %+v", found[1], whole, want)
	}
}

func TestFailuresAreCountedByWhatTheGatewaySaid(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 220)
	days, err := models.LastDays(c.db(), c.began.Add(20*time.Hour), 30)
	if err != nil {
		t.Fatal(err)
	}
	found, err := models.FailuresSince(c.db(), days)
	var orders int64
	for _, f := range found {
		orders += f.Orders
	}
	if err != nil || orders != 20 || len(found) != 2 {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestTheMainCurrencyIsThatOfMostOrders(t *testing.T) {
	t.Parallel()
	cells := []models.PayoutCount{{Currency: "PEN", Orders: 2}, {Currency: "TWD", Orders: 3}, {Currency: "PEN", Orders: 1}, {Currency: "CNY", Orders: 1}}
	if got := models.MainCurrency(cells); got != "PEN" {
		t.Errorf("got %q", got)
	}
	if got := models.MainCurrency(nil); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestAnOrderIsBlockedWhenNobodyIsLeftToSign(t *testing.T) {
	t.Parallel()
	person := func(id models.PersonID, active bool, roles ...models.Role) models.Person {
		return models.Person{ID: id, Active: active, Roles: roles}
	}
	waiting := func(needed, signed int) models.Payout {
		return models.Payout{MakerID: 1, State: models.State{Stage: models.AwaitingApproval, Outcome: models.None, Needed: needed, Approvals: signed}}
	}
	ann, ben, cat := person(1, true, models.Maker, models.Approver), person(2, true, models.Approver), person(3, true, models.Controller)
	for _, c := range []struct {
		name   string
		order  models.Payout
		signed []models.Signer
		people []models.Person
		want   bool
	}{
		{"another approver is there", waiting(1, 0), nil, []models.Person{ann, ben}, false},
		{"only the maker could", waiting(1, 0), nil, []models.Person{ann}, true},
		{"two are needed, one is there", waiting(2, 0), nil, []models.Person{ann, ben}, true},
		{"a controller may sign too", waiting(2, 0), nil, []models.Person{ann, ben, cat}, false},
		{"who has signed cannot sign again", waiting(2, 1), []models.Signer{{ID: 2}}, []models.Person{ann, ben}, true},
		{"one signed, another is left", waiting(2, 1), []models.Signer{{ID: 2}}, []models.Person{ann, ben, cat}, false},
		{"who has left cannot sign", waiting(1, 0), nil, []models.Person{ann, person(2, false, models.Approver)}, true},
		{"a resolver cannot sign", waiting(1, 0), nil, []models.Person{ann, person(4, true, models.Resolver)}, true},
		{"what waits for nobody is not blocked", models.Payout{MakerID: 1, State: models.State{Stage: models.Approved}}, nil, nil, false},
	} {
		if got := models.Blocked(c.order, c.signed, c.people); got != c.want {
			t.Errorf("%s: blocked is %v", c.name, got)
		}
	}
}

func TestBlockedOrdersAreFoundInTheTables(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 110) // ten wait; two of them are by the only approver
	blocked, err := models.BlockedOrders(c.db())
	if err != nil || len(blocked) != 2 {
		t.Fatalf("blocked are %v, %v", blocked, err)
	}
	if rows := c.all(c.filter("blocked=on"), 100); len(rows) != 2 || rows[0].MakerID != c.other.ID {
		t.Errorf("the list of the blocked has %d rows", len(rows))
	}
	c.person("third", models.Controller)
	if blocked, err = models.BlockedOrders(c.db()); err != nil || len(blocked) != 0 {
		t.Errorf("with a controller there are still %v, %v", blocked, err)
	}
	signed := c.all(c.filter("tab=needs_approval"), 100)[0]
	c.write(func(tx *gorm.DB) error {
		if err := tx.Exec("UPDATE payouts SET approvals = 1, approvals_needed = 2, maker_id = maker_id WHERE id = ?", signed.ID).Error; err != nil {
			return err
		}
		return c.approve(tx, signed, 3)
	})
	if blocked, err = models.BlockedOrders(c.db()); err != nil || signed.MakerID == c.other.ID && len(blocked) != 1 {
		t.Errorf("signed by the one who is left: %v, %v", blocked, err)
	}
}
