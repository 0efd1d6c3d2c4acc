package views

import (
	"context"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
)

// PasskeyQuestion is what a page's button asks the browser about passkeys, as JSON; "" is
// nothing, where passkeys cannot be.
type PasskeyQuestion string

// title says first that the form came back.
func (p FactorPage) title(ctx context.Context) string {
	title := i18n.T(ctx, "sign_in.factor_title")
	if p.Wrong != "" {
		return i18n.T(ctx, "form.error_title", "Title", title)
	}
	return title
}

// factorWords list what a person has beside the password.
func factorWords(ctx context.Context, f models.Factors) string {
	switch keys := len(f.Passkeys); {
	case f.Code != nil && keys > 0:
		return i18n.N(ctx, "factor.passkeys", keys) + ", " + i18n.T(ctx, "factor.codes")
	case f.Code != nil:
		return i18n.T(ctx, "factor.codes")
	case keys > 0:
		return i18n.N(ctx, "factor.passkeys", keys)
	}
	return i18n.T(ctx, "factor.nothing")
}

// inFours parts a secret into fours, as people read it.
func inFours(secret string) string {
	var parts []string
	for len(secret) > 4 {
		parts, secret = append(parts, secret[:4]), secret[4:]
	}
	return strings.Join(append(parts, secret), " ")
}

// resetLink leads to where a lost factor is taken away.
func resetLink(ctx context.Context, waits bool) string {
	if waits {
		return i18n.T(ctx, "reset.waits")
	}
	return i18n.T(ctx, "reset.link")
}
