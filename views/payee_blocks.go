package views

import (
	"context"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// state is whether it counts, and whether that is about to end.
func (l BlockLine) state(ctx context.Context) string {
	switch {
	case !l.Counts():
		return i18n.T(ctx, "block.state.lifted")
	case l.Waits != nil:
		return i18n.T(ctx, "block.state.waits")
	}
	return i18n.T(ctx, "block.state.counts")
}

// means says what that is for the money.
func (l BlockLine) means(ctx context.Context) string {
	return i18n.T(ctx, either(l.Counts(), "block.means", "block.means_not"))
}

// kinds are a number and a name; those of the book by what they are there.
func (p BlockForm) kinds(ctx context.Context) (all []ui.ChoiceArgs) {
	for _, kind := range []models.BlockKind{models.BlockNumber, models.BlockName} {
		title := i18n.T(ctx, "block.kind."+string(kind))
		if p.Version != nil {
			title = i18n.T(ctx, "block.this."+string(kind), "Name", p.Version.Name, "Last4", p.Version.Last4)
		}
		all = append(all, ui.ChoiceArgs{Value: string(kind), Title: title, Text: i18n.T(ctx, "block.kind_means."+string(kind)), Checked: p.Kind == string(kind)})
	}
	return all
}
