package models

import (
	"errors"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
)

// FactorKind is what proved, beside the password, who signed in (S3).
type FactorKind string

// The kinds; a session that was opened by a password alone has none.
const (
	FactorCode     FactorKind = "code"     // a one-time code
	FactorPasskey  FactorKind = "passkey"  // which also stands for itself, without a password
	FactorRecovery FactorKind = "recovery" // a code kept on paper
	FactorDemo     FactorKind = "demo"     // one click, in a demonstration alone
	FactorPassword FactorKind = "password" // of those who have no factor: signs, and opens no session
)

// MaxPasskeys is how many one person may have.
const MaxPasskeys = 10

// FactorFreshness is how old a sign-in may be for a change of factors.
const FactorFreshness = 15 * time.Minute

// CodeFactor is a person's secret for one-time codes.
type CodeFactor struct {
	PersonID     PersonID `gorm:"primaryKey;autoIncrement:false"`
	SealedSecret []byte
	UsedStep     int64     // the step of the last code that was taken
	AddedAt      time.Time `gorm:"serializer:ms"`
	UsedAt       time.Time `gorm:"serializer:ms"`
}

// Passkey is one key pair of a person, of which we have the public half.
type Passkey struct {
	ID           int64
	PersonID     PersonID
	CredentialID []byte
	Owner        []byte // what the passkey calls the person
	Name         string
	Record       []byte // the library's
	SignCount    int64
	EnrolledSeq  int64     // the event that put its public key on record; 0 signs nothing
	AddedAt      time.Time `gorm:"serializer:ms"`
	UsedAt       time.Time `gorm:"serializer:ms"`
}

// RecoveryCode is one of ten; only its keyed hash is kept.
type RecoveryCode struct {
	PersonID PersonID  `gorm:"primaryKey"`
	Digest   []byte    `gorm:"primaryKey"`
	MadeAt   time.Time `gorm:"serializer:ms"`
	UsedAt   time.Time `gorm:"serializer:ms"`
}

// Factors are what a person has beside their password.
type Factors struct {
	Code      *CodeFactor
	Passkeys  []Passkey
	CodesLeft int       // recovery codes that nobody has used
	CodesMade time.Time // zero: never
}

// Any says whether the person has to prove more than a password.
func (f Factors) Any() bool { return f.Code != nil || len(f.Passkeys) > 0 }

// Passkey is the one with this id.
func (f Factors) Passkey(id int64) (Passkey, error) {
	for _, p := range f.Passkeys {
		if p.ID == id {
			return p, nil
		}
	}
	return Passkey{}, Refuse(Missing, "factor.missing")
}

// FactorsOf reads what the person has.
func FactorsOf(db *gorm.DB, id PersonID) (f Factors, err error) {
	var codes []CodeFactor
	if err := db.Where("person_id = ?", id).Find(&codes).Error; err != nil {
		return f, err
	}
	if len(codes) == 1 {
		f.Code = &codes[0]
	}
	if err := db.Where("person_id = ?", id).Order("id").Find(&f.Passkeys).Error; err != nil {
		return f, err
	}
	var recovery []RecoveryCode
	if err := db.Where("person_id = ?", id).Find(&recovery).Error; err != nil {
		return f, err
	}
	for _, r := range recovery {
		f.CodesMade = r.MadeAt
		if r.UsedAt.IsZero() {
			f.CodesLeft++
		}
	}
	return f, nil
}

// FindPasskey reads a passkey by the id that its browser knows it by.
func FindPasskey(db *gorm.DB, credential []byte) (Passkey, error) {
	var p Passkey
	err := db.Take(&p, "credential_id = ?", credential).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return p, Refuse(Missing, "factor.missing")
	}
	return p, err
}

// CheckFresh allows a change of factors soon after a sign-in only: a browser that was
// left open must not be enough to take an account over.
func (s Session) CheckFresh(now time.Time) error {
	if age := now.Sub(s.CreatedAt); age < 0 || age > FactorFreshness {
		return Refuse(Forbidden, "factor.sign_in_again", "Minutes", int(FactorFreshness/time.Minute))
	}
	return nil
}

// CheckPasskeyName wants a name by which its owner knows the device again.
func CheckPasskeyName(name string) error {
	n := utf8.RuneCountInString(name)
	for _, r := range name {
		if !unicode.IsPrint(r) {
			n = 0
		}
	}
	if n < 1 || n > 60 {
		return Refuse(Invalid, "factor.name_shape").On("name")
	}
	return nil
}

// AddCodeFactor gives the person one-time codes, which they must not have yet.
func AddCodeFactor(tx *gorm.DB, f *CodeFactor) error {
	return orTaken(tx.Create(f).Error, "factor.code_there")
}

// AddPasskey stores a passkey that nobody has yet.
func AddPasskey(tx *gorm.DB, p *Passkey) error {
	return orTaken(tx.Create(p).Error, "factor.passkey_there")
}

func orTaken(err error, key string) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Refuse(Conflict, key)
	}
	return err
}

// UseStep takes a one-time code of this step, if none of it or of a later one was taken
// before: of two who send the same code, one is let in (I22).
func UseStep(tx *gorm.DB, id PersonID, step int64, at time.Time) (taken bool, err error) {
	used := tx.Model(&CodeFactor{}).Where("person_id = ? AND used_step < ?", id, step).
		Updates(map[string]any{"used_step": step, "used_at": Millis(at)})
	return used.RowsAffected == 1, used.Error
}

// UsePasskey notes a use of the passkey as it was read; another use in between makes it void.
func UsePasskey(tx *gorm.DB, was, is Passkey, at time.Time) (taken bool, err error) {
	used := tx.Model(&Passkey{}).Where("id = ? AND person_id = ? AND sign_count = ?", was.ID, was.PersonID, was.SignCount).
		Updates(map[string]any{"sign_count": is.SignCount, "record": is.Record, "used_at": Millis(at)})
	return used.RowsAffected == 1, used.Error
}

// UseRecoveryCode takes a recovery code, once.
func UseRecoveryCode(tx *gorm.DB, id PersonID, digest []byte, at time.Time) (taken bool, err error) {
	used := tx.Model(&RecoveryCode{}).Where("person_id = ? AND digest = ? AND used_at = 0", id, digest).Update("used_at", Millis(at))
	return used.RowsAffected == 1, used.Error
}

// SetRecoveryCodes replaces the person's recovery codes, the used ones too.
func SetRecoveryCodes(tx *gorm.DB, id PersonID, digests [][]byte, at time.Time) error {
	if err := tx.Where("person_id = ?", id).Delete(&RecoveryCode{}).Error; err != nil {
		return err
	}
	for _, digest := range digests {
		if err := tx.Create(&RecoveryCode{PersonID: id, Digest: digest, MadeAt: at}).Error; err != nil {
			return err
		}
	}
	return nil
}

// DropCodeFactor takes the person's one-time codes away.
func DropCodeFactor(tx *gorm.DB, id PersonID) error {
	return tx.Where("person_id = ?", id).Delete(&CodeFactor{}).Error
}

// DropPasskey takes one passkey away.
func DropPasskey(tx *gorm.DB, p Passkey) error {
	return tx.Where("id = ? AND person_id = ?", p.ID, p.PersonID).Delete(&Passkey{}).Error
}

// DropFactors takes everything away that the person has beside a password.
func DropFactors(tx *gorm.DB, id PersonID) error {
	for _, table := range []any{&CodeFactor{}, &Passkey{}, &RecoveryCode{}} {
		if err := tx.Where("person_id = ?", id).Delete(table).Error; err != nil {
			return err
		}
	}
	return nil
}
