package handlers

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

func TestALostFactorIsTakenAwayByTwoPeople(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner, admin, controller := a.as(models.Maker), a.as(models.PeopleAdmin, models.Controller), a.as(models.Controller)
	owner.withCodes()
	path := personPath(owner.person.ID) + "/factors"
	controller.post(path, url.Values{"reason": {"Lost phone"}}).is(http.StatusForbidden)
	admin.post(path, url.Values{"reason": {""}}).is(http.StatusUnprocessableEntity)
	admin.post(path, url.Values{"reason": {"Lost phone, seen in person"}}).leadsTo(path)
	admin.post(path, url.Values{"reason": {"Again"}}).is(http.StatusConflict)
	admin.get(path).says("Waits for a controller").keepsQuiet("Take the factor away")
	admin.post(path+"/confirmation", nil).is(http.StatusForbidden).says("somebody else has to decide")
	owner.get("/profile").is(http.StatusOK)
	controller.get("/").says(owner.person.Name + " has lost a second factor")
	controller.get(path).says("Lost phone, seen in person", "Take the factor away")
	controller.post(path+"/confirmation", nil).leadsTo(path)
	owner.get("/profile").is(http.StatusSeeOther)
	a.nobody().signIn(owner.person)
	if done := a.events("factor_reset_confirmed"); len(done) != 1 || done[0].ActorID != controller.person.ID || done[0].Details["proposed_by"] != admin.person.Name {
		t.Fatalf("on record: %+v", done)
	}
	controller.post(path+"/confirmation", nil).is(http.StatusNotFound)
}

func TestNobodyTakesPartInTheirOwnReset(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	admin, controller := a.as(models.PeopleAdmin), a.as(models.Controller)
	secret := admin.withCodes()
	controller.withPasskey()
	own, theirs := personPath(admin.person.ID)+"/factors", personPath(controller.person.ID)+"/factors"
	admin.post(own, url.Values{"reason": {"Lost"}}).is(http.StatusForbidden)
	asked := admin.postOnly(theirs, url.Values{"reason": {"Lost"}}).is(http.StatusUnprocessableEntity).says("Nothing was proposed.")
	a.clock.pass(time.Minute)
	admin.post(theirs, url.Values{"typed": {hidden(asked, "typed")}, "code": {a.code(secret)}}).leadsTo(theirs)
	controller.post(theirs+"/confirmation", nil).is(http.StatusForbidden)
	other := a.as(models.Controller)
	other.post(theirs+"/refusal", nil).leadsTo(theirs)
	other.get(theirs).says("The second factor of", "stays")
	err := a.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Create(&models.FactorReset{PersonID: 1, State: models.ResetConfirmed, ProposedBy: 2, DecidedBy: new(models.PersonID(2))}).Error
	})
	if err == nil {
		t.Fatal("the table takes one person for two")
	}
}
