package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// caseSince is since when people are needed.
func caseSince(p models.Payout) time.Time {
	if p.Clash || p.UnclearSince.IsZero() {
		return p.StateSince
	}
	return p.UnclearSince
}

// caseCount stands under the list: how many, and how they are ordered.
func caseCount(ctx context.Context, p CasesPage) string {
	text := i18n.N(ctx, "case.count."+p.Queue, len(p.Rows)+p.Left)
	if p.Left > 0 {
		text += " " + i18n.N(ctx, "case.left_out", p.Left)
	}
	return text
}

func crumbOf(p CasesPage) templ.SafeURL {
	if p.Chosen {
		return "/contradictions"
	}
	return "/unclear"
}

func crumbWords(ctx context.Context, p CasesPage) string {
	if p.Chosen {
		return i18n.T(ctx, "clash.title")
	}
	return i18n.T(ctx, "nav.unclear")
}
