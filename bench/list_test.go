//go:build bench

package bench

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"countersign/models"
)

// TestList measures pages of the list of payouts over a small and a large ledger,
// in turns, first the questions to the database, then whole pages over HTTP.
func TestList(t *testing.T) {
	few, many := listed(t, small), listed(t, large)
	fmt.Printf("the list of payouts at %d and at %d orders\n", small.orders, large.orders)
	for _, s := range shapes {
		compare("query", s.name, few, many, func(l list) { l.query(s) })
	}
	compare("query", "1,000 rows of an export", few, many, func(l list) { l.query(shape{depth: 1, size: 1000}) })
	for _, s := range shapes {
		compare("page", s.name, few, many, func(l list) { l.get(l.address(s)) })
	}
}

// list is a filled product and who reads it.
type list struct {
	*product
	ledger
	reader models.Person
}

func listed(t *testing.T, l ledger) list {
	p := newProduct(t)
	p.fill(l)
	return list{product: p, ledger: l, reader: p.signIn()}
}

// shape is a way to look at the list.
type shape struct {
	name   string
	tab    models.Tab
	depth  int // halves of the list are above the page
	size   int
	search func(l ledger) string
}

var shapes = []shape{
	{name: "first page"},
	{name: "deep page", depth: 1},
	{name: "tab mine", tab: models.TabMine},
	{name: "tab needs approval", tab: models.TabNeedsApproval},
	{name: "tab unclear", tab: models.TabUnclear},
	{name: "tab with gateway", tab: models.TabWithGateway},
	{name: "tab done", tab: models.TabDone},
	{name: "search a reference", search: func(l ledger) string { return fmt.Sprintf("INV-%07d", l.orders/3) }},
	{name: "search last four", search: func(l ledger) string { return fmt.Sprintf("%04d", l.payees/3*7919%10000) }},
}

func (s shape) filter(l list) models.PayoutFilter {
	f := models.Everything(l.reader)
	f.Tab = s.tab
	if s.search != nil {
		f.Search = models.ReadSearch(s.search(l.ledger))
	}
	return f
}

func (s shape) before(l list) models.PayoutID { return models.PayoutID(s.depth * l.orders / 2) }

// query asks for one page.
func (l list) query(s shape) {
	page := models.PayoutPage{Before: s.before(l), Size: max(s.size, 50)}
	found, err := models.ListPayouts(l.Store.Read(context.Background()), s.filter(l), page)
	l.Must(err)
	if len(found.Rows) == 0 {
		l.T.Fatalf("%s: nothing found among %d", s.name, l.orders)
	}
}

// address is the same page for a browser.
func (l list) address(s shape) string {
	values := s.filter(l).Values()
	if s.depth > 0 {
		values.Set("before", fmt.Sprint(s.before(l)))
	}
	return (&url.URL{Path: "/payouts", RawQuery: values.Encode()}).String()
}

// eachTurn is how often a page is asked for in one turn.
const eachTurn = 15

// compare takes turns at both, and prints the median time of each.
func compare(layer, name string, few, many list, ask func(list)) {
	var times [2][]time.Duration
	for turn := range turns + 1 {
		for i, l := range []list{few, many} {
			for range eachTurn {
				began := time.Now()
				ask(l)
				if turn > 0 { // the first turn warms up
					times[i] = append(times[i], time.Since(began))
				}
			}
		}
	}
	small, large := median(times[0]), median(times[1])
	fmt.Printf("%-6s %-24s %8s %8s  ratio %.2f\n", layer, name, small.Round(time.Microsecond), large.Round(time.Microsecond), float64(large)/float64(small))
}
