package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// FindsPage is what payees' details were found to have in common, in one week.
type FindsPage struct {
	Shell  Shell
	Week   models.Week
	Now    models.Week // the present one
	Oldest models.Week // of what nobody has looked at; zero for none
	Open   int         // at which nobody has looked, of all weeks
	Lines  []FindLine
}

// FindLine is one find with both whom it is about.
type FindLine struct {
	models.PayeeFind
	Version   models.PayeeVersion
	Other     *models.PayeeVersion // nil where it is about a colleague
	Colleague string
	EnteredBy string
	Looker    string
}

// FindPage is one of them, where somebody says what they found out.
type FindPage struct {
	Shell    Shell
	Line     FindLine
	Week     models.Week
	MayLook  bool
	MayNot   string // why the reader may not; "" where they may, or it is done
	MayBlock bool
	Note     string // as typed
	Errors   Errors
}

// FindsPath is the address of a week.
func FindsPath(w models.Week) string { return "/payees/finds?week=" + w.String() }

func weekLink(w models.Week) templ.SafeURL { return templ.SafeURL(FindsPath(w)) }

func (l FindLine) path() templ.SafeURL { return templ.SafeURL("/payees/finds/" + idValue(l.ID)) }

// with is the one with whom the payee has something in common.
func (l FindLine) with() string {
	if l.Other != nil {
		return l.Other.Name
	}
	return l.Colleague
}

func (l FindLine) state(ctx context.Context) string {
	if l.Open() {
		return i18n.T(ctx, "find.open")
	}
	return i18n.T(ctx, "find.looked", "Name", l.Looker)
}

// days are the first and the last of a week.
func days(ctx context.Context, w models.Week) string {
	return i18n.T(ctx, "find.days", "From", i18n.FullDay(ctx, w.Monday), "To", i18n.FullDay(ctx, w.Monday.AddDate(0, 0, 6)))
}
