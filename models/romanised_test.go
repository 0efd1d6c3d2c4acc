package models

import (
	"strings"
	"testing"
)

func TestANameIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, whole, initials string }{
		{"陳怡君", "|chenyijun|yijun|jun", "cyj"},
		{"陈怡君", "|chenyijun|yijun|jun", "cyj"},
		{"鴻達（股）", "|hongdagu|dagu|gu", "hdg"},
		{"ABC 貿易", "|abcmaoyi|bcmaoyi|cmaoyi|maoyi|yi", "abcmy"},
		{"Rosa Quispe", "", ""},
		{"𠮷", "", ""}, // no character of the table
	} {
		if whole, initials := Romanise(FoldName(c.name)); whole != c.whole || initials != c.initials {
			t.Errorf("%s is read %s and %s", c.name, whole, initials)
		}
	}
	if long, _ := Romanise(strings.Repeat("限", 200)); len(long) > 20_000 {
		t.Errorf("a long name takes %d bytes", len(long))
	}
}

func TestEveryCharacterHasOneReadingOfLatinLetters(t *testing.T) {
	t.Parallel()
	lines, characters := 0, 0
	for line := range strings.Lines(pinyinLines) {
		syllable, all, _ := strings.Cut(strings.TrimSpace(line), " ")
		lines, characters = lines+1, characters+len([]rune(all))
		if strings.Trim(syllable, "abcdefghijklmnopqrstuvwxyz") != "" || syllable == "" || all == "" {
			t.Errorf("the line %q", line)
		}
	}
	if lines != 399 || characters != 7026 || len(syllables()) != characters {
		t.Errorf("%d syllables, %d characters, %d of them once", lines, characters, len(syllables()))
	}
}
