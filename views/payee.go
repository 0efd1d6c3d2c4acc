package views

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// PayeePage is one payee: the details in use, those before, and what was paid.
type PayeePage struct {
	Shell     Shell
	Payee     models.Payee
	Rail      string
	EnteredBy string
	Versions  []PayeeDetails // the newest first
	Orders    []PayeeOrder
	Waits     *Change // of the details, before another person
	Rest      PayeeRest
	MayDraft  bool
	MayChange bool
	MayBlock  bool
	Blocked   string // why nothing is paid to the details in use
}

// PayeeDetails are one dated version of a payee's details.
type PayeeDetails struct {
	models.PayeeVersion
	By        string
	Confirmed string    // who confirmed the change that made them; "" for what was typed with an order
	Until     time.Time // when the next ones took their place; zero for those in use
	Reveal    bool      // the reader may see the whole number
}

// agreed is how two people came to them: the first details were entered by them.
func (d PayeeDetails) agreed() string {
	if d.Number == 1 {
		return "payee.entered_by_two"
	}
	return "payee.changed_by_two"
}

// PayeeRest is what is asked of money to new details; zero where they are not new.
type PayeeRest struct {
	Until   time.Time
	Over    bool         // they have rested long enough
	Most    models.Money // on the way at once; zero for any sum
	Waits   *Change      // to lift it
	MayLift bool
}

// words say what is asked, "" for nothing.
func (r PayeeRest) words(ctx context.Context) string {
	resting, capped := !r.Over && !r.Until.IsZero(), !r.Most.IsZero()
	switch {
	case resting && capped:
		return i18n.T(ctx, "payee.rests_words", "Until", i18n.FullDay(ctx, r.Until)+" "+clockOf(ctx, r.Until), "Most", r.Most)
	case resting:
		return i18n.T(ctx, "payee.rests_uncapped", "Until", i18n.FullDay(ctx, r.Until)+" "+clockOf(ctx, r.Until))
	case capped:
		return i18n.T(ctx, "payee.capped", "Most", r.Most)
	}
	return ""
}

// PayeeOrder is an order to the payee, with the details that it uses.
type PayeeOrder struct {
	models.Payout
	Status  ui.StatusArgs
	Version int
}

// PayeeReveal shows a whole account number for a while.
type PayeeReveal struct {
	Shell   Shell
	Version models.PayeeVersion
	Back    templ.SafeURL
	Label   string
	Number  string
	Lasts   int // seconds
}

func (p PayeePage) latest() PayeeDetails { return p.Versions[0] }

// path is the address of a page about the payee.
func (p PayeePage) path(page string) templ.SafeURL {
	return PayeePath(p.Payee.ID) + "/" + templ.SafeURL(page)
}

// pay begins a payout to these details.
func (p PayeePage) pay() templ.SafeURL {
	return templ.SafeURL("/payouts/new?payee=" + versionValue(p.latest().ID))
}

// all is the list of all payouts to the payee.
func (p PayeePage) all() templ.SafeURL {
	return templ.SafeURL("/payouts?payee=" + p.Payee.ID.Value())
}

func versionValue(id models.PayeeVersionID) string { return strconv.FormatInt(int64(id), 10) }
