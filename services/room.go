package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// roomRetry is how long an order for which there was no room waits until it is looked
// at again, if nothing brings it forward. A day that ends and a change of the limits do.
const roomRetry = 5 * time.Minute

// noRoom is why an approved order has to wait: limits that leave no room for its sum.
type noRoom struct{ short []models.Meter }

func (n noRoom) Error() string { return "no room under the limits: " + scopesOf(n.short) }

// scopesOf names limits by their scopes, for the log of events: day, payee.
func scopesOf(short []models.Meter) string {
	var scopes []string
	for _, m := range short {
		scopes = append(scopes, string(m.Limit.Scope))
	}
	return strings.Join(scopes, ",")
}

// room is the business day against whose limits the order counts from now on (I18). It
// is asked in the write in which the order is released, or two could take the same room;
// noRoom says that a limit is in the way.
func (c *Core) room(tx *gorm.DB, p models.Payout) (day string, err error) {
	meters, day, err := models.MetersNow(tx, p, c.Now())
	if err != nil {
		return "", err
	}
	if short := models.ShortOf(meters); len(short) > 0 {
		return "", noRoom{short}
	}
	return day, nil
}

// released is what the last signature carries: the day on which the order found room. An
// order that found none is approved all the same, and waits.
func (c *Core) released(tx *gorm.DB, p *models.Payout, details models.Details) (models.Effect, error) {
	p.ApprovedAt, p.NextActionAt = c.Now(), c.Now()
	day, err := c.room(tx, *p)
	var none noRoom
	if errors.As(err, &none) {
		details["no_room"] = scopesOf(none.short)
		return models.Effect{}, c.waitForRoom(tx, p)
	}
	return models.Effect{Room: day}, err
}

// waitForRoom says when the order is looked at again: in a while, or as soon as the next
// business day begins.
func (c *Core) waitForRoom(tx *gorm.DB, p *models.Payout) error {
	limits, err := models.CurrentLimits(tx)
	if err != nil {
		return err
	}
	p.NextActionAt = c.Now().Add(roomRetry)
	if tomorrow := limits.Content.NextDay(c.Now()); tomorrow.Before(p.NextActionAt) {
		p.NextActionAt = tomorrow
	}
	return nil
}

// Meters hold a form that somebody fills in against the limits. Until it says to which
// account, the limit of a payee's account is left out.
func (s *Payouts) Meters(ctx context.Context, by models.PersonID, c Checked) ([]models.Meter, error) {
	number := c.Form.Values[c.Rail.AccountField]
	order := models.Payout{AccountID: c.Account.ID, MakerID: by, Currency: c.Rail.Currency, AmountMinor: c.Amount.Minor, AccountHash: s.hashAccount(number)}
	meters, _, err := models.MetersNow(s.Store.Read(ctx), order, s.Now())
	return slices.DeleteFunc(meters, func(m models.Meter) bool { return number == "" && m.Limit.Scope == models.LimitPayee }), err
}

// findRoom lets an order that was approved without room have what room there is now.
func (s *Sender) findRoom(tx *gorm.DB, p *models.Payout) error {
	if p.Room != "" {
		return nil
	}
	day, err := s.room(tx, *p)
	if err != nil {
		return err
	}
	return models.Record(tx, p, models.MoveRoom, models.Effect{Room: day}, models.Machine(asSender), s.Now(), nil)
}
