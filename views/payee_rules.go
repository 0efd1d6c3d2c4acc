package views

import (
	"context"

	"countersign/views/i18n"
)

func yesNo(ctx context.Context, on bool) string {
	return capital(i18n.T(ctx, either(on, "rules.yes", "rules.no")))
}
