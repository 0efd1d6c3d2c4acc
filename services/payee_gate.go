package services

import (
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/vault"
)

// later is why an approved order does not leave yet, and until when.
type later struct{ until time.Time }

func (l later) Error() string { return fmt.Sprintf("not before %s", l.until.Format(time.RFC3339)) }

// mayGoThere says whether money may go to the details of an order now: never to what is on
// the block list (D7); new ones rest and begin small (D4), and after a payout that failed
// somebody looks first (D6).
func (c *Core) mayGoThere(tx *gorm.DB, p models.Payout) error {
	if err := stuckIfBlocked(c.CheckPaying(tx, p.PayeeVersionID)); err != nil {
		return err
	}
	rules, err := models.ReadPayeeRules(tx)
	if err != nil {
		return err
	}
	standing, err := models.FindStanding(tx, p)
	if err != nil {
		return err
	}
	switch until := standing.RestsUntil(rules); {
	case standing.FailedUnseen(rules, p.ApprovedAt):
		return stuck{models.HeldFailedBefore, fmt.Errorf("payout %s: the last one to its account failed", p.OrderNo)}
	case standing.AboveStarter(rules, p.Amount()):
		return stuck{models.HeldStarter, fmt.Errorf("payout %s: more than may go to new details", p.OrderNo)}
	case c.Now().Before(until):
		return later{until}
	}
	return nil
}

// stuckIfBlocked holds an order where a page would refuse it. Details that cannot be
// opened have a reason of their own (stuck.go).
func stuckIfBlocked(err error) error {
	var no models.Refusal
	switch {
	case errors.As(err, &no):
		return stuck{models.HeldBlocked, err}
	case errors.Is(err, vault.ErrSealBroken):
		return nil
	}
	return err
}

// lift lets a held order go on. What only two people lift is not lifted this way; after a
// payout that failed it holds for the account.
func (s *Payouts) lift(tx *gorm.DB, p models.Payout, by models.Person, reason string) error {
	if err := s.CheckPaying(tx, p.PayeeVersionID); err != nil {
		return err
	}
	switch p.HeldWhy {
	case models.HeldStarter:
		return models.Refuse(models.Conflict, "payee.two_lift")
	case models.HeldFailedBefore:
		return s.release(tx, models.PayeeRelease{VersionID: p.PayeeVersionID, Why: models.ReleaseFailed, ReleasedBy: by.ID, Reason: reason}, by.As(models.VerbResume))
	}
	return nil
}

// release stores that a hold is lifted, with its entry in the log.
func (c *Core) release(tx *gorm.DB, r models.PayeeRelease, by models.Actor) error {
	version, err := models.FindPayeeVersion(tx, r.VersionID)
	if err != nil {
		return err
	}
	r.ReleasedAt = c.Now()
	if err := tx.Create(&r).Error; err != nil {
		return err
	}
	details := models.Details{"why": "release." + string(r.Why), "reason_text": r.Reason}
	if err := models.UnderPolicy(tx, by, details); err != nil {
		return err
	}
	return models.Append(tx, version.Event("payee_released", by, c.Now(), details))
}
