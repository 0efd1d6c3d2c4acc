package static

import (
	"path"
	"regexp"
	"strings"
)

var (
	importLine = regexp.MustCompile(`(?m)^@import "([^"]+)";\n`)
	reference  = regexp.MustCompile(`url\("([^"#:]+)"\)`)
	comment    = regexp.MustCompile(`(?s)/\*.*?\*/`)
	indent     = regexp.MustCompile(`\n\s*`)
)

// joinCSS puts the style sheets into one, in the order of app.css, and lets every
// url(…) point at the address of the file it means.
func joinCSS(address func(name string) string) []byte {
	order := string(read("css/app.css"))
	var all strings.Builder
	all.WriteString(importLine.ReplaceAllString(order, ""))
	for _, line := range importLine.FindAllStringSubmatch(order, -1) {
		name := path.Join("css", line[1])
		sheet := string(read(name))
		all.WriteString(reference.ReplaceAllStringFunc(sheet, func(text string) string {
			target := reference.FindStringSubmatch(text)[1]
			return `url("` + address(path.Join(path.Dir(name), target)) + `")`
		}))
	}
	return []byte(all.String())
}

// lean leaves out what is there for whoever reads the source: a sixth of what travels.
func lean(css []byte) []byte {
	return indent.ReplaceAll(comment.ReplaceAll(css, nil), []byte("\n"))
}
