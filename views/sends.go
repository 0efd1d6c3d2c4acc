package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// SendsPage lists what the journal of sends knows and no order here stands for.
type SendsPage struct {
	Shell   Shell
	Finding *Finding // what was found, while something is left to do about it
	Ever    bool     // this database once did not fit its journal
	Rows    []Send
	Closed  bool // the list of those that are closed
	Counts  [2]int
	Shown   int // of the list at most
}

// Send is one of them, with the names that it needs.
type Send struct {
	models.LooseSend
	Account          string
	LookedBy, Agreed string // names
}

// SendPage is one send, and what this reader may do about it.
type SendPage struct {
	Shell    Shell
	Send     Send
	Notices  int // in quarantine, under this number
	MayRead  bool
	MayLook  bool
	MayAgree bool
	MayNot   string // why the reader may do nothing
	Reason   string // as typed
	Act      string
	Errors   Errors
}

// SendPath is the page of a send.
func SendPath(orderNo string) templ.SafeURL { return templ.SafeURL("/sends/" + orderNo) }

func (s Send) tone() string {
	switch {
	case s.Closed():
		return "green"
	case s.Looked():
		return "blue"
	}
	return "amber"
}

func (s Send) stage(ctx context.Context) string {
	switch {
	case s.Closed():
		return i18n.T(ctx, "sends.is_closed")
	case s.Looked():
		return i18n.T(ctx, "sends.is_looked")
	}
	return i18n.T(ctx, "sends.is_open")
}

func (s Send) known(ctx context.Context) string {
	if s.Here != nil {
		return i18n.T(ctx, "sends.differs")
	}
	return i18n.T(ctx, "sends.unknown")
}

func (s Send) todo(ctx context.Context) string {
	switch {
	case s.Closed():
		return i18n.T(ctx, "sends.todo_none")
	case s.Looked():
		return i18n.T(ctx, "sends.todo_second", "Name", s.LookedBy)
	}
	return i18n.T(ctx, "sends.todo_ask", "Account", s.Account)
}

func (p SendsPage) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Text: i18n.T(ctx, "sends.open"), Href: "/sends", Count: p.Counts[0], Here: !p.Closed},
		{Text: i18n.T(ctx, "sends.closed"), Href: "/sends?list=closed", Count: p.Counts[1], Here: p.Closed},
	}
}

// path of the quarantine, narrowed to the number.
func (p SendPage) notices() templ.SafeURL {
	return templ.SafeURL("/notices?list=" + models.NoticesQuarantined + "&q=" + p.Send.OrderNo)
}
