package handlers

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
)

// A page that lies open hears that its reader is gone, though nothing wakes it, and what
// stood on it is taken away.
func TestS19_AnOpenPageIsEmptiedWhenItsSessionEnds(t *testing.T) {
	t.Parallel()
	machine := models.Machine("test")
	for name, end := range map[string]func(a *app, b *browser){
		"deactivated": func(a *app, b *browser) {
			must(a.t, a.People.Deactivate(a.t.Context(), machine, b.person.ID, services.Heirs{}, services.Signed{}))
		},
		"signed out":   func(_ *app, b *browser) { b.post("/sign-out", nil).leadsTo("/sign-in?ended=out") },
		"left for tea": func(a *app, _ *browser) { a.clock.pass(15 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t)
			a.streams.ping = 50 * time.Millisecond
			b := a.as(models.Maker)
			lines, _ := b.stream(startServer(t, a), "/stream")
			until(t, lines, "rail-count-unclear")
			end(a, b)
			if !until(t, lines, `hx-target="#main" hx-swap="innerHTML"`) {
				t.Fatal("not told")
			}
			if until(t, lines, "never said") {
				t.Fatal("still open")
			}
		})
	}
}
