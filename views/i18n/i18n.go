package i18n

import (
	"context"
	"fmt"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// reader is who reads a page, as far as words and clocks are concerned.
type reader struct {
	words *i18n.Localizer
	lang  string
	zone  *time.Location
	now   time.Time
}

type readerKey struct{}

var stranger = reader{words: i18n.NewLocalizer(bundle), lang: "en", zone: time.UTC}

// With puts the reader into the context: the language of the words, the zone of the
// clocks, and the one present of the whole page.
func With(ctx context.Context, lang string, zone *time.Location, now time.Time) context.Context {
	if zone == nil {
		zone = time.UTC
	}
	return context.WithValue(ctx, readerKey{}, reader{
		words: i18n.NewLocalizer(bundle, lang), lang: lang, zone: zone, now: now,
	})
}

func from(ctx context.Context) reader {
	if r, ok := ctx.Value(readerKey{}).(reader); ok {
		return r
	}
	return stranger
}

// T gives the words of a key. What follows are names and values in turn, for the
// places in the text: "Gateway", name fills {{.Gateway}}.
func T(ctx context.Context, key string, args ...any) string {
	return say(ctx, &i18n.LocalizeConfig{MessageID: key, TemplateData: pairs(args)})
}

// N gives the words of a key that counts something. The text finds the count in
// {{.Count}}, grouped for reading.
func N(ctx context.Context, key string, count int, args ...any) string {
	data := pairs(args)
	data["Count"] = Number(count)
	return say(ctx, &i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: data})
}

// say answers a missing key with the key itself, in brackets, so that the page still
// stands and the hole is seen.
func say(ctx context.Context, config *i18n.LocalizeConfig) string {
	text, err := from(ctx).words.Localize(config)
	if text == "" && err != nil {
		return "[" + config.MessageID + "]"
	}
	return text
}

func pairs(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return data
}

// Lang is the reader's language, for the lang attribute of the page.
func Lang(ctx context.Context) string { return from(ctx).lang }

// Zone is the zone in which the reader is shown clocks.
func Zone(ctx context.Context) *time.Location { return from(ctx).zone }

// Now is the time at which this page was asked for.
func Now(ctx context.Context) time.Time { return from(ctx).now }
