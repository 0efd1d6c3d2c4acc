package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

func TestHalfASignInOpensNothing(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker, models.PeopleAdmin, models.Controller)
	owner.withCodes()
	b := a.nobody()
	b.give(owner.person)
	if open := b.openDoors(); len(open) > 0 {
		t.Fatalf("half a sign-in opens %v", open)
	}
	b.get("/sign-in/factor").is(http.StatusOK)
	a.clock.pass(6 * time.Minute)
	b.get("/sign-in/factor").leadsTo("/sign-in?ended=step")
	b.get("/sign-in?ended=step").says("came too late")
}

// A half sign-in that is stored as a session is what must never be: the walk sees it, and
// so does the look for ids that were known before.
func TestAHalfSignInThatWereASessionWouldBeSeen(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker, models.PeopleAdmin, models.Controller)
	owner.withCodes()
	b := a.nobody()
	b.give(owner.person)
	var id string
	must(t, a.sessions.codec.Decode("countersign", b.cookies["countersign"].Value, &id))
	a.write(func(tx *gorm.DB) error {
		return models.OpenSession(tx, &models.Session{
			Digest: digestOf(id), PersonID: owner.person.ID, CreatedAt: a.clock.now(), SeenAt: a.clock.now(), Data: []byte("{}"),
		})
	})
	b.person = owner.person
	if open := b.openDoors(); len(open) < 20 {
		t.Fatalf("the walk sees only %v", open)
	}
}

// openDoors are the routes that let this browser pass though nobody is signed in.
func (b *browser) openDoors() (open []string) {
	b.t.Helper()
	for _, route := range b.Routes() {
		if route.plain || route.live || route.Path == "/sign-out" || route.Verb == models.VerbPublic || route.Verb == models.VerbNotify {
			continue
		}
		path := parameter.ReplaceAllString(route.Path, "1")
		got := b.head(path)
		if route.Method != http.MethodHead {
			got = b.get(path)
		}
		if route.Method == http.MethodPost {
			got = b.post(path, nil)
		}
		if got.status != http.StatusUnauthorized && !(got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in")) {
			open = append(open, route.Method+" "+route.Path)
		}
	}
	return open
}

func TestI22_NoIdThatWasKnownBeforeTheSecondStepHoldsAfterIt(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	a.clock.pass(time.Minute)
	b := a.nobody()
	b.get("/sign-in")
	planted := *b.cookies["countersign"]
	b.give(owner.person)
	half := *b.cookies["countersign"]
	b.sends(a.code(secret)).leadsTo("/profile")
	if planted.Value == half.Value || half.Value == b.cookies["countersign"].Value {
		t.Fatal("the id stayed the same over a step")
	}
	for name, known := range map[string]http.Cookie{"before the password": planted, "between the steps": half} {
		attacker := a.nobody()
		attacker.cookies["countersign"] = &known
		if got := attacker.get("/profile"); got.status != http.StatusSeeOther {
			t.Errorf("the id from %s opens the profile", name)
		}
		attacker.get("/sign-in/factor").leadsTo("/sign-in?ended=step")
	}
}
