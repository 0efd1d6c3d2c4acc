package ui

import (
	"context"
	"strconv"

	"countersign/views/i18n"
)

// proofWords is said in place of the bars: Proof 2 of 4: verified notice.
func proofWords(ctx context.Context, grade int) string {
	grade = min(max(grade, 0), 4)
	words := i18n.T(ctx, "proof.grade_"+strconv.Itoa(grade))
	return i18n.T(ctx, "proof.of", "Grade", grade, "Words", words)
}
