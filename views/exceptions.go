package views

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// ExceptionsPage is the report of one month.
type ExceptionsPage struct {
	Shell Shell
	Month models.Month
	Later bool // there is a month after it
	Kinds []MonthlyKind
}

// MonthlyKind is one kind of exception: how many, and the newest of them.
type MonthlyKind struct {
	models.ExceptionKind
	Acts []Act
}

func exceptionsPath(m models.Month) templ.SafeURL {
	return listPath("/audit/exceptions", url.Values{"month": {m.Text()}})
}

func (p ExceptionsPage) csv() templ.SafeURL {
	return listPath("/audit/exceptions.csv", url.Values{"month": {p.Month.Text()}})
}

func entryPath(seq int64) templ.SafeURL {
	return listPath("/audit", url.Values{"at": {strconv.FormatInt(seq, 10)}})
}

func (p ExceptionsPage) title(ctx context.Context) string {
	return i18n.T(ctx, "exceptions.title", "Month", p.monthWords(ctx, p.Month))
}

// monthWords name a month: Nov 2026.
func (p ExceptionsPage) monthWords(ctx context.Context, m models.Month) string {
	return i18n.Month(ctx, m.From)
}

func (k MonthlyKind) id() string { return "kind-" + string(k.Filter.Question) }

func (k MonthlyKind) anchor() templ.SafeURL { return templ.SafeURL("#" + k.id()) }

func (k MonthlyKind) name(ctx context.Context) string {
	return i18n.T(ctx, "audit.question."+string(k.Filter.Question))
}

func (k MonthlyKind) means(ctx context.Context) string {
	if len(k.ByFor) > 0 {
		return rejectionCounts(ctx, k.ByFor)
	}
	return i18n.T(ctx, "exceptions.means."+string(k.Filter.Question))
}

// number is a count, with a plus where counting stopped.
func (k MonthlyKind) number(n int64) string {
	return i18n.Number(int(n)) + either(n >= models.Capped, "+", "")
}

// all leads to every one of them; the report shows the newest.
func (k MonthlyKind) all(ctx context.Context) string {
	if k.Count > int64(len(k.Acts)) {
		return i18n.N(ctx, "exceptions.newest", len(k.Acts), "All", k.number(k.Count))
	}
	return i18n.T(ctx, "exceptions.in_audit")
}

// standsOut is why the act is in the report: its reason, what it changed, or its mark.
func (a Act) standsOut(ctx context.Context) string {
	before, after := a.change(ctx)
	switch {
	case a.Details["quick"] != "":
		seconds, _ := strconv.Atoi(a.Details["quick"])
		return i18n.N(ctx, "exceptions.quick", seconds)
	case a.Verb == "signed_in":
		return a.Details["device"] + ", " + a.Details["address"]
	case a.reason(ctx) != "":
		return a.reason(ctx)
	case before != "" && after != "":
		return before + " → " + after
	}
	return after
}
