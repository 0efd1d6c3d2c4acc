package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// shell is what stands around a page of a signed-in person. What goes wrong with
// it is told by show.
func (h *Handlers) shell(c *gin.Context, title, here string) views.Shell {
	v := visitOf(c)
	s, err := h.fullShell(c.Request.Context(), v, title, here)
	if err != nil {
		v.fault = fmt.Errorf("fill the shell: %w", err)
	}
	s.Flash = h.takeFlash(c)
	return s
}

func (h *Handlers) fullShell(ctx context.Context, v *visit, title, here string) (views.Shell, error) {
	s := h.bareShell(ctx, v, title)
	s.Here = here
	db := h.Store.Read(ctx)
	counts, err := h.counts(db, v.person)
	if err != nil {
		return s, err
	}
	accounts, err := models.Accounts(db)
	if err != nil {
		return s, err
	}
	s.Counts, s.Clocks = counts, clocks(accounts, v)
	s.Stopped, err = h.stopped(ctx, v.person)
	s.Stream = "/stream"
	return s, err
}

// bareShell asks the database nothing, so that it stands on an error page too.
func (h *Handlers) bareShell(ctx context.Context, v *visit, title string) views.Shell {
	s := views.Shell{
		Title: title, Demo: h.Demo, Version: h.Version, Person: face(ctx, v.person),
		May: func(page string) bool { return h.mayOpen(v.person, page) },
	}
	s.Stopped.Why = h.broken(ctx)
	return s
}

// broken says why nothing can be written, "" while it can.
func (h *Handlers) broken(ctx context.Context) string {
	why := h.Store.Broken()
	if why == nil {
		return ""
	}
	return i18n.T(ctx, models.StoppedBy(why).Key)
}

// mayOpen says whether the page behind a key of the rail exists and is open to
// the person: the rail asks the routes, so it never leads to a refusal.
func (h *Handlers) mayOpen(p models.Person, page string) bool {
	path := "/" + page
	if page == "home" {
		path = "/"
	}
	for _, route := range h.routed {
		if route.Method == http.MethodGet && route.Path == path {
			return route.Verb == models.VerbSignIn || p.May(route.Verb)
		}
	}
	return false
}

// face is how a person is shown in the rail: the name in Latin letters if there
// is one, the face in the script that is read at a glance.
func face(ctx context.Context, p models.Person) *views.Person {
	if p.ID == 0 {
		return nil
	}
	latin, han := scripts(p.Name)
	name, initial := latin, firstLetter(latin)
	if name == "" {
		name = p.Name
	}
	if han != "" {
		initial = firstLetter(han)
	}
	return &views.Person{Name: name, RoleWords: views.RoleWords(ctx, p.Roles), Initial: initial}
}

// scripts parts a name such as "Lin Yu-ting 林雨婷".
func scripts(name string) (latin, han string) {
	var one, other []string
	for word := range strings.FieldsSeq(name) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			other = append(other, word)
			continue
		}
		one = append(one, word)
	}
	return strings.Join(one, " "), strings.Join(other, " ")
}

func firstLetter(name string) string {
	for _, r := range name {
		return strings.ToUpper(string(r))
	}
	return ""
}

// clocks are the reader's own and those of our gateways, each once.
func clocks(accounts []models.GatewayAccount, v *visit) (all []views.Clock) {
	seen := map[string]bool{}
	add := func(zone *time.Location) {
		if city := i18n.City(zone); !seen[city] {
			seen[city] = true
			all = append(all, views.Clock{Label: city, At: v.began.In(zone)})
		}
	}
	add(v.person.Location())
	for _, a := range accounts {
		add(a.Location())
	}
	return all
}
