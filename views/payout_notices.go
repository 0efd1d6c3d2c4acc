package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/views/i18n"
	"countersign/views/ui"
)

// noticeTone is amber for what needs a look, blue for somebody's turn, and grey for what
// is over.
func noticeTone(n OrderNotice) string {
	switch n.Kind {
	case "asked", "proposal":
		return "blue"
	case "rejected":
		return "grey"
	}
	return "amber"
}

func noticeIcon(n OrderNotice) string {
	switch n.Kind {
	case "held", "held_stuck", "held_payee", "held_stopped", "paused":
		return "player-pause"
	case "payee_changed":
		return "id"
	}
	return "info-circle"
}

// contradictionTitle says both sides at once: decided “not paid”, then a notice
// said paid.
func contradictionTitle(ctx context.Context, n OrderNotice) string {
	return i18n.T(ctx, "case.title", "Standing", i18n.T(ctx, "case.standing."+orNone(n.About.Standing)),
		"News", i18n.T(ctx, "case.news."+orNone(n.About.News), "Gateway", n.Name))
}

// contradictionWords tell what came and what it means for the money, with the
// order that replaces this one where there is one.
func contradictionWords(ctx context.Context, p PayoutPage, n OrderNotice) templ.Component {
	key := "order.contradiction.words"
	if n.Other != "" {
		key = either(p.Numbers.Successor.Badge.Key == "badge.held", "order.contradiction.held", "order.contradiction.successor")
	}
	return ui.Say(key, "At", ClockWords(ctx, n.At), "Standing", i18n.T(ctx, "standing."+orNone(n.About.Standing)),
		"News", newsWords(ctx, n.About.News, n.About.Source), "Other", orderLink(n.Other), "Amount", p.Payout.Amount().String())
}
