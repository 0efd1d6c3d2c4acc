package ui_test

import (
	"context"
	"strings"
	"testing"

	"countersign/views/ui"
)

func TestFormsCarryAKeyOfTheirOwn(t *testing.T) {
	given := 0
	ctx := ui.WithFormKey(context.Background(), func() string {
		given++
		return "key-" + strings.Repeat("x", given)
	})
	var out strings.Builder
	for range 2 {
		if err := ui.Form("/payouts", "form").Render(ctx, &out); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{`method="post" action="/payouts"`, `name="form_key" value="key-x"`, `name="form_key" value="key-xx"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}

func TestErrorsStandInTheSummaryAndAtTheField(t *testing.T) {
	field := ui.Field{Name: "cci", Label: "CCI", Hint: "20 digits", Error: "19 digits", Value: `"1`}
	got := render(t, ui.TextField(field))
	for _, want := range []string{`class="field wrong"`, `aria-describedby="cci-hint cci-error"`, `aria-invalid="true"`, `value="&#34;1"`, `id="cci-error"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	summary := render(t, ui.ErrorSummary([]ui.FieldError{{ID: "cci", Text: "19 digits"}}))
	for _, want := range []string{"1 answer needs another look", `href="#cci"`, "no money moved", "autofocus"} {
		if !strings.Contains(summary, want) {
			t.Errorf("no %s in %s", want, summary)
		}
	}
	if got := render(t, ui.ErrorSummary(nil)); got != "" {
		t.Errorf("a summary of nothing: %s", got)
	}
}
