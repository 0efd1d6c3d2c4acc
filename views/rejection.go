package views

import (
	"context"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// RejectionWords name a reason to reject; of before there was a list of them, that it was
// in words alone.
func RejectionWords(ctx context.Context, reason models.RejectionReason) string {
	return i18n.T(ctx, "rejection."+orNone(string(reason)))
}

// rejections are the reasons to choose from.
func rejections(ctx context.Context) (options []ui.Option) {
	for _, reason := range models.RejectionReasons {
		options = append(options, ui.Option{Value: string(reason), Text: RejectionWords(ctx, reason)})
	}
	return options
}

// rejectedSentence is the reason as a sentence with the space before it; nothing where it
// was in words alone.
func rejectedSentence(ctx context.Context, reason string) string {
	if reason == "" {
		return ""
	}
	return " " + RejectionWords(ctx, models.RejectionReason(reason)) + "."
}

// rejectedBecause is why an order was rejected, by the list and in the words of whoever did.
func rejectedBecause(ctx context.Context, d models.Details) string {
	if d[models.RejectedFor] == "" {
		return d["reason_text"]
	}
	return RejectionWords(ctx, models.RejectionReason(d[models.RejectedFor])) + ": " + d["reason_text"]
}

// rejectionCounts are how many orders were rejected for which reason: Another sum 3.
func rejectionCounts(ctx context.Context, counts []models.RejectionCount) string {
	var words []string
	for _, c := range counts {
		words = append(words, i18n.T(ctx, "rejection.count", "Reason", RejectionWords(ctx, c.For), "Orders", i18n.Number(int(c.Orders))))
	}
	return strings.Join(words, ", ")
}
