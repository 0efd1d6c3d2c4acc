package services

import (
	"context"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// change reads the order and lets work move it, in one write.
func (c *Core) change(ctx context.Context, orderNo string, work func(tx *gorm.DB, p *models.Payout) error) error {
	err := c.Store.Write(ctx, func(tx *gorm.DB) error {
		p, err := models.FindOrder(tx, orderNo)
		if err != nil {
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

func orRefuse(err error, refusal models.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}
