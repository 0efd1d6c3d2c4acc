package views

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"countersign/views/i18n"
	"countersign/views/ui"
)

// renderLayout gives the markup of a page with nothing on it.
func renderLayout(t *testing.T, s Shell) string {
	t.Helper()
	var out strings.Builder
	ctx := i18n.With(context.Background(), "en", time.UTC, time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC))
	ctx = ui.WithFormKey(ctx, func() string { return "once" })
	if err := Layout(s).Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRailHidesWhatARoleMayNotOpen(t *testing.T) {
	page := renderLayout(t, Shell{Title: "Audit", Here: "audit", May: func(page string) bool { return page == "audit" }})
	for _, gone := range []string{`href="/policy"`, `href="/payouts`, `href="/people"`, "Set-up"} {
		if strings.Contains(page, gone) {
			t.Errorf("%s is still there", gone)
		}
	}
	if !strings.Contains(page, `href="/audit"`) || !strings.Contains(page, `aria-current="page"`) {
		t.Error("the page one is on is not marked")
	}
}

func TestTitleSaysErrorsFirst(t *testing.T) {
	if page := renderLayout(t, Shell{Title: "New payout", Errors: true}); !strings.Contains(page, "<title>Error: New payout · Countersign</title>") {
		t.Error("the title does not begin with the error")
	}
}

func TestLayoutSaysWhatStandsStill(t *testing.T) {
	page := renderLayout(t, Shell{Title: "Home", Demo: true, Stopped: Stop{Why: "the disk is full"}, Person: &Person{Name: "Chen", Initial: "陳"}})
	for _, want := range []string{"Nothing is being sent", "the disk is full", "no money moves", `action="/sign-out"`, `value="once"`, `lang="zh-Hant"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	for _, bad := range []string{"style=", "onclick=", "<script>", "http://", "https://"} {
		if strings.Contains(page, bad) {
			t.Errorf("%q is on the page, which its policy refuses", bad)
		}
	}
	if strings.Contains(page, "hx-sse") {
		t.Error("a page without a stream asks for one")
	}
}

// Everybody has under the thumb what they work with, four at most.
func TestTheThumbReachesWhatOneWorksWith(t *testing.T) {
	for _, c := range []struct{ may, want string }{
		{"home approvals unclear payouts notices audit gateways policy people", "home approvals unclear payouts"},
		{"home notices gateways", "home gateways notices"},
		{"home policy people", "home people policy"},
	} {
		s, got := Shell{May: func(page string) bool { return strings.Contains(c.may, page) }}, ""
		for _, p := range s.underThumb() {
			got += " " + p.key
		}
		if strings.TrimSpace(got) != c.want {
			t.Errorf("who may open %s has%s under the thumb", c.may, got)
		}
	}
}

func TestLiveCountsNameTheirPlaces(t *testing.T) {
	page := renderLayout(t, Shell{Title: "Home", Stream: "/stream"})
	var out strings.Builder
	if err := templ.Join(CountUpdates(Shell{Counts: Counts{Approvals: 3}}), StopUpdate(Stop{Why: "the disk is full"})).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, target := range strings.Split(out.String(), `hx-target="#`)[1:] {
		id, _, _ := strings.Cut(target, `"`)
		if !strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("nothing on the page is called %s", id)
		}
	}
	if !strings.Contains(page, `hx-sse:connect="/stream"`) {
		t.Error("the page does not listen")
	}
}
