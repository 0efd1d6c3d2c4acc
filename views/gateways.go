package views

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// GatewaysPage is every account with its health, and what can be stopped.
type GatewaysPage struct {
	Shell      Shell
	Accounts   []AccountCard
	PublicURL  string // where gateways reach us; "" is nowhere
	Cord       Stop   // who stopped all sending, and why
	Sandbox    *SandboxForm
	MaySee     bool // orders, and so their lists
	MayAdd     bool
	MayTest    bool
	MayStop    bool
	MayRestart bool
}

// AccountCard is one account.
type AccountCard struct {
	Account    models.GatewayAccount
	Health     models.AccountHealth
	Funds      models.Funds
	Trend      models.BalanceTrend // on the page of the gateways alone
	NotifyURL  string
	PauseWords string   // what somebody wrote when they paused it
	Asked      *Awaited // somebody has asked to let it send again
}

// Bounds beyond which a card says that something is late.
const (
	noticesLate = 5 * time.Minute
	repliesLate = 15 * time.Minute
)

// tone is the light of the account: red where it sends nothing, amber where
// somebody should look.
func (a AccountCard) tone(ctx context.Context) string {
	h := a.Health
	switch {
	case a.Account.Paused != "":
		return "red"
	case !a.Account.SilentAt.IsZero(), h.Unusual(), h.BadlySigned > 0, h.NoticeDelay >= noticesLate, a.silent(ctx):
		return "amber"
	}
	return "green"
}

// missingNotices says since when the gateway sends none, and what to do about it.
func missingNotices(a models.GatewayAccount) templ.Component {
	if a.SilentSince.IsZero() {
		return ui.SayCount("account.no_notices_ever", a.SilentOrders)
	}
	return ui.SayCount("account.no_notices", a.SilentOrders, "Since", ui.Time(a.SilentSince))
}

// silent says whether the gateway has not answered well for long, or ever.
func (a AccountCard) silent(ctx context.Context) bool {
	return i18n.Now(ctx).Sub(a.Account.LastGoodAt) >= repliesLate
}

func (a AccountCard) anchor() string { return "account-" + strconv.FormatInt(int64(a.Account.ID), 10) }

func (a AccountCard) path(act string) templ.SafeURL { return AccountPath(a.Account.ID, act) }

// AccountPath is where something is done to an account.
func AccountPath(id models.AccountID, act string) templ.SafeURL {
	return templ.SafeURL("/gateways/" + strconv.FormatInt(int64(id), 10) + "/" + act)
}

// host is the address as people say it: without the scheme where it is the usual one.
func (a AccountCard) host(ctx context.Context) string {
	address, err := url.Parse(a.Account.BaseURL)
	switch {
	case err != nil:
		return a.Account.BaseURL
	case a.Account.AllowLoopback && address.Port() != "":
		return i18n.T(ctx, "account.on_this_machine", "Port", address.Port()) + strings.TrimSuffix(address.Path, "/")
	}
	return strings.TrimSuffix(address.Host+address.Path, "/")
}

// percent writes a share with one place: 3.8 %.
func percent(part, whole int64) string {
	if part == 0 || whole == 0 {
		return "0\u00a0%"
	}
	tenths := (part*1000 + whole/2) / whole
	if tenths == 0 && part > 0 {
		return "<\u00a00.1\u00a0%"
	}
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + "\u00a0%"
}

// inSeconds writes a short time with one place: 0.6 s.
func inSeconds(ctx context.Context, d time.Duration) string {
	if d >= time.Minute {
		return i18n.Span(ctx, d)
	}
	tenths := (d.Milliseconds() + 99) / 100
	return i18n.T(ctx, "time.seconds", "N", strconv.FormatInt(tenths/10, 10)+"."+strconv.FormatInt(tenths%10, 10))
}

// schedule says in words when questions are asked.
func schedule(ctx context.Context, a models.GatewayAccount) string {
	gaps, err := models.ParseQuestions(a.QuestionsS)
	if err != nil {
		return a.QuestionsS
	}
	last := gaps[len(gaps)-1]
	var parts []string
	for i := 0; i < len(gaps); {
		run := 1
		for i+run < len(gaps) && gaps[i+run] == gaps[i] {
			run++
		}
		if gaps[i] != last || i+run < len(gaps) {
			parts = append(parts, times(ctx, gaps[i], run))
		}
		i += run
	}
	if len(parts) == 0 {
		return i18n.T(ctx, "account.asked_every", "Gap", i18n.Span(ctx, last))
	}
	return i18n.T(ctx, "account.asked_after", "Gaps", strings.Join(parts, ", "), "Last", i18n.Span(ctx, last))
}

func times(ctx context.Context, gap time.Duration, run int) string {
	if run == 1 {
		return i18n.Span(ctx, gap)
	}
	return i18n.T(ctx, "account.times", "Gap", i18n.Span(ctx, gap), "Times", run)
}

// railNames are the ways of paying, in words.
func railNames(ctx context.Context, a models.GatewayAccount) string {
	return RailWords(ctx, a.RailIDs())
}

// RailWords are rails in words.
func RailWords(ctx context.Context, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, i18n.T(ctx, "rail."+id))
	}
	return strings.Join(names, "; ")
}
