package views

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

// sentLead says how often something may have left us: never more than once.
func sentLead(ctx context.Context, sent []SentAttempt) string {
	left, restored := 0, false
	for _, a := range sent {
		restored = restored || a.Restored
		if !a.NotSent {
			left++
		}
	}
	switch {
	case len(sent) == 0:
		return i18n.T(ctx, "sent.nothing")
	case left == 0:
		return i18n.T(ctx, "sent.none_left")
	}
	return i18n.T(ctx, either(restored, "sent.once_restored", "sent.once"))
}

func attemptTook(ctx context.Context, a SentAttempt) string {
	switch {
	case a.Restored:
		return i18n.T(ctx, "sent.no_status")
	case a.EndedAt.IsZero():
		return i18n.T(ctx, "sent.under_way")
	}
	return tookWords(time.Duration(a.TookMS) * time.Millisecond)
}

func attemptStatus(ctx context.Context, a SentAttempt) string {
	if a.HTTPStatus == 0 {
		return i18n.T(ctx, "sent.no_status")
	}
	return strconv.Itoa(a.HTTPStatus)
}

// attemptReadAs is what the answer was taken for: accepted, refused, not sent, or
// unclear and why.
func attemptReadAs(ctx context.Context, a SentAttempt) string {
	switch a.ReadAs {
	case "":
		return i18n.T(ctx, "sent.as.open")
	case "accepted", "refused", "not_sent":
		return i18n.T(ctx, "sent.as."+a.ReadAs)
	}
	return i18n.T(ctx, "sent.as.unclear", "Reason", i18n.T(ctx, "reason."+a.ReadAs))
}

// attemptHead is the line above the bytes: POST /payouts, 338 bytes.
func attemptHead(ctx context.Context, a SentAttempt) string {
	path := a.URL
	if parsed, err := url.Parse(a.URL); err == nil {
		path = parsed.Path
	}
	return i18n.N(ctx, "sent.head", a.RequestBytes, "Method", a.Method, "Path", path)
}

func reasonOf(key string, p models.Payout) string {
	if key == "order.twin_reason" {
		return p.TwinReason
	}
	return p.WarningReason
}
