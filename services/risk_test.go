package services_test

import (
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// riskOf reads the meter and the rows that its list shows, from one snapshot.
func riskOf(town *servicestest.Town) (meter, rows []models.Money) {
	town.T.Helper()
	town.Must(town.Store.Read(town.T.Context()).Transaction(func(db *gorm.DB) error {
		risks, err := models.AtRisk(db)
		if err != nil {
			return err
		}
		for _, r := range risks {
			f := models.Everything(town.Controller)
			f.AtRisk, f.Account, f.Currency = true, r.AccountID, r.Currency
			list, err := models.ListPayouts(db, f, models.PayoutPage{Size: 1000})
			if err != nil {
				return err
			}
			if int64(len(list.Rows)) != r.Orders || r.Orders != r.Unclear+r.Contradicted+r.Second {
				town.T.Errorf("%+v names %d rows", r, len(list.Rows))
			}
			meter, rows = append(meter, r.Sum()), append(rows, models.SumsOf(list.Rows)...)
		}
		return nil
	}))
	return meter, rows
}

// I30: money at risk is the sum of the rows that it names: unclear, contradicted,
// and what was sent in the place of such an order.
func TestI30_MoneyAtRiskIsTheSumOfItsRows(t *testing.T) {
	town := servicestest.New(t)
	same := func(when string, want ...models.Money) {
		t.Helper()
		meter, rows := riskOf(town)
		if !slices.Equal(meter, want) || !slices.Equal(rows, want) {
			t.Errorf("%s: the meter says %v, its rows %v, it is %v", when, meter, rows, want)
		}
	}
	same("nothing is in doubt")
	unclear := town.Unclear(town.Form("cashy.peru", 7))
	same("one is unclear", unclear.Amount())

	first := failed(t, town, town.Form("apay.taiwan", 1))
	second := town.Approved(again(town, first))
	same("a failed order is replaced", unclear.Amount())
	town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	same("the first was paid after all, the second is held", unclear.Amount(), first.Amount())
	if second = town.Look(second); second.Stage != models.Held {
		t.Fatalf("the second %+v", second.State)
	}
	town.Sound()
}

// X4: where the replacement has left already, both payments are at risk.
func TestI30_ADoublePaymentIsAtRiskTwice(t *testing.T) {
	town := servicestest.New(t)
	first := failed(t, town, town.Form("apay.taiwan", 1))
	second := town.Sent(again(town, first))
	town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	both := models.Money{Minor: first.AmountMinor + second.AmountMinor, Currency: "TWD"}
	if meter, rows := riskOf(town); !slices.Equal(meter, []models.Money{both}) || !slices.Equal(rows, meter) {
		t.Errorf("the meter says %v, its rows %v, it is %v", meter, rows, both)
	}
	// The known-bad variant: a meter that looks at unclear and contradicted orders
	// alone would miss the second payment.
	clashes, err := models.ContradictedOrders(town.Store.Read(t.Context()))
	town.Must(err)
	if slices.Equal(models.SumsOf(clashes), []models.Money{both}) {
		t.Error("this town does not tell the meters apart")
	}
	town.Sound()
}

func TestTheMoneyAtRiskIsKeptByTheHour(t *testing.T) {
	town := servicestest.New(t)
	note := func() { town.T.Helper(); town.Must(town.Proof.NoteRisk(t.Context())) }
	note()
	town.Pass(time.Hour)
	p := town.Unclear(town.Form("cashy.peru", 7))
	note()
	note() // the same hour is one row
	town.Pass(2 * time.Hour)
	_, sums, err := models.RiskByHour(town.Store.Read(t.Context()), "PEN", town.Now(), 4)
	town.Must(err)
	if want := []int64{0, p.AmountMinor, -1, -1}; !slices.Equal(sums, want) {
		t.Errorf("got %v, want %v", sums, want)
	}
}
