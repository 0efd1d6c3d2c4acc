package ui

import (
	"context"

	"github.com/a-h/templ"

	"countersign/views/i18n"
)

func (c Column) attributes() templ.Attributes {
	found := templ.Attributes{}
	if c.Class != "" {
		found["class"] = c.Class
	}
	if c.Sort != "" {
		found["aria-sort"] = c.Sort
	}
	return found
}

func (f Foot) label(ctx context.Context) string {
	if f.Label != "" {
		return f.Label
	}
	return i18n.T(ctx, "ui.filter_sums")
}

// linked makes an end of the list a link that leads nowhere and says so.
func linked(href templ.SafeURL) templ.Attributes {
	if href == "" {
		return templ.Attributes{"aria-disabled": "true", "role": "link"}
	}
	return templ.Attributes{"href": string(href)}
}
