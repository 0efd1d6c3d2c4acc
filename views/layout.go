// Package views holds the pages. A page is a struct and a few parts; it never asks
// the database.
package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"countersign/views/i18n"
	"countersign/views/ui"
)

// Shell is what every page of a signed-in person has around it.
type Shell struct {
	Title    string
	Here     string // the nav key of the page: home, approvals, unclear, payouts, …
	Person   *Person
	Counts   Counts
	May      func(page string) bool // which pages this person may open, by nav key; nil hides none
	Demo     bool
	Clocks   []Clock
	Flash    *Flash
	Stopped  Stop // why nothing is being sent
	Version  string
	Stream   string // address of the live updates, or ""
	Errors   bool   // a form came back: the title says so first
	Deciding bool   // a decision: it takes the place of the thumb bar on phones, and of every script but the passkey's
}

// Person is who is signed in.
type Person struct {
	Name      string
	RoleWords string // "Maker, resolver"
	Initial   string
	Lang      string // of the initial: zh-Hant, or ""
}

// Counts are what waits, for the rail and the thumb bar.
type Counts struct {
	Approvals, Unclear, Contradictions, Quarantine, Changes, Finds int
}

// Clock is the present in one of our zones. At carries the zone.
type Clock struct {
	Label string
	At    time.Time
}

// Flash says once what a deed did.
type Flash struct {
	Kind string // a tone; green where it worked
	Text string
}

func (s Shell) title(ctx context.Context) string {
	title := i18n.T(ctx, "layout.title", "Title", s.Title)
	if s.Errors {
		return i18n.T(ctx, "form.error_title", "Title", title)
	}
	return title
}

func (s Shell) may(page string) bool { return s.May == nil || s.May(page) }

// live says whether the page is brought up to date while it stays open.
func (s Shell) live() bool { return s.Stream != "" && !s.Deciding }

func deskClass(s Shell) string {
	if s.Deciding {
		return "desk is-deciding"
	}
	return "desk"
}

// clockFace is a day of the week and a time: Thu 14:20.
func clockFace(ctx context.Context, c Clock) string {
	return i18n.Weekday(ctx, c.At) + " " + c.At.Format("15:04")
}

// printed is the line that a sheet of paper begins with.
func (s Shell) printed(ctx context.Context) string {
	now := i18n.Now(ctx).In(i18n.Zone(ctx))
	line := i18n.T(ctx, "layout.printed", "Day", i18n.FullDay(ctx, now), "Clock", now.Format("15:04"),
		"City", i18n.City(i18n.Zone(ctx)), "Name", s.Person.Name)
	if s.Demo {
		line += " " + i18n.T(ctx, "layout.demonstration")
	}
	return line
}

// avatar lets the initial choose its face.
func (p Person) avatar() templ.Attributes {
	lang := p.Lang
	if lang == "" {
		lang = ui.HanLang(p.Initial)
	}
	if lang == "" {
		return nil
	}
	return templ.Attributes{"lang": lang}
}
