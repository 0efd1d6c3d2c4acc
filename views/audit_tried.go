package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// triedWords say what somebody tried who was refused.
func triedWords(ctx context.Context, d models.Details) string {
	if d["verb"] == "" {
		return ""
	}
	return i18n.T(ctx, "verb."+d["verb"])
}

// triedPaths are where the things stand that somebody was refused at.
var triedPaths = map[string]string{
	models.AtOrder: "/payouts/", models.AtChange: "/changes/", models.AtPayee: "/payees/", models.AtPerson: "/people/", models.AtNotice: "/notices/",
	models.AtSend: "/sends/", models.AtBlock: "/payees/blocked/", models.AtFind: "/payees/finds/",
}

// tried is what a refused attempt was at, and where that stands; "" for what has no page,
// and for entries from before it was on record.
func (a Act) tried(ctx context.Context) (at templ.SafeURL, words string) {
	if !a.Turned() {
		return "", ""
	}
	for _, name := range models.AtThings {
		number := a.Details[name]
		if number == "" {
			continue
		}
		if under := triedPaths[name]; under != "" {
			at = templ.SafeURL(under + number)
		}
		return at, i18n.T(ctx, "audit.tried."+name, "Number", number)
	}
	return "", ""
}

// refusedWhy is why a person was refused.
func (h Happening) refusedWhy(ctx context.Context) string {
	if !h.Turned() {
		return ""
	}
	return Act{Event: h.Event}.why(ctx)
}
