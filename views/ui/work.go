package ui

import (
	"context"
	"strconv"

	"countersign/views/i18n"
)

func (w WorkItem) tone() string {
	if w.Count == 0 {
		return "grey"
	}
	return w.Tone
}

func ageBands(ctx context.Context) [5]string {
	return [5]string{
		i18n.T(ctx, "age.under_15_min"), i18n.T(ctx, "age.to_1_h"), i18n.T(ctx, "age.to_4_h"),
		i18n.T(ctx, "age.to_24_h"), i18n.T(ctx, "age.over_24_h"),
	}
}

func ageClass(band, count int) string {
	if count == 0 {
		return "zero"
	}
	return "a" + strconv.Itoa(band+1)
}
