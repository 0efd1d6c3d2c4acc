package ui_test

import (
	"strings"
	"testing"

	"countersign/models"
	"countersign/views/ui"
)

func TestChartSaysItsFiguresTwice(t *testing.T) {
	got := render(t, ui.StackedBars(ui.Chart{
		Title: "Value by day", Unit: "TWD", Finding: "It rises.", First: "Day", Days: []string{"18 Nov", "19 Nov"},
		Series: []ui.Series{{Name: "Paid", Legend: "Paid 7", Class: "paid", Values: []int64{3, 4}}, {Name: "Unclear", Legend: "Unclear 1", Class: "unclear", Values: []int64{0, 1}}},
	}))
	for _, want := range []string{`role="img" aria-label="It rises."`, "The same figures as a table", `class="unclear" x=`, "Paid 7"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Index(got, ">19 Nov</td>") > strings.Index(got, ">18 Nov</td>") {
		t.Error("the newest day does not come first in the table")
	}
	if strings.Contains(got, "style=") {
		t.Error("an inline style, which the policy of the page refuses")
	}
}

func TestChartWithoutDaysStands(t *testing.T) {
	render(t, ui.StackedBars(ui.Chart{Title: "Nothing yet"}))
	render(t, ui.Lines(ui.Chart{Title: "Nothing yet", Series: []ui.Series{{Class: "p50"}}}))
	render(t, ui.HistoryStrip(ui.History{This: models.Money{Minor: 1, Currency: "TWD"}}))
}

// The first reading of an account would otherwise be a line from nowhere to nowhere.
func TestAFigureThatStandsAloneIsSeen(t *testing.T) {
	draw := func(values ...int64) string {
		return render(t, ui.Lines(ui.Chart{Title: "Balance", Days: []string{"1", "2", "3"}, Series: []ui.Series{{Class: "p50", Values: values}}}))
	}
	if lone := draw(-1, -1, 7); strings.Count(lone, "h8.0") != 1 {
		t.Errorf("nothing of it is drawn: %s", lone)
	}
	if joined := draw(-1, 6, 7); strings.Contains(joined, "h8.0") {
		t.Error("a figure with a neighbour stands alone")
	}
}
