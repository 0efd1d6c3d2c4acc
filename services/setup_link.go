package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

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
