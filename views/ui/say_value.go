package ui

import (
	"fmt"
	"io"
	"strconv"

	"github.com/a-h/templ"
)

// value is a part as it is, and anything else as plain words.
func value(args []any, number string) templ.Component {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(args) {
		return templ.NopComponent
	}
	if part, ok := args[i].(templ.Component); ok {
		return part
	}
	return Text(fmt.Sprint(args[i]))
}

func write(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}
