package services

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/notary"
)

// HeadCheck is what a kept head says about the log as it is now.
type HeadCheck struct {
	Head   notary.Head
	Events int64  // in the log now
	Wrong  string // why the log is not the one that the head was signed over; "" where it is
}

// CheckHead holds the log against a head that somebody kept: the first events of the
// log are hashed anew from what they say, and have to come to the same root.
// verifier is the key as it was kept with the head; "" takes the installation's own,
// which whoever rewrites the database may have changed too.
func (s *Heads) CheckHead(ctx context.Context, signed []byte, verifier string) (c HeadCheck, err error) {
	if verifier == "" {
		if verifier, err = models.ReadSetting(s.Store.Read(ctx), models.SettingHeadVerifier); err != nil {
			return c, err
		}
	}
	if verifier == "" {
		c.Wrong = "This database has never signed a head, so the head is not of this log, or the past was rewritten."
		return c, nil
	}
	c.Head, err = notary.Open(signed, verifier)
	if errors.Is(err, notary.ErrNotSigned) || errors.Is(err, notary.ErrNotHead) {
		c.Wrong = "The head cannot be believed: " + err.Error() + "."
		return c, nil
	}
	if err != nil {
		return c, err
	}
	var past models.Past
	err = s.Store.Read(ctx).Transaction(func(tx *gorm.DB) error {
		past, err = models.PastOf(tx, c.Head.Size)
		return err
	})
	c.Events, c.Wrong = past.Events, rewritten(c.Head, past)
	return c, err
}

// rewritten says how the past differs from the head.
func rewritten(h notary.Head, p models.Past) string {
	signed := fmt.Sprintf("the head of %s stands for %d events", h.At.Format("2006-01-02 15:04 UTC"), h.Size)
	switch {
	case p.Size < h.Size:
		return fmt.Sprintf("The past was cut: %s, and of those the log has %d now.", signed, p.Size)
	case p.Broken > 0:
		return fmt.Sprintf("The past was rewritten: %s, and event %d does not fit the one before it.", signed, p.Broken)
	case p.Root != h.Root:
		return fmt.Sprintf("The past was rewritten: %s, and the first %d events of the log are not those.", signed, h.Size)
	}
	return ""
}
