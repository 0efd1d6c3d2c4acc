package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// hidden stands for what is masked. Its length says nothing of the secret's.
const hidden = "••••••••"

// quoted is written by hand because every space inside <pre> is seen. Its text is
// markup already.
func quoted(markup string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return write(w, `<pre tabindex="0"><code>`+markup+`</code></pre>`)
	})
}

func wireLines(fields []WireField) string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = wireLine(f, nameWidth(fields))
	}
	return strings.Join(lines, "\n")
}

func wireLine(f WireField, width int) string {
	line := mark("k", f.Name) + strings.Repeat(" ", width-len(f.Name)+2)
	if f.Masked {
		line += mark("masked", hidden)
	}
	line += wireValue(f)
	if f.Note != "" {
		line += "  " + mark("k", f.Note)
	}
	return line
}

func wireValue(f WireField) string {
	if f.Number {
		return mark("n", f.Value)
	}
	return templ.EscapeString(f.Value)
}

func mark(class, text string) string {
	return `<span class="` + class + `">` + templ.EscapeString(text) + `</span>`
}

func nameWidth(fields []WireField) (width int) {
	for _, f := range fields {
		width = max(width, len(f.Name))
	}
	return width
}
