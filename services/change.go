package services

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// change reads the person and the order as they are now and lets work move the order, in
// one write: whoever asks work's rules asks them of what is true at that moment (S19).
func (c *Core) change(ctx context.Context, by *models.Person, orderNo string, work func(tx *gorm.DB, p *models.Payout) error) error {
	err := c.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, by); err != nil {
			return err
		}
		p, err := models.FindOrder(tx, orderNo)
		if err != nil {
			return err
		}
		if err := p.CheckScope(*by); err != nil {
			return err
		}
		if err := work(tx, &p); err != nil {
			return err
		}
		c.reach(PointActing)
		return nil
	})
	c.reach(PointActed)
	return err
}

// asNow reads the person again inside the write: since the request began they may have been
// deactivated, or have lost a role (S19).
func asNow(tx *gorm.DB, by *models.Person) error {
	now, err := models.FindPerson(tx, by.ID)
	if err != nil {
		return err
	}
	if !now.Active {
		return models.Refuse(models.Forbidden, "role.changed")
	}
	*by = now
	return nil
}

// mayNow is asNow for a verb that has no rule beyond the role.
func mayNow(tx *gorm.DB, by *models.Person, v models.Verb) error {
	if err := asNow(tx, by); err != nil {
		return err
	}
	if !by.May(v) {
		return models.Refuse(models.Forbidden, "role."+string(v))
	}
	return nil
}

func needReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch long := utf8.RuneCountInString(reason); {
	case long == 0:
		return "", models.Refuse(models.Invalid, "reason.needed").On("reason")
	case long > maxReason:
		return "", models.Refuse(models.Invalid, "text.too_long", "Length", long, "Limit", maxReason).On("reason")
	}
	return reason, nil
}

// CheckReason refuses a reason that says nothing.
func CheckReason(reason string) error {
	_, err := needReason(reason)
	return err
}

// refusalsOf is the refusal as a list, so that a form shows all that is wrong; none of nil.
func refusalsOf(err error) models.Refusals {
	if refusal := (models.Refusal{}); errors.As(err, &refusal) {
		return models.Refusals{refusal}
	}
	return nil
}

func orRefuse(err error, refusal models.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}
