package services_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// resolverGrant is a change that two people make in these tests.
var resolverGrant = models.Grant{Active: true, Roles: []models.Role{models.Resolver}}

// Both halves of a change take a proof each; without one it is said what would be done,
// and nothing is.
func TestS5_BothHalvesOfAChangeTakeAProof(t *testing.T) {
	town := servicestest.New(t)
	admin := town.AddPerson("Diego Flores", models.PeopleAdmin)
	propose := func(signed services.Signed) (models.Change, error) {
		return town.Changes.Propose(t.Context(), admin.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(town.Maker.ID), resolverGrant, "moves to the desk", signed)
	}
	_, err := propose(services.Signed{})
	var needed services.ProofNeeded
	if !errors.As(err, &needed) || needed.Deed.Name != town.Maker.Name || len(needed.Deed.Lines) == 0 || needed.Deed.Reason != "moves to the desk" {
		t.Fatalf("asked for: %+v, %v", needed, err)
	}
	if _, err := propose(servicestest.Click(town.Core, town.Controller)); !errors.As(err, &needed) {
		t.Errorf("another's proof: %v", err)
	}
	once := servicestest.Click(town.Core, admin)
	c, err := propose(once)
	town.Must(err)
	confirm := func(signed services.Signed) error {
		_, err := town.Changes.Confirm(t.Context(), town.Controller.As(models.VerbGrant), c.ID, c.Digest, signed)
		return err
	}
	refusedAs(t, confirm(services.Signed{}), services.StepUpRefused)
	town.Must(confirm(servicestest.Click(town.Core, town.Controller)))
	var kept []models.Signature
	town.Must(town.Store.Read(t.Context()).Where("subject = 'change'").Order("id").Find(&kept).Error)
	if len(kept) != 2 || kept[0].Act != models.ActProposeChange || kept[1].Act != models.ActConfirmChange || string(kept[1].ContentDigest) != string(c.Digest) {
		t.Errorf("kept: %+v", kept)
	}
	if _, err := town.Changes.Propose(t.Context(), admin.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(town.Approver.ID), resolverGrant, "again", once); !errors.As(err, &needed) || !strings.Contains(fmt.Sprint(needed.Why.Args...), "step_up.used") {
		t.Errorf("a proof served twice: %v", err)
	}
	town.Sound()
}

// What lies sealed is sealed otherwise each time; what is signed of it is not.
func TestS5_ThePayeesDetailsAreSignedAsTheyAreAndNotAsTheyAreSealed(t *testing.T) {
	town := servicestest.New(t)
	paid := town.Sent(town.Form("apay.taiwan", 1))
	asked := func(number string) models.Act {
		_, err := town.Payees.Change(t.Context(), town.Maker, paid.PayeeID, services.NewDetails{Values: map[string]string{"number": number}, Reason: "They wrote"}, services.Signed{})
		var needed services.ProofNeeded
		if !errors.As(err, &needed) {
			t.Fatal(err)
		}
		return needed.Deed.Act
	}
	one, same, other := asked(movedTo), asked(movedTo), asked("4088748280272999")
	if hex.EncodeToString(one.Digest) != hex.EncodeToString(same.Digest) || hex.EncodeToString(one.Digest) == hex.EncodeToString(other.Digest) {
		t.Error("the digest does not stand for the details")
	}
}

// A confirmation that the log tells of and nobody signed is found (the known-bad variant
// of what verbs and triggers refuse).
func TestS5_AConfirmationWithoutASignatureIsFound(t *testing.T) {
	town := servicestest.New(t)
	admin := town.AddPerson("Diego Flores", models.PeopleAdmin)
	c, err := town.Changes.Propose(t.Context(), admin.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(town.Maker.ID), resolverGrant, "moves", servicestest.Click(town.Core, admin))
	town.Must(err)
	town.Sound()
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.Append(tx, models.Event{
			At: town.Now(), Verb: "change_confirmed", ActorID: town.Controller.ID, Actor: town.Controller.Name, Subject: "change", SubjectID: fmt.Sprint(c.ID),
			Details: models.Details{"digest": hex.EncodeToString(c.Digest)},
		})
	}))
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	if found := fmt.Sprint(report.Findings); !strings.Contains(found, "S5") || !strings.Contains(found, fmt.Sprint("change_confirmed ", c.ID)) {
		t.Errorf("found: %s", found)
	}
}
