package ui

import (
	"context"

	"countersign/models"
	"countersign/views/i18n"
)

// StatusArgs is what Status shows.
type StatusArgs struct {
	Badge        models.Badge
	Contradicted bool
	Grade        int  // of the proof, 1 to 4; 0 shows no bars
	ByHand       bool // two people decided, for ever
	Large        bool
}

// badgeClass chooses the form. The contradiction and a blocked approval have forms
// of their own, because both must be seen above their neighbours.
func badgeClass(b models.Badge, size string) string {
	switch {
	case b.Clash:
		return "badge contradiction" + size
	case b.Form == "filled" && b.Shape == "barred":
		return "badge blocked" + size
	}
	return "badge" + badgeForms[b.Form] + size
}

var badgeForms = map[string]string{"filled": " call", "outlined": " outline", "solid": " unclear"}

// badgeWord ends in a colon where a reason follows.
func badgeWord(ctx context.Context, b models.Badge) string {
	word := i18n.T(ctx, b.Key)
	if b.Detail != "" {
		return word + ":"
	}
	return word
}

func badgeMore(ctx context.Context, b models.Badge) string {
	if b.Detail != "" {
		return i18n.T(ctx, b.Detail)
	}
	return b.Count
}

func reasonKey(b models.Badge) string {
	if b.Detail != "" {
		return b.Detail
	}
	return b.Key
}
