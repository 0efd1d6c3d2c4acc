package services

import (
	"context"
	"maps"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// compare sets the details of a change side by side; whole shows the numbers too.
func (s *Payees) compare(db *gorm.DB, c models.Change, whole bool) (pairs []models.DetailPair, err error) {
	rail, before, after, err := s.bothAnswers(db, c)
	if err != nil {
		return nil, err
	}
	for _, field := range rail.Fields {
		old, now := before[field.Name], after[field.Name]
		if !field.Payee || old == "" && now == "" {
			continue
		}
		old, now = choiceName(field, old), choiceName(field, now)
		secret := field.Secret || field.Name == rail.AccountField
		pairs = append(pairs, models.PairOf(field.KeyFor(after), old, now, secret, whole))
	}
	return pairs, nil
}

// choiceName is a choice as people know it: a bank by its code too, unless that is the
// gateway's own.
func choiceName(field gateway.Field, value string) string {
	option, ok := field.Option(value)
	switch {
	case !ok:
		return value
	case field.Kind == gateway.KindSearch && len(option.Value) > 2:
		return option.Value + " " + option.Label
	}
	return option.Label
}

// Masked sets the details of a change side by side, numbers masked.
func (s *Payees) Masked(db *gorm.DB, c models.Change) ([]models.DetailPair, error) {
	return s.compare(db, c, false)
}

// RevealChange sets them side by side whole, for whoever may see both numbers; that they
// looked is on record first (D8).
func (s *Payees) RevealChange(ctx context.Context, by models.Person, id int64) (c models.Change, pairs []models.DetailPair, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		if c, err = models.FindChange(tx, id); err != nil {
			return err
		}
		if !c.Kind.OfDetails() {
			return models.Refuse(models.Missing, "change.missing")
		}
		if err := c.CheckSubject(tx, by); err != nil {
			return err
		}
		version, err := models.AboutVersion(tx, c)
		if err != nil {
			return err
		}
		version.CreatedBy = c.ProposedBy // who typed the new number may see it again
		if err := version.CheckReveal(by); err != nil {
			return err
		}
		if pairs, err = s.compare(tx, c, true); err != nil {
			return err
		}
		return models.Append(tx, version.EventAbout(c, "payee_revealed", by.As(models.VerbReveal), s.Now(), models.Details{"change": strconv.FormatInt(c.ID, 10)}))
	})
	return c, pairs, err
}

// OpenAnswers are the answers of a payee that are no secret, for the form that changes
// them.
func (s *Payees) OpenAnswers(v models.PayeeVersion) (map[string]string, error) {
	fields, err := s.payeeFields(v)
	if err != nil {
		return nil, err
	}
	_, rail, _ := families.Rail(v.Rail)
	open := maps.Clone(map[string]string(fields))
	maps.DeleteFunc(open, func(name, _ string) bool {
		field, known := rail.Field(name)
		return !known || field.Secret || name == rail.AccountField
	})
	return open, nil
}
