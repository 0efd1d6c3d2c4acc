// Package i18n holds the words people read: a flat catalogue of keys for each language,
// the reader's language and time zone, and the time at which the page was asked for.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed en
var files embed.FS

// Languages are those we have a whole catalogue of. The first is what is shown
// to a reader whose language we lack.
var Languages = []language.Tag{language.English}

var bundle = loadBundle(files)

// loadBundle reads every file of every language. Words are a part of the program:
// a broken file stops the start.
func loadBundle(from fs.FS) *i18n.Bundle {
	made := i18n.NewBundle(Languages[0])
	for _, tag := range Languages {
		names, err := fs.Glob(from, tag.String()+"/*.json")
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			body, err := fs.ReadFile(from, name)
			if err != nil {
				panic(err)
			}
			if _, err := made.ParseMessageBytes(tag, body, json.Unmarshal); err != nil {
				panic(fmt.Errorf("words in %s: %w", name, err))
			}
		}
	}
	return made
}
