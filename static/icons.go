package static

import (
	"fmt"
	"regexp"
	"strings"
)

// iconHead is how an icon opens in a page: beside a word, so silent by itself.
// The width of its stroke and its size come from the style sheet.
const iconHead = `<svg class="icon" viewBox="0 0 %d %[1]d" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">`

// shapeHead is how a status shape opens: a grid of 16 px, and of one weight.
const shapeHead = `<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">`

var (
	svgTag   = regexp.MustCompile(`(?s)^.*?<svg[^>]*>|</svg>\s*$`)
	emptyBox = regexp.MustCompile(`<path stroke="none" d="M0 0h24v24H0z" fill="none" />`)
	spaces   = regexp.MustCompile(`\s*\n\s*`)
)

var drawings = loadDrawings()

// Icon gives the markup of a Tabler outline ("search"), or of a status shape in the
// size of an icon ("status/unclear").
func Icon(name string) string {
	grid := 24
	if strings.HasPrefix(name, "status/") {
		grid = 16
	}
	return fmt.Sprintf(iconHead, grid) + drawing(name) + "</svg>"
}

// StatusShape gives the markup of one of our own shapes ("unclear"), which are used
// for states and for nothing else.
func StatusShape(name string) string {
	return shapeHead + drawing("status/"+name) + "</svg>"
}

// HasIcon says whether there is a drawing of this name.
func HasIcon(name string) bool {
	_, ok := drawings[name]
	return ok
}

func drawing(name string) string {
	inner, ok := drawings[name]
	if !ok {
		panic(fmt.Sprintf("static: there is no icon named %q", name))
	}
	return inner
}

// loadDrawings keeps what is inside each svg file, by its name below icons/.
func loadDrawings() map[string]string {
	found := map[string]string{}
	for _, name := range filesUnder("icons") {
		inner := svgTag.ReplaceAllString(string(read(name)), "")
		inner = emptyBox.ReplaceAllString(inner, "")
		found[strings.TrimSuffix(strings.TrimPrefix(name, "icons/"), ".svg")] = spaces.ReplaceAllString(inner, "")
	}
	return found
}
