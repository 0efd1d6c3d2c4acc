package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

func TestSigningInLeadsToWhereOneWanted(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.nobody()
	b.get("/people?x=1").leadsTo("/sign-in?next=%2Fpeople%3Fx%3D1")
	b.signIn(a.add(models.Maker))
	b.get("/profile").is(http.StatusOK).says(b.person.Name, "Maker")
	b.get("/sign-in?next=/policy").leadsTo("/policy")
	if events := a.events("signed_in"); len(events) != 1 || events[0].ActorID != b.person.ID {
		t.Fatalf("on record: %+v", events)
	}
}

func TestNobodyIsLedToAnotherSite(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := a.add(models.Maker)
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/\tx"} {
		b := a.nobody()
		b.post("/sign-in", url.Values{"login": {p.Login}, "password": {password}, "next": {next}})
		b.post("/sign-in", url.Values{"login": {p.Login}, "password": {password}, "next": {next}})
		b.get("/sign-in?next=" + url.QueryEscape(next)).leadsTo("/")
	}
}

func TestI22_TheSessionHasANewIdAfterSigningIn(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.nobody()
	b.get("/sign-in").is(http.StatusOK)
	planted := b.cookies["countersign"]
	b.signIn(a.add(models.Maker))
	if b.cookies["countersign"].Value == planted.Value {
		t.Fatal("the id that was known before the sign-in still holds")
	}
	attacker := a.nobody()
	attacker.cookies["countersign"] = planted
	attacker.get("/profile").is(http.StatusSeeOther)
}

func TestTheTableHoldsNoIdAndTheCookieIsKeptFromScripts(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(c *Config) { c.Secure = true })
	b := a.as(models.Maker)
	cookie := b.cookies["__Host-countersign"]
	if cookie == nil || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Fatalf("cookie %+v", cookie)
	}
	var id string
	must(t, a.sessions.codec.Decode(cookie.Name, cookie.Value, &id))
	var stored models.Session
	must(t, a.Store.Read(t.Context()).Take(&stored).Error)
	if len(id) < 52 || strings.Contains(string(stored.Digest), id) || len(stored.Digest) != 32 {
		t.Fatalf("id of %d letters, digest of %d bytes", len(id), len(stored.Digest))
	}
	forged := a.nobody()
	forged.cookies[cookie.Name] = &http.Cookie{Name: cookie.Name, Value: cookie.Value[:len(cookie.Value)-4] + "AAAA"}
	forged.get("/profile").is(http.StatusSeeOther)
}

func TestI22_SessionsDieOnTheNextRequest(t *testing.T) {
	t.Parallel()
	machine := models.Machine("test")
	for name, end := range map[string]func(a *app, b *browser){
		"after signing out": func(_ *app, b *browser) { b.post("/sign-out", nil).leadsTo("/sign-in?ended=out") },
		"after a role change": func(a *app, b *browser) {
			a.nowIs(b.person, models.Auditor)
		},
		"after deactivation": func(a *app, b *browser) {
			must(a.t, a.People.Deactivate(a.t.Context(), machine, b.person.ID, services.Heirs{}, services.Signed{}))
		},
		"after a password change elsewhere": func(a *app, b *browser) {
			other := a.nobody()
			other.signIn(b.person)
			other.post("/profile/password", url.Values{"old": {password}, "password": {"nine umbrellas at noon"}, "again": {"nine umbrellas at noon"}}).leadsTo("/profile")
			other.get("/profile").is(http.StatusOK).says("Your password is changed")
		},
		"after a password chosen by invitation": func(a *app, b *browser) {
			link, err := a.People.Invite(a.t.Context(), machine, b.person.ID, "lost it", services.Signed{})
			must(a.t, err)
			_, err = a.People.Accept(a.t.Context(), link, "", "nine umbrellas at noon")
			must(a.t, err)
		},
		"after it was ended elsewhere": func(a *app, b *browser) {
			other := a.nobody()
			other.signIn(b.person)
			var sessions []models.Session
			must(a.t, a.Store.Read(a.t.Context()).Order("created_at, rowid").Find(&sessions).Error)
			handle := services.Handle(sessions[0])
			other.get("/profile").says("this browser", "End")
			other.post("/profile/sessions/"+handle+"/end", nil).leadsTo("/profile")
		},
		"after 15 minutes unused": func(a *app, b *browser) { a.clock.pass(15 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t)
			b := a.as(models.Maker)
			before := *b.cookies["countersign"]
			end(a, b)
			b.cookies["countersign"] = &before
			b.get("/profile").is(http.StatusSeeOther)
			b.postKey("/profile/zone", "", url.Values{"zone": {"UTC"}}).is(http.StatusUnauthorized).says("not signed in", "Nothing was changed")
		})
	}
}

func TestASessionLastsTwelveHoursHoweverBusy(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	for range 12*6 - 1 {
		a.clock.pass(10 * time.Minute)
		b.get("/profile").is(http.StatusOK)
	}
	a.clock.pass(10 * time.Minute)
	b.get("/profile").leadsTo("/sign-in?ended=over&next=%2Fprofile")
	b.get("/sign-in?ended=over").says("You were signed out after 12 hours")
}

func TestTheLastPageIsNotedAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	seen := func() time.Time {
		var s models.Session
		must(t, a.Store.Read(t.Context()).Take(&s).Error)
		return s.SeenAt
	}
	first := seen()
	a.clock.pass(59 * time.Second)
	b.get("/profile")
	if !seen().Equal(first) {
		t.Fatal("noted within the minute")
	}
	a.clock.pass(time.Second)
	b.get("/profile")
	if !seen().After(first) {
		t.Fatal("not noted after a minute")
	}
}

func TestS4_TenWrongTriesShutOutForHalfAnHour(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := a.add(models.Maker)
	b := a.nobody()
	try := func(login, password string) page {
		return b.post("/sign-in", url.Values{"login": {login}, "password": {password}, "next": {""}})
	}
	for range 10 {
		try(p.Login, "wrong wrong wrong wrong").is(http.StatusUnprocessableEntity).says("Login and password do not fit together").keepsQuiet("wrong wrong")
	}
	try(p.Login, password).is(http.StatusTooManyRequests).says("another 30 min")
	try(a.add(models.Maker).Login, password).is(http.StatusTooManyRequests)
	a.clock.pass(30 * time.Minute)
	try(p.Login, password).is(http.StatusSeeOther)
	if refused := a.events("sign_in_refused"); len(refused) != 10 || refused[0].ActorID != p.ID {
		t.Fatalf("%d on record", len(refused))
	}
}

func TestS4_UnknownLoginsAreAnsweredInTheSameWords(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	gone := a.add(models.Maker)
	must(t, a.People.Deactivate(t.Context(), models.Machine("test"), gone.ID, services.Heirs{}, services.Signed{}))
	answers := map[string]string{}
	for _, login := range []string{"nobody-here", gone.Login, a.add(models.Maker).Login} {
		page := a.nobody().post("/sign-in", url.Values{"login": {login}, "password": {"nine umbrellas at noon"}, "next": {""}})
		answers[strings.ReplaceAll(page.is(http.StatusUnprocessableEntity).text(), login, "")] = login
	}
	if len(answers) != 1 {
		t.Fatalf("different answers: %v", answers)
	}
}

func TestARightPasswordTakesItsTryBack(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := a.add(models.Maker)
	for range 25 {
		a.nobody().signIn(p)
	}
}

func TestADemonstrationSignsInByOneClick(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(c *Config) { c.Demo = true })
	p, other := a.add(models.Maker), a.add(models.PeopleAdmin)
	a.DemoPeople = []DemoPerson{{Login: p.Login, Story: "role.does.maker"}}
	b := a.nobody()
	b.get("/sign-in").says(p.Name, "Submits payouts").keepsQuiet(other.Name)
	b.post("/sign-in/demo", url.Values{"person": {"1"}, "next": {"/profile"}}).leadsTo("/profile")
	b.get("/profile").says(p.Name)
	a.nobody().post("/sign-in/demo", url.Values{"person": {"2"}, "next": {""}}).is(http.StatusNotFound)
	newApp(t).nobody().post("/sign-in/demo", url.Values{"person": {"1"}}).is(http.StatusNotFound)
}

func TestTidyForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	b.post("/profile/zone", url.Values{"zone": {"Asia/Taipei"}}).leadsTo("/profile")
	a.nobody().post("/sign-in", url.Values{"login": {"x"}, "password": {"y"}, "next": {""}})
	a.clock.pass(15 * time.Hour)
	must(t, a.SignIn.Tidy(t.Context()))
	for _, table := range []any{&models.Session{}, &models.SignInTry{}, &models.FormKey{}} {
		var left int64
		must(t, a.Store.Read(t.Context()).Session(&gorm.Session{}).Model(table).Count(&left).Error)
		if left != 0 {
			t.Errorf("%T: %d left", table, left)
		}
	}
}

func TestThePasswordIsChangedByWhoeverKnowsIt(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	change := func(old string) page {
		return b.post("/profile/password", url.Values{"old": {old}, "password": {"nine umbrellas at noon"}, "again": {"nine umbrellas at noon"}})
	}
	for range 9 {
		change("not my password at all").is(http.StatusUnprocessableEntity)
	}
	change("not my password at all").is(http.StatusUnprocessableEntity)
	change(password).is(http.StatusTooManyRequests).says("10 tries were wrong") // whoever holds a session guesses no more than at the door
	a.clock.pass(14 * time.Minute)
	b.get("/profile").is(http.StatusOK)
	a.clock.pass(14 * time.Minute)
	b.get("/profile").is(http.StatusOK)
	a.clock.pass(3 * time.Minute)
	change(password).leadsTo("/profile")
}

func TestWhoeverSignsInHearsOfWrongTries(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := a.add(models.Maker)
	a.nobody().signIn(p)
	a.clock.pass(time.Hour)
	for range 2 {
		a.nobody().post("/sign-in", url.Values{"login": {p.Login}, "password": {"not my password at all"}, "next": {""}})
	}
	b := a.nobody()
	b.signIn(p)
	b.get("/profile").says("Wrong tries at your sign-in since the one before, 2026-11-19 06:20: 2.")
	b.get("/profile").keepsQuiet("Wrong tries")
	again := a.nobody()
	again.signIn(p)
	again.get("/profile").keepsQuiet("Wrong tries")
}
