package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/passkey"
)

// StepLasts is how long the second factor may take after the password.
const StepLasts = 5 * time.Minute

// Ceremony is a browser's answer about a passkey. Whoever makes one has found that the
// challenge is ours and of this browser; here it is taken once.
type Ceremony struct {
	Site      passkey.Site
	Answer    passkey.Answer
	Challenge []byte // its digest
}

// Halfway stores that the password was right. It is no session: all that it opens is the
// question for the second factor (S3).
func (s *SignIn) Halfway(ctx context.Context, p models.Person, digest []byte) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		now, err := models.FindPerson(tx, p.ID)
		if err != nil {
			return err
		}
		if !now.Active || now.PasswordHash != p.PasswordHash {
			return models.Refuse(models.Invalid, "sign_in.wrong")
		}
		return models.OpenStep(tx, &models.SignInStep{Digest: digest, PersonID: p.ID, BeganAt: s.Now()})
	})
}

// Waiting is who has given a password in this browser and still has to prove more.
func (s *SignIn) Waiting(ctx context.Context, digest []byte) (models.Person, error) {
	return s.waiting(s.Store.Read(ctx), digest)
}

func (s *SignIn) waiting(db *gorm.DB, digest []byte) (models.Person, error) {
	step, err := models.FindStep(db, digest)
	if err != nil {
		return models.Person{}, err
	}
	if age := s.Now().Sub(step.BeganAt); age > StepLasts || age < -clockBack {
		return models.Person{}, models.Refuse(models.Missing, "sign_in.no_step")
	}
	return models.FindPerson(db, step.PersonID)
}

// FinishWithCode lets somebody in who gave a password before and now a one-time code, or
// a recovery code. Wrong ones count against the person and the address (S4), and whatever
// is wrong is answered in the same words.
func (s *SignIn) FinishWithCode(ctx context.Context, step []byte, code string, session models.Session) error {
	p, err := s.Waiting(ctx, step)
	if err != nil {
		return err
	}
	tries := []string{s.tryName("factor", fmt.Sprint(p.ID)), s.tryName("address", session.Address)}
	if err := s.countTry(ctx, tries...); err != nil {
		return err
	}
	return s.finish(ctx, step, session, whyCode, func(tx *gorm.DB, p models.Person) (models.FactorKind, error) {
		kind, err := s.takeCode(tx, p, code)
		if err != nil || kind == "" {
			return "", err
		}
		return kind, models.TakeBackTry(tx, tries[0], tries[1])
	})
}

// FinishWithPasskey lets somebody in who gave a password before and now unlocks a passkey.
func (s *SignIn) FinishWithPasskey(ctx context.Context, step []byte, c Ceremony, session models.Session) error {
	address := s.tryName("address", session.Address)
	if err := s.countTry(ctx, address); err != nil {
		return err
	}
	was, is, why, err := s.checkPasskey(ctx, c)
	if err != nil {
		return err
	}
	return s.finish(ctx, step, session, why, func(tx *gorm.DB, p models.Person) (models.FactorKind, error) {
		if why != "" || was.PersonID != p.ID {
			return "", nil
		}
		return s.takePasskey(tx, c, was, is, address)
	})
}

// finish is the second step of a sign-in in one write: the factor is taken, the half
// sign-in ends, the session begins. A refused factor is on record and leaves the half
// sign-in where it was.
func (s *SignIn) finish(ctx context.Context, step []byte, session models.Session, why string, prove func(*gorm.DB, models.Person) (models.FactorKind, error)) error {
	proven := false
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		p, err := s.waiting(tx, step)
		if err != nil {
			return err
		}
		kind, err := prove(tx, p)
		if err != nil {
			return err
		}
		if proven = kind != ""; !proven {
			return s.noteRefused(tx, p, session, why)
		}
		if err := models.EndStep(tx, step); err != nil {
			return err
		}
		session.Factor = kind
		return s.open(tx, p, session)
	})
	if err == nil && !proven {
		return models.Refuse(models.Invalid, "sign_in.factor_wrong").On("code")
	}
	return err
}

// Enter lets somebody in by a passkey alone, which its owner has unlocked: having it and
// unlocking it are two factors. Whatever is wrong is answered in the same words (S4).
func (s *SignIn) Enter(ctx context.Context, c Ceremony, session models.Session) error {
	address := s.tryName("address", session.Address)
	if err := s.countTry(ctx, address); err != nil {
		return err
	}
	was, is, why, err := s.checkPasskey(ctx, c)
	if err != nil {
		return err
	}
	entered := false
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if was.ID == 0 {
			return s.noteRefused(tx, models.Person{}, session, why)
		}
		p, err := models.FindPerson(tx, was.PersonID)
		if err != nil {
			return err
		}
		if why == "" {
			session.Factor, err = s.takePasskey(tx, c, was, is, address)
		}
		if err != nil {
			return err
		}
		if entered = session.Factor != "" && p.Active; !entered {
			return s.noteRefused(tx, p, session, why)
		}
		return s.open(tx, p, session)
	})
	if err == nil && !entered {
		return models.Refuse(models.Invalid, "sign_in.passkey_wrong")
	}
	return err
}

// Why a factor was refused: catalogue keys, for the audit alone.
const (
	whyCode    = "factor.why_code"
	whyUnknown = "factor.why_unknown"
	whyAnswer  = "factor.why_answer"
	whyCopied  = "factor.why_copied"
)

// checkPasskey finds the passkey and holds the answer against it; why says what is wrong,
// "" if nothing is.
func (s *Core) checkPasskey(ctx context.Context, c Ceremony) (was, is models.Passkey, why string, err error) {
	was, err = models.FindPasskey(s.Store.Read(ctx), c.Answer.Credential)
	if isMissing(err) {
		return models.Passkey{}, is, whyUnknown, nil
	}
	if err != nil {
		return was, is, "", err
	}
	is, err = c.Site.Check(c.Answer, was)
	switch {
	case errors.Is(err, passkey.ErrCopied):
		why = whyCopied
	case errors.Is(err, passkey.ErrWrong):
		why = whyAnswer
	case err != nil:
		return was, is, "", err
	}
	if why != "" {
		slog.WarnContext(ctx, "a passkey was refused", "passkey", was.ID, "error", err)
	}
	return was, is, why, nil
}

// takePasskey uses passkey and challenge, both once.
func (s *SignIn) takePasskey(tx *gorm.DB, c Ceremony, was, is models.Passkey, address string) (models.FactorKind, error) {
	_, first, err := models.ClaimFormKey(tx, c.Challenge, s.Now())
	if err != nil || !first {
		return "", err
	}
	taken, err := models.UsePasskey(tx, was, is, s.Now())
	if err != nil || !taken {
		return "", err
	}
	return models.FactorPasskey, models.TakeBackTry(tx, "", address)
}

// noteRefused puts on record that a second factor was refused, and why: sent twice,
// where nothing else is wrong with it.
func (s *SignIn) noteRefused(tx *gorm.DB, p models.Person, session models.Session, why string) error {
	if why == "" {
		why = "factor.why_again"
	}
	return models.Append(tx, models.Event{
		At: s.Now(), Verb: "factor_refused", ActorID: p.ID, Actor: p.Name, Subject: "session",
		Details: models.Details{"address": session.Address, "device": session.Agent, "why": why},
	})
}
