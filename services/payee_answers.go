package services

import (
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// detailLines are the answers that differ: numbers by their last four, and how many digits
// differ where those say nothing.
func (c *Core) detailLines(db *gorm.DB, change models.Change) (lines []models.ChangeLine, err error) {
	rail, before, after, err := c.bothAnswers(db, change)
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

// bothAnswers are the answers before and after; somebody who is to be entered had none.
func (c *Core) bothAnswers(db *gorm.DB, change models.Change) (rail gateway.Rail, before, after models.Fields, err error) {
	is, to, err := bothDetails(change)
	if err != nil {
		return rail, nil, nil, err
	}
	_, rail, _ = families.Rail(to.Rail)
	if change.Kind == models.ChangePayee {
		was, err := models.FindVersionNo(db, models.PayeeSubject(change.Subject), is.Number)
		if err != nil {
			return rail, nil, nil, err
		}
		if before, err = c.payeeFields(was); err != nil {
			return rail, nil, nil, err
		}
	}
	after, err = c.answersAfter(db, change, rail, to)
	return rail, before, after, err
}

// answersAfter are those that are asked for. What became a version is read from there: it
// is sealed anew when the key changes, and a proposal is not.
func (c *Core) answersAfter(db *gorm.DB, change models.Change, rail gateway.Rail, to models.PayeeDetails) (models.Fields, error) {
	made, done, err := models.VersionOfChange(db, change.ID)
	if err != nil {
		return nil, err
	}
	if done {
		return c.payeeFields(made)
	}
	after, err := c.payeeFields(to.Version())
	if err == nil {
		return after, nil
	}
	// Sealed under a key of before: what was never agreed to is told by what lies open.
	after = models.Fields{rail.NameField: to.Name, rail.AccountField: to.Last4}
	if rail.BankField != "" {
		after[rail.BankField] = to.Bank
	}
	return after, nil
}

func fieldLine(rail gateway.Rail, field gateway.Field, values models.Fields, old, now string) []models.ChangeLine {
	name := field.KeyFor(values)
	if !field.Secret && field.Name != rail.AccountField {
		return []models.ChangeLine{{Name: name, Before: chosen(field, old), After: chosen(field, now)}}
	}
	if old == "" {
		return []models.ChangeLine{{Name: name, After: "····" + last4(now)}}
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
