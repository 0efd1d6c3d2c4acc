package handlers

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

var changeDigest = regexp.MustCompile(`name="digest" value="([0-9a-f]{64})"`)

// confirm sends the confirmation of a change as its page has it.
func (b *browser) confirm(id int64) page {
	b.t.Helper()
	path := fmt.Sprintf("/changes/%d", id)
	found := changeDigest.FindStringSubmatch(b.get(path).is(http.StatusOK).body)
	if found == nil {
		return b.post(path+"/confirmation", url.Values{"digest": {""}})
	}
	return b.post(path+"/confirmation", url.Values{"digest": {found[1]}, "password": {password}})
}

func (b *browser) confirms(id int64) {
	b.t.Helper()
	b.confirm(id).leadsTo(fmt.Sprintf("/changes/%d", id))
}

// promotes proposes a role, which is the change with this number.
func (b *browser) promotes(p models.Person, roles ...string) page {
	b.t.Helper()
	return b.post(fmt.Sprintf("/people/%d/roles", p.ID), url.Values{"roles": roles, "reason": {"takes over Lima"}})
}

func TestRolesAreGivenByTwoPeople(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Maker)
	path := fmt.Sprintf("/people/%d", p.ID)
	admin.promotes(p, "approver").leadsTo(path)
	admin.get(path).says("Waits for a controller", "takes over Lima").keepsQuiet("Change roles")
	if now := a.now(p); now.Has(models.Approver) || !now.Has(models.Maker) {
		t.Fatalf("given by one person: %v", now.Roles)
	}
	admin.get("/changes").says("Waits for others", "Roles of "+p.Name)
	admin.get("/changes/1").says("Maker", "Approver", "You proposed this, so somebody else has to decide it", "Take it back").keepsQuiet("Refuse")
	controller.get("/").says("1 change waits for you")
	controller.get("/changes").says("Waits for you", "Roles of "+p.Name, admin.person.Name)
	controller.confirms(1)
	if now := a.now(p); !now.Has(models.Approver) || now.Has(models.Maker) {
		t.Fatalf("not given: %v", now.Roles)
	}
	controller.get("/changes/1").says("Confirmed, and done", controller.person.Name+" confirmed it")
	given := a.events("roles_changed")
	if len(given) != 1 || given[0].ActorID != controller.person.ID || given[0].Details["proposed_by"] != admin.person.Name ||
		given[0].Details["before"] != "maker" || given[0].Details["after"] != "approver" || given[0].Details["reason_text"] != "takes over Lima" {
		t.Fatalf("on record: %+v", given)
	}
	if len(a.events("change_proposed")) != 1 || len(a.events("change_confirmed")) != 1 {
		t.Fatal("proposal and confirmation are not on record")
	}
}

func TestWhoMayNotDecideOnAChangeIsToldWhy(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	both, p := a.as(models.PeopleAdmin, models.Controller), a.as(models.Maker, models.Controller)
	both.promotes(p.person, "maker", "controller", "resolver").is(http.StatusSeeOther)
	both.confirm(1).is(http.StatusForbidden).says("You proposed this")
	p.get("/changes/1").says("This concerns you")
	p.confirm(1).is(http.StatusForbidden).says("This concerns you")
	p.post("/changes/1/refusal", url.Values{"reason": {"no"}}).is(http.StatusForbidden).says("This concerns you")
	a.as(models.Approver).get("/changes/1").is(http.StatusNotFound)
	a.as(models.Approver).confirm404(1)
	a.as(models.Maker).post("/changes/1/confirmation", url.Values{"digest": {""}}).is(http.StatusForbidden)
	a.as(models.Auditor).get("/changes/1").is(http.StatusOK).says("Your role does not let you decide this").keepsQuiet("Take it back")
	if a.now(p.person).Has(models.Resolver) || len(a.events("refused")) < 3 {
		t.Fatal("given, or the tries are not on record")
	}
}

func (b *browser) confirm404(id int64) {
	b.t.Helper()
	b.post(fmt.Sprintf("/changes/%d/confirmation", id), url.Values{"digest": {""}}).is(http.StatusNotFound)
}

func TestAChangeIsRefusedOrTakenBackInWords(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Maker)
	admin.promotes(p, "approver")
	admin.promotes(p, "resolver").is(http.StatusConflict).says("A change of this waits already")
	controller.post("/changes/1/refusal", nil).is(http.StatusUnprocessableEntity).says("Say why")
	controller.post("/changes/1/refusal", url.Values{"reason": {"she makes the orders of Lima"}}).leadsTo("/changes/1")
	controller.get("/changes/1").says("Refused; nothing changed", "she makes the orders of Lima")
	controller.confirm(1).is(http.StatusConflict)
	admin.promotes(p, "resolver").is(http.StatusSeeOther)
	controller.post("/changes/2/withdrawal", nil).is(http.StatusForbidden).says("Only whoever proposed this")
	admin.post("/changes/2/withdrawal", nil).leadsTo("/changes/2")
	admin.get("/changes/2").says("Withdrawn; nothing changed", "took it back")
	if now := a.now(p); len(now.Roles) != 1 || !now.Has(models.Maker) {
		t.Fatalf("changed: %v", now.Roles)
	}
}

func TestAChangeOnOldGroundIsOvertaken(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Maker, models.Resolver)
	admin.promotes(p, "resolver", "approver")
	a.nowIs(p, models.Resolver) // somebody took a role away meanwhile
	controller.confirm(1).is(http.StatusConflict).says("is not any more as it was when it was proposed", "Nothing was changed")
	controller.get("/changes/1").says("Overtaken; nothing changed")
	if now := a.now(p); len(now.Roles) != 1 {
		t.Fatalf("changed: %v", now.Roles)
	}
	if len(a.events("change_overtaken")) != 1 {
		t.Fatal("not on record")
	}
	admin.promotes(p, "resolver", "approver").is(http.StatusSeeOther) // and the way is free
}

func TestTakingPowerAwayNeedsNoSecondPerson(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.as(models.PeopleAdmin), a.as(models.Maker, models.Resolver)
	path := fmt.Sprintf("/people/%d", p.person.ID)
	admin.promotes(p.person, "maker").leadsTo(path)
	admin.get(path).says("fewer roles")
	if now := a.now(p.person); now.Has(models.Resolver) || len(a.events("roles_changed")) != 1 {
		t.Fatalf("still holds %v", now.Roles)
	}
	p.get("/profile").is(http.StatusSeeOther) // the session ended with the role
	admin.promotes(p.person, "maker").is(http.StatusUnprocessableEntity).says("That is how it stands already")
	admin.promotes(p.person, "resolver").is(http.StatusSeeOther) // one goes and one comes: that gives power
	if now := a.now(p.person); !now.Has(models.Maker) || now.Has(models.Resolver) {
		t.Fatalf("given by one person: %v", now.Roles)
	}
}

func TestWhoeverGoesTakesTheirChangesWithThem(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	leaver, admin, controller, p := a.as(models.PeopleAdmin), a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Maker)
	leaver.promotes(p, "maker", "resolver")
	admin.promotes(leaver.person, "people_admin", "gateway_admin")
	admin.post(fmt.Sprintf("/people/%d/deactivation", leaver.person.ID), nil).is(http.StatusSeeOther)
	for id := int64(1); id <= 2; id++ {
		controller.confirm(id).is(http.StatusConflict)
	}
	if len(a.events("change_overtaken")) != 2 {
		t.Fatal("their changes still wait")
	}
	path := fmt.Sprintf("/people/%d", leaver.person.ID)
	admin.post(path+"/activation", url.Values{"reason": {"came back"}}).leadsTo(path)
	if a.now(leaver.person).Active {
		t.Fatal("one person let them sign in again")
	}
	controller.confirms(3)
	if !a.now(leaver.person).Active {
		t.Fatal("they cannot sign in")
	}
	admin.post(path+"/activation", url.Values{"reason": {"came back"}}).is(http.StatusConflict)
}

// A change that went past the verbs is refused by the table itself. This is the known-bad
// variant of the checks above: they are the words, this is the wall.
func TestI4_TheDatabaseItselfWantsTwoPeopleForAChange(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.add(models.Controller), a.add(models.Maker)
	admin.promotes(p, "approver")
	var c models.Change
	must(t, a.Store.Read(t.Context()).Take(&c).Error)
	forbidden := map[string]func(tx *gorm.DB) error{
		"by the proposer":         func(tx *gorm.DB) error { return a.endSigned(tx, c, admin.person.ID, c.Digest) },
		"by the person concerned": func(tx *gorm.DB) error { return a.endSigned(tx, c, p.ID, c.Digest) },
		"over other content":      func(tx *gorm.DB) error { return a.endSigned(tx, c, controller.ID, make([]byte, 32)) },
		"by nobody":               func(tx *gorm.DB) error { return c.End(tx, models.ChangeConfirmed, nil, "", a.Now()) },
		"without a signature":     func(tx *gorm.DB) error { return c.End(tx, models.ChangeConfirmed, &controller.ID, "", a.Now()) },
		"proposed without a signature": func(tx *gorm.DB) error {
			return models.AddChange(tx, &models.Change{Kind: "policy", Content: "{}", Reason: "r", ProposedBy: controller.ID, ProposedAt: a.Now()})
		},
		"other content": func(tx *gorm.DB) error {
			return tx.Model(&c).Update("content", `{"active":true,"roles":["controller"]}`).Error
		},
		"deleted": func(tx *gorm.DB) error { return tx.Delete(&c).Error },
		"about the proposer": func(tx *gorm.DB) error {
			own := models.Change{Kind: "roles", Subject: "1", Content: "{}", Reason: "r", ProposedBy: admin.person.ID, ProposedAt: a.Now(), About: &admin.person.ID}
			a.sign(tx, admin.person.ID, models.Act{Verb: models.ActProposeChange, Subject: "change", SubjectID: "roles of " + admin.person.Login, Digest: make([]byte, 32)})
			return models.AddChange(tx, &own)
		},
	}
	for name, act := range forbidden {
		if err := a.Store.Write(t.Context(), act); err == nil {
			t.Errorf("%s: the database took it", name)
		}
	}
	a.write(func(tx *gorm.DB) error { return a.endSigned(tx, c, controller.ID, c.Digest) })
	err := a.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&c).Updates(map[string]any{"state": models.ChangeRefused}).Error
	})
	if err == nil {
		t.Error("a decided change was altered")
	}
}

// sign keeps a signature past the verbs.
func (a *app) sign(tx *gorm.DB, by models.PersonID, act models.Act) {
	a.t.Helper()
	nonce := make([]byte, 16)
	rand.Read(nonce)
	s := models.SignatureOver(act, by, models.FactorPassword, a.Now(), nonce)
	s.MadeAt = a.Now()
	_, err := models.KeepSignature(tx, &s)
	must(a.t, err)
}

// endSigned confirms a change past the verbs, with a signature over this digest.
func (a *app) endSigned(tx *gorm.DB, c models.Change, by models.PersonID, digest []byte) error {
	a.t.Helper()
	a.sign(tx, by, c.ConfirmAct(digest))
	return c.End(tx, models.ChangeConfirmed, &by, "", a.Now())
}

// now reads the person again.
func (a *app) now(p models.Person) models.Person {
	a.t.Helper()
	found, err := models.FindPerson(a.Store.Read(a.t.Context()), p.ID)
	must(a.t, err)
	return found
}

func TestRolesThatAreKeptApartAreRefusedOrAnExceptionWithAnEnd(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Maker)
	path := fmt.Sprintf("/people/%d/roles", p.ID)
	ask := func(until string) page {
		return admin.post(path, url.Values{"roles": {"maker", "approver"}, "reason": {"holidays in Lima"}, "until": {until}})
	}
	ask("").is(http.StatusUnprocessableEntity).says("Maker and Approver are kept apart", "sign each other's orders", "Choose others")
	ask("2026-11-18").is(http.StatusUnprocessableEntity).says("is over")
	ask("2027-11-18").is(http.StatusUnprocessableEntity).says("90 days at most")
	ask("soon").is(http.StatusUnprocessableEntity).says("no day of the calendar")
	admin.post(path, url.Values{"roles": {"maker", "resolver"}, "reason": {"x y"}, "until": {"2026-11-30"}}).is(http.StatusUnprocessableEntity).says("there is no exception")
	if now := a.now(p); len(now.Roles) != 1 || len(a.events("change_proposed")) != 0 {
		t.Fatalf("given: %v", now.Roles)
	}
	ask("2026-11-30").is(http.StatusSeeOther)
	controller.get("/changes/1").says("Exception until", "Maker, approver", "holidays in Lima")
	controller.confirms(1)
	admin.get("/people").says(p.Name+" is both Maker and approver", "then the role Approver goes by itself", "holidays in Lima", "1 person")
	a.clock.pass(11*24*time.Hour + 17*time.Hour)
	must(t, a.People.EndExceptions(t.Context()))
	if now := a.now(p); !now.Has(models.Approver) {
		t.Fatalf("gone too early: %v", now.Roles)
	}
	a.clock.pass(time.Hour)
	must(t, a.People.EndExceptions(t.Context()))
	must(t, a.People.EndExceptions(t.Context()))
	if now := a.now(p); now.Has(models.Approver) || !now.Has(models.Maker) {
		t.Fatalf("stays: %v", now.Roles)
	}
	ended := a.events("roles_changed")
	if len(ended) != 2 || ended[1].ActorID != 0 || ended[1].Details["why"] != "apart.ended" || ended[0].Details["kept_apart"] != "maker+approver" {
		t.Fatalf("on record: %+v", ended)
	}
	a.clock.pass(-24 * time.Hour) // a clock that goes back gives nothing back (I20)
	if a.now(p).Has(models.Approver) {
		t.Fatal("came back with the clock")
	}
}

func TestRolesGivenAgainstTheMatrixOnTheMachineAreListed(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := a.add(models.Maker, models.Controller)
	a.as(models.Auditor).get("/people").says(p.Name+" is both Maker and controller", "Given on the machine, without an end", "An admin holds no role about money")
}
