package services

import (
	"context"
	"fmt"
	"maps"

	"gorm.io/gorm"

	"countersign/models"
)

// Attempt is something that a person tried and was refused.
type Attempt struct {
	Verb  models.Verb
	Route string
	Why   string         // key of the refusal, or "role"
	At    models.Details // what it was at, by the names in models
}

// Refused puts on record that somebody tried what they may not, at what, and over which
// content (I19). It stands among the events of an order that they see.
func (s *SignIn) Refused(ctx context.Context, by models.Person, a Attempt) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		order, err := triedAt(tx, by, a.At[models.AtOrder])
		if err != nil {
			return err
		}
		details := models.Details{"verb": string(a.Verb), "route": a.Route, "why": a.Why}
		maps.Copy(details, a.At)
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "refused", ActorID: by.ID, Actor: by.Name, Role: string(by.RoleFor(a.Verb)),
			Subject: "person", SubjectID: fmt.Sprint(by.ID), PayoutID: order, Details: details,
		})
	})
}

// triedAt is the order of that number, if the person sees it; 0 for any other.
func triedAt(tx *gorm.DB, by models.Person, orderNo string) (models.PayoutID, error) {
	if orderNo == "" {
		return 0, nil
	}
	p, err := models.FindOrder(tx, orderNo)
	if isMissing(err) || err == nil && p.CheckScope(by) != nil {
		return 0, nil
	}
	return p.ID, err
}
