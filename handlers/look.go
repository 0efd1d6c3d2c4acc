package handlers

import (
	"net/http"
	"slices"

	"countersign/views"
)

// What theme.js may have kept. Nothing depends on these cookies but the look of a page.
var (
	themes    = []string{"light", "dark"}
	densities = []string{"close"}
)

// look is how the reader wants pages to look.
func (h *Handlers) look(r *http.Request) views.Look {
	return views.Look{Theme: h.kept(r, "theme", themes), Density: h.kept(r, "density", densities)}
}

// kept is the value of a cookie that only the look depends on, "" where it is none of ours.
func (h *Handlers) kept(r *http.Request, name string, known []string) string {
	if h.Secure {
		name = "__Host-" + name
	}
	cookie, err := r.Cookie(name)
	if err != nil || !slices.Contains(known, cookie.Value) {
		return ""
	}
	return cookie.Value
}
