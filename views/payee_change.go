package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// PayeeChangeForm asks for other details of a payee.
type PayeeChangeForm struct {
	Shell  Shell
	Title  string
	Payee  models.Payee
	Last4  string
	Rail   string
	Rows   []FormRow
	Reason string
	Errors Errors
	Waits  *Change // stands in place of the form
}

// PayeeEvidence is everything about one change of a payee's details, on a page that can
// be printed (X13).
type PayeeEvidence struct {
	Shell     Shell
	Change    Change
	Part      PayeeChangePart
	MayCall   bool
	MayDecide bool
	Form      CallForm
	Errors    Errors
}

// PayeeChangePart is old and new side by side, and the calls about it.
type PayeeChangePart struct {
	Href  string // of the evidence
	Payee templ.SafeURL
	Pairs []models.DetailPair
	// Entering says that there is nothing before: somebody is to be entered in the book.
	Entering bool
	Rail     string   // of somebody who is to be entered
	Odd      []string // about somebody who is to be entered, and may be right
	Reveal   bool     // the reader may see both numbers
	Calls    []Call
	Waits    bool
	Needed   int    // how many people have to call, while it waits
	Missing  string // what is missing before it can be confirmed, "" for nothing
}

// Call is a call with its names.
type Call struct {
	models.CallBack
	Caller string
	Number string
}

// CallForm is a call as it was typed.
type CallForm struct{ Number, Source, SourceNote, KnownSince, CalledAt, Reached, ReadBack, Note string }

// PayeeRevealChange shows both numbers of a change for a while.
type PayeeRevealChange struct {
	Shell    Shell
	Back     string
	Pairs    []models.DetailPair
	Entering bool // there is one number
	Lasts    int  // seconds
}

// sources are the answers to where a number comes from.
func sources(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "form.choose")}}
	for _, source := range models.NumberSources {
		options = append(options, ui.Option{Value: string(source), Text: i18n.T(ctx, "call.source."+string(source))})
	}
	return options
}

// heardBack are the two answers to whether the number was read back.
func heardBack(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "yes", Text: i18n.T(ctx, "call.yes")}, {Value: "no", Text: i18n.T(ctx, "call.no")}}
}

// callLead says how many people have to call.
func callLead(ctx context.Context, p PayeeChangePart) string {
	switch {
	case !p.Waits && len(p.Calls) == 0:
		return i18n.T(ctx, "call.none_made")
	case !p.Waits:
		return i18n.T(ctx, "call.made")
	case p.Needed == 0:
		return i18n.T(ctx, "call.none_needed")
	}
	return i18n.N(ctx, "call.needed", p.Needed)
}
