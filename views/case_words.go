package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// caseSince is since when people are needed.
func caseSince(p models.Payout) time.Time {
	if p.Clash || p.UnclearSince.IsZero() {
		return p.StateSince
	}
	return p.UnclearSince
}

// caseCount stands under the list: how many, and how they are ordered.
func caseCount(ctx context.Context, p CasesPage) string {
	text := i18n.N(ctx, "case.count."+p.Queue, len(p.Rows)+p.Left)
	if p.Left > 0 {
		text += " " + i18n.N(ctx, "case.left_out", p.Left)
	}
	return text
}

func crumbOf(p CasesPage) templ.SafeURL {
	if p.Chosen {
		return "/contradictions"
	}
	return "/unclear"
}

func crumbWords(ctx context.Context, p CasesPage) string {
	if p.Chosen {
		return i18n.T(ctx, "clash.title")
	}
	return i18n.T(ctx, "nav.unclear")
}

// Enquiry is what the gateway's staff need in order to find the order, in the
// English of short letters.
type Enquiry struct {
	OrderNo, GatewayNo, Merchant string
	Amount                       models.Money
	Sent                         time.Time
	Zone                         *time.Location // the gateway's
	Saw                          string
	Asked                        *Asked
}

// Text writes it.
func (e Enquiry) Text(ctx context.Context) string {
	theirs, last := e.GatewayNo, i18n.T(ctx, "enquiry.not_asked")
	if theirs == "" {
		theirs = i18n.T(ctx, "enquiry.no_number")
	}
	if e.Asked != nil {
		last = i18n.T(ctx, "enquiry.asked", "At", e.moment(e.Asked.At), "Answer", AnswerWords(ctx, e.Asked.Says, e.Asked.Problem))
	}
	return i18n.T(ctx, "enquiry.text", "OrderNo", e.OrderNo, "GatewayNo", theirs, "Merchant", e.Merchant, "Amount", e.Amount.String(),
		"Sent", e.moment(e.Sent), "Saw", e.Saw, "Last", last)
}

// moment writes a time as the gateway has it, and in UTC.
func (e Enquiry) moment(at time.Time) string {
	return at.In(e.Zone).Format("2006-01-02 15:04:05") + " " + i18n.City(e.Zone) + " (" + at.UTC().Format("15:04:05") + " UTC)"
}

// Words are the doubt as a sentence, for texts that leave the page.
func (d Doubt) Words(ctx context.Context) string { return d.words(ctx) }
