package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Letters go to people who do not read these pages: they have languages of their
// own, and a catalogue of nothing else.
//
//go:embed enquiry
var letterFiles embed.FS

// LetterLanguages are those in which a gateway's staff can be written to
// (features.md X3). Readers of Chinese get the characters of their place.
var LetterLanguages = []string{"en", "zh-Hans", "zh-Hant", "es"}

var letters = loadLetters(letterFiles)

// loadLetters reads every language; a broken file stops the start.
func loadLetters(from embed.FS) *i18n.Bundle {
	made := i18n.NewBundle(language.English)
	for _, lang := range LetterLanguages {
		body, err := from.ReadFile("enquiry/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		if _, err := made.ParseMessageBytes(language.MustParse(lang), body, json.Unmarshal); err != nil {
			panic(fmt.Errorf("letters in %s: %w", lang, err))
		}
	}
	return made
}

// IsLetterLanguage says whether letters can be written in it.
func IsLetterLanguage(lang string) bool { return slices.Contains(LetterLanguages, lang) }

// Letter gives the words of a letter in one of its languages.
func Letter(lang, key string, args ...any) string {
	text, err := i18n.NewLocalizer(letters, lang).Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: pairs(args)})
	if text == "" && err != nil {
		return "[" + key + "]"
	}
	return text
}
