package commands

import (
	"context"
	"fmt"
	"io"
)

type policyFactor struct {
	place
	From string `arg:"" enum:"everyone,owners" help:"everyone: who has none can do nothing but add one; owners: whoever has one is asked for it."`
}

// Run sets who is asked for a second factor.
func (p policyFactor) Run(ctx context.Context, out io.Writer) error {
	return p.use(func(h *house) error {
		everyone := p.From == "everyone"
		if err := h.policy.DemandFactor(ctx, operator(), everyone); err != nil {
			return err
		}
		words := "Whoever has a second factor is asked for it; nobody has to have one."
		if everyone {
			words = "Everyone needs a second factor from their next page on. Who has none is led to their profile to add one."
		}
		_, err := fmt.Fprintln(out, words)
		return err
	})
}
