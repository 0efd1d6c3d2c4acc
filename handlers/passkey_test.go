package handlers

import (
	"net/http"
	"net/url"
	"testing"

	"countersign/models"
	"countersign/services"
)

func TestAPasskeyAloneLetsItsOwnerIn(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	key := owner.withPasskey()
	owner.get("/profile").says("Passkey “Work laptop”", "never")
	b := a.nobody()
	asked := b.get("/sign-in").asked()
	if len(asked.Allowed) > 0 {
		t.Fatal("the door tells which passkeys there are")
	}
	planted := *b.cookies["countersign"]
	answer := key.get(asked)
	b.post("/sign-in/passkey", url.Values{"answer": {answer}, "next": {"/profile"}}).leadsTo("/profile")
	b.get("/profile").is(http.StatusOK).says(owner.person.Name)
	if planted.Value == b.cookies["countersign"].Value {
		t.Fatal("the id that was known before the sign-in still holds")
	}
	replay := a.nobody()
	replay.cookies["countersign"] = &planted
	replay.post("/sign-in/passkey", url.Values{"answer": {answer}, "next": {""}}).is(http.StatusUnprocessableEntity).says("Nobody is let in with that passkey")
}

func TestS4_EveryPasskeyThatDoesNotHoldIsAnsweredInTheSameWords(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	key := owner.withPasskey()
	gone := a.as(models.Maker)
	theirs := gone.withPasskey()
	must(t, a.People.Deactivate(t.Context(), models.Machine("test"), gone.person.ID, services.Heirs{}, services.Signed{}))
	elsewhere, locked, forged := *key, *key, *key
	elsewhere.origin, locked.locked, forged.key = "https://pay.examp1e.com", true, newAuthenticator(t).key
	unknown := newAuthenticator(t)
	unknown.owner = key.owner
	answers := map[string]bool{}
	for name, bad := range map[string]*authenticator{"elsewhere": &elsewhere, "locked": &locked, "forged": &forged, "unknown": unknown, "deactivated": theirs} {
		b := a.nobody()
		got := b.post("/sign-in/passkey", url.Values{"answer": {bad.get(b.get("/sign-in").asked())}, "next": {""}})
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, got.status)
		}
		answers[got.text()] = true
	}
	b := a.nobody()
	b.get("/sign-in")
	for _, odd := range []string{"", "{}", `{"id":"x"}`, "null"} {
		answers[b.post("/sign-in/passkey", url.Values{"answer": {odd}, "next": {""}}).text()] = true
	}
	if len(answers) != 1 {
		t.Errorf("different answers: %v", answers)
	}
	if refused := a.events("factor_refused"); len(refused) != 5 {
		t.Errorf("%d on record", len(refused))
	}
}

func TestACopiedPasskeyIsRefused(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	key := owner.withPasskey()
	copied := *key
	enter := func(key *authenticator) page {
		b := a.nobody()
		return b.post("/sign-in/passkey", url.Values{"answer": {key.get(b.get("/sign-in").asked())}, "next": {""}})
	}
	enter(key).leadsTo("/")
	enter(key).leadsTo("/")
	enter(&copied).is(http.StatusUnprocessableEntity)
	if refused := a.events("factor_refused"); len(refused) != 1 || refused[0].Details["why"] != "factor.why_copied" || refused[0].ActorID != owner.person.ID {
		t.Fatalf("on record: %+v", refused)
	}
}

func TestAPasskeyIsTakenForTheSecondStepFromItsOwnerAlone(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner, other := a.as(models.Maker), a.as(models.Maker)
	key, theirs := owner.withPasskey(), other.withPasskey()
	b := a.nobody()
	b.give(owner.person)
	asked := b.get("/sign-in/factor").asked()
	if len(asked.Allowed) != 1 || asked.Allowed[0].ID != encoding.EncodeToString(key.id) {
		t.Fatalf("asked for %v", asked.Allowed)
	}
	send := func(answer string) page {
		return b.post("/sign-in/factor", url.Values{"answer": {answer}, "next": {"/profile"}})
	}
	send(theirs.get(asked)).is(http.StatusUnprocessableEntity)
	atTheDoor := a.nobody()
	send(key.get(atTheDoor.get("/sign-in").asked())).is(http.StatusForbidden) // another browser's question
	send(key.get(asked)).leadsTo("/profile")
	b.get("/profile").says(owner.person.Name)
}

func TestAPasskeyIsNotAddedToAnotherQuestionOrTwice(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner, other := a.as(models.Maker), a.as(models.Maker)
	asked := other.get("/profile/passkeys").asked()
	key := newAuthenticator(t)
	form := url.Values{"name": {"Blue key"}, "answer": {key.create(asked)}}
	owner.post("/profile/passkeys", form).is(http.StatusForbidden)
	other.post("/profile/passkeys", url.Values{"name": {""}, "answer": form["answer"]}).is(http.StatusUnprocessableEntity).says("Name the passkey")
	other.post("/profile/passkeys", form).leadsTo("/profile/recovery")
	owner.addPasskey(key).is(http.StatusConflict).says("known here already")
}
