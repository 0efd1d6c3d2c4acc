package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

// ChangePassword replaces one's own password, which takes the present one. All
// sessions end, the one it was done in as well: it goes on under a new id.
func (s *People) ChangePassword(ctx context.Context, by models.Actor, old, password string) error {
	p, err := models.FindPerson(s.Store.Read(ctx), by.ID)
	if err != nil {
		return err
	}
	tries := s.tryName("login", p.Login)
	if err := s.countTry(ctx, tries); err != nil {
		return err
	}
	if errs, err := s.checkChange(ctx, p, old, password); err != nil || len(errs) > 0 {
		return orElse(err, errs)
	}
	hash, err := s.Passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbSignIn); err != nil {
			return err
		}
		if err := models.SetPassword(tx, p.ID, hash, s.Now()); err != nil {
			return err
		}
		if err := models.TakeBackTry(tx, tries, ""); err != nil {
			return err
		}
		if err := models.EndSessionsOf(tx, p.ID, nil); err != nil {
			return err
		}
		return s.note(tx, by, "password_changed", p.ID, models.Details{"name": p.Name})
	})
}

func (s *People) checkChange(ctx context.Context, p models.Person, old, password string) (errs models.Refusals, err error) {
	fits, err := s.Passwords.fits(ctx, old, p.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !fits {
		errs = append(errs, models.Refuse(models.Invalid, "password.old_wrong").On("old"))
	}
	if refusal, ok := checkPassword(password, p.Login, p.Name).(models.Refusal); ok {
		errs = append(errs, refusal)
	} else if old == password {
		errs = append(errs, models.Refuse(models.Invalid, "password.same").On("password"))
	}
	return errs, nil
}

// SetZone chooses the zone in which one is shown clocks.
func (s *People) SetZone(ctx context.Context, by models.Actor, zone string) error {
	if err := checkZone(zone); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbSignIn); err != nil {
			return err
		}
		return models.SetZone(tx, by.ID, zone)
	})
}

// orElse is the fault, or the refusals where there is none.
func orElse(err error, errs models.Refusals) error {
	if err != nil {
		return err
	}
	return errs
}
