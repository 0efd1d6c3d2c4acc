package services

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/notary"
)

// Heads signs what the log is and lets it leave this machine, so that whoever can
// rewrite the database cannot rewrite what others keep of it (I19).
type Heads struct {
	*Core
	Outlets []Outlet
	one     sync.Mutex // one round at a time
}

// headKeyPlace binds the sealed key to its place.
const headKeyPlace = "key of heads"

// growMany is how many events one write takes into the tree.
const growMany = 5000

// Round is the duty: a head for every hour, the first of a day for the day, and
// another try for what has not left.
func (s *Heads) Round(ctx context.Context) error {
	kind, err := s.due(ctx)
	if err == nil && kind != "" {
		_, err = s.Sign(ctx, kind)
	}
	return errors.Join(err, s.Leave(ctx), s.noteDuty(ctx, err))
}

// due says which head the clock asks for, "" for none.
func (s *Heads) due(ctx context.Context) (string, error) {
	db := s.Store.Read(ctx)
	day, known, err := models.LastHead(db, "day")
	if err != nil || !known || !sameSpan(day.SignedAt, s.Now(), 24*time.Hour) {
		return "day", err
	}
	hour, _, err := models.LastHead(db, "day", "hour")
	if err != nil || sameSpan(hour.SignedAt, s.Now(), time.Hour) {
		return "", err
	}
	return "hour", nil
}

func sameSpan(a, b time.Time, span time.Duration) bool {
	return a.UTC().Truncate(span).Equal(b.UTC().Truncate(span))
}

// Sign takes what is committed into the tree and signs its head. It reads what
// readers see, so nothing is signed that a crash could undo.
func (s *Heads) Sign(ctx context.Context, kind string) (models.SignedHead, error) {
	s.one.Lock()
	defer s.one.Unlock()
	signer, err := s.signer(ctx)
	if err != nil {
		return models.SignedHead{}, err
	}
	tree, err := s.grow(ctx)
	if err != nil {
		return models.SignedHead{}, err
	}
	root, err := tree.Root()
	if err != nil {
		return models.SignedHead{}, err
	}
	at := s.Now().UTC().Truncate(time.Second)
	signed, err := notary.Sign(notary.Head{Size: tree.Size(), Root: root, At: at}, signer)
	if err != nil {
		return models.SignedHead{}, err
	}
	h := models.SignedHead{Kind: kind, Size: tree.Size(), Root: root[:], SignedAt: at, Note: string(signed)}
	return h, s.Store.Write(ctx, func(tx *gorm.DB) error { return models.AddHead(tx, &h, s.outlets()) })
}

// grow takes all that is committed into the tree, in writes that are short enough not
// to keep payouts waiting.
func (s *Heads) grow(ctx context.Context) (models.Tree, error) {
	for {
		var next models.Growth
		err := s.Store.Read(ctx).Transaction(func(tx *gorm.DB) (err error) {
			next, err = models.NextGrowth(tx, growMany)
			return err
		})
		if err != nil || len(next.Hashes) == 0 {
			return next.Tree, err
		}
		err = s.Store.Write(ctx, func(tx *gorm.DB) error { return models.GrowTree(tx, next) })
		if err != nil && !errors.Is(err, models.ErrTreeGrown) {
			return next.Tree, err
		}
	}
}

// signer opens the key for heads, and makes it where there is none yet.
func (s *Heads) signer(ctx context.Context) (signer string, err error) {
	sealed, err := models.ReadSetting(s.Store.Read(ctx), models.SettingHeadKey)
	if err != nil {
		return "", err
	}
	if sealed == "" {
		if err := s.makeKey(ctx); err != nil {
			return "", err
		}
		if sealed, err = models.ReadSetting(s.Store.Read(ctx), models.SettingHeadKey); err != nil {
			return "", err
		}
	}
	bytes, err := hex.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("the key for heads: %w", err)
	}
	plain, err := s.Vault.Open(headKeyPlace, bytes)
	if err != nil {
		return "", fmt.Errorf("the key for heads: %w", err)
	}
	return string(plain), nil
}

// makeKey makes the key pair, once, and puts the public one on record.
func (s *Heads) makeKey(ctx context.Context) error {
	signer, verifier, err := notary.NewKey("countersign-" + randomName()[:8])
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if known, err := models.ReadSetting(tx, models.SettingHeadKey); err != nil || known != "" {
			return err
		}
		if err := models.WriteSetting(tx, models.SettingHeadKey, hex.EncodeToString(s.Vault.Seal(headKeyPlace, []byte(signer)))); err != nil {
			return err
		}
		if err := models.WriteSetting(tx, models.SettingHeadVerifier, verifier); err != nil {
			return err
		}
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "head_key_made", Actor: models.Machine("timetable").Name, Subject: "settings", SubjectID: "heads",
			Details: models.Details{"verifier": verifier},
		})
	})
}

// Verifier is the public key that heads are checked with; it makes the pair where there
// is none yet.
func (s *Heads) Verifier(ctx context.Context) (string, error) {
	if _, err := s.signer(ctx); err != nil {
		return "", err
	}
	return models.ReadSetting(s.Store.Read(ctx), models.SettingHeadVerifier)
}

// noteDuty keeps how the round went, for home and the audit page.
func (s *Heads) noteDuty(ctx context.Context, signing error) error {
	waiting, err := models.CountWaiting(s.Store.Read(ctx))
	if err != nil {
		return err
	}
	note := fmt.Sprint(waiting)
	if signing != nil {
		note = signing.Error()
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "heads", At: s.Now(), OK: signing == nil && waiting == 0, Note: note})
	})
}
