package handlers

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// homeOf fills a person's home as the page does.
func (a *townApp) homeOf(p models.Person) (page views.HomePage) {
	a.t.Helper()
	ctx := i18n.With(a.t.Context(), "en", time.UTC, a.Now())
	must(a.t, a.fillHome(ctx, a.Store.Read(ctx), &page, p, ""))
	return page
}

// rowsBehind are all orders of a filter.
func (a *townApp) rowsBehind(reader models.Person, change func(*models.PayoutFilter)) []models.Payout {
	a.t.Helper()
	f := models.Everything(reader)
	change(&f)
	list, err := models.ListPayouts(a.Store.Read(a.t.Context()), f, models.PayoutPage{Size: 1000})
	must(a.t, err)
	return list.Rows
}

// I30: every sum on the home page is that of the rows which it names.
func TestI30_HomeSumsAreThoseOfTheRows(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	page := a.homeOf(a.town.Approver)
	same := func(name string, w views.Waiting, rows []models.Payout) {
		t.Helper()
		if w.Orders != int64(len(rows)) || !slices.Equal(w.Sums, models.SumsOf(rows)) {
			t.Errorf("%s: %d of %v, its rows are %d of %v", name, w.Orders, w.Sums, len(rows), models.SumsOf(rows))
		}
	}
	w, me := page.Work, a.town.Approver
	same("my approvals", w.Approvals, a.rowsBehind(me, func(f *models.PayoutFilter) { f.Tab = models.TabMine }))
	same("unclear", views.Waiting{Orders: int64(w.Unclear.Cases), Sums: w.Unclear.Risk}, a.rowsBehind(me, unclearTab))
	same("contradictions", w.Contradiction, a.rowsBehind(me, func(f *models.PayoutFilter) { f.Contradicted = true }))
	same("held", w.Held, a.rowsBehind(me, func(f *models.PayoutFilter) { f.Held = true }))
	same("blocked", w.Blocked, a.rowsBehind(me, func(f *models.PayoutFilter) { f.Blocked = true }))
	same("waiting for all", a.homeOf(a.town.Auditor).Work.Approvals, a.rowsBehind(me, func(f *models.PayoutFilter) { f.Tab = models.TabNeedsApproval }))
	for _, row := range page.Balances {
		of := func(change func(*models.PayoutFilter)) int64 {
			var sum int64
			for _, p := range a.rowsBehind(me, func(f *models.PayoutFilter) { change(f); f.Account = row.Account.ID }) {
				sum += p.AmountMinor
			}
			return sum
		}
		reserved, unclear := of(func(f *models.PayoutFilter) { f.Reserved = true }), of(unclearTab)
		if f := row.Funds; f.Reserved().Minor != reserved || f.Unclear != unclear || f.Available().Minor != row.Account.BalanceMinor-reserved-unclear-f.Besides().Minor {
			t.Errorf("%s: reserved %d, its rows %d; unclear %d, its rows %d", row.Account.Name, f.Reserved().Minor, reserved, f.Unclear, unclear)
		}
	}
	var charted, rows int64
	for _, day := range page.Charts.Values {
		for _, sum := range day {
			charted += sum
		}
	}
	for _, p := range a.rowsBehind(me, func(f *models.PayoutFilter) { f.Currency = page.Charts.Currency }) {
		if p.Stage == models.Sent || p.Stage == models.Sending {
			rows += p.AmountMinor
		}
	}
	if charted != rows || charted == 0 {
		t.Errorf("the chart sums up to %d, the orders sent to %d", charted, rows)
	}
}

func unclearTab(f *models.PayoutFilter) { f.Tab = models.TabUnclear }

func TestHomeIsWhatTheReadersRolesSee(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	a.as(models.Maker).get("/").is(200).says("Needs approval", "New payout", "Gateways and balances", "Safekeeping").keepsQuiet("Exceptions", "My approvals")
	a.as(models.Approver).get("/").is(200).says("My approvals", "signatures wait for you").keepsQuiet("New payout")
	a.as(models.Auditor).get("/").is(200).says("Exceptions", "Verdicts by people").keepsQuiet("New payout")
	a.as(models.GatewayAdmin).get("/").is(200).says("Gateways and balances").keepsQuiet("Unclear 1", "Safekeeping", "/payouts?")
	a.as(models.PeopleAdmin).get("/").is(200).says("Your roles see no orders", "People").keepsQuiet("APAY", "At risk")
	a.nobody().get("/").is(http.StatusSeeOther)
}

func TestHomeDrawsTheCurrencyThatIsAskedFor(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	b := a.as(models.Auditor)
	b.get("/?currency=PEN").is(200).says("PEN, 30 days")
	b.get("/?currency=XYZ").is(200).says("CNY, 30 days").keepsQuiet("XYZ")
}

func TestANewInstallationIsToldItsFirstSteps(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	b.get("/").is(200).says("First steps", "A gateway account", "The first payout").keepsQuiet("Time to certainty")
}

func TestASilentGuardIsRed(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.town.Draft(a.town.Form("apay.taiwan", 1))
	b := a.as(models.Auditor)
	light := regexp.MustCompile(`data-tone="([a-z]+)"></span>\s*<span>Sweeper</span>`)
	colour := func() string {
		if found := light.FindStringSubmatch(b.get("/").is(200).body); found != nil {
			return found[1]
		}
		return "none"
	}
	if got := colour(); got != "amber" {
		t.Errorf("a sweeper that never ran is %s", got)
	}
	a.write(func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: a.Now(), OK: true, Note: "3"})
	})
	if got := colour(); got != "green" {
		t.Errorf("a sweeper that runs is %s", got)
	}
	a.town.Pass(3 * time.Minute)
	if got := colour(); got != "red" {
		t.Errorf("a sweeper that is silent is %s", got)
	}
	b.get("/").says("questions planned: 3")
}

func TestFailuresAreSaidInWords(t *testing.T) {
	ctx := i18n.With(context.Background(), "en", time.UTC, time.Now())
	accounts := []models.GatewayAccount{{ID: 1, Name: "APAY Taipei", Family: "apay"}}
	var failures []models.Failure
	for i := range failureBars + 2 {
		failures = append(failures, models.Failure{AccountID: 1, Code: "X" + strings.Repeat("1", i+1), Orders: int64(20 - i)})
	}
	failures = append(failures, models.Failure{AccountID: 1, ByHand: true, Orders: 30}, models.Failure{AccountID: 1, Code: "5", Orders: 25},
		models.Failure{AccountID: 1, Orders: 1}, models.Failure{AccountID: 1, Code: "0012", Orders: 40})
	bars, all := failuresInWords(ctx, failures, accounts)
	var sum int64
	for _, b := range bars {
		sum += b.Orders
		if strings.HasPrefix(b.Words, "[") || b.Words == "" {
			t.Errorf("a reason without words: %q", b.Words)
		}
	}
	if len(bars) != failureBars+1 || sum != all || bars[1].Words != "Decided by two people" || bars[2].Words != "No reason given by APAY Taipei" || bars[2].Orders != 26 {
		t.Errorf("%d of %d in %+v", sum, all, bars)
	}
	for i := 1; i < failureBars; i++ {
		if bars[i].Orders > bars[i-1].Orders {
			t.Errorf("the bars are not sorted: %+v", bars)
		}
	}
}

func TestHomeUpdatesItself(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	lines, status := b.stream(startServer(t, a.app), "/stream/home")
	if status != http.StatusOK || !until(t, lines, `hx-target="#work"`) {
		t.Fatalf("status %d, nothing at once", status)
	}
	a.town.Submitted(a.town.Form("apay.taiwan", 1))
	if !until(t, lines, "101.50") {
		t.Fatal("what waits is not told")
	}
}
