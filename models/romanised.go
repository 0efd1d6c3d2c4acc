package models

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed han/pinyin.txt
var pinyinLines string

// syllables gives the usual reading of a simplified character, without its tone.
var syllables = sync.OnceValue(func() map[rune]string {
	read := make(map[rune]string, 7100)
	for line := range strings.Lines(pinyinLines) {
		syllable, characters, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, r := range characters {
			read[r] = syllable
		}
	}
	return read
})

// romanisedMost is from how many characters on of a name nobody begins to type.
const romanisedMost = 24

// Romanise writes a folded name in Latin letters as people type it who do not write
// Chinese just now (X21): from each character on, "|chenyijun|yijun|jun", and the first
// letters, "cyj". Both are "" for a name without Chinese characters.
func Romanise(folded string) (whole, initials string) {
	var read []string
	chinese := false
	for _, r := range folded {
		syllable, known := syllables()[r]
		if chinese = chinese || known; !known {
			syllable = string(r)
		}
		read = append(read, syllable)
	}
	if !chinese {
		return "", ""
	}
	var from, first strings.Builder
	for i, syllable := range read {
		if i < romanisedMost {
			from.WriteString("|" + strings.Join(read[i:], ""))
		}
		r, _ := utf8.DecodeRuneInString(syllable)
		first.WriteRune(r)
	}
	return from.String(), first.String()
}

// romanisedPattern finds names that are typed in Latin letters; NULL, which finds
// nothing, for a text of others.
func romanisedPattern(folded string) (whole, initials any) {
	if len(folded) < 2 || strings.Trim(folded, "abcdefghijklmnopqrstuvwxyz") != "" {
		return nil, nil
	}
	return "%|" + folded + "%", "%" + folded + "%"
}
