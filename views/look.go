package views

import (
	"context"

	"github.com/a-h/templ"
)

// Look is how a person wants pages to look. The server draws it, so that no script has to
// run before the first paint.
type Look struct{ Theme, Density string }

type lookKey struct{}

// Dressed is a context whose pages are drawn in this look.
func Dressed(ctx context.Context, l Look) context.Context {
	return context.WithValue(ctx, lookKey{}, l)
}

func look(ctx context.Context) templ.Attributes {
	l, _ := ctx.Value(lookKey{}).(Look)
	attributes := templ.Attributes{}
	if l.Theme != "" {
		attributes["data-theme"] = l.Theme
	}
	if l.Density != "" {
		attributes["data-density"] = l.Density
	}
	return attributes
}
