package services

import (
	"context"
	"strconv"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// ownPlace binds a person's own account number to whose it is.
func ownPlace(id models.PersonID) string { return "own account of person " + PersonSubject(id) }

// DeclareAccount notes that an account is one of our own people's (D7): they say so
// themselves, or a people admin does. It stays, and serves for comparing alone.
func (s *Payees) DeclareAccount(ctx context.Context, by models.Person, of models.PersonID, typed string) error {
	number := gateway.PlainNumber(typed)
	if utf8.RuneCountInString(number) < shortestBlocked {
		return models.Refuse(models.Invalid, "own.number_needed").On("number")
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		if err := models.CheckOwnAccounts(by, of); err != nil {
			return err
		}
		owner, err := models.FindPerson(tx, of)
		if err != nil {
			return err
		}
		own := models.OwnAccount{
			PersonID: of, AccountHash: s.hashAccount(number), SealedNumber: s.Vault.Seal(ownPlace(of), []byte(number)),
			Last4: last4(number), AddedBy: by.ID, AddedAt: s.Now(),
		}
		if err := models.AddOwnAccount(tx, &own, owner.Name); err != nil {
			return err
		}
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "own_account_added", ActorID: by.ID, Actor: by.Name, Role: string(by.RoleFor(models.VerbPeople)),
			Subject: "person", SubjectID: strconv.FormatInt(int64(of), 10), Details: models.Details{"name": owner.Name, "last4": own.Last4},
		})
	})
}
