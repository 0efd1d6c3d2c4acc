package services_test

import (
	"encoding/json"
	"sync"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
	"countersign/views/i18n"
)

func TestEveryKindOfChangeIsKnownAndHasWords(t *testing.T) {
	t.Parallel()
	changes := &services.Changes{}
	for _, kind := range models.ChangeKinds() {
		if kind.Proposing() == "" || kind.Confirming() == "" {
			t.Errorf("%s: nobody may propose or confirm it", kind)
		}
		for _, role := range models.Allowed(kind.Confirming()) {
			if !(models.Person{Roles: []models.Role{role}}).May(models.VerbDecide) {
				t.Errorf("%s: a %s may confirm it, but the route is shut to them", kind, role)
			}
		}
		if changes.Of(kind) == nil {
			t.Errorf("%s: no service knows it", kind)
		}
		key := "change.of." + string(kind)
		if words := i18n.T(t.Context(), key, "Name", "x"); words == "["+key+"]" {
			t.Errorf("%s has no words", kind)
		}
	}
}

// Of many who confirm one change at once, one does.
func TestOfTwoWhoConfirmAChangeAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	changes := &services.Changes{Core: town.Core}
	admin := town.AddPerson("Diego Flores", models.PeopleAdmin)
	c, err := changes.Propose(t.Context(), admin.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(town.Maker.ID),
		models.Grant{Active: true, Roles: []models.Role{models.Resolver}}, "moves to the desk", servicestest.Click(town.Core, admin))
	town.Must(err)
	var all sync.WaitGroup
	done := make(chan error, 4)
	for _, name := range []string{"one", "two", "three", "four"} {
		controller := town.AddPerson("Controller "+name, models.Controller)
		all.Go(func() {
			_, err := changes.Confirm(t.Context(), controller.As(models.VerbGrant), c.ID, c.Digest, servicestest.Click(town.Core, controller))
			done <- err
		})
	}
	all.Wait()
	close(done)
	confirmed := 0
	for err := range done {
		switch {
		case err == nil:
			confirmed++
		case err.Error() != "change.decided":
			t.Errorf("the others are told %v", err)
		}
	}
	var given int64
	town.Must(town.Store.Read(t.Context()).Model(&models.Event{}).Where("verb = ?", "roles_changed").Count(&given).Error)
	if confirmed != 1 || given != 1 {
		t.Fatalf("%d confirmed it, it was done %d times", confirmed, given)
	}
}

// Whoever confirms agrees to one content on one ground: any other fingerprint confirms
// nothing.
func TestAConfirmationNamesWhatWasLookedAt(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	changes := &services.Changes{Core: town.Core}
	admin := town.AddPerson("Diego Flores", models.PeopleAdmin)
	grant := models.Grant{Active: true, Roles: []models.Role{models.Resolver}}
	c, err := changes.Propose(t.Context(), admin.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(town.Maker.ID), grant, "moves to the desk", servicestest.Click(town.Core, admin))
	town.Must(err)
	other := c
	text, err := json.Marshal(grant.With([]models.Role{models.Controller}))
	town.Must(err)
	other.Content = string(text)
	for name, seen := range map[string][]byte{"nothing": nil, "another content": other.Seal()} {
		if _, err := changes.Confirm(t.Context(), town.Controller.As(models.VerbGrant), c.ID, seen, servicestest.Click(town.Core, town.Controller)); err == nil || err.Error() != "change.seen_otherwise" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
