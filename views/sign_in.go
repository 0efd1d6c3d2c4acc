package views

import (
	"context"

	"countersign/views/i18n"
)

// title says first that the form came back.
func (p SignInPage) title(ctx context.Context) string {
	title := i18n.T(ctx, "sign_in.title")
	if p.Wrong != "" {
		return i18n.T(ctx, "form.error_title", "Title", title)
	}
	return title
}

// kind leaves the main button to the cards where there are some.
func (p SignInPage) kind() string {
	if len(p.Demo) > 0 {
		return "large"
	}
	return "primary large"
}
