package ui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

var (
	taipei = zone("Asia/Taipei")
	lima   = zone("America/Lima")
	now    = time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC)
)

func zone(name string) *time.Location {
	found, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return found
}

// render gives the markup that a reader in Taipei gets.
func render(t *testing.T, part templ.Component) string {
	t.Helper()
	var out strings.Builder
	ctx := i18n.With(context.Background(), "en", taipei, now)
	if err := part.Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAmountKeepsDigitsCentsAndCodeApart(t *testing.T) {
	for _, c := range []struct {
		money models.Money
		size  string
		want  string
	}{
		{models.Money{Minor: 48_600_000, Currency: "TWD"}, "", `<span class="amount">486,000<i>.00</i><abbr>TWD</abbr></span>`},
		{models.Money{Minor: 5, Currency: "PEN"}, "hero", `<span class="amount hero">0<i>.05</i><abbr>PEN</abbr></span>`},
		{models.Money{Minor: 1850, Currency: "JPY"}, "big", `<span class="amount big">1,850<abbr>JPY</abbr></span>`},
	} {
		if got := render(t, ui.Amount(c.money, c.size)); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestTimeShowsThreeClocks(t *testing.T) {
	at := time.Date(2026, 11, 13, 6, 2, 11, 0, time.UTC)
	got := render(t, ui.TimeIn(at, lima))
	want := `<time datetime="2026-11-13T06:02:11Z" title="13 Nov 2026 14:02:11 Taipei · 13 Nov 2026 01:02:11 Lima · 13 Nov 2026 06:02:11 UTC">13 Nov 14:02</time>`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryStateHasABadgeWithWordsAndShape(t *testing.T) {
	for _, stage := range models.Stages {
		for _, outcome := range models.Outcomes {
			state := models.State{Stage: stage, Outcome: outcome, Approvals: 1, Needed: 2}
			badge := render(t, ui.Badge(state.Badge(models.Flags{})))
			if !strings.Contains(badge, "<path") && !strings.Contains(badge, "<circle") {
				t.Errorf("%s, %s has no shape: %s", stage, outcome, badge)
			}
			if strings.Contains(badge, "[") {
				t.Errorf("%s, %s has no words: %s", stage, outcome, badge)
			}
		}
	}
	for _, reason := range models.UnclearReasons {
		state := models.State{Stage: models.Sent, Outcome: models.Unclear, Unclear: reason}
		if badge := render(t, ui.Badge(state.Badge(models.Flags{}))); strings.Contains(badge, "[") {
			t.Errorf("%s has no words: %s", reason, badge)
		}
	}
}

func TestBadgeFormsSayWhoIsWaitedFor(t *testing.T) {
	for _, c := range []struct {
		badge models.Badge
		want  string
	}{
		{models.Badge{Key: "badge.draft", Shape: "draft", Tone: "grey", Form: "bare"}, `<span class="badge" data-tone="grey">`},
		{models.Badge{Key: "badge.held", Shape: "pause", Tone: "amber", Form: "filled"}, `<span class="badge call" data-tone="amber">`},
		{models.Badge{Key: "badge.blocked", Shape: "barred", Tone: "amber", Form: "filled"}, `<span class="badge blocked" data-tone="amber">`},
		{models.Badge{Key: "badge.failed", Shape: "cross", Tone: "red", Form: "outlined"}, `<span class="badge outline" data-tone="red">`},
		{models.Badge{Key: "badge.unclear", Shape: "unclear", Tone: "violet", Form: "solid"}, `<span class="badge unclear" data-tone="violet">`},
		{models.ContradictionBadge, `<span class="badge contradiction" data-tone="red">`},
	} {
		if got := render(t, ui.Badge(c.badge)); !strings.HasPrefix(got, c.want) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	unclear := models.Badge{Key: "badge.unclear", Detail: "reason.timeout", Shape: "unclear", Tone: "violet", Form: "solid"}
	if got := render(t, ui.Badge(unclear)); !strings.Contains(got, `<span>Unclear: <span class="more">no answer</span></span>`) {
		t.Errorf("the reason is not said after the word: %s", got)
	}
}

func TestContradictionStandsBeforeTheOtherBadge(t *testing.T) {
	paid := models.Badge{Key: "badge.paid", Shape: "check", Tone: "green", Form: "bare"}
	got := render(t, ui.Status(ui.StatusArgs{Badge: paid, Contradicted: true, Grade: 2, ByHand: true}))
	at := -1
	for _, part := range []string{"Contradiction", "Paid", "Proof 2 of 4: verified notice", "Decided by two people"} {
		next := strings.Index(got, part)
		if next <= at {
			t.Fatalf("%q is missing or out of its order: %s", part, got)
		}
		at = next
	}
	if strings.Count(got, `class="on"`) != 2 {
		t.Errorf("two bars of four should be on: %s", got)
	}
}

func TestNamesCarryTheirScript(t *testing.T) {
	for name, want := range map[string]string{
		"Rosa <b>": "Rosa &lt;b&gt;",
		"陳怡君":      `<span lang="zh-Hant">陳怡君</span>`,
		"王建国":      `<span lang="zh-Hans">王建国</span>`,
		"深圳市恒通精密电子有限公司":   `<span lang="zh-Hans">深圳市恒通精密电子有限公司</span>`,
		"Lin Yu-ting 林雨婷": `Lin Yu-ting <span lang="zh-Hant">林雨婷</span>`,
	} {
		if got := render(t, ui.PayeeName(name)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestOrderNumbersShowFourAndTheLastSix(t *testing.T) {
	no := "01M7KR9GR0YZ7991GWZWQGSF74"
	want := `<span class="order-no" title="` + no + `">01M7…<b>QGSF74</b></span>`
	if got := render(t, ui.OrderNo(no)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := render(t, ui.OrderNo("ABC")); !strings.Contains(got, `><b>ABC</b><`) {
		t.Errorf("a short number is cut: %s", got)
	}
	if got := render(t, ui.OrderNoCopy(no)); !strings.Contains(got, `data-copy="`+no+`"`) {
		t.Errorf("copying would not give all of it: %s", got)
	}
}

func TestSentencesHoldPartsAndTrustNoValue(t *testing.T) {
	money := models.Money{Minor: 48_600_000, Currency: "TWD"}
	got := render(t, ui.Say("ui.remove", "What", ui.Amount(money, "")))
	if want := `Remove: <span class="amount">486,000<i>.00</i><abbr>TWD</abbr></span>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got = render(t, ui.Say("ui.remove", "What", "**<i>**{{.What}}"))
	if want := "Remove: **&lt;i&gt;**{{.What}}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWireIsQuotedByteForByte(t *testing.T) {
	got := render(t, ui.WireFields("", "", []ui.WireField{
		{Name: "amount", Value: "48600000", Number: true, Note: "in cents"}, {Name: "number", Value: "4471", Masked: true}, {Name: "n", Value: "<b>"},
	}))
	want := `<pre tabindex="0"><code><span class="k">amount</span>  <span class="n">48600000</span>  <span class="k">in cents</span>
<span class="k">number</span>  <span class="masked">••••••••</span>4471
<span class="k">n</span>       &lt;b&gt;</code></pre>`
	if !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := render(t, ui.WireText("", "", "{ \"a\": 1,\n  \"<b>\": 2 }")); !strings.Contains(got, "<code>{ &#34;a&#34;: 1,\n  &#34;&lt;b&gt;&#34;: 2 }</code>") {
		t.Errorf("got %s", got)
	}
}
