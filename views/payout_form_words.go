package views

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/spell"
)

// joinWords sets what is there of the words beside each other.
func joinWords(between string, words ...string) string {
	var found []string
	for _, word := range words {
		if word != "" {
			found = append(found, word)
		}
	}
	return strings.Join(found, between)
}

// capital begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// inWords writes a sum as on a cheque: One thousand eight hundred and fifty soles.
func inWords(ctx context.Context, m models.Money) string {
	places, _ := models.Scale(m.Currency)
	unit := int64(1)
	for range places {
		unit *= 10
	}
	whole, part := m.Minor/unit, m.Minor%unit
	key := "currency." + strings.ToLower(m.Currency)
	text := i18n.N(ctx, key, countOf(whole), "Words", spell.English(whole))
	if part > 0 {
		text = i18n.T(ctx, "currency.with_part", "Whole", text, "Part", i18n.N(ctx, key+".part", int(part), "Words", spell.English(part)))
	}
	return capital(text)
}

// countOf is a number small enough to choose between one and several.
func countOf(n int64) int { return int(min(n, 1_000_000)) }
