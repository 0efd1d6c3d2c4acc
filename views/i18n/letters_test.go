package i18n

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func letterWords(t *testing.T, lang string) (words map[string]string) {
	t.Helper()
	body, err := letterFiles.ReadFile("enquiry/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &words); err != nil {
		t.Fatal(lang, err)
	}
	return words
}

var place = regexp.MustCompile(`\{\{\.\w+\}\}`)

// A fact that one language leaves out would be missing in the letter that is sent.
func TestEveryLanguageOfTheLetterTellsTheSameFacts(t *testing.T) {
	english := letterWords(t, "en")
	for _, lang := range LetterLanguages {
		words := letterWords(t, lang)
		if len(words) != len(english) {
			t.Errorf("%s has %d texts, English %d", lang, len(words), len(english))
		}
		for key, text := range english {
			if facts, theirs := factsOf(text), factsOf(words[key]); facts != theirs || words[key] == "" {
				t.Errorf("%s, %s: it tells %q, English %q", lang, key, theirs, facts)
			}
		}
	}
}

func factsOf(text string) string {
	found := place.FindAllString(text, -1)
	slices.Sort(found)
	return strings.Join(found, " ")
}

func TestALetterIsInItsLanguage(t *testing.T) {
	for lang, want := range map[string]string{"en": "order not found", "zh-Hans": "查无此单", "zh-Hant": "查無此單", "es": "orden no encontrada"} {
		if got := Letter(lang, "heard.not_found"); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := Letter("es", "no.such"); got != "[no.such]" {
		t.Errorf("a hole shows as %q", got)
	}
}
