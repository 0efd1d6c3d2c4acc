package views

import (
	"context"

	"countersign/models"
	"countersign/views/i18n"
)

// SignPage shows somebody what they are about to do, as they asked for it a moment ago,
// and asks for the proof that it is they who do it.
type SignPage struct {
	Shell  Shell
	Act    models.ActVerb
	Action string // where the proof goes: the same address
	Name   string
	Lines  []ChangeLine
	Reason string
	Typed  string // what was typed, sealed
	StepUp StepUp
	Errors Errors
}

// title says what is signed: "Propose: Roles of Lin Yu-ting".
func (p SignPage) title(ctx context.Context) string {
	return i18n.T(ctx, "sign."+string(p.Act), "Name", p.Name)
}

// submit is the word on the button.
func (p SignPage) submit(ctx context.Context) string {
	return i18n.T(ctx, "sign."+string(p.Act)+"_do")
}
