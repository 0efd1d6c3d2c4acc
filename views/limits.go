package views

import (
	"context"
	"strconv"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// LimitsPage is every limit with what is used of it today.
type LimitsPage struct {
	Shell      Shell
	Current    models.LimitVersion
	Day        string // business day
	Currencies []CurrencyLimits
	Waiting    Waiting       // signed, and without room
	Orders     []WaitingLine // the first of them
	Versions   []models.LimitVersion
	MayChange  bool
	Settable   []string // subjects of every limit that can be set
}

// LimitPage is one limit as it stands, and the form that changes it.
type LimitPage struct {
	Shell              Shell
	Of                 string // "day TWD"
	Currency           string
	Now                models.LimitPart
	Sum, Raised, Until string // as typed
	Minutes            string
	Reason             string
	Waits              *Change
	Errors             Errors
}

// Begin fills the form with what stands.
func (p *LimitPage) Begin() {
	p.Sum, p.Raised, p.Until = p.decimal(p.Now.Minor), p.decimal(p.Now.Raised), p.Now.Until
	if p.Now.Minutes > 0 {
		p.Minutes = strconv.Itoa(p.Now.Minutes)
	}
}

func (p LimitPage) decimal(minor int64) string {
	if minor == 0 {
		return ""
	}
	return grouped(models.Money{Minor: minor, Currency: p.Currency})
}

// window says whether it is the time in which large orders can be stopped.
func (p LimitPage) window() bool { return strings.HasPrefix(p.Of, string(models.LimitWindow)+" ") }

func windowWords(ctx context.Context, w models.Window) string {
	return i18n.N(ctx, "limits.window_words", w.Minutes, "From", models.Money{Minor: w.Minor, Currency: w.Currency}.String())
}

// stands is the limit as it stands, in words.
func (p LimitPage) stands(ctx context.Context) string {
	switch {
	case p.window() && p.Now.Minor == 0:
		return i18n.T(ctx, "limits.no_window")
	case p.window():
		return windowWords(ctx, models.Window{Currency: p.Currency, Minor: p.Now.Minor, Minutes: p.Now.Minutes})
	case p.Now.Minor == 0:
		return i18n.T(ctx, "limits.no_limit")
	}
	return p.Currency + " " + limitWords(ctx, models.Limit{Currency: p.Currency, Minor: p.Now.Minor, Raised: p.Now.Raised, Until: p.Now.Until})
}

// LimitWords name the subject of a change of limits: all of a day, in TWD.
func LimitWords(ctx context.Context, subject string) string {
	scope, currency, err := models.ReadLimitSubject(subject)
	if err != nil {
		return subject
	}
	return i18n.T(ctx, "limits.scope_in", "Scope", strings.ToLower(i18n.T(ctx, "limit."+string(scope))), "Currency", currency)
}

// LimitTitle is the title of the page that changes a limit.
func LimitTitle(ctx context.Context, subject string) string {
	if strings.HasPrefix(subject, string(models.LimitWindow)+" ") {
		return capital(LimitWords(ctx, subject))
	}
	return i18n.T(ctx, "limits.change_title", "Name", LimitWords(ctx, subject))
}

// CurrencyLimits are those of one currency.
type CurrencyLimits struct {
	Currency string
	Lines    []LimitLine
	Window   *models.Window // in which large orders can be stopped before they leave
}

// LimitLine is one limit, for everybody or for somebody who has used it today.
type LimitLine struct {
	Limit models.Limit
	Who   string // "" is the limit itself
	Used  int64
	Part  bool // the reader sees a part of what is used
}

// WaitingLine is an order that waits for room, and the limits in its way.
type WaitingLine struct {
	Payout models.Payout
	Why    string
}

// bars draw the limits of a currency: each as it is set, then what was used of it.
func (c CurrencyLimits) bars(ctx context.Context, day string) (bars []ui.LimitBar) {
	for i, line := range c.Lines {
		most := line.Limit.On(day)
		named := i+1 < len(c.Lines) && c.Lines[i+1].Who != ""
		b := ui.LimitBar{
			Name: line.name(ctx), Most: most.Minor, Used: line.Used,
			Text: i18n.T(ctx, "limits.used_of", "Used", grouped(models.Money{Minor: line.Used, Currency: c.Currency}), "Most", most.String()),
		}
		if line.Who == "" {
			if line.Limit.Scope == models.LimitOrder || named {
				b.Text, b.Bare = i18n.T(ctx, "limits.at_most", "Most", most.String()), true
			}
			if line.Part {
				b.Text, b.Bare = line.partText(ctx, most), true
			}
			if line.Limit.RaisedOn(day) {
				b.Note = raisedWords(ctx, line.Limit)
			}
		}
		bars = append(bars, b)
	}
	return bars
}

// partText is a limit of which the reader sees a part of what is used.
func (l LimitLine) partText(ctx context.Context, most models.Money) string {
	if l.Limit.Scope != models.LimitDay {
		return i18n.T(ctx, "limits.unseen", "Most", most.String())
	}
	return i18n.T(ctx, "limits.part", "Most", most.String(), "Used", grouped(models.Money{Minor: l.Used, Currency: most.Currency}))
}

func (l LimitLine) name(ctx context.Context) string {
	if l.Who == "" {
		return i18n.T(ctx, "limit."+string(l.Limit.Scope))
	}
	return i18n.T(ctx, "limit.of."+string(l.Limit.Scope)) + " " + l.Who
}

func raisedWords(ctx context.Context, l models.Limit) string {
	return i18n.T(ctx, "limits.raised", "Usual", models.Money{Minor: l.Minor, Currency: l.Currency}.String(), "Until", l.Until)
}

// orderBars hold one order against the limits that concern it.
func orderBars(ctx context.Context, meters []models.Meter) (bars []ui.LimitBar) {
	for _, m := range meters {
		b := ui.LimitBar{
			Name: i18n.T(ctx, "limit."+string(m.Limit.Scope)), Text: roomWords(ctx, m), Most: m.Most.Minor, Used: m.Used.Minor, Adds: m.Order.Minor,
			Over: m.Short(), Bare: m.Limit.Scope == models.LimitOrder,
		}
		if m.Unseen {
			b.Used, b.Bare = 0, true
		}
		bars = append(bars, b)
	}
	return bars
}

// roomWords say what a limit leaves, or how much is too much.
func roomWords(ctx context.Context, m models.Meter) string {
	switch {
	case m.Unseen && m.Short():
		return i18n.T(ctx, "limits.full", "Most", m.Most.String())
	case m.Unseen:
		return i18n.T(ctx, "limits.has_room", "Most", m.Most.String())
	case m.Short():
		return i18n.T(ctx, "limits.missing", "Missing", missing(m).String())
	case m.Limit.Scope == models.LimitOrder:
		return i18n.T(ctx, "limits.at_most", "Most", m.Most.String())
	case m.Order.Minor == 0:
		return i18n.T(ctx, "limits.left", "Left", m.Left().String())
	}
	return i18n.T(ctx, "limits.left_after", "Left", m.Left().String())
}

func missing(m models.Meter) models.Money {
	return models.Money{Minor: -m.Left().Minor, Currency: m.Most.Currency}
}

// shortWords name the limits that leave no room, and by how much.
func shortWords(ctx context.Context, short []models.Meter) string {
	var words []string
	for _, m := range short {
		if m.Unseen {
			words = append(words, i18n.T(ctx, "limits.is_full", "Name", strings.ToLower(i18n.T(ctx, "limit."+string(m.Limit.Scope)))))
			continue
		}
		words = append(words, i18n.T(ctx, "limits.is_short", "Name", strings.ToLower(i18n.T(ctx, "limit."+string(m.Limit.Scope))), "Missing", missing(m).String()))
	}
	return strings.Join(words, "; ")
}

// ShortWords are shortWords as a sentence of their own.
func ShortWords(ctx context.Context, short []models.Meter) string {
	return capital(shortWords(ctx, short))
}

// NoRoomWords say why an order that is signed does not leave.
func NoRoomWords(ctx context.Context, short []models.Meter) string {
	return i18n.T(ctx, "limits.waits", "Limits", shortWords(ctx, short))
}

// noRoomText says what becomes of an order for which there is no room now.
func noRoomText(ctx context.Context, short []models.Meter) string {
	key := "limits.no_room"
	for _, m := range short {
		if m.Limit.Scope == models.LimitOrder {
			key = "limits.no_room_order"
		}
	}
	return i18n.T(ctx, key, "Limits", shortWords(ctx, short))
}

// limitNames are limits as the log names them, in words.
func limitNames(ctx context.Context, scopes string) string {
	var names []string
	for scope := range strings.SplitSeq(scopes, ",") {
		if scope != "" {
			names = append(names, strings.ToLower(i18n.T(ctx, "limit."+scope)))
		}
	}
	return strings.Join(names, "; ")
}

// limitLines are the limits of a version, a currency a line.
func limitLines(ctx context.Context, l models.Limits) (lines []string) {
	for _, currency := range l.Currencies() {
		var own []string
		for _, limit := range l.For(currency) {
			own = append(own, strings.ToLower(i18n.T(ctx, "limit."+string(limit.Scope)))+" "+limitWords(ctx, limit))
		}
		for _, w := range l.Windows {
			if w.Currency == currency {
				own = append(own, windowWords(ctx, w))
			}
		}
		lines = append(lines, currency+": "+strings.Join(own, "; "))
	}
	return lines
}

// limitWords are a limit and its raise: 5,000,000.00, until 2026-11-30 8,000,000.00.
func limitWords(ctx context.Context, l models.Limit) string {
	usual := grouped(models.Money{Minor: l.Minor, Currency: l.Currency})
	if l.Until == "" {
		return usual
	}
	return i18n.T(ctx, "limits.raised_short", "Usual", usual, "Until", l.Until, "Raised", grouped(models.Money{Minor: l.Raised, Currency: l.Currency}))
}
