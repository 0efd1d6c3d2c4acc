package views

import (
	"context"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
)

// doorTitle says first that the form came back.
func doorTitle(ctx context.Context, title string, errors Errors) string {
	if len(errors) == 0 {
		return title
	}
	return i18n.T(ctx, "form.error_title", "Title", title)
}

// leftWords say what waits for somebody, without telling anything of the orders.
func leftWords(ctx context.Context, l models.LeftBehind) string {
	var parts []string
	for _, part := range []struct {
		key   string
		count int64
	}{
		{"left.drafts", l.Drafts}, {"left.submitted", l.Submitted}, {"left.cases", l.Cases}, {"left.proposals", l.Proposals},
	} {
		if part.count > 0 {
			parts = append(parts, i18n.N(ctx, part.key, int(part.count)))
		}
	}
	if parts == nil {
		return i18n.T(ctx, "left.nothing")
	}
	return strings.Join(parts, ", ")
}
