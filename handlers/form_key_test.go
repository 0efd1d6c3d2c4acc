package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
)

// withRoute adds a route to the app, as a page would.
func (a *app) withRoute(path string, action Action, options ...Option) *app {
	in := &registrar{h: a.Handlers, routes: a.routed}
	in.POST(path, models.VerbSee, action, options...)
	must(a.t, in.check())
	a.routed = in.routes
	return a
}

func TestS6_AFormFromAnotherSiteDoesNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	form := url.Values{formKeyField: {b.key()}, "zone": {"Asia/Taipei"}}
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r := httptest.NewRequest(http.MethodPost, "/profile/zone", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header, value)
		b.send(r).is(http.StatusForbidden).says("Another site sent this form", "Nothing was changed")
	}
	b.get("/profile").keepsQuiet(`value="Asia/Taipei" selected`)
}

func TestS6_AFormNeedsItsOwnKey(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, other := a.as(models.Maker), a.as(models.Maker)
	zone := url.Values{"zone": {"Asia/Taipei"}}
	for name, key := range map[string]string{"none": "", "of another session": other.key(), "made up": strings.Repeat("A", 75), "altered": b.key()[:30] + "A" + b.key()[31:]} {
		t.Run(name, func(t *testing.T) {
			b.postKey("/profile/zone", key, zone).is(http.StatusForbidden).says("This form is from another sign-in", "Nothing was changed")
		})
	}
	door := a.nobody()
	old := door.key()
	a.clock.pass(services.FormKeyLasts + time.Second)
	door.postKey("/sign-in", old, url.Values{"login": {b.person.Login}, "password": {password}, "next": {""}}).
		is(http.StatusForbidden).says("This form was open for too long")
}

func TestS6_ADoubleClickIsOneAct(t *testing.T) {
	t.Parallel()
	acts := 0
	a := newApp(t).withRoute("/deed", func(c *gin.Context) error {
		acts++
		return redirect(c, "/deed/"+strings.Repeat("i", acts))
	})
	b := a.as(models.Maker)
	key := b.key()
	b.postKey("/deed", key, nil).leadsTo("/deed/i")
	b.postKey("/deed", key, nil).leadsTo("/deed/i")
	b.post("/deed", nil).leadsTo("/deed/ii")
	if acts != 2 {
		t.Fatalf("%d acts", acts)
	}
}

func TestS6_TheSecondClickWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		acts, goOn := 0, make(chan struct{})
		a := newApp(t).withRoute("/deed", func(c *gin.Context) error {
			acts++
			<-goOn
			return redirect(c, "/done")
		})
		b := a.as(models.Maker)
		key := b.key()
		second := a.nobody()
		second.cookies, second.person = map[string]*http.Cookie{"countersign": b.cookies["countersign"]}, b.person
		answers := make(chan page, 2)
		for _, click := range []*browser{b, second} {
			go func() { answers <- click.postKey("/deed", key, nil) }()
			synctest.Wait()
		}
		if len(answers) != 0 {
			t.Fatal("the second click did not wait")
		}
		close(goOn)
		(<-answers).leadsTo("/done")
		(<-answers).leadsTo("/done")
		if acts != 1 {
			t.Fatalf("%d acts", acts)
		}
	})
}

func TestAFormThatWasRefusedMayBeSentAgain(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	key := b.key()
	b.postKey("/profile/zone", key, url.Values{"zone": {"Mars/Olympus"}}).is(http.StatusUnprocessableEntity).says("1 answer needs another look", "That time zone is not known here")
	b.postKey("/profile/zone", key, url.Values{"zone": {"Asia/Taipei"}}).leadsTo("/profile")
	b.get("/profile").says("Clocks are shown in Asia/Taipei time")
	b.get("/profile").keepsQuiet("Clocks are shown in Asia/Taipei time")
}

func TestAFormWhoseAnswerWasLostIsNotSentTwice(t *testing.T) {
	t.Parallel()
	a := newApp(t).withRoute("/deed", func(*gin.Context) error { return errors.New("the lights went out") })
	b := a.as(models.Maker)
	key := b.key()
	b.postKey("/deed", key, nil).is(http.StatusInternalServerError)
	b.postKey("/deed", key, nil).is(http.StatusConflict).says("This form was sent before, and its answer was lost")
}

func TestS10_OnlyTheFieldsOfTheFormAreTaken(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	b.post("/profile/zone", url.Values{"zone": {"UTC"}, "roles": {"controller"}}).is(http.StatusUnprocessableEntity).says("did not ask for: roles")
	b.post("/profile/zone", url.Values{"zone": {"UTC", "Asia/Taipei"}}).is(http.StatusUnprocessableEntity).says("twice: zone")
	b.post("/profile/zone", url.Values{"zone": {"UTC\x00"}}).is(http.StatusUnprocessableEntity).says("no letters")
	b.post("/profile/zone", url.Values{"zone": {"\xff"}}).is(http.StatusUnprocessableEntity).says("no letters")
	b.post("/profile/zone?zone=Asia/Taipei", nil).is(http.StatusUnprocessableEntity).says("1 answer needs another look")
}

func TestS14_ABodyHasALimit(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	b.post("/profile/zone", url.Values{"zone": {strings.Repeat("x", 65<<10)}}).is(http.StatusRequestEntityTooLarge).says("larger than 64 KB")
}

func TestS14_AFormHasAsManyFieldsAsMayBe(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	sent := url.Values{"zone": {"UTC"}}
	for n := range maxFields - 2 { // the form's key is one more
		sent.Set(fmt.Sprintf("x%d", n), "")
	}
	b.post("/profile/zone", sent).is(http.StatusUnprocessableEntity).says("did not ask for: x")
	sent.Set("one", "more")
	b.post("/profile/zone", sent).is(http.StatusUnprocessableEntity).says("more fields than this page asked for")
}

func TestAFormWithFilesIsReadWhole(t *testing.T) {
	t.Parallel()
	var form struct {
		Reason string            `form:"reason"`
		Secret string            `form:"secret,raw"`
		Yes    bool              `form:"yes"`
		Fields map[string]string `form:"f.*"`
		Files  []services.Upload `form:"files"`
	}
	a := newApp(t).withRoute("/deed", func(c *gin.Context) error {
		if err := readForm(c, &form); err != nil {
			return err
		}
		return redirect(c, "/done")
	}, WithFiles)
	b := a.as(models.Maker)
	b.postFiles("/deed", map[string]string{"reason": " why\r\nnot ", "secret": " s ", "yes": "on", "f.bank": "812"}, map[string]string{"a.txt": "one", "b.txt": "two"}).leadsTo("/done")
	if form.Reason != "why\nnot" || form.Secret != " s " || !form.Yes || form.Fields["bank"] != "812" || len(form.Files) != 2 {
		t.Fatalf("read as %+v", form)
	}
	b.postFiles("/deed", nil, map[string]string{"a.txt": strings.Repeat("x", 7<<20)}).is(http.StatusRequestEntityTooLarge).says("larger than 6 MB")
}

// postFiles sends a form with files, all under the name "files".
func (b *browser) postFiles(path string, fields, files map[string]string) page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(b.t, w.WriteField(formKeyField, b.key()))
	for name, value := range fields {
		must(b.t, w.WriteField(name, value))
	}
	for name, content := range files {
		part, err := w.CreateFormFile("files", name)
		must(b.t, err)
		_, err = part.Write([]byte(content))
		must(b.t, err)
	}
	must(b.t, w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}
