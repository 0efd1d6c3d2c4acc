package services

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/services/vault"
)

// Rotation seals everything anew under another key (R3). All of it is one write: the
// database holds to the one key or to the other, whatever happens on the way.
type Rotation struct {
	*Core
	New *vault.Vault
}

// Rotated is how much was sealed anew.
type Rotated struct{ Secrets, Payees int }

// ErrSending refuses to rotate beside a program that uses the old key.
var ErrSending = errors.New("another Countersign is running on this database: stop it first; nothing was changed")

// Rotate seals everything anew. From then on the database answers to the new key alone.
func (r *Rotation) Rotate(ctx context.Context, by models.Actor) (done Rotated, err error) {
	const holder = "key rotation"
	if !r.Store.HoldPost(holder) {
		return done, ErrSending
	}
	defer func() { err = errors.Join(err, r.Store.LeavePost(holder)) }()
	return done, r.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.OpeningSeals(tx, func(tx *gorm.DB) error { return r.rotate(tx, by, &done) })
	})
}

func (r *Rotation) rotate(tx *gorm.DB, by models.Actor, done *Rotated) (err error) {
	for _, column := range models.SealedColumns {
		many, err := column.Reseal(tx, r.resealHashed)
		if done.Secrets += many; err != nil {
			return err
		}
	}
	if done.Payees, err = models.ResealPayees(tx, r.resealPayee); err != nil {
		return err
	}
	for _, step := range []func(*gorm.DB) error{r.resealHeadKey, r.keepHashing, r.mark, models.ForgetTries} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return models.Append(tx, settingEvent(models.VerbRotated, models.SettingKeyMark, by, r.Now(), models.Details{
		"before": keyMark(r.Vault), "after": keyMark(r.New), "secrets": fmt.Sprint(done.Secrets), "payees": fmt.Sprint(done.Payees),
	}))
}

func (r *Rotation) reseal(place string, sealed []byte) ([]byte, error) {
	plain, err := r.Vault.Open(place, sealed)
	if err != nil {
		return nil, err
	}
	return r.New.Seal(place, plain), nil
}

// resealHashed seals a value anew, and hashes it anew where it is found by a hash.
func (r *Rotation) resealHashed(place string, sealed []byte, hashedAs string) (fresh, hash []byte, err error) {
	plain, err := r.Vault.Open(place, sealed)
	if err != nil {
		return nil, nil, err
	}
	if hashedAs != "" {
		hash = r.New.Hash(hashedAs, string(plain))
	}
	return r.New.Seal(place, plain), hash, nil
}

// resealPayee makes the two keyed hashes anew with the seal: of the account's number, by
// which people search, and of all details, by which the same payee is known again.
func (r *Rotation) resealPayee(v *models.PayeeVersion) error {
	fields, err := r.payeeFields(*v)
	if err != nil {
		return err
	}
	_, rail, known := families.Rail(v.Rail)
	if !known {
		return fmt.Errorf("details of payee version %d: there is no rail %q", v.ID, v.Rail)
	}
	place := payeePlace(v.Rail)
	plain, err := r.Vault.Open(place, v.SealedFields)
	if err != nil {
		return fmt.Errorf("details of payee version %d: %w", v.ID, err)
	}
	digest := sha256.Sum256(plain)
	anew := &Core{Vault: r.New}
	v.SealedFields, v.AccountHash, v.DetailsHash = r.New.Seal(place, plain), anew.hashAccount(fields[rail.AccountField]), anew.hashDetails(digest)
	return nil
}

func (r *Rotation) resealHeadKey(tx *gorm.DB) error {
	text, err := models.ReadSetting(tx, models.SettingHeadKey)
	if err != nil || text == "" {
		return err
	}
	sealed, err := hex.DecodeString(text)
	if err != nil {
		return fmt.Errorf("the key for heads: %w", err)
	}
	fresh, err := r.reseal(headKeyPlace, sealed)
	if err != nil {
		return fmt.Errorf("the key for heads: %w", err)
	}
	return models.WriteSetting(tx, models.SettingHeadKey, hex.EncodeToString(fresh))
}

// formerPlace binds what is kept of former keys to its place.
const formerPlace = "former hashing"

// keepHashing keeps what former keys hashed with, sealed: nobody but their owners knows
// the recovery codes, so that their hashes cannot be made anew.
func (r *Rotation) keepHashing(tx *gorm.DB) error {
	kept, err := formerHashing(tx)
	if err != nil {
		return err
	}
	texts := []string{hex.EncodeToString(r.New.Seal(formerPlace, r.Vault.Hashing()))}
	for _, sealed := range kept {
		fresh, err := r.reseal(formerPlace, sealed)
		if err != nil {
			return fmt.Errorf("former keys: %w", err)
		}
		texts = append(texts, hex.EncodeToString(fresh))
	}
	return models.WriteSetting(tx, models.SettingFormer, strings.Join(texts, ","))
}

func formerHashing(db *gorm.DB) (sealed [][]byte, err error) {
	text, err := models.ReadSetting(db, models.SettingFormer)
	if err != nil || text == "" {
		return nil, err
	}
	for part := range strings.SplitSeq(text, ",") {
		one, err := hex.DecodeString(part)
		if err != nil {
			return nil, fmt.Errorf("former keys: %w", err)
		}
		sealed = append(sealed, one)
	}
	return sealed, nil
}

// hashings are this key and those before it, for what only its owner can hash anew.
func (c *Core) hashings(db *gorm.DB) ([]*vault.Vault, error) {
	all := []*vault.Vault{c.Vault}
	kept, err := formerHashing(db)
	if err != nil {
		return nil, err
	}
	for _, sealed := range kept {
		hashing, err := c.Vault.Open(formerPlace, sealed)
		if err != nil {
			return nil, fmt.Errorf("former keys: %w", err)
		}
		all = append(all, vault.OfHashing(hashing))
	}
	return all, nil
}

func (r *Rotation) mark(tx *gorm.DB) error {
	return models.WriteSetting(tx, models.SettingKeyMark, keyMark(r.New))
}
