package models_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// addresses are filters as they stand in the address bar.
var addresses = []string{
	"", "tab=all", "tab=mine", "tab=needs_approval", "tab=unclear", "tab=with_gateway", "tab=done", "currency=PEN", "account=2", "rail=apay.taiwan",
	"maker=2", "least=100.10&most=101.50", "least=100.00", "reason=timeout", "grade=3", "grade=0", "contradiction=on", "held=on", "by_hand=on",
	"reserved=on", "blocked=on", "from=2026-11-01&to=2026-11-01", "when=today", "when=7d", "tab=done&currency=CNY&from=2026-11-01&account=1",
	"tab=needs_approval&held=on", "q=INV-0000", "q=chuqui", "q=0002", "q=100.25", "q=100.27+TWD", "q=00000042", "tab=done&q=陳怡君",
	"contradiction=on&tab=done", "reserved=on&account=1&currency=TWD", "rejected=amount", "rejected=papers&tab=done&currency=TWD",
}

func (c *crowd) filter(address string) models.PayoutFilter {
	c.t.Helper()
	values, err := url.ParseQuery(address)
	if err != nil {
		c.t.Fatal(err)
	}
	f, refused := models.ParsePayoutFilter(values, c.other, c.began.Add(12*time.Hour))
	if len(refused) > 0 {
		c.t.Fatalf("%s: %v", address, refused)
	}
	return f
}

// all walks a list to its end in pages of this size.
func (c *crowd) all(f models.PayoutFilter, size int) (rows []models.Payout) {
	c.t.Helper()
	page := models.PayoutPage{Size: size}
	for {
		list, err := models.ListPayouts(c.db(), f, page)
		if err != nil {
			c.t.Fatal(err)
		}
		if list.Newer != (len(rows) > 0) {
			c.t.Fatalf("after %d rows the page says newer %v", len(rows), list.Newer)
		}
		rows = append(rows, list.Rows...)
		if !list.Older {
			return rows
		}
		page.Before = rows[len(rows)-1].ID
	}
}

// I30: the number and the sums over a list are those of its rows.
func TestI30_CountsAndSumsAreThoseOfTheRows(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 700)
	for _, address := range addresses {
		f := c.filter(address)
		rows := c.all(f, 1000)
		count, capped, err := models.CountPayouts(c.db(), f)
		if err != nil || capped || count != int64(len(rows)) {
			t.Errorf("%q counts %d (capped %v, %v), its rows are %d", address, count, capped, err, len(rows))
		}
		sums, _, err := models.SumPayouts(c.db(), f)
		if want := models.SumsOf(rows); err != nil || !slices.Equal(sums, want) {
			t.Errorf("%q sums up to %v (%v), its rows to %v", address, sums, err, want)
		}
	}
}

func TestKeysetPagesShowEveryRowOnceInBothDirections(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 400)
	for _, address := range addresses {
		f := c.filter(address)
		whole, paged := numbers(c.all(f, 1000)), numbers(c.all(f, 7))
		if !slices.Equal(whole, paged) {
			t.Errorf("%q: pages of 7 show other rows than one page", address)
		}
		if len(whole) == 0 {
			continue
		}
		last := c.all(f, 1000)[len(whole)-1].ID
		back, err := models.ListPayouts(c.db(), f, models.PayoutPage{After: last, Size: 7})
		if err != nil {
			t.Fatal(err)
		}
		want := whole[max(0, len(whole)-8) : len(whole)-1]
		if !slices.Equal(numbers(back.Rows), want) || back.Older != (len(want) > 0) || back.Newer != (len(whole) > 8) {
			t.Errorf("%q: back from the end come %v, want %v", address, numbers(back.Rows), want)
		}
	}
}

func numbers(rows []models.Payout) (found []string) {
	for _, p := range rows {
		found = append(found, p.OrderNo)
	}
	return found
}

func TestTheFilterComesBackFromItsAddress(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 1)
	for _, address := range append(addresses, "number="+strings.Repeat("ab", 32)) {
		f := c.filter(address)
		if again := c.filter(f.Values().Encode()); !slices.Equal(again.Number, f.Number) || again.Values().Encode() != f.Values().Encode() ||
			!again.From.Equal(f.From) || !again.Until.Equal(f.Until) {
			t.Errorf("%q became %q", address, again.Values().Encode())
		}
	}
}

func TestWhatAnAddressMayNotSayIsNamed(t *testing.T) {
	t.Parallel()
	reader := models.Person{Zone: "Asia/Taipei"}
	for address, field := range map[string]string{
		"tab=paid": "tab", "from=1+Nov": "from", "to=2026-02-30": "to", "currency=XXX": "currency", "account=two": "account", "least=1e3": "least",
		"most=1.005": "most", "least=5.00&most=4.00": "most", "reason=bad": "reason", "grade=5": "grade", "held=yes": "held", "tab=done&tab=all": "tab",
		"from=2026-11-02&to=2026-11-01": "to", "order=id": "", "number=abc": "number", "q=a%00b": "q",
	} {
		values, _ := url.ParseQuery(address)
		_, refused := models.ParsePayoutFilter(values, reader, time.Now())
		if len(refused) != 1 || refused[0].Field != field || refused[0].Kind != models.Invalid {
			t.Errorf("%q was refused as %+v", address, refused)
		}
	}
}

func TestDaysAreThoseOfTheReadersZone(t *testing.T) {
	t.Parallel()
	reader := models.Person{Zone: "America/Lima"}
	now := time.Date(2026, 11, 19, 3, 0, 0, 0, time.UTC) // still the 18th in Lima
	for when, want := range map[string][2]string{
		"today": {"2026-11-18T05:00", "2026-11-19T05:00"}, "yesterday": {"2026-11-17T05:00", "2026-11-18T05:00"},
		"7d": {"2026-11-12T05:00", "2026-11-19T05:00"}, "this_month": {"2026-11-01T05:00", "2026-11-19T05:00"},
		"last_month": {"2026-10-01T05:00", "2026-11-01T05:00"},
	} {
		f, _ := models.ParsePayoutFilter(url.Values{"when": {when}}, reader, now)
		got := [2]string{f.From.UTC().Format("2006-01-02T15:04"), f.Until.UTC().Format("2006-01-02T15:04")}
		if got != want {
			t.Errorf("%s is %v, want %v", when, got, want)
		}
	}
}

func TestOneBoxFindsAnyOrder(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 60)
	number := "01M7QZKNR3T3ZZJH6W00000042" // a paid one, of payee 1
	for typed, want := range map[string]int{
		number: 1, strings.ToLower(number): 1, "000042": 1, "01M7…000042": 1, "01M7...000042": 1, "POT00000039": 1, "INV-000042": 1, "inv-00004": 10,
		"陳怡君": 20, "rosa": 20, "100%": 20, "cargo_line": 20, "cargo line": 20, "car%line": 0, "陈怡": 20, "陳": 20, "0002": 20, "····0002": 20, "4088…0002": 20, "*0002": 20,
		"100.42": 1, "100.42 TWD": 1, "TWD 100.42": 1, "100.42 pen": 0, "１００.４２": 1, "nothing like it": 0,
	} {
		f := c.filter("")
		f.Search = models.ReadSearch(typed)
		if got := c.all(f, 100); len(got) != want {
			t.Errorf("%q finds %d orders, want %d", typed, len(got), want)
		}
	}
	f := c.filter("")
	f.Number = hashOf(2)
	if got := c.all(f, 100); len(got) != 20 {
		t.Errorf("a whole account number finds %d orders", len(got))
	}
}

func TestAnExactNumberNamesItsOrder(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 60)
	for typed, want := range map[string]string{
		"01M7QZKNR3T3ZZJH6W00000041": "01M7QZKNR3T3ZZJH6W00000041", "01m7qzknr3t3zzjh6w00000041": "01M7QZKNR3T3ZZJH6W00000041",
		"POT00000039": "01M7QZKNR3T3ZZJH6W00000039", "000041": "", "INV-000041": "", "": "",
	} {
		got, ok, err := models.FindExactly(c.db(), models.ReadSearch(typed))
		if err != nil || got != want || ok != (want != "") {
			t.Errorf("%q names %q (%v, %v), want %q", typed, got, ok, err, want)
		}
	}
}

func TestOnlyWholeNumbersAreTakenForAccounts(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"4088 7482 8027 2397": "4088748280272397", "4088-7482-8027-2397": "4088748280272397", "２３９７": "", "2397": "", "li@163.com": "li@163.com",
		"01M7QZKNR3T3ZZJH6W00000041": "", "5000.00 TWD": "", "a@b": "",
	} {
		if got := models.ReadSearch(typed).AccountNumber(); got != want {
			t.Errorf("%q is taken for %q, want %q", typed, got, want)
		}
	}
}

// Mine is what one has to act on, no more.
func TestMineIsWhatTheReaderHasToActOn(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 110)
	waiting := c.all(c.filter("tab=needs_approval"), 1000)
	signed := waiting[slices.IndexFunc(waiting, func(p models.Payout) bool { return p.MakerID == c.maker.ID })]
	c.write(func(tx *gorm.DB) error {
		return c.approve(tx, signed, c.other.ID)
	})
	for _, p := range c.all(c.filter("tab=mine"), 1000) {
		mine := p.Stage == models.Draft && p.MakerID == c.other.ID || p.Outcome == models.Unclear && p.OwnerID == c.other.ID ||
			p.Stage == models.AwaitingApproval && p.MakerID != c.other.ID && p.ID != signed.ID
		if !mine {
			t.Errorf("%s is %s/%s of maker %d", p.OrderNo, p.Stage, p.Outcome, p.MakerID)
		}
	}
	waits, err := models.ToSign(c.db(), c.other)
	orders, sums := waits.Orders(), waits.Sums()
	var want []models.Payout
	for _, p := range waiting {
		if p.MakerID != c.other.ID && p.ID != signed.ID {
			want = append(want, p)
		}
	}
	if err != nil || orders != int64(len(want)) || !slices.Equal(sums, models.SumsOf(want)) {
		t.Errorf("to sign are %d of %v (%v), want %d of %v", orders, sums, err, len(want), models.SumsOf(want))
	}
}

func TestCountsAreCappedAndSaySo(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, models.Capped+40)
	f := c.filter("rail=apay.taiwan")
	if count, capped, err := models.CountPayouts(c.db(), f); count != models.Capped || !capped || err != nil {
		t.Errorf("counted %d, capped %v, %v", count, capped, err)
	}
	if sums, capped, err := models.SumPayouts(c.db(), f); sums != nil || !capped || err != nil {
		t.Errorf("summed up %v, capped %v, %v", sums, capped, err)
	}
	if count, capped, err := models.CountPayouts(c.db(), c.filter("")); count != models.Capped+40 || capped || err != nil {
		t.Errorf("the kept counters say %d, capped %v, %v", count, capped, err)
	}
	for _, plan := range c.plans(plainAddresses) {
		if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("a list of ten thousand is answered by %s", plan)
		}
	}
}

// plainAddresses are filters that must walk along an index, however long the list.
var plainAddresses = []string{
	"", "tab=needs_approval", "tab=unclear", "tab=with_gateway", "tab=done", "from=2026-11-02&to=2026-11-03", "tab=done&from=2026-11-02", "account=1", "maker=1",
	"account=1&tab=done", "contradiction=on", "held=on", "by_hand=on", "reserved=on", "reason=timeout", "currency=PEN", "least=150.00&most=180.00",
	"tab=done&currency=PEN&least=1.00", "number=" + strings.Repeat("01", 32), "maker=1&from=2026-11-02",
}

func (c *crowd) plans(addresses []string) (all []string) {
	c.t.Helper()
	for _, address := range addresses {
		plans, err := models.PlansOf(c.db(), c.filter(address), 9_000, c.explain)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, plan := range plans {
			all = append(all, address+": "+plan)
		}
	}
	return all
}

func (c *crowd) explain(sql string, values []any) string {
	var steps []struct{ Detail string }
	if err := c.db().Raw("EXPLAIN QUERY PLAN "+sql, values...).Scan(&steps).Error; err != nil {
		c.t.Fatal(err)
	}
	return fmt.Sprint(steps)
}

func TestASearchWalksIndexesAlone(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 2000)
	for _, plan := range c.plans([]string{"q=01M7QZKNR3T3ZZJH6W00000042", "q=000042", "q=INV-00", "q=0002", "q=100.42+TWD", "q=rosa", "tab=done&q=rosa"}) {
		if strings.Contains(plan, "SCAN payouts") {
			t.Errorf("it scans: %s", plan)
		}
	}
}
