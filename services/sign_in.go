package services

import (
	"context"
	"encoding/hex"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// How long a session lasts unused and in all (S1), how often its last use is
// written down, and for how long a form can be sent.
const (
	SessionIdle   = 15 * time.Minute
	SessionWhole  = 12 * time.Hour
	seenEvery     = time.Minute
	clockBack     = 5 * time.Minute // by so much a clock may be set back unnoticed
	FormKeyLasts  = SessionWhole + time.Hour
	formKeyMemory = FormKeyLasts + time.Hour
)

// SignIn knows who is there: it checks passwords, opens and ends sessions.
type SignIn struct {
	*Core
	Passwords *Passwords
	Idle      time.Duration // SessionIdle; demonstrations are more patient
}

// Check says whose login and password these are. A wrong login takes as long as
// a wrong password and is answered in the same words (S4).
func (s *SignIn) Check(ctx context.Context, login, password, address string) (models.Person, error) {
	tries := []string{s.tryName("login", login), s.tryName("address", address)}
	if err := s.countTry(ctx, tries...); err != nil {
		return models.Person{}, err
	}
	p, err := s.find(ctx, login)
	if err != nil {
		return p, err
	}
	fits, err := s.Passwords.fits(ctx, password, p.PasswordHash)
	if err != nil {
		return p, err
	}
	if !fits || !p.Active {
		return models.Person{}, s.refuse(ctx, p, address)
	}
	return p, s.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.TakeBackTry(tx, tries[0], tries[1])
	})
}

// find reads the person; an unknown login is a person without anything.
func (s *SignIn) find(ctx context.Context, login string) (models.Person, error) {
	p, err := models.FindPersonByLogin(s.Store.Read(ctx), login)
	if isMissing(err) {
		return models.Person{}, nil
	}
	return p, err
}

func isMissing(err error) bool {
	refusal, ok := err.(models.Refusal)
	return ok && refusal.Kind == models.Missing
}

// refuse puts the wrong try on record. What was typed as a login is not: it may
// be a password in the wrong field.
func (s *SignIn) refuse(ctx context.Context, p models.Person, address string) error {
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "sign_in_refused", ActorID: p.ID, Actor: p.Name, Subject: "session",
			Details: models.Details{"address": address},
		})
	})
	if err != nil {
		return err
	}
	return models.Refuse(models.Invalid, "sign_in.wrong")
}

// Open stores the session of somebody who was just recognised. Whoever has a second
// factor gets none without it (S3).
func (s *SignIn) Open(ctx context.Context, p models.Person, session models.Session) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		now, err := models.FindPerson(tx, p.ID)
		if err != nil {
			return err
		}
		factors, err := models.FactorsOf(tx, p.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != p.PasswordHash || session.Factor == "" && factors.Any() {
			return models.Refuse(models.Invalid, "sign_in.wrong")
		}
		return s.open(tx, now, session)
	})
}

func (s *SignIn) open(tx *gorm.DB, p models.Person, session models.Session) error {
	if !p.Active {
		return models.Refuse(models.Invalid, "sign_in.wrong")
	}
	session.PersonID, session.CreatedAt, session.SeenAt = p.ID, s.Now(), s.Now()
	if err := models.OpenSession(tx, &session); err != nil {
		return err
	}
	return s.note(tx, p, "signed_in", session)
}

// Recognise finds the session and its person. A session that lay unused for too
// long, or has lasted its whole time, is over.
func (s *SignIn) Recognise(ctx context.Context, digest []byte) (models.Session, models.Person, error) {
	session, err := models.FindSession(s.Store.Read(ctx), digest)
	if err != nil {
		return session, models.Person{}, err
	}
	now := s.Now()
	idle := now.Sub(session.SeenAt)
	switch {
	case idle >= s.Idle, idle < -clockBack: // a clock set back makes no session last longer (I20)
		return session, models.Person{}, models.Refuse(models.Missing, "session.idle", "Minutes", int(s.Idle/time.Minute))
	case now.Sub(session.CreatedAt) >= SessionWhole:
		return session, models.Person{}, models.Refuse(models.Missing, "session.over", "Hours", int(SessionWhole/time.Hour))
	}
	p, err := models.FindPerson(s.Store.Read(ctx), session.PersonID)
	if err == nil && !p.Active {
		err = models.Refuse(models.Missing, "session.missing")
	}
	return session, p, err
}

// See notes that the session is in use, at most once a minute.
func (s *SignIn) See(ctx context.Context, session models.Session) error {
	if s.Now().Sub(session.SeenAt) < seenEvery {
		return nil
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.SeeSession(tx, session.Digest, s.Now())
	})
}

// Out ends the session that the person is in.
func (s *SignIn) Out(ctx context.Context, p models.Person, session models.Session) error {
	return s.end(ctx, p, session, "signed_out")
}

// End ends one of the person's own sessions, by its handle.
func (s *SignIn) End(ctx context.Context, p models.Person, handle string) error {
	own, err := models.SessionsOf(s.Store.Read(ctx), p.ID)
	if err != nil {
		return err
	}
	for _, session := range own {
		if Handle(session) == handle {
			return s.end(ctx, p, session, "session_ended")
		}
	}
	return models.Refuse(models.Missing, "session.missing")
}

func (s *SignIn) end(ctx context.Context, p models.Person, session models.Session, verb string) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := models.EndSession(tx, session.Digest); err != nil {
			return err
		}
		return s.note(tx, p, verb, session)
	})
}

// Handle names a session on pages and in events without giving it away.
func Handle(session models.Session) string { return hex.EncodeToString(session.Digest[:6]) }

func (s *SignIn) note(tx *gorm.DB, p models.Person, verb string, session models.Session) error {
	details := models.Details{"address": session.Address, "device": session.Agent}
	if session.Factor != "" {
		details["factor"] = string(session.Factor)
	}
	if verb == "signed_in" {
		if err := models.MarkDevice(tx, p.ID, session.Agent, details); err != nil {
			return err
		}
	}
	return models.Append(tx, models.Event{
		At: s.Now(), Verb: verb, ActorID: p.ID, Actor: p.Name, Subject: "session", SubjectID: Handle(session), Details: details,
	})
}

// Tidy removes sessions, counts and form keys that are over. It belongs on the
// timetable, every few minutes.
func (s *SignIn) Tidy(ctx context.Context) error {
	now := s.Now()
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := models.DropSessions(tx, now.Add(-s.Idle), now.Add(-SessionWhole)); err != nil {
			return err
		}
		if err := models.DropSteps(tx, now.Add(-StepLasts)); err != nil {
			return err
		}
		if err := models.DropTries(tx, now.Add(-triesLock)); err != nil {
			return err
		}
		return models.DropFormKeys(tx, now.Add(-formKeyMemory))
	})
}
