package views

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/static"
	"countersign/views/i18n"
)

// listRows is how many orders stand on one page of a list.
const listRows = 1000

// DrawPeriodOrder is the page of one order of a period.
func DrawPeriodOrder(ctx context.Context, d models.Dossier, events []models.Event) ([]byte, error) {
	return printed(ctx, PeriodOrderPage(d, events))
}

// DrawPeriodRest makes every other page of a bundle of a period: its cover, the lists of
// its orders, and what they depend on.
func DrawPeriodRest(ctx context.Context, d models.PeriodDossier, orders []models.PeriodOrder, grounds []models.Event, add func(string, []byte) error) error {
	lists := periodLists(ctx, d, orders)
	for _, section := range lists {
		for _, list := range section.Lists {
			if err := addList(ctx, d, list, add); err != nil {
				return err
			}
		}
	}
	for _, page := range []struct {
		name string
		page templ.Component
	}{{"grounds.html", PeriodGrounds(d, grounds)}, {"index.html", PeriodCover(d, orders, lists)}} {
		content, err := printed(ctx, page.page)
		if err != nil {
			return err
		}
		if err := add(page.name, content); err != nil {
			return err
		}
	}
	return add("style.css", static.Sheet())
}

// addList makes the pages of one list.
func addList(ctx context.Context, d models.PeriodDossier, list *periodList, add func(string, []byte) error) error {
	for n, orders := range list.pages() {
		content, err := printed(ctx, PeriodListPage(d, list, n, orders))
		if err != nil {
			return err
		}
		if err := add(list.file(n), content); err != nil {
			return err
		}
	}
	return nil
}

func printed(ctx context.Context, page templ.Component) ([]byte, error) {
	var whole bytes.Buffer
	err := page.Render(ctx, &whole)
	return whole.Bytes(), err
}

// periodList is some of the orders, by what they have in common.
type periodList struct {
	Name   string // of its file
	Title  string
	Orders []models.PeriodOrder
}

// periodSection is one way to sort the orders.
type periodSection struct {
	Title string
	Lists []*periodList
}

// pages are the orders, so many on each.
func (l *periodList) pages() [][]models.PeriodOrder {
	return slices.Collect(slices.Chunk(l.Orders, listRows))
}

// file is the name of the page, counted from 0.
func (l *periodList) file(n int) string {
	if n == 0 {
		return "lists/" + l.Name + ".html"
	}
	return fmt.Sprintf("lists/%s-%d.html", l.Name, n+1)
}

// sums are what the orders come to, by currency.
func (l *periodList) sums() (sums []models.Money) { return sumsOf(l.Orders) }

func moneyWords(sums []models.Money) string {
	var words []string
	for _, sum := range sums {
		words = append(words, sum.String())
	}
	return strings.Join(words, ", ")
}

func sumsOf(orders []models.PeriodOrder) (sums []models.Money) {
	for _, o := range orders {
		at := slices.IndexFunc(sums, func(m models.Money) bool { return m.Currency == o.Amount.Currency })
		if at < 0 {
			at, sums = len(sums), append(sums, models.Money{Currency: o.Amount.Currency})
		}
		sums[at].Minor += o.Amount.Minor
	}
	return sums
}

// periodLists sort the orders by everything that a reader may ask for, each list a page:
// a bundle has no script that could filter.
func periodLists(ctx context.Context, d models.PeriodDossier, orders []models.PeriodOrder) []periodSection {
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	return []periodSection{
		sorted(i18n.T(ctx, "period.by_state"), "state", orders, func(o models.PeriodOrder) []string { return []string{StateWords(ctx, o.State)} }),
		sorted(i18n.T(ctx, "period.by_gateway"), "gateway", orders, func(o models.PeriodOrder) []string { return []string{o.Gateway} }),
		sorted(i18n.T(ctx, "period.by_maker"), "maker", orders, func(o models.PeriodOrder) []string { return []string{o.Maker} }),
		sorted(i18n.T(ctx, "period.by_approver"), "approver", orders, func(o models.PeriodOrder) []string { return o.Signers }),
		sorted(i18n.T(ctx, "period.by_day"), "day", orders, func(o models.PeriodOrder) []string { return []string{o.MadeAt.In(zone).Format(time.DateOnly)} }),
		{i18n.T(ctx, "period.all"), []*periodList{{Name: "all", Title: i18n.T(ctx, "period.all"), Orders: orders}}},
	}
}

// sorted puts every order into the lists of its names, in the order of the names.
func sorted(title, kind string, orders []models.PeriodOrder, names func(models.PeriodOrder) []string) periodSection {
	byName := map[string]*periodList{}
	section := periodSection{Title: title}
	for _, o := range orders {
		for _, name := range names(o) {
			list := byName[name]
			if list == nil {
				list = &periodList{Title: name}
				byName[name], section.Lists = list, append(section.Lists, list)
			}
			list.Orders = append(list.Orders, o)
		}
	}
	slices.SortFunc(section.Lists, func(a, b *periodList) int { return bytes.Compare([]byte(a.Title), []byte(b.Title)) })
	for i, list := range section.Lists {
		list.Name = kind + "-" + strconv.Itoa(i+1)
	}
	return section
}

// orderHref leads from a page in a folder of the bundle to an order's.
func orderHref(root string, o models.PeriodOrder) templ.SafeURL {
	return templ.SafeURL(root + "orders/" + o.OrderNo + "/index.html")
}

func policyAnchor(version int) string { return "policy-" + strconv.Itoa(version) }

func payeeAnchor(id models.PayeeID, number int) string {
	return "payee-" + id.Value() + "-" + strconv.Itoa(number)
}

// periodDays are the first and the last day of the period.
func periodDays(d models.PeriodDossier) (from, to string) {
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	return d.From.In(zone).Format(time.DateOnly), d.Until.Add(-time.Second).In(zone).Format(time.DateOnly)
}

func periodTitle(ctx context.Context, d models.PeriodDossier) string {
	from, to := periodDays(d)
	return i18n.T(ctx, "period.title", "From", from, "To", to)
}

// detailsFrom say how a payee's details came to be.
func detailsFrom(ctx context.Context, p models.DossierPayee) string {
	if p.Change == 0 {
		return i18n.T(ctx, "period.details_typed", "By", p.CreatedBy, "At", exactly(p.CreatedAt))
	}
	return i18n.T(ctx, "period.details_changed", "Change", strconv.FormatInt(p.Change, 10), "By", p.ConfirmedBy, "At", exactly(p.CreatedAt))
}

// policyFrom says who set the policy.
func policyFrom(ctx context.Context, p models.Policy) string {
	if p.ConfirmedBy == "" {
		return i18n.T(ctx, "period.policy_by", "By", p.CreatedBy)
	}
	return i18n.T(ctx, "period.policy_by_two", "By", p.CreatedBy, "Second", p.ConfirmedBy)
}

func roleList(ctx context.Context, p models.DossierPerson) string {
	words := RoleWords(ctx, p.Roles)
	if !p.Active {
		words += ", " + i18n.T(ctx, "period.inactive")
	}
	return words
}

// StateSums say how many orders are in which state, and what they come to.
func StateSums(ctx context.Context, orders []models.PeriodOrder) (lines []string) {
	section := sorted("", "state", orders, func(o models.PeriodOrder) []string { return []string{StateWords(ctx, o.State)} })
	for _, list := range section.Lists {
		lines = append(lines, list.Title+": "+i18n.N(ctx, "period.orders", len(list.Orders), "Sums", moneyWords(list.sums())))
	}
	return lines
}
