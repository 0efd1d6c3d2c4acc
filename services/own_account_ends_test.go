package services_test

import (
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// The database itself wants two people for the end of a declaration, and keeps what it says.
func TestD7_TheDatabaseItselfWantsTwoPeopleForTheEndOfADeclaration(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	town.Must(town.Payees.DeclareAccount(t.Context(), town.Approver, town.Approver.ID, "0037651234"))
	c, err := town.Payees.EndAccount(t.Context(), town.Approver, town.Approver.ID, 1, "The account is closed", servicestest.Click(town.Core, town.Approver))
	town.Must(err)
	raw := func(statement string) error {
		return town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(statement).Error })
	}
	if raw("INSERT INTO own_account_ends (own_account_id, change_id, ended_at, counts_until) VALUES (1, 1, 1, 2)") == nil {
		t.Error("a declaration ends while it waits for a second person")
	}
	_, err = town.Changes.Confirm(t.Context(), town.Controller.As(models.VerbGrant), c.ID, c.Digest, servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	for name, statement := range map[string]string{
		"counts for less": "UPDATE own_account_ends SET counts_until = ended_at + 1",
		"is forgotten":    "DELETE FROM own_account_ends",
	} {
		if raw(statement) == nil {
			t.Errorf("the end %s", name)
		}
	}
	if _, err := town.Payees.EndAccount(t.Context(), town.Approver, town.Approver.ID, 1, "again", services.Signed{}); !refused(err, "change.nothing") {
		t.Errorf("it ends twice: %v", err)
	}
	town.Sound()
}
