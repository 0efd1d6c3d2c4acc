package ui

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"countersign/views/i18n"
)

// Say writes a sentence of the catalogue with parts in it: what follows the key are
// names and values in turn, and a value may be a part such as an Amount. The sentence
// decides the order, so that another language may have another. Two asterisks around
// words make them strong; asterisks in a value are only asterisks.
func Say(key string, args ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return sentence(ctx, w, i18n.T(ctx, key, marked(args)...), args)
	})
}

// SayCount is Say for a key that counts; the text finds the count in {{.Count}}.
func SayCount(key string, count int, args ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return sentence(ctx, w, i18n.N(ctx, key, count, marked(args)...), args)
	})
}

// Values stand in the sentence as marks, letters that no catalogue uses, until the
// text around them has been escaped.
const markOpen, markClose = "\ue000", "\ue001"

func marked(args []any) []any {
	marks := make([]any, len(args))
	for i, arg := range args {
		marks[i] = arg
		if i%2 == 1 {
			marks[i] = markOpen + strconv.Itoa(i) + markClose
		}
	}
	return marks
}

func sentence(ctx context.Context, w io.Writer, text string, args []any) error {
	for i, words := range strings.Split(text, "**") {
		strong := i%2 == 1
		if err := phrase(ctx, w, words, strong, args); err != nil {
			return err
		}
	}
	return nil
}

func phrase(ctx context.Context, w io.Writer, words string, strong bool, args []any) error {
	if !strong {
		return fill(ctx, w, words, args)
	}
	if err := write(w, "<b>"); err != nil {
		return err
	}
	if err := fill(ctx, w, words, args); err != nil {
		return err
	}
	return write(w, "</b>")
}

// fill writes words up to each mark, and the value of the mark in its place.
func fill(ctx context.Context, w io.Writer, words string, args []any) error {
	for {
		before, rest, found := strings.Cut(words, markOpen)
		if err := write(w, templ.EscapeString(before)); err != nil || !found {
			return err
		}
		number, after, _ := strings.Cut(rest, markClose)
		if err := value(args, number).Render(ctx, w); err != nil {
			return err
		}
		words = after
	}
}
