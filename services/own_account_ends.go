package services

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// ownEnds take a declared account back (D7). The subject is the declaration, the content
// whether the account is theirs.
type ownEnds struct{ *Core }

type owning struct {
	Account int64 `json:"account"`
	Own     bool  `json:"own"`
}

// OwnSubject names a declaration as the subject of a change.
func OwnSubject(id int64) string { return strconv.FormatInt(id, 10) }

// EndAccount asks that an account count as somebody's own no longer: they say so
// themselves, or a people admin does, and a controller confirms it (D7).
func (s *Payees) EndAccount(ctx context.Context, by models.Person, of models.PersonID, id int64, reason string, signed Signed) (c models.Change, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		if err := models.CheckOwnAccounts(by, of); err != nil {
			return err
		}
		a, err := models.FindOwnAccount(tx, id)
		if err != nil {
			return err
		}
		if a.PersonID != of {
			return models.Refuse(models.Missing, "own.missing")
		}
		c, err = (&Changes{s.Core}).ProposeIn(tx, by.As(models.VerbPeople), models.ChangeOwnAccount, OwnSubject(id), owning{a.ID, false}, reason, signed)
		return err
	})
	return c, err
}

func (k ownEnds) account(db *gorm.DB, subject string) (models.OwnAccount, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return models.OwnAccount{}, models.Refuse(models.Missing, "own.missing")
	}
	return models.FindOwnAccount(db, id)
}

// Subject is whose account it is, whom it concerns.
func (k ownEnds) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	a, err := k.account(db, subject)
	if err != nil {
		return "", nil, err
	}
	owner, err := models.FindPerson(db, a.PersonID)
	return owner.Name, &owner.ID, err
}

// Now says whether it is theirs.
func (k ownEnds) Now(tx *gorm.DB, subject string) (any, error) {
	a, err := k.account(tx, subject)
	if err != nil {
		return nil, err
	}
	_, ended, err := models.EndOf(tx, a.ID)
	return owning{a.ID, !ended}, err
}

// Check has nothing to refuse: what has ended is another ground.
func (k ownEnds) Check(*gorm.DB, models.Change) error { return nil }

// Apply ends it. The account counts as theirs for OwnLingers yet.
func (k ownEnds) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	a, err := k.account(tx, c.Subject)
	if err != nil {
		return err
	}
	end, err := models.EndOwnAccount(tx, a.ID, c.ID, k.Core.Now())
	if err != nil {
		return err
	}
	owner, err := models.FindPerson(tx, a.PersonID)
	if err != nil {
		return err
	}
	return models.Append(tx, models.Event{
		At: k.Core.Now(), Verb: "own_account_ended", ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "person", SubjectID: fmt.Sprint(int64(a.PersonID)),
		Details: models.Details{"name": owner.Name, "last4": a.Last4, "reason_text": c.Reason, "counts_until": untilText(end.CountsUntil)},
	})
}

// Lines say which account, and until when it counts as theirs all the same.
func (k ownEnds) Lines(db *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	a, err := k.account(db, c.Subject)
	return []models.ChangeLine{
		{Name: "own.account", Before: "····" + a.Last4, After: models.Word("own.not_theirs")},
		{Name: "own.counts_on", After: models.OwnLingers},
	}, err
}
