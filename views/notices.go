package views

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// NoticesPage is a list of what gateways told us.
type NoticesPage struct {
	Shell    Shell
	Filter   models.NoticeFilter
	Waiting  int64 // in quarantine, nobody has looked
	Put      int64 // in quarantine, ever
	All      int64
	Found    int64 // by this filter, up to CountedNotices
	Rows     []models.Notice
	Claims   map[int64]string // by number: what an unverified notice claims, in words
	Accounts []models.GatewayAccount
	Newer    int64 // show those after this number; 0 where there are none
	Older    int64 // show those before it; 0 where there are none
	MaySee   bool  // orders have pages for this person
}

// CountedNotices is how far a filter is counted.
const CountedNotices = 10_000

// The answers of the two filters with fixed answers.
var (
	NoticeChecks = []string{"good", "bad_signature", "missing_signature", "other_algorithm", "unreadable", "ambiguous_text", "other_merchant"}
	NoticeSays   = []string{"paid", "failed", "working", "reversed", "unknown"}
)

// path is the address of the list with one thing changed; pages begin anew.
func (p NoticesPage) path(change func(*models.NoticeFilter)) templ.SafeURL {
	f := p.Filter
	change(&f)
	return templ.SafeURL(noticesPath(f, "", 0))
}

func (p NoticesPage) list(name string) templ.SafeURL {
	return templ.SafeURL(noticesPath(models.NoticeFilter{List: name}, "", 0))
}

func (p NoticesPage) turn(name string, id int64) templ.SafeURL {
	if id == 0 {
		return ""
	}
	return templ.SafeURL(noticesPath(p.Filter, name, id))
}

// noticesPath writes a filter into an address; what is usual is left out.
func noticesPath(f models.NoticeFilter, turn string, id int64) string {
	query := url.Values{}
	add := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.List != models.NoticesWaiting {
		add("list", f.List)
	}
	if f.Account != 0 {
		add("account", strconv.FormatInt(int64(f.Account), 10))
	}
	add("check", f.Check)
	add("says", f.Says)
	add("q", f.OrderNo)
	if id > 0 {
		add(turn, strconv.FormatInt(id, 10))
	}
	if len(query) == 0 {
		return "/notices"
	}
	return "/notices?" + query.Encode()
}

// narrowed says whether the list is narrowed by more than its tab.
func (p NoticesPage) narrowed() bool { return p.Filter != models.NoticeFilter{List: p.Filter.List} }

// tabs are the three lists.
func (p NoticesPage) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Text: i18n.T(ctx, "notices.waiting"), Href: p.list(models.NoticesWaiting), Count: int(p.Waiting), Here: p.Filter.List == models.NoticesWaiting},
		{Text: i18n.T(ctx, "notices.quarantine"), Href: p.list(models.NoticesQuarantined), Count: int(p.Put), Here: p.Filter.List == models.NoticesQuarantined},
		{Text: i18n.T(ctx, "notices.all"), Href: p.list(models.NoticesAll), Count: int(p.All), Here: p.Filter.List == models.NoticesAll},
	}
}

// chips are all filters but the list.
func (p NoticesPage) chips(ctx context.Context) (chips []Chip) {
	add := func(on bool, key, text string, drop func(*models.NoticeFilter)) {
		if on {
			chips = append(chips, Chip{i18n.T(ctx, key), text, p.path(drop)})
		}
	}
	f := p.Filter
	add(f.OrderNo != "", "notices.order_no", f.OrderNo, func(f *models.NoticeFilter) { f.OrderNo = "" })
	add(f.Account != 0, "notices.account", p.accountName(f.Account), func(f *models.NoticeFilter) { f.Account = 0 })
	add(f.Check != "", "notices.check", i18n.T(ctx, "check."+f.Check), func(f *models.NoticeFilter) { f.Check = "" })
	add(f.Says != "", "notices.says", i18n.T(ctx, "notice.says."+f.Says), func(f *models.NoticeFilter) { f.Says = "" })
	return chips
}

// filterWords are the list and every filter at work, for paper.
func (p NoticesPage) filterWords(ctx context.Context) []string {
	words := tabHere(p.tabs(ctx))
	for _, chip := range p.chips(ctx) {
		words = append(words, chip.Name+" "+chip.Text)
	}
	return words
}

func (p NoticesPage) accountName(id models.AccountID) string {
	for _, a := range p.Accounts {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

func (p NoticesPage) accountOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Text: i18n.T(ctx, "notices.any_account")}}
	for _, a := range p.Accounts {
		options = append(options, ui.Option{Value: strconv.FormatInt(int64(a.ID), 10), Text: a.Name})
	}
	return options
}

func (p NoticesPage) accountValue() string {
	if p.Filter.Account == 0 {
		return ""
	}
	return strconv.FormatInt(int64(p.Filter.Account), 10)
}

// fixedOptions are the answers of a filter, with the one that does not narrow.
func fixedOptions(ctx context.Context, any string, values []string, prefix string) []ui.Option {
	options := []ui.Option{{Value: "", Text: any}}
	for _, value := range values {
		options = append(options, ui.Option{Value: value, Text: i18n.T(ctx, prefix+value)})
	}
	return options
}

// span says how much of the list is on the page.
func (p NoticesPage) span(ctx context.Context) string {
	found := i18n.Number(int(p.Found))
	if p.Found >= CountedNotices {
		found = i18n.T(ctx, "notices.more_than", "Count", i18n.Number(CountedNotices))
	}
	return i18n.N(ctx, "notices.span", len(p.Rows), "Found", found)
}

// said is what a notice says; what was not verified only claims.
func (p NoticesPage) said(ctx context.Context, n models.Notice) string {
	if claim := p.Claims[n.ID]; claim != "" {
		return i18n.T(ctx, "notice.claims", "Word", claim)
	}
	return i18n.T(ctx, "notice.says."+n.Says)
}

func noticePath(n models.Notice) string { return "/notices/" + strconv.FormatInt(n.ID, 10) }

// noticeTitle is what a row is called by: the order it speaks of, or its own number.
func noticeTitle(ctx context.Context, n models.Notice) string {
	if n.OrderNo == "" {
		return i18n.T(ctx, "notices.no_order")
	}
	return n.OrderNo
}

// amountOf is the sum that a notice carries.
func amountOf(n models.Notice) models.Money {
	return models.Money{Minor: n.AmountMinor, Currency: n.Currency}
}

// noticeEffect says what a notice did.
func noticeEffect(ctx context.Context, n models.Notice) string {
	switch {
	case n.Quarantine != "" && n.LookedBy != 0:
		return i18n.T(ctx, "notice.looked_at")
	case n.Quarantine != "":
		return i18n.T(ctx, "notice.in_quarantine")
	case n.Applied == "":
		return i18n.T(ctx, "notice.not_applied")
	}
	return i18n.T(ctx, "notice.did."+n.Applied)
}

// checkTone is the light of a check: green where the signature is right.
func checkTone(n models.Notice) string {
	switch {
	case n.Verified == "good" && n.Quarantine == "":
		return "green"
	case n.LookedBy != 0:
		return "grey"
	}
	return "amber"
}
