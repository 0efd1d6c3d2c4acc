package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views/i18n"
)

func TestAPanicChangesNothingAndGivesAReference(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.withRoute("/deed", func(c *gin.Context) error {
		return a.Store.Write(c, func(tx *gorm.DB) error {
			must(t, models.WriteSetting(tx, "x", "changed"))
			panic("secret inside")
		})
	})
	a.withRoute("/fall", func(*gin.Context) error { panic("secret inside") })
	b := a.as(models.Maker)
	for _, path := range []string{"/deed", "/fall"} {
		page := b.post(path, nil).is(http.StatusInternalServerError).says("This page failed here", "Reference").keepsQuiet("secret inside", "goroutine")
		if !regexp.MustCompile(`[0-9A-F]{4}-[0-9A-F]{4}`).MatchString(page.text()) {
			t.Fatal("no reference")
		}
	}
	if value, err := models.ReadSetting(a.Store.Read(t.Context()), "x"); err != nil || value != "" {
		t.Fatalf("the deed was not undone: %q, %v", value, err)
	}
}

func TestARefusedVerbIsToldInWordsAndRecorded(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	b.get("/people").is(http.StatusForbidden).says("Your role does not let you see who holds which role", "Ask a controller, an auditor or a people admin")
	b.post("/people", url.Values{}).is(http.StatusForbidden)
	events := a.events("refused")
	if len(events) != 2 || events[1].ActorID != b.person.ID || events[1].Details["verb"] != "people" || events[1].Details["route"] != "POST /people" {
		t.Fatalf("on record: %+v", events)
	}
	for range 30 {
		b.get("/people")
	}
	if n := len(a.events("refused")); n != refusalsNoted {
		t.Fatalf("%d on record, the log can be flooded", n)
	}
}

func TestPagesThatAreNotThere(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	b.get("/nothing").is(http.StatusNotFound).says("There is no such page")
	a.nobody().get("/nothing").is(http.StatusNotFound)
	r, err := http.NewRequest(http.MethodDelete, "/profile", nil)
	must(t, err)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	b.send(r).is(http.StatusMethodNotAllowed)
}

func TestAStoppedStoreIsSaidOnEveryPage(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.withRoute("/deed", func(*gin.Context) error { return models.Refuse(models.Stopped, "store.stopped") })
	a.as(models.Maker).post("/deed", nil).is(http.StatusServiceUnavailable).says("The disk refused a write")
}

func TestI28_FilesThatWereReplacedAreSaidOnEveryPage(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	var file string
	must(t, a.Store.Read(t.Context()).Raw("SELECT file FROM pragma_database_list").Scan(&file).Error)
	must(t, os.Rename(file, file+".away"))
	const words = "The database file was moved, replaced or removed while this program ran."
	b.post("/profile/zone", url.Values{"zone": {"UTC"}}).is(http.StatusServiceUnavailable).says(words)
	if p := b.get("/profile").is(http.StatusOK); !strings.Contains(p.body, words) {
		t.Error("a page keeps it to itself")
	}
	b.get("/readyz").is(http.StatusServiceUnavailable).says(`"writing":false`, `"database":true`)
	if err := a.Store.Close(); !errors.Is(err, models.ErrFilesReplaced) {
		t.Errorf("the store closed with %v", err)
	}
}

func TestS7_EveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(c *Config) { c.Secure = true })
	b := a.as(models.Maker)
	pages := []page{b.get("/profile"), b.get("/nothing"), b.get("/people"), a.nobody().get("/sign-in"), a.nobody().get("/profile"), b.post("/profile/zone", nil)}
	for _, p := range pages {
		for name, value := range map[string]string{
			"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security":  "max-age=31536000; includeSubDomains",
			"Cache-Control":              "no-store",

			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if p.header.Get(name) != value {
				t.Errorf("%d: %s is %q", p.status, name, p.header.Get(name))
			}
		}
		if inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|<script>|hx-on|javascript:`).FindString(p.body); inline != "" {
			t.Errorf("inline: %q", inline)
		}
	}
	if plain := newApp(t).nobody().get("/sign-in"); plain.header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS on plain http")
	}
}

func TestHeadAnswersLikeGetWithoutABody(t *testing.T) {
	t.Parallel()
	server := startServer(t, newApp(t))
	for _, path := range []string{"/healthz", "/sign-in"} {
		response, err := http.Head(server + path)
		must(t, err)
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("HEAD %s: %d", path, response.StatusCode)
		}
	}
}

func TestNoPageLacksItsWords(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Controller, models.PeopleAdmin)
	missing := regexp.MustCompile(`\[[a-z_]+\.[a-z_.]+\]`)
	for _, path := range []string{"/sign-in", "/profile", "/people", "/people/new", "/people/1", "/policy", "/nothing"} {
		if found := missing.FindString(b.get(path).body); found != "" {
			t.Errorf("%s shows %s", path, found)
		}
	}
	for _, verb := range shownVerbs {
		if p := b.get("/people"); strings.Contains(p.body, "[verb."+string(verb)+"]") {
			t.Errorf("%s has no words", verb)
		}
	}
}

// One digit is a digit, two are digits, and words that count nothing stay as they are.
func TestARefusalCountsAsPeopleDo(t *testing.T) {
	ctx := i18n.With(t.Context(), "en", time.UTC, time.Now())
	for _, c := range []struct {
		err  error
		want string
	}{
		{models.Refuse(models.Invalid, "number.length_cci", "Count", 1), "The CCI has 1 digit; it needs 20"},
		{models.Refuse(models.Invalid, "number.length_cci", "Count", 19), "The CCI has 19 digits; it needs 20"},
		{models.Refuse(models.Invalid, "document.dni", "Count", 1), "A DNI has 8 digits; 1 was entered"},
		{models.Refuse(models.Invalid, "document.letters_dni", "Count", 1), "A DNI has digits only"},
	} {
		if got := refusalText(ctx, c.err); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
