package handlers

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
)

// manyOrders are orders in most states, over all rails.
func (a *townApp) manyOrders() {
	a.t.Helper()
	for i, rail := range []string{"apay.taiwan", "apay.unionpay", "cashy.peru", "apay.alipay"} {
		a.town.Draft(a.town.Form(rail, 10*i+1))
		a.town.Submitted(a.town.Form(rail, 10*i+2))
		a.town.Approved(a.town.Form(rail, 10*i+3))
		a.town.Sent(a.town.Form(rail, 10*i+4))
	}
	a.town.Unclear(a.town.Form("apay.taiwan", 90))
	held := a.town.Approved(a.town.Form("apay.taiwan", 91))
	a.town.Must(a.Payouts.Hold(a.t.Context(), a.town.Controller, held.OrderNo, "look at it first"))
	gone := a.town.Submitted(a.town.Form("apay.taiwan", 92))
	a.town.Must(a.Payouts.Withdraw(a.t.Context(), a.town.Maker, gone.OrderNo, "made twice"))
}

var (
	rowPattern = regexp.MustCompile(`<tr role="row" id="order-`)
	tabPattern = regexp.MustCompile(`<a href="(/payouts[^"]*)"[^>]*>\s*[A-Z][a-z ]+\s*<span class="count"[^>]*>([0-9,]+)</span>`)
)

func rowsOf(p page) int { return len(rowPattern.FindAllString(p.body, -1)) }

// I30: the number on a tab is that of the rows behind it.
func TestI30_TabsCountTheirRows(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	b := a.as(models.Maker, models.Approver)
	for _, filter := range []string{"", "currency=TWD", "least=100.00&most=120.00", "when=30d&rail=apay.taiwan", "q=INV"} {
		tabs := tabPattern.FindAllStringSubmatch(b.get("/payouts?"+filter).is(200).body, -1)
		if len(tabs) != len(models.Tabs) {
			t.Fatalf("%q shows %d tabs", filter, len(tabs))
		}
		for _, tab := range tabs {
			path := strings.ReplaceAll(tab[1], "&amp;", "&")
			if rows := rowsOf(b.get(path).is(200)); strconv.Itoa(rows) != tab[2] {
				t.Errorf("%s has %d rows, its tab says %s", path, rows, tab[2])
			}
		}
	}
}

func TestAListShowsWhatItsAddressSays(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	b := a.as(models.Auditor)
	b.get("/payouts?tab=unclear&currency=TWD&when=7d").is(200).says("Unclear: no answer", "Currency TWD", "last 7 days", "1 to 1 of 1").keepsQuiet("New payout")
	b.get("/payouts?held=on").is(200).says("Only held", "Held:")
	b.get("/payouts?q=nothing+of+that+kind").is(200).says("No order fits these filters", "Clear filters").keepsQuiet("Widen")
	b.get("/payouts?q=nothing&when=today").is(200).says("Widen to 90 days")
	b.get("/payouts?tab=mine").is(200).says("Nothing here waits for you")
	b.get("/payouts?least=1e3&tab=done").is(http.StatusUnprocessableEntity).says("cannot be read as a filter", "Amounts are digits").keepsQuiet("order-no")
	b.get("/payouts?rail=apay.tokyo").is(http.StatusUnprocessableEntity)
	b.get("/payouts?order=amount").is(http.StatusUnprocessableEntity)
	b.get("/payouts?currency=&tab=done&from=").leadsTo("/payouts?tab=done")
	if all, plain := rowsOf(b.get("/payouts?tab=all").is(200)), rowsOf(b.get("/payouts").is(200)); all != plain || all == 0 {
		t.Errorf("all has %d rows, the list without a tab %d", all, plain)
	}
	b.get("/payouts?tab=done&currency=TWD").is(200).links("/payouts?currency=TWD&amp;tab=all")
}

func TestPagesOfTheListLeadToOneAnother(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	for i := range payoutsShown + 3 {
		a.town.Draft(a.town.Form("apay.taiwan", 100+i))
	}
	b := a.as(models.Auditor)
	links := regexp.MustCompile(`href="(/payouts\?(?:before|after)=[0-9]+)"`)
	first := b.get("/payouts").is(200).says("1 to 50 of 53")
	older := links.FindStringSubmatch(first.body)
	second := b.get(older[1]).is(200).says("51 to 53 of 53")
	newer := links.FindStringSubmatch(second.body)
	if again := b.get(newer[1]).is(200).says("1 to 50 of 53"); rowsOf(first) != payoutsShown || rowsOf(second) != 3 || rowsOf(again) != payoutsShown {
		t.Errorf("the pages have %d, %d and %d rows", rowsOf(first), rowsOf(second), rowsOf(again))
	}
}

func TestAnExactNumberLeadsToItsOrder(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("apay.taiwan", 1)
	b := a.as(models.Resolver)
	order := "/payouts/" + p.OrderNo
	b.get("/payouts?q=" + p.OrderNo).leadsTo(order)
	b.get("/payouts?q=" + strings.ToLower(p.OrderNo) + "&tab=done").leadsTo(order)
	b.get("/payouts?q=" + p.GatewayNo).leadsTo(order)
	b.post("/payouts/search", url.Values{"q": {p.OrderNo}}).leadsTo(order)
	b.post("/payouts/search", url.Values{"q": {"陳怡君"}, "filter": {"tab=done"}}).leadsTo("/payouts?q=%E9%99%B3%E6%80%A1%E5%90%9B&tab=done")
	if rows := rowsOf(b.get("/payouts?q=" + p.OrderNo[20:]).is(200)); rows != 1 {
		t.Errorf("the last six find %d rows", rows)
	}
}

// I24: a whole account number finds its orders and stands in no address and on no page.
func TestI24_AWholeAccountNumberStaysInNoAddress(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.sent("apay.taiwan", 1)
	a.sent("apay.alipay", 2)
	b := a.as(models.Resolver)
	for typed, number := range map[string]string{
		"4088 7482 8027 2397": "4088748280272397", "４０８８７４８２８０２７２３９７": "4088748280272397", "li@163.com": "li@163.com", "6222029999999999999": "6222029999999999999",
	} {
		answer := b.post("/payouts/search", url.Values{"q": {typed}, "filter": {"currency=TWD"}}).is(http.StatusSeeOther)
		location := answer.header.Get("Location")
		if strings.Contains(location, number) || !strings.Contains(location, "number=") || !strings.Contains(location, "currency=TWD") {
			t.Errorf("%q leads to %s", typed, location)
		}
		b.get(location).is(200).keepsQuiet(number).says("Account number")
		b.get("/payouts?q=" + url.QueryEscape(typed)).is(http.StatusSeeOther)
	}
	hash := hex.EncodeToString(a.Payouts.HashAccount("4088748280272397"))
	if rows := rowsOf(b.get("/payouts?number=" + hash)); rows != 1 {
		t.Errorf("the number finds %d rows", rows)
	}
}

// A question may be put again from the same page, as often as one likes.
func TestASearchMayBeRepeated(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Auditor)
	key := b.key()
	b.postKey("/payouts/search", key, url.Values{"q": {"first"}}).leadsTo("/payouts?q=first")
	b.postKey("/payouts/search", key, url.Values{"q": {"second"}}).leadsTo("/payouts?q=second")
	b.postKey("/payouts/search", "made up", url.Values{"q": {"third"}}).is(http.StatusForbidden)
}

// The amounts of the list's filter have two decimal places, because every currency
// of every rail has.
func TestEveryRailPaysInTwoDecimalPlaces(t *testing.T) {
	for _, family := range families.All() {
		for _, rail := range family.Rails() {
			if places, known := models.Scale(rail.Currency); !known || places != 2 {
				t.Errorf("%s pays in %s, which has %d places: the filter by amount has to ask for the currency", rail.ID, rail.Currency, places)
			}
		}
	}
}

func TestAnOpenListIsToldWhatChanged(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	first, second := a.town.Submitted(a.town.Form("apay.taiwan", 1)), a.town.Submitted(a.town.Form("apay.taiwan", 2))
	seen, _, err := models.Head(a.Store.Read(t.Context()))
	must(t, err)
	w := watched{filter: models.Everything(a.town.Auditor), rows: []models.PayoutID{second.ID, first.ID}}
	update, seen, err := a.payoutsUpdate(t.Context(), w, seen)
	must(t, err)
	if len(update.Rows) != 0 || update.Newer != 0 {
		t.Errorf("nothing happened, and it tells of %d rows and %d newer", len(update.Rows), update.Newer)
	}
	a.town.Must(a.town.Approve(a.town.Approver, first.OrderNo, first.Digest))
	a.town.Draft(a.town.Form("apay.taiwan", 3))
	update, seen, err = a.payoutsUpdate(t.Context(), w, seen)
	must(t, err)
	if len(update.Rows) != 1 || update.Rows[0].ID != first.ID || update.Rows[0].Stage != models.Approved || update.Newer != 1 {
		t.Errorf("it tells of %+v", update)
	}
	if update, _, err = a.payoutsUpdate(t.Context(), w, seen); err != nil || len(update.Rows) != 0 || update.Newer != 1 {
		t.Errorf("told twice: %+v, %v", update, err)
	}
}

func TestTheListNamesItsStream(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Draft(a.town.Form("apay.taiwan", 1))
	b := a.as(models.Auditor)
	body := b.get("/payouts?tab=other").body
	if strings.Contains(body, "payouts/stream") {
		t.Error("a list that cannot be read has a stream")
	}
	body = b.get("/payouts").body
	if want := fmt.Sprintf("/payouts/stream?rows=%d&amp;seen=", p.ID); !strings.Contains(body, want) {
		t.Errorf("the page does not name %s", want)
	}
}

func TestABlockedOrderIsShownAsBlocked(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.town.Submitted(a.town.Form("apay.taiwan", 1))
	b := a.as(models.Auditor)
	b.get("/payouts").says("Needs approval 0 of 1")
	a.write(func(tx *gorm.DB) error {
		for _, p := range []models.Person{a.town.Other, a.town.Approver, a.town.Second, a.town.Controller} {
			if err := models.SetActive(tx, p.ID, false); err != nil {
				return err
			}
		}
		return nil
	})
	b.get("/payouts?blocked=on").says("Blocked: no approver left", "Only nobody left to sign", "1 to 1 of 1")
}

func TestChangedRowsAreDrawnAgainWhereTheyStand(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	b := a.as(models.Auditor)
	path := strings.ReplaceAll(regexp.MustCompile(`/payouts/stream\?[^"]*`).FindString(b.get("/payouts").body), "&amp;", "&")
	lines, status := b.stream(startServer(t, a.app), path)
	if status != http.StatusOK || !until(t, lines, "rail-count-unclear") {
		t.Fatalf("status %d, nothing at once", status)
	}
	a.town.Must(a.town.Approve(a.town.Approver, p.OrderNo, p.Digest))
	if !until(t, lines, fmt.Sprintf(`hx-target="#order-%d"`, p.ID)) {
		t.Fatal("the row is not drawn again")
	}
	a.town.Draft(a.town.Form("apay.taiwan", 2))
	if !until(t, lines, "1 new order in this list.") {
		t.Fatal("the new order is not announced")
	}
	_, status = b.stream(a.web.URL, "/payouts/stream?rows="+strings.Repeat("1.", 80))
	if status != http.StatusNotFound {
		t.Errorf("a stream of 80 rows answers %d", status)
	}
}
