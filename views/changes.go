package views

import (
	"context"
	"encoding/hex"
	"strconv"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// ChangesPage lists what two people change.
type ChangesPage struct {
	Shell   Shell
	Yours   []Change // the reader decides
	Others  []Change // somebody else does
	Decided []Change
	Shown   int // at most, of the decided
}

// Change is a change with its names.
type Change struct {
	models.Change
	Title    string // "Roles of Lin Yu-ting"
	Proposer string
	Decider  string
	Deciders string // "a controller"
}

// ChangePage is one of them.
type ChangePage struct {
	Shell       Shell
	Change      Change
	Lines       []ChangeLine
	Payee       *PayeeChangePart // of a payee's details: side by side, with the calls
	Link        *LinkPart        // of a link that was confirmed
	Stuck       []string         // what nobody could sign once it is carried out
	MayDecide   bool
	MayWithdraw bool
	StepUp      StepUp // of whoever may decide
	MayNot      string // why the reader cannot decide, while it waits
	Reason      string // as typed
	Errors      Errors
}

// ChangeLine is one thing before and after.
type ChangeLine struct{ Name, Before, After string }

func (c Change) path() templ.SafeURL { return changePath(c.ID) }

func changePath(id int64) templ.SafeURL {
	return templ.SafeURL("/changes/" + strconv.FormatInt(id, 10))
}

func (c Change) digest() string { return hex.EncodeToString(c.Digest) }

// tone of its state.
func (c Change) tone() string {
	switch c.State {
	case models.ChangeWaiting:
		return "blue"
	case models.ChangeConfirmed:
		return "green"
	}
	return "grey"
}

// state in words; one that waits says for whom.
func (c Change) state(ctx context.Context) string {
	return capital(i18n.T(ctx, "change.state."+string(c.State), "Who", c.Deciders))
}

// ended says who ended it.
func (c Change) ended(ctx context.Context) string {
	if c.Decider == "" {
		return i18n.T(ctx, "change.ended_itself")
	}
	return i18n.T(ctx, "change.ended."+string(c.State), "Name", c.Decider)
}
