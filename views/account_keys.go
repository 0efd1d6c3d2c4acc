package views

import (
	"context"
	"strconv"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// AccountKeysPage is where somebody proposes other keys for an account (A6).
type AccountKeysPage struct {
	Shell    Shell
	Account  models.GatewayAccount
	Overlap  string
	Overlaps []int
	Reason   string
	Waits    *Change
	Errors   Errors
}

// ChangePath is the page of a change.
func ChangePath(id int64) string { return "/changes/" + strconv.FormatInt(id, 10) }

// former says until when the keys before the present ones are taken, "" where they are not.
func (p AccountKeysPage) former(ctx context.Context) string {
	if !p.Account.TakesFormer(i18n.Now(ctx)) {
		return ""
	}
	return i18n.T(ctx, "account.former_until", "Digest", p.Account.FormerFingerprint, "At", exactly(p.Account.FormerUntil))
}

func (p AccountKeysPage) overlaps(ctx context.Context) (options []ui.Option) {
	for _, hours := range p.Overlaps {
		text := strconv.Itoa(hours)
		options = append(options, ui.Option{Value: text, Text: i18n.T(ctx, "account.overlap."+text)})
	}
	return options
}
