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

// PayoutForm is the page on which a payout is filled in: a new one, one like an
// earlier one, or a draft once more. What it asks comes from the rail's own
// description, so that a rail needs no page.
type PayoutForm struct {
	Shell   Shell
	Title   string
	OrderNo string // of the order that is being changed; "" for a new one
	Voids   int    // signatures that a change makes void
	Through string // account, rail and currency in words
	Paused  string // why the account sends nothing, or ""
	Like    *LikeOrder
	Ways    []Way // other ways of paying, to choose from
	Known   []KnownPayee
	Picked  *KnownPayee // from the book; nil where the payee is typed
	Hidden  []HiddenField

	Errors        Errors
	Twins         []TwinLine
	Warnings      Errors
	SomebodyElse  bool // as ticked
	TwinReason    string
	WarningReason string
	Payee         []FormRow // who is paid
	Extra         []FormRow // what else the rail asks
	Amount        string
	Currency      string
	Reference     string
	Purpose       string
	Files         []OrderFile // that the order has
	FilesLost     bool        // files were sent with a form that came back

	Aside FormAside
}

// Way is one way of paying: an account and a rail that it may use.
type Way struct {
	Href    templ.SafeURL
	Rail    string
	Account string // with its currency
	Here    bool
}

// KnownPayee is a payee of the book, by their newest details.
type KnownPayee struct {
	Version models.PayeeVersionID
	Name    string
	Bank    string
	Last4   string
	Picked  bool
	Book    templ.SafeURL
}

// HiddenField goes back with the form as it came.
type HiddenField struct{ Name, Value string }

// FormField is one question of a rail, ready to be asked.
type FormField struct {
	ui.Field
	Kind    string // text, radio, select or combo
	Options []ui.Option
}

// FormRow is a question, or two that belong together.
type FormRow []FormField

// TwinLine is an order that this one is much like.
type TwinLine struct {
	models.Twin
	Href   templ.SafeURL
	Status ui.StatusArgs
}

// LikeOrder is the order whose answers the form begins with. Of one that failed
// it shows the proof, since the new one takes its place.
type LikeOrder struct {
	OrderNo  string
	Href     templ.SafeURL
	Amount   models.Money
	Status   ui.StatusArgs
	Replaces bool
	Proof    string    // what the failure stands on, in words
	At       time.Time // since when it has been so
	Words    string    // the gateway's reason, in words
}

// FormAside is what this payout meets: limits, signatures, the past.
type FormAside struct {
	Least, Most models.Money
	Usual       time.Duration // time to a final word
	Policy      int
	Bands       []BandLine
	Past        []TwinLine // the last orders to the same account
	Limits      []models.Meter
}

// BandLine is one band of the policy, in words.
type BandLine struct {
	Text string
	Here bool // the amount is in it
}

// inDoubt says whether a twin stops the form altogether.
func inDoubt(twins []TwinLine) bool {
	for _, twin := range twins {
		if twin.InDoubt() && twin.SameMoney {
			return true
		}
	}
	return false
}

func (p PayoutForm) action() templ.SafeURL {
	if p.OrderNo != "" {
		return templ.SafeURL("/payouts/" + p.OrderNo + "/edit")
	}
	return "/payouts"
}

func (p PayoutForm) back() templ.SafeURL {
	if p.OrderNo != "" {
		return templ.SafeURL("/payouts/" + p.OrderNo)
	}
	return "/payouts"
}

// picks says whether payees are offered: on a fresh form, before anything is typed.
func (p PayoutForm) picks() bool {
	return p.OrderNo == "" && len(p.Errors) == 0 && len(p.Known) > 0
}

// typed is the same form with the payee to be typed.
func (p PayoutForm) typed() templ.SafeURL {
	if p.OrderNo != "" {
		return p.action() + "?payee=typed"
	}
	for _, way := range p.Ways {
		if way.Here {
			return way.Href
		}
	}
	return "/payouts/new"
}

func (p PayoutForm) filesHint(ctx context.Context) string {
	if p.FilesLost {
		return i18n.T(ctx, "draft.files_again")
	}
	return i18n.T(ctx, "draft.files_hint")
}

// gradeKey is what a proof is called.
func gradeKey(grade int) string { return "proof.grade_" + strconv.Itoa(grade) }

func knownOptions(ctx context.Context, known []KnownPayee) (options []ui.Option, picked string) {
	options = []ui.Option{{Text: i18n.T(ctx, "draft.payee_new")}}
	for _, k := range known {
		value := versionValue(k.Version)
		if k.Picked {
			picked = value
		}
		options = append(options, ui.Option{Value: value, Text: joinWords(", ", k.Name, joinWords(" ", k.Bank, "····"+k.Last4))})
	}
	return options, picked
}

// formSteps are the pages on the way to a submitted payout.
func formSteps(ctx context.Context) []string {
	return []string{i18n.T(ctx, "draft.step_fill"), i18n.T(ctx, "draft.step_check"), i18n.T(ctx, "draft.step_done")}
}

// nextSteps say what becomes of the form, before anything is known of who signs.
func nextSteps(ctx context.Context) []ui.Step {
	return []ui.Step{
		{State: "now", Title: i18n.T(ctx, "draft.next_check"), Text: i18n.T(ctx, "draft.next_check_text")},
		{Title: i18n.T(ctx, "draft.next_sign"), Text: i18n.T(ctx, "draft.next_sign_text")},
		{Title: i18n.T(ctx, "draft.next_send"), Text: i18n.T(ctx, "draft.next_send_text")},
		{Title: i18n.T(ctx, "draft.next_proof"), Text: i18n.T(ctx, "draft.next_proof_text")},
	}
}
