package ui

import (
	"context"
	"io"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// PayeeName writes a name; Chinese parts carry their script, so that each reader's
// system chooses the right face. Written without templ's own spaces between parts.
func PayeeName(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		markup := ""
		for _, run := range nameRuns(name) {
			markup += run.markup()
		}
		_, err := io.WriteString(w, markup)
		return err
	})
}

func (r nameRun) markup() string {
	text := templ.EscapeString(r.text)
	if r.lang == "" {
		return text
	}
	return `<span lang="` + r.lang + `">` + text + `</span>`
}

// nameRun is a part of a name in one script.
type nameRun struct {
	text string
	lang string // zh-Hant, zh-Hans, or "" where the page's own language will do
}

// nameRuns parts a name where Chinese begins and ends.
func nameRuns(name string) (runs []nameRun) {
	lang := HanLang(name)
	for _, char := range name {
		here := ""
		if isHan(char) {
			here = lang
		}
		if len(runs) == 0 || runs[len(runs)-1].lang != here {
			runs = append(runs, nameRun{lang: here})
		}
		runs[len(runs)-1].text += string(char)
	}
	return runs
}

func isHan(char rune) bool {
	return unicode.Is(unicode.Han, char) || unicode.In(char, unicode.Bopomofo) || (char >= 0x3000 && char <= 0x303f)
}

// HanLang tells traditional from simplified by what each standard can write: a
// character that Big5 lacks is simplified. Names that both can write are common
// in Taiwan and read well in its face. Without Chinese it is "".
func HanLang(name string) string {
	lang := ""
	for _, char := range name {
		if unicode.Is(unicode.Han, char) {
			lang = "zh-Hant"
			if !inBig5(char) && inGB2312(char) {
				return "zh-Hans"
			}
		}
	}
	return lang
}

func inGB2312(char rune) bool {
	_, err := simplifiedchinese.HZGB2312.NewEncoder().String(string(char))
	return err == nil
}

func inBig5(char rune) bool { return big5()[char] }

// big5 is what the two planes of the standard itself can write, read out of the
// table once. Asking the encoder instead would also find what Hong Kong added,
// simplified forms among it.
var big5 = sync.OnceValue(func() map[rune]bool {
	known := make(map[rune]bool, 13_100)
	for code := 0xa440; code <= 0xf9d5; code++ {
		if code > 0xc67e && code < 0xc940 {
			continue
		}
		text, err := traditionalchinese.Big5.NewDecoder().Bytes([]byte{byte(code >> 8), byte(code)})
		if char, size := utf8.DecodeRune(text); err == nil && size == len(text) {
			known[char] = true
		}
	}
	return known
})
