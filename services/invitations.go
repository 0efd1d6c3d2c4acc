package services

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// How long the link for the first person lasts, and one for anybody else (S20).
const (
	SetupLasts      = time.Hour
	InvitationLasts = 72 * time.Hour
)

// newLink makes the secret of a link, 130 bits, and the digest that is kept of it.
func newLink() (secret string, digest []byte) {
	secret = rand.Text()
	return secret, linkDigest(secret)
}

func linkDigest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Invite makes a link by which the person chooses a password; nobody else ever knows it.
// Links made before are void, and the password that the person has lasts until the link
// is used. Nobody makes one for themselves.
func (s *People) Invite(ctx context.Context, by models.Actor, id models.PersonID, signed Signed) (secret string, err error) {
	secret, digest := newLink()
	return secret, s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		if !p.Active {
			return models.Refuse(models.Conflict, "invitation.inactive")
		}
		signature, err := s.sign(tx, by, p, models.ActInvite, "", signed)
		if err != nil {
			return err
		}
		i := models.Invitation{Digest: digest, PersonID: &id, MadeAt: s.Now(), ExpiresAt: s.Now().Add(InvitationLasts)}
		if by.ID != 0 {
			i.MadeBy = &by.ID
		}
		if err := models.MakeInvitation(tx, &i); err != nil {
			return err
		}
		return s.note(tx, by, "invited", id, signature.Note(models.Details{"name": p.Name}))
	})
}

// Invited is who is meant by a link that can still be used.
func (s *People) Invited(ctx context.Context, secret string) (models.Person, error) {
	_, p, err := s.invited(s.Store.Read(ctx), secret)
	return p, err
}

func (s *People) invited(db *gorm.DB, secret string) (i models.Invitation, p models.Person, err error) {
	over := models.Refuse(models.Missing, "invitation.over")
	if i, err = models.FindInvitation(db, linkDigest(secret), s.Now()); err != nil {
		return i, p, err
	}
	if i.PersonID == nil {
		return i, p, over
	}
	if p, err = models.FindPerson(db, *i.PersonID); err == nil && !p.Active {
		err = over
	}
	return i, p, err
}

// Accept chooses the password of whoever has the link, which is thereby used. Every
// session of the person ends.
func (s *People) Accept(ctx context.Context, secret, password string) (models.Person, error) {
	_, p, err := s.invited(s.Store.Read(ctx), secret)
	if err != nil {
		return p, err
	}
	if err := checkPassword(password, p.Login, p.Name); err != nil {
		return p, err
	}
	hash, err := s.Passwords.hash(ctx, password)
	if err != nil {
		return p, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		i, invited, err := s.invited(tx, secret)
		if err != nil {
			return err
		}
		if err := models.UseInvitation(tx, i, s.Now()); err != nil {
			return err
		}
		if err := models.SetPassword(tx, invited.ID, hash, s.Now()); err != nil {
			return err
		}
		if err := models.EndSessionsOf(tx, invited.ID, nil); err != nil {
			return err
		}
		if err := s.note(tx, invited.As(models.VerbSignIn), "password_chosen", invited.ID, models.Details{"name": invited.Name}); err != nil {
			return err
		}
		p, err = models.FindPerson(tx, invited.ID)
		return err
	})
	return p, err
}

// OfferSetup makes the link by which the first person comes in, "" where there are people
// already. Each start makes another, and those before are void.
func (s *People) OfferSetup(ctx context.Context) (secret string, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		people, err := models.People(tx)
		if err != nil {
			return err
		}
		if len(people) > 0 {
			return models.VoidInvitations(tx, nil)
		}
		fresh, digest := newLink()
		secret = fresh
		return models.MakeInvitation(tx, &models.Invitation{Digest: digest, MadeAt: s.Now(), ExpiresAt: s.Now().Add(SetupLasts)})
	})
	return secret, err
}

// CheckSetup says whether the link for the first person can still be used: it is theirs
// only while there is nobody.
func (s *People) CheckSetup(ctx context.Context, secret string) error {
	_, err := s.setup(s.Store.Read(ctx), secret)
	return err
}

func (s *People) setup(db *gorm.DB, secret string) (models.Invitation, error) {
	i, err := models.FindInvitation(db, linkDigest(secret), s.Now())
	if err != nil {
		return i, err
	}
	people, err := models.People(db)
	if err == nil && (i.PersonID != nil || len(people) > 0) {
		err = models.Refuse(models.Missing, "invitation.over")
	}
	return i, err
}

// SetUp adds the first person of an installation, by the link that its start printed.
// They are a people admin, and bring in everybody else by invitation. An installation that
// begins so asks everyone for a second factor (S3).
func (s *People) SetUp(ctx context.Context, secret string, n NewPerson) (models.Person, error) {
	n.Roles = []models.Role{models.PeopleAdmin}
	if err := s.CheckSetup(ctx, secret); err != nil {
		return models.Person{}, err
	}
	p, err := s.prepare(ctx, models.Machine("setup link"), n)
	if err != nil {
		return p, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		i, err := s.setup(tx, secret)
		if err != nil {
			return err
		}
		if err := models.UseInvitation(tx, i, s.Now()); err != nil {
			return err
		}
		if err := s.demandFactor(tx, models.Machine("setup link"), everyone); err != nil {
			return err
		}
		return s.add(tx, models.Machine("setup link"), &p)
	})
	return p, err
}
