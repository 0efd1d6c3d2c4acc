package views

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

var atTwo = time.Date(2026, 11, 19, 6, 2, 11, 0, time.UTC)

func reader() context.Context {
	return i18n.With(context.Background(), "en", time.FixedZone("Asia/Taipei", 8*3600), atTwo.Add(time.Hour))
}

var tag = regexp.MustCompile(`<[^>]*>`)

// said is the text of a part, without its markup.
func said(t *testing.T, part templ.Component) string {
	t.Helper()
	var drawn strings.Builder
	if err := part.Render(reader(), &drawn); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(drawn.String(), " "))), " ")
}

// happened is an event as the timeline gets it.
func happened(verb string, details models.Details) Happening {
	return Happening{
		Event: models.Event{At: atTwo, Verb: verb, Actor: "Lin", Details: details},
		Order: OrderBrief{OrderNo: "01M79QXG9GKG01XRXSM2CBGEPX", Gateway: "APAY Taipei", Amount: models.Money{Minor: 48600000, Currency: "TWD"}, Maker: "Chen"},
	}
}

func TestEveryMoveHasASentence(t *testing.T) {
	t.Parallel()
	for _, move := range models.Moves {
		for _, source := range []string{"notice", "query"} {
			h := happened(string(move), models.Details{"source": source, "reason": "timeout", "standing": "failed_by_hand", "news": "paid", "code": "0012", "policy": "3"})
			h.Moved, h.Is = true, models.State{Stage: models.Sent, Outcome: models.Unclear}
			checkSentence(t, h)
		}
	}
}

func TestEveryRemarkHasASentence(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"noted", "claimed", "attached", "revealed", "late_reply", "verdict_proposed", "verdict_disagreed", "verdict_cancelled",
		"look_again", "came_back", "double_payment_feared", "quarantined", "a_verb_of_tomorrow"} {
		checkSentence(t, happened(verb, models.Details{"why": "quarantine.bad_signature", "said": "not_paid", "chose": "paid", "predecessor": "01M7KR9GR0YZ7991GWZWQGSF74"}))
	}
	for _, because := range []models.Escalation{models.EscalatedDisagreed, models.EscalatedAgain} {
		checkSentence(t, happened("escalated", models.Details{"why": "escalated." + string(because)}))
		if words := i18n.T(reader(), "escalated.then."+string(because)); strings.Contains(words, "[") {
			t.Error(words)
		}
	}
	for _, verb := range []string{"heard_query", "heard_notice"} {
		for _, says := range []string{"", "unknown", "working", "paid", "failed", "not_found", "reversed"} {
			checkSentence(t, happened(verb, models.Details{"says": says, "problem": "http_502"}))
		}
		checkSentence(t, happened(verb, models.Details{"says": "paid", "differs": "amount"}))
	}
}

func TestEveryDoubtHasASentenceThatNeverSaysFailed(t *testing.T) {
	t.Parallel()
	for _, reason := range models.UnclearReasons {
		words := Doubt{Reason: reason, Gateway: "APAY Taipei", HTTP: "502", Code: "0071", Took: 30 * time.Second}.words(reader())
		if strings.Contains(words, "[") || strings.Contains(words, "{{") || !strings.HasSuffix(words, ".") {
			t.Errorf("%s: %q", reason, words)
		}
		h := happened(string(models.MoveDoubt), models.Details{"reason": string(reason), "took_ms": "30000"})
		h.Moved = true
		if text := said(t, happening(h)); !strings.Contains(text, "The money may or may not have left. Not failed; never sent again.") {
			t.Errorf("%s: %q", reason, text)
		}
	}
}

func TestEveryContradictionSaysBothSides(t *testing.T) {
	t.Parallel()
	for _, standing := range []string{"paid", "failed", "returned", "pending", "unclear", "paid_by_hand", "failed_by_hand", "returned_by_hand"} {
		for _, news := range []string{"paid", "paid_after_fail_notice", "failed", "reversed", "refused", "differs"} {
			for _, source := range []string{"notice", "query", "reply"} {
				about := models.Contradiction{Standing: standing, News: news, Source: source}
				title := contradictionTitle(reader(), OrderNotice{About: about, Name: "APAY Taipei"})
				words := said(t, contradictionWords(reader(), PayoutPage{}, OrderNotice{About: about}))
				if strings.Contains(title+words, "[") || strings.Contains(title+words, "<no value>") {
					t.Errorf("%s, %s, %s: %q %q", standing, news, source, title, words)
				}
			}
		}
	}
}

// checkSentence draws an entry: every key has words, and no place in them is empty.
func checkSentence(t *testing.T, h Happening) {
	t.Helper()
	if text := said(t, happening(h)); strings.Contains(text, "[") || strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
		t.Errorf("%s %v: %q", h.Event.Verb, h.Details, text)
	}
}

func TestEverySituationHasASentence(t *testing.T) {
	t.Parallel()
	for _, stage := range models.Stages {
		for _, outcome := range models.Outcomes {
			for _, grade := range models.Grades {
				for _, flags := range []struct{ hand, clash bool }{{}, {hand: true}, {clash: true}} {
					state := models.State{Stage: stage, Outcome: outcome, Grade: grade, ByHand: flags.hand, Clash: flags.clash}
					if stage == models.Sent && outcome == models.None || outcome == models.Failed && flags.clash {
						continue // cannot be: the table of moves leads nowhere near
					}
					page := PayoutPage{Payout: models.Payout{State: state}, Badge: state.Badge(models.Flags{})}
					if text := said(t, page.situation(reader())); strings.Contains(text, "[") || text == "" {
						t.Errorf("%+v: %q", state, text)
					}
				}
			}
		}
	}
}

func TestEveryReasonToHoldAnOrderHasItsWords(t *testing.T) {
	t.Parallel()
	held := models.State{Stage: models.Held, HeldFrom: models.Approved, Outcome: models.None}
	for _, why := range append([]string{models.HeldByPerson, models.HeldPredecessor}, slices.Concat(models.Stuck, models.PayeeHolds)...) {
		if words := i18n.T(reader(), why); strings.Contains(words, "[") {
			t.Errorf("%s has no short words", why)
		}
		page := PayoutPage{Payout: models.Payout{State: held, HeldWhy: why}, Badge: held.Badge(models.Flags{HeldWhy: why})}
		if text := said(t, page.situation(reader())); strings.Contains(text, "[") || strings.Contains(text, "**") {
			t.Errorf("%s: %q", why, text)
		}
		h := happened("held", models.Details{"why": why, "predecessor": "01M7KR9GR0YZ7991GWZWQGSF74"})
		h.Moved, h.Is = true, held
		checkSentence(t, h)
	}
}

func TestAnEditSaysWhatChanged(t *testing.T) {
	t.Parallel()
	h := happened("edited", models.Details{"amount": "1,850.00 PEN", "amount_before": "1,640.00 PEN", "payee_version": "4", "payee_version_before": "3"})
	h.Moved = true
	for _, want := range []string{"Lin changed it.", "Amount: 1,850.00 PEN, before 1,640.00 PEN", "Other details of the payee changed"} {
		if text := said(t, happening(h)); !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

func TestAProposalKeepsItsVerdictUntilItIsJudged(t *testing.T) {
	t.Parallel()
	h := happened("verdict_proposed", models.Details{"said": "not_paid"})
	h.Hidden = true
	if text := said(t, happening(h)); strings.Contains(text, "not paid") {
		t.Errorf("%q", text)
	}
}

func TestSizesOfFiles(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]string{0: "0 B", 812: "812 B", 216_800: "212 KB", 1_500_000: "1.4 MB", 5 << 20: "5.0 MB"} {
		if got := FileSize(size); got != want {
			t.Errorf("%d: %q, want %q", size, got, want)
		}
	}
}
