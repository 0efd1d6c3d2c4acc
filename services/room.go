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
	p.ApprovedAt = c.Now()
	day, err := c.room(tx, *p)
	var none noRoom
	switch {
	case errors.As(err, &none):
		details["no_room"] = scopesOf(none.short)
		return models.Effect{}, c.waitForRoom(tx, p)
	case err != nil:
		return models.Effect{}, err
	}
	return models.Effect{Room: day}, c.openWindow(tx, p, details)
}

// openWindow says when a released order leaves: now, or once the time is over in which
// it can be called back (X24). The order is its own timer, and the sender looks at the
// same time again before anything leaves.
func (c *Core) openWindow(tx *gorm.DB, p *models.Payout, details models.Details) error {
	limits, err := models.CurrentLimits(tx)
	if err != nil {
		return err
	}
	p.LeavesAt, p.NextActionAt = never, c.Now()
	if window := limits.Content.Window(p.Amount()); window > 0 {
		p.LeavesAt = c.Now().Add(window)
		p.NextActionAt = p.LeavesAt
		details["leaves_at"] = p.LeavesAt.UTC().Format(time.RFC3339)
	}
	return nil
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

// findRoom lets an order that was approved without room have what room there is now. Its
// window opens with it, so it may not leave yet.
func (s *Sender) findRoom(tx *gorm.DB, p *models.Payout) error {
	if p.Room != "" {
		return nil
	}
	day, err := s.room(tx, *p)
	if err != nil {
		return err
	}
	details := models.Details{}
	if err := s.openWindow(tx, p, details); err != nil {
		return err
	}
	if err := models.Record(tx, p, models.MoveRoom, models.Effect{Room: day}, models.Machine(asSender), s.Now(), details); err != nil {
		return err
	}
	return s.inWindow(*p)
}

// windowOpen is why a released order waits: until then it can be called back.
type windowOpen struct{ until time.Time }

func (w windowOpen) Error() string { return "it can still be called back" }

func (s *Sender) inWindow(p models.Payout) error {
	if p.InWindow(s.Now()) {
		return windowOpen{p.LeavesAt}
	}
	return nil
}
