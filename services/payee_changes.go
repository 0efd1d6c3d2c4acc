package services

import (
	"errors"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/vault"
)

// payeeChanges are changes of a payee's details (D2). The subject is the payee, the
// content models.PayeeDetails.
type payeeChanges struct{ *Core }

// Subject is the payee; they are nobody of ours.
func (k payeeChanges) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	p, err := models.FindPayee(db, models.PayeeSubject(subject))
	return p.Name, nil, err
}

// Now are the details in use.
func (k payeeChanges) Now(tx *gorm.DB, subject string) (any, error) {
	v, err := models.LatestVersion(tx, models.PayeeSubject(subject))
	return v.Details(), err
}

// Check refuses details that are those in use, or on the block list. Before it is confirmed the payee has to
// have been called back (D3).
func (k payeeChanges) Check(tx *gorm.DB, c models.Change) error {
	is, to, err := bothDetails(c)
	if err != nil {
		return err
	}
	if is.SameAs(to) {
		return models.Refuse(models.Conflict, "change.nothing")
	}
	return k.checkDetails(tx, c, to)
}

// checkDetails refuses details that are on the block list (D7), and to confirm them before
// the payee was called (D3). What was sealed under a key of before is asked for again.
func (c *Core) checkDetails(tx *gorm.DB, change models.Change, to models.PayeeDetails) error {
	marks, err := c.marks(to.Version())
	if errors.Is(err, vault.ErrSealBroken) {
		return models.Refuse(models.Conflict, "payee.sealed_before")
	}
	if err != nil {
		return err
	}
	if err := models.CheckBlocked(tx, marks); err != nil || change.ID == 0 {
		return err // without a number it is only asked for so far
	}
	needed, err := callersNeeded(tx, models.PayeeSubject(change.Subject), to.Rail, c.Now())
	if err != nil {
		return err
	}
	calls, err := models.CallsAbout(tx, change.ID)
	if err != nil {
		return err
	}
	return models.CheckCalls(calls, needed)
}

// bothDetails are the details before and after.
func bothDetails(c models.Change) (is, to models.PayeeDetails, err error) {
	if is, err = models.ReadPayeeDetails(c.Before); err != nil {
		return is, to, err
	}
	to, err = models.ReadPayeeDetails(c.Content)
	return is, to, err
}

// Apply makes the details the payee's newest, and holds what was on its way to those
// before: an order keeps its details, so somebody has to look (I25).
func (k payeeChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	to, err := models.ReadPayeeDetails(c.Content)
	if err != nil {
		return err
	}
	was, err := models.LatestVersion(tx, models.PayeeSubject(c.Subject))
	if err != nil {
		return err
	}
	is, err := models.ChangeDetails(tx, c, to, by.ID, k.Core.Now())
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	err = models.Append(tx, is.Event("payee_changed", by, k.Core.Now(), models.Details{
		"before": "····" + was.Last4, "after": "····" + is.Last4, "proposed_by": proposer.Name, "reason_text": c.Reason,
	}))
	if err != nil {
		return err
	}
	return k.holdOpen(tx, is, by)
}

func (k payeeChanges) holdOpen(tx *gorm.DB, v models.PayeeVersion, by models.Actor) error {
	open, err := models.OpenTo(tx, v.PayeeID)
	if err != nil {
		return err
	}
	for i := range open {
		err := hold(tx, &open[i], by, k.Core.Now(), models.HeldPayeeChanged, models.Details{"last4": open[i].Last4, "last4_now": v.Last4})
		if err != nil {
			return err
		}
	}
	return nil
}

// Lines are the answers that differ.
func (k payeeChanges) Lines(db *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	return k.detailLines(db, c)
}
