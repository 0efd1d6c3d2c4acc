package services

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/passkey"
)

// Factors are the verbs of everybody about their own second factor (S3). Each takes the
// session it is done in, which must be young, and a proof that its person is there, by the
// factor that they have or their password: a session alone changes no factor. All of a
// person's sessions end with it, so that the one it was done in goes on under a new id (I22).
type Factors struct{ *Core }

// codeOffer is how long the secret that a page shows may wait for its first code.
const codeOffer = 15 * time.Minute

// OfferCodes makes a secret and seals it for the form that confirms it: nothing is stored
// before the person's device has shown that it has it.
func (s *Factors) OfferCodes(p models.Person) (key *otp.Key, sealed []byte, err error) {
	if key, err = NewCodeKey(p.Login); err != nil {
		return nil, nil, fmt.Errorf("secret for one-time codes: %w", err)
	}
	return key, s.Vault.Seal(offerPlace(p.ID), fmt.Appendf(nil, "%d %s", s.Now().Unix(), key)), nil
}

// Offered opens an offer again, for the form that comes back.
func (s *Factors) Offered(p models.Person, sealed []byte) (*otp.Key, error) {
	offer, err := s.Vault.Open(offerPlace(p.ID), sealed)
	var made int64
	var address string
	if err == nil {
		_, err = fmt.Sscanf(string(offer), "%d %s", &made, &address)
	}
	if err != nil || s.Now().Sub(time.Unix(made, 0)) > codeOffer {
		return nil, models.Refuse(models.Conflict, "factor.offer_over")
	}
	return otp.NewKeyFromURL(address)
}

func offerPlace(id models.PersonID) string {
	return fmt.Sprintf("offer of one-time codes to person %d", id)
}

// NewCodes is a secret as it was offered, and a code of it with the time at which it was
// typed: between that and the proof a page may lie.
type NewCodes struct {
	Sealed  []byte
	Code    string
	TypedAt time.Time
}

// AddCodes gives the person one-time codes, confirmed by one, which is thereby used.
func (s *Factors) AddCodes(ctx context.Context, by models.Actor, in models.Session, n NewCodes, signed Signed) error {
	p, err := models.FindPerson(s.Store.Read(ctx), by.ID)
	if err != nil {
		return err
	}
	key, err := s.Offered(p, n.Sealed)
	if err != nil {
		return err
	}
	step, fits, err := stepOf(key.Secret(), typed(n.Code), n.TypedAt)
	if err != nil {
		return err
	}
	if !fits || s.Now().Sub(n.TypedAt) > models.SignatureLasts {
		return models.Refuse(models.Invalid, "factor.code_differs").On("code")
	}
	change := factorChange{verb: "factor_added", details: models.Details{"factor": string(models.FactorCode)}, act: p.FactorAct(models.ActAddCodes, "", nil)}
	return s.change(ctx, by, in, signed, change, func(tx *gorm.DB, _ models.Factors) error {
		return models.AddCodeFactor(tx, &models.CodeFactor{
			PersonID: p.ID, SealedSecret: s.Vault.Seal(secretPlace(p.ID), []byte(key.Secret())), UsedStep: step, AddedAt: s.Now(), UsedAt: s.Now(),
		})
	})
}

// Owner is the person as their passkeys know them. A handle once given stays.
func (s *Factors) Owner(p models.Person, f models.Factors) passkey.Owner {
	o := passkey.Owner{Handle: s.Vault.Hash("owner of passkeys", fmt.Sprint(p.ID)), Login: p.Login, Name: p.Name}
	if len(f.Passkeys) > 0 {
		o.Handle = f.Passkeys[0].Owner
	}
	return o
}

// NewPasskey is a browser's answer to being asked for a new passkey. The challenge was
// found to be ours and of this browser; claim is its digest, to be taken once.
type NewPasskey struct {
	Name      string
	Site      passkey.Site
	Challenge string
	Claim     []byte
	Answer    []byte
}

// AddPasskey gives the person another passkey.
func (s *Factors) AddPasskey(ctx context.Context, by models.Actor, in models.Session, n NewPasskey, signed Signed) error {
	n.Name = strings.TrimSpace(n.Name)
	if err := models.CheckPasskeyName(n.Name); err != nil {
		return err
	}
	p, err := models.FindPerson(s.Store.Read(ctx), by.ID)
	if err != nil {
		return err
	}
	factors, err := models.FactorsOf(s.Store.Read(ctx), by.ID)
	if err != nil {
		return err
	}
	made, err := n.Site.Create(s.Owner(p, factors), n.Challenge, n.Answer)
	if err != nil {
		return models.Refuse(models.Invalid, "factor.passkey_refused").On("name")
	}
	made.PersonID, made.Name, made.AddedAt = p.ID, n.Name, s.Now()
	public, err := passkey.PublicKey(made)
	if err != nil {
		return err
	}
	details := models.Details{"factor": string(models.FactorPasskey), "passkey": n.Name, "credential": models.KeyDigest(made.CredentialID, public)}
	change := factorChange{verb: "factor_added", details: details, act: p.FactorAct(models.ActAddPasskey, n.Name, made.CredentialID), name: n.Name}
	return s.change(ctx, by, in, signed, change, func(tx *gorm.DB, f models.Factors) error {
		if len(f.Passkeys) >= models.MaxPasskeys {
			return models.Refuse(models.Conflict, "factor.too_many", "Most", models.MaxPasskeys)
		}
		if _, first, err := models.ClaimFormKey(tx, n.Claim, s.Now()); err != nil || !first {
			return orRefuse(err, models.Refuse(models.Conflict, "form.already_sent"))
		}
		last, _, err := models.Head(tx)
		if err != nil {
			return err
		}
		made.EnrolledSeq = last + 1 // the event that change appends to what we write here
		return models.AddPasskey(tx, &made)
	})
}

// RemoveCodes takes the person's one-time codes away.
func (s *Factors) RemoveCodes(ctx context.Context, by models.Actor, in models.Session, signed Signed) error {
	change := factorChange{verb: "factor_removed", details: models.Details{"factor": string(models.FactorCode)}, act: models.Person{ID: by.ID}.FactorAct(models.ActRemoveCodes, "", nil)}
	return s.change(ctx, by, in, signed, change, func(tx *gorm.DB, f models.Factors) error {
		if f.Code == nil {
			return models.Refuse(models.Missing, "factor.missing")
		}
		if err := s.checkLast(tx, len(f.Passkeys)); err != nil {
			return err
		}
		return models.DropCodeFactor(tx, by.ID)
	})
}

// RemovePasskey takes one of the person's passkeys away.
func (s *Factors) RemovePasskey(ctx context.Context, by models.Actor, in models.Session, id int64, signed Signed) error {
	factors, err := models.FactorsOf(s.Store.Read(ctx), by.ID)
	if err != nil {
		return err
	}
	p, err := factors.Passkey(id)
	if err != nil {
		return err
	}
	change := factorChange{
		verb: "factor_removed", details: models.Details{"factor": string(models.FactorPasskey), "passkey": p.Name},
		act: models.Person{ID: by.ID}.FactorAct(models.ActRemovePasskey, p.Name, p.CredentialID), name: p.Name,
	}
	return s.change(ctx, by, in, signed, change, func(tx *gorm.DB, f models.Factors) error {
		if _, err := f.Passkey(id); err != nil {
			return err
		}
		left := len(f.Passkeys) - 1
		if f.Code != nil {
			left++
		}
		if err := s.checkLast(tx, left); err != nil {
			return err
		}
		return models.DropPasskey(tx, p)
	})
}

// checkLast keeps the last factor where everyone needs one.
func (s *Factors) checkLast(tx *gorm.DB, left int) error {
	demanded, err := models.ReadSetting(tx, models.SettingFactor)
	if err != nil || demanded == "" || left > 0 {
		return err
	}
	return models.Refuse(models.Conflict, "factor.last")
}

// MakeRecoveryCodes gives the person ten new ones and voids those before, which takes a
// proof; the first take none, for they follow the first factor. They are returned once and
// can never be read again.
func (s *Factors) MakeRecoveryCodes(ctx context.Context, by models.Actor, in models.Session, signed Signed) ([]string, error) {
	codes := newRecoveryCodes()
	return codes, s.write(ctx, by, in, func(tx *gorm.DB, f models.Factors) error {
		if !f.Any() {
			return models.Refuse(models.Conflict, "factor.none_yet")
		}
		signature := unsigned
		if !f.CodesMade.IsZero() {
			var err error
			if signature, err = signed.over(tx, by.ID, Deed{Act: models.Person{ID: by.ID}.FactorAct(models.ActRecovery, "", nil)}, s.Now()); err != nil {
				return err
			}
		}
		var digests [][]byte
		for _, code := range codes {
			digests = append(digests, s.recoveryDigest(by.ID, code))
		}
		if err := models.SetRecoveryCodes(tx, by.ID, digests, s.Now()); err != nil {
			return err
		}
		return s.note(tx, by, "recovery_made", signature.Note(models.Details{"codes": fmt.Sprint(len(codes))}))
	})
}

// factorChange is what the log says of a change of factors, and the act that is signed.
type factorChange struct {
	verb    string
	details models.Details
	act     models.Act
	name    string // of the passkey
}

// change is one change of factors: afterwards every session and half sign-in of the
// person is over. Whoever has no factor left needs no recovery codes.
func (s *Factors) change(ctx context.Context, by models.Actor, in models.Session, signed Signed, c factorChange, act func(*gorm.DB, models.Factors) error) error {
	return s.write(ctx, by, in, func(tx *gorm.DB, f models.Factors) error {
		if signed.Missing() { // what would be refused nobody is asked to sign
			if err := act(tx, f); err != nil {
				return err
			}
		}
		signature, err := signed.over(tx, by.ID, Deed{Act: c.act, Name: c.name}, s.Now())
		if err != nil {
			return err
		}
		if err := act(tx, f); err != nil { // after the proof, which may be by the very factor that goes
			return err
		}
		left, err := models.FactorsOf(tx, by.ID)
		if err != nil {
			return err
		}
		if !left.Any() {
			err = models.DropFactors(tx, by.ID)
		}
		if err != nil {
			return err
		}
		if err := models.EndSessionsOf(tx, by.ID, nil); err != nil {
			return err
		}
		return s.note(tx, by, c.verb, signature.Note(c.details))
	})
}

func (s *Factors) write(ctx context.Context, by models.Actor, in models.Session, act func(*gorm.DB, models.Factors) error) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbSignIn); err != nil {
			return err
		}
		still, err := models.FindSession(tx, in.Digest)
		if err != nil {
			return err
		}
		if err := still.CheckFresh(s.Now()); err != nil {
			return err
		}
		factors, err := models.FactorsOf(tx, by.ID)
		if err != nil {
			return err
		}
		return act(tx, factors)
	})
}

func (s *Factors) note(tx *gorm.DB, by models.Actor, verb string, details models.Details) error {
	details["name"] = by.Name
	return models.Append(tx, models.Event{
		At: s.Now(), Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "person", SubjectID: fmt.Sprint(by.ID), Details: details,
	})
}
