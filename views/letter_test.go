package views

import (
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

func aLetter(lang string) Letter {
	lima, _ := time.LoadLocation("America/Lima")
	return Letter{
		Lang: lang, OrderNo: "01M7RNDK60SZATY56785A727Y4", Merchant: "100001", Last4: "7702", Amount: models.Money{Minor: 164000, Currency: "PEN"},
		Wire: "1640.00", Sent: time.Date(2026, 11, 14, 3, 30, 11, 0, time.UTC), Zone: lima, Doubt: Doubt{Reason: models.ReasonTimeout, Took: 30 * time.Second},
	}
}

// Each letter names what the staff need to find the order, with both clocks whole.
func TestALetterNamesEveryFact(t *testing.T) {
	for _, lang := range i18n.LetterLanguages {
		text := aLetter(lang).Text()
		for _, fact := range []string{
			"01M7RNDK60SZATY56785A727Y4", "100001", "1,640.00 PEN", "1640.00", "7702", "2026-11-13 22:30:11 UTC-05:00 = 2026-11-14 03:30:11 UTC", "30",
		} {
			if !strings.Contains(text, fact) {
				t.Errorf("%s: no %q in\n%s", lang, fact, text)
			}
		}
		if strings.ContainsAny(text, "[{") {
			t.Errorf("%s: a hole in\n%s", lang, text)
		}
	}
}

// Whatever was seen and heard, no language is without words for it.
func TestALetterHasWordsForEveryDoubtAndAnswer(t *testing.T) {
	problems := []string{"", "not_sent", "timeout", "cut", "redirect", "empty", "unreadable", "unmapped_code", "busy", "bad_token", "bad_signature", "other_order", "amount", "http_502"}
	for _, lang := range i18n.LetterLanguages {
		l := aLetter(lang)
		for _, reason := range append(models.UnclearReasons, models.ReasonNone) {
			l.Doubt.Reason = reason
			whole(t, l)
		}
		for _, problem := range problems {
			for _, says := range []string{"unknown", "working", "paid", "failed", "not_found", "reversed"} {
				l.Asked = &Asked{Says: says, Problem: problem, At: l.Sent}
				whole(t, l)
			}
		}
		for _, standing := range []string{"paid", "paid_by_hand", "failed", "failed_by_hand", "differs", "returned", "returned_by_hand", "pending", "unclear"} {
			for _, news := range []string{"paid", "paid_after_fail_notice", "failed", "reversed", "refused", "differs"} {
				l.Clash = &models.Contradiction{Standing: standing, News: news}
				whole(t, l)
			}
		}
	}
}

func whole(t *testing.T, l Letter) {
	t.Helper()
	if text := l.Text(); strings.Contains(text, "[") || strings.Contains(text, "<no value>") {
		t.Errorf("a hole in\n%s", text)
	}
}

func TestALetterIsInTheLanguageOfThePlace(t *testing.T) {
	for zone, want := range map[string]string{"America/Lima": "es", "Asia/Taipei": "zh-Hant", "Asia/Shanghai": "zh-Hans", "Europe/Paris": "en"} {
		if got := LetterLang(models.GatewayAccount{Zone: zone}); got != want {
			t.Errorf("%s: %s", zone, got)
		}
	}
}
