package views

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
)

// rulerLength is how long the scale of a ruler is in its drawing, rulerMarks how
// many short ticks a band has.
const (
	rulerLength = 558
	rulerMarks  = 10
)

// rulerAt is where a band begins: all are of one length.
func rulerAt(i, of int) string { return strconv.Itoa(1 + rulerLength*i/of) }

func rulerWidth(of int) string { return strconv.Itoa(rulerLength / of) }

// rulerHeight grows with the signatures.
func rulerHeight(b models.Band) string { return strconv.Itoa(3 * min(b.Need.Least(), 5)) }

// rulerTicks are the short ticks of one band, the middle one a little longer.
func rulerTicks(i, of int) string {
	var path strings.Builder
	for mark := 1; mark < rulerMarks; mark++ {
		top := 26
		if mark == rulerMarks/2 {
			top = 23
		}
		fmt.Fprintf(&path, "M%d %dV30", 1+rulerLength*(i*rulerMarks+mark)/(of*rulerMarks), top)
	}
	return path.String()
}

// rulerSentence says what the ruler shows.
func rulerSentence(ctx context.Context, bands models.Bands) string {
	var parts []string
	for _, band := range bands {
		parts = append(parts, i18n.T(ctx, "policy.band_words", "Need", NeedWords(ctx, band.Need), "Sum", band.From().String()))
	}
	return strings.Join(parts, "; ")
}

// bandsInWords is one currency in a line: PEN: one signature from 0.01, 2 signatures from 1,500.00.
func bandsInWords(ctx context.Context, currency string, bands models.Bands) string {
	var parts []string
	for _, band := range bands {
		sum := strings.TrimSuffix(band.From().String(), " "+currency)
		parts = append(parts, i18n.T(ctx, "policy.band_short", "Need", NeedWords(ctx, band.Need), "Sum", sum))
	}
	return currency + ": " + strings.Join(parts, ", ")
}

// factorDemand says who is asked for a second factor.
func factorDemand(ctx context.Context, everyone bool) string {
	if everyone {
		return i18n.T(ctx, "policy.factor_everyone")
	}
	return i18n.T(ctx, "policy.factor_owners")
}

// PolicyVersion is a version with what it changed.
type PolicyVersion struct {
	models.Policy
	Lines []ChangeLine
}

// by is who put it in force: two people, or the command on the machine.
func (v PolicyVersion) by(ctx context.Context) string {
	if v.ConfirmedBy == "" {
		return v.CreatedBy
	}
	return i18n.T(ctx, "policy.by_two", "First", v.CreatedBy, "Second", v.ConfirmedBy)
}

// diffWords say what was added, taken away, or is another now.
func diffWords(ctx context.Context, line ChangeLine) string {
	switch i18n.T(ctx, "change.none") {
	case line.Before:
		return i18n.T(ctx, "policy.added", "Name", line.Name, "What", line.After)
	case line.After:
		return i18n.T(ctx, "policy.taken", "Name", line.Name, "What", line.Before)
	}
	return i18n.T(ctx, "policy.differs", "Name", line.Name, "After", line.After, "Before", line.Before)
}
