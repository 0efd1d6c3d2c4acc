package models

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed han/simplified.txt
var simplifiedPairs string

// simplified gives the simplified form of a traditional character.
var simplified = sync.OnceValue(func() map[rune]rune {
	forms, waiting := map[rune]rune{}, rune(0)
	for _, r := range simplifiedPairs {
		switch {
		case r == '\n':
		case waiting == 0:
			waiting = r
		default:
			forms[waiting], waiting = r, 0
		}
	}
	return forms
})

// FoldName is a name as names are compared and searched (features.md P5, X21):
// traditional characters as simplified ones, every width and case as one, without
// accents, blanks and stops. 鴻達（股） and 鸿达(股) are one, Núñez and NUNEZ too.
func FoldName(name string) string {
	forms := simplified()
	folded := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		if simple, ok := forms[r]; ok {
			return simple
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
	return norm.NFC.String(folded)
}
