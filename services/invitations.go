package services

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strconv"
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

// Invite asks for a link by which the person chooses a password; nobody else ever knows it.
// It opens nothing until a second person has confirmed it and handed its code on (decision
// 17). Links made before are void, and the password that the person has lasts until the
// link is used. Nobody makes one for themselves. The machine's opens at once, without a
// code: where nobody can confirm anything yet there are no two people.
func (s *People) Invite(ctx context.Context, by models.Actor, id models.PersonID, reason string, signed Signed) (secret string, err error) {
	secret, digest := newLink()
	return secret, s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		link := models.Invitation{Digest: digest, PersonID: &id, MadeAt: s.Now(), ExpiresAt: s.Now().Add(InvitationLasts)}
		if by.ID == 0 {
			return s.inviteByMachine(tx, by, p, reason, link)
		}
		e, err := entryOf(tx, p)
		if err != nil {
			return err
		}
		e.Link = true
		c, err := (&Changes{s.Core}).ProposeIn(tx, by, models.ChangeLink, PersonSubject(id), e, reason, signed)
		if err != nil {
			return err
		}
		link.MadeBy, link.ChangeID = &by.ID, &c.ID
		return models.MakeInvitation(tx, &link)
	})
}

func (s *People) inviteByMachine(tx *gorm.DB, by models.Actor, p models.Person, reason string, link models.Invitation) error {
	if !p.Active {
		return models.Refuse(models.Conflict, "invitation.inactive")
	}
	if err := models.MakeInvitation(tx, &link); err != nil {
		return err
	}
	return s.note(tx, by, "invited", p.ID, models.Details{"name": p.Name, "reason_text": reason})
}

// Invited is who is meant by a link that can still be used, and whether it takes a code.
func (s *People) Invited(ctx context.Context, secret string) (p models.Person, code bool, err error) {
	i, p, err := s.invited(s.Store.Read(ctx), secret)
	return p, i.HasCode(), err
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

// Accept chooses the password of whoever has the link and its code; the link is thereby
// used. Every session of the person ends. A wrong code is counted and on record.
func (s *People) Accept(ctx context.Context, secret string, code Code, password string) (models.Person, error) {
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
	var wrong error
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		i, invited, err := s.invited(tx, secret)
		if err != nil {
			return err
		}
		if !i.Fits(code.digest()) {
			wrong = models.Refuse(models.Invalid, "invitation.code_wrong").On("code")
			return s.countWrong(tx, i, invited)
		}
		p, err = s.letIn(tx, i, invited, hash)
		return err
	})
	if err == nil {
		err = wrong
	}
	return p, err
}

// countWrong takes one of the tries that a link has.
func (s *People) countWrong(tx *gorm.DB, i models.Invitation, p models.Person) error {
	if err := i.CountWrong(tx); err != nil {
		return err
	}
	left := strconv.Itoa(models.LinkTries - i.Wrong - 1)
	return s.note(tx, models.Machine("invitation link"), "link_refused", p.ID, models.Details{"name": p.Name, "tries_left": left})
}

// letIn uses the link and chooses the password.
func (s *People) letIn(tx *gorm.DB, i models.Invitation, p models.Person, hash string) (models.Person, error) {
	if err := models.UseInvitation(tx, i, s.Now()); err != nil {
		return p, err
	}
	if err := models.SetPassword(tx, p.ID, hash, s.Now()); err != nil {
		return p, err
	}
	if err := models.EndSessionsOf(tx, p.ID, nil); err != nil {
		return p, err
	}
	details := models.Details{"name": p.Name}
	if i.ChangeID != nil {
		details["change"] = strconv.FormatInt(*i.ChangeID, 10)
	}
	if err := s.note(tx, p.As(models.VerbSignIn), "password_chosen", p.ID, details); err != nil {
		return p, err
	}
	return models.FindPerson(tx, p.ID)
}
