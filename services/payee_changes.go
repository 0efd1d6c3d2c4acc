package services

import (
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
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
	if err := k.checkBlocked(tx, to); err != nil {
		return err
	}
	if c.ID == 0 {
		return nil // only asked for so far
	}
	needed, err := callersNeeded(tx, models.PayeeSubject(c.Subject), is.Rail, k.Core.Now())
	if err != nil {
		return err
	}
	calls, err := models.CallsAbout(tx, c.ID)
	if err != nil {
		return err
	}
	return models.CheckCalls(calls, needed)
}

// checkBlocked refuses new details that are on the block list (D7).
func (k payeeChanges) checkBlocked(tx *gorm.DB, to models.PayeeDetails) error {
	marks, err := k.marks(to.Version())
	if err != nil {
		return err
	}
	return models.CheckBlocked(tx, marks)
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

// Lines are the answers that differ: numbers by their last four, and how many digits
// differ where those say nothing.
func (k payeeChanges) Lines(db *gorm.DB, c models.Change) (lines []models.ChangeLine, err error) {
	rail, before, after, err := k.bothAnswers(db, c)
	if err != nil {
		return nil, err
	}
	for _, field := range rail.Fields {
		if old, now := before[field.Name], after[field.Name]; field.Payee && old != now {
			lines = append(lines, fieldLine(rail, field, after, old, now)...)
		}
	}
	return lines, nil
}

// bothAnswers are the answers before and after. What became a version, or was one, is
// read from there: it is sealed anew when the key changes, and a proposal is not.
func (c *Core) bothAnswers(db *gorm.DB, change models.Change) (rail gateway.Rail, before, after models.Fields, err error) {
	is, to, err := bothDetails(change)
	if err != nil {
		return rail, nil, nil, err
	}
	_, rail, _ = families.Rail(to.Rail)
	was, err := models.FindVersionNo(db, models.PayeeSubject(change.Subject), is.Number)
	if err != nil {
		return rail, nil, nil, err
	}
	if before, err = c.payeeFields(was); err != nil {
		return rail, nil, nil, err
	}
	made, done, err := models.VersionOfChange(db, change.ID)
	if err != nil {
		return rail, nil, nil, err
	}
	if done {
		after, err = c.payeeFields(made)
		return rail, before, after, err
	}
	if after, err = c.payeeFields(to.Version()); err != nil {
		// Sealed under a key of before: what was never agreed to is told by what lies open.
		after, err = models.Fields{rail.NameField: to.Name, rail.AccountField: to.Last4}, nil
		if rail.BankField != "" {
			after[rail.BankField] = to.Bank
		}
	}
	return rail, before, after, err
}

func fieldLine(rail gateway.Rail, field gateway.Field, values models.Fields, old, now string) []models.ChangeLine {
	name := field.KeyFor(values)
	if !field.Secret && field.Name != rail.AccountField {
		return []models.ChangeLine{{Name: name, Before: chosen(field, old), After: chosen(field, now)}}
	}
	lines := []models.ChangeLine{{Name: name, Before: "····" + last4(old), After: "····" + last4(now)}}
	if last4(old) == last4(now) {
		lines = append(lines, models.ChangeLine{Name: "payee.digits_differ", Before: "", After: models.Differing(old, now)})
	}
	return lines
}

// chosen is an answer as people know it: of a choice its name.
func chosen(field gateway.Field, value string) any {
	option, ok := field.Option(value)
	switch {
	case !ok:
		return value
	case option.Key != "":
		return models.Word(option.Key)
	}
	return option.Label
}
