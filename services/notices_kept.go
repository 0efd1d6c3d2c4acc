package services

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// keptAs is what makes two notices the same: their bytes. One that is not verified
// is counted under its headers too, where a signature may stand: a forged copy of
// a body must neither pass as the true notice nor keep it out.
func keptAs(a Arrival, check gateway.Check) []byte {
	digest := sha256.Sum256(a.Body)
	if check != gateway.CheckGood {
		digest = sha256.Sum256(slices.Concat([]byte(keptHeaders(a.Header)), []byte{0}, a.Body))
	}
	return digest[:]
}

// apply does what the notice proves, once for each set of facts (I16).
func (s *Notices) apply(tx *gorm.DB, n *models.Notice, account models.GatewayAccount, read gateway.Notice) error {
	same, err := models.SameNotice(tx, *n)
	if err != nil {
		return err
	}
	n.Applied = noEffect
	if !same {
		p, err := models.FindPayout(tx, *n.PayoutID)
		if err != nil {
			return err
		}
		n.Applied, err = hear(tx, &p, account, word{
			outcome: read.Outcome, facts: read.Facts, source: "notice", grade: models.E2,
			details: models.Details{
				"notice": fmt.Sprint(n.ID), "algorithm": read.Algorithm, models.BytesDigest: hexOf(n.BodyDigest),
				models.NoticeFrom: n.Address, models.NoticeAt: models.Came(n.ReceivedAt),
			},
		}, s.Now())
		if err != nil {
			return err
		}
	}
	s.reach(PointNoticeApply)
	return models.NoteApplied(tx, *n)
}

// ApplyKept applies notices that were kept and could not be applied at once.
func (s *Notices) ApplyKept(ctx context.Context) error {
	waiting, err := models.NoticesToApply(s.Store.Read(ctx), 100)
	if err != nil {
		return err
	}
	var faults error
	for _, n := range waiting {
		if err := s.applyKept(ctx, n.ID); err != nil {
			faults = errors.Join(faults, fmt.Errorf("apply notice %d: %w", n.ID, err))
		}
	}
	return faults
}

func (s *Notices) applyKept(ctx context.Context, id int64) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		n, err := models.FindNotice(tx, id)
		if err != nil || n.Applied != "" {
			return err // the gateway came again in the meantime
		}
		account, err := models.FindAccount(tx, n.AccountID)
		if err != nil {
			return err
		}
		opened, family, err := s.Accounts.open(account)
		if err != nil {
			return err
		}
		p, err := models.FindPayout(tx, *n.PayoutID)
		if err != nil {
			return err
		}
		// It was verified when it came, and acknowledged: keys that were changed since make it
		// no less true (I15). Its fields are in the bytes, what it says was settled then.
		read := family.ReadNotice(opened, order(p, nil), readHeaders(n.Headers), n.Body)
		read.Outcome, read.Algorithm = outcomeOf(n.Says), n.Algorithm
		return s.apply(tx, &n, account, read)
	})
}

// keptHeaders are the ones that say something of a notice, one a line. The sign
// is no secret.
func keptHeaders(h http.Header) string {
	var lines []string
	for _, name := range []string{"Content-Type", "Merchantid", "Sign", "User-Agent"} {
		if value := h.Get(name); value != "" {
			lines = append(lines, name+": "+cut(value, 200))
		}
	}
	return strings.Join(lines, "\n")
}

// readHeaders reads them back.
func readHeaders(text string) http.Header {
	h := http.Header{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			h.Set(name, value)
		}
	}
	return h
}

// outcomeOf is what a kept notice says.
func outcomeOf(word string) gateway.Outcome {
	for outcome, said := range says {
		if said == word {
			return outcome
		}
	}
	return gateway.Unknown
}
