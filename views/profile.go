package views

import (
	"context"
	"strings"

	"countersign/views/i18n"
)

// What browsers and systems call themselves. The order matters: most claim to be
// several others as well.
var (
	browserMarks = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systemMarks  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// browserName is what a reader calls the browser: Firefox on Windows. What is not
// known is shown as it names itself.
func browserName(ctx context.Context, agent string) string {
	browser, system := mark(agent, browserMarks), mark(agent, systemMarks)
	switch {
	case browser != "" && system != "":
		return i18n.T(ctx, "session.browser_on", "Browser", browser, "System", system)
	case browser != "":
		return browser
	case agent == "":
		return i18n.T(ctx, "session.unnamed")
	}
	return agent
}

func mark(agent string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(agent, m[0]) {
			return m[1]
		}
	}
	return ""
}
