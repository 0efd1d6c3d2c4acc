package handlers

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
	"countersign/views"
)

func TestX14_ABundleShowsByWhatEachApprovalWasGiven(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	first, second := a.as(models.Approver), a.as(models.Controller)
	key := first.withPasskey()
	p := a.twoSigned(a.as(models.Maker))
	form := first.approvalPage(p).bySignature(key)
	form.Set("whole", "1900")
	first.post(approvalPath(p), form).is(http.StatusSeeOther)
	typed := second.card(p)
	typed.Set("whole", "1900")
	second.post(approvalPath(p), typed).is(http.StatusSeeOther)
	found, err := a.outsider(p)
	must(t, err)
	if len(found.Signed) != 2 || found.Signed[0].Method != models.FactorPasskey || found.Signed[0].Origin != testOrigin || found.Signed[1].Method != models.FactorPassword {
		t.Fatalf("found: %+v", found.Signed)
	}
	if lines := strings.Join(found.Held(), "\n"); !strings.Contains(lines, "approved with the passkey “Work laptop”, unlocked on "+testOrigin) || !strings.Contains(lines, "approved with a password") {
		t.Errorf("it says: %s", lines)
	}
}

// outsider takes the order's bundle and checks it with the newest head and the public key.
func (a *townApp) outsider(p models.Payout) (bundle.Found, error) {
	a.t.Helper()
	whole, err := a.Evidence.Take(a.t.Context(), a.town.Auditor, p.OrderNo, views.DrawEvidence)
	must(a.t, err)
	head, _, err := models.LastHead(a.Store.Read(a.t.Context()))
	must(a.t, err)
	verifier, err := a.Heads.Verifier(a.t.Context())
	must(a.t, err)
	return bundle.Check(whole, []byte(head.Note), verifier)
}

// An installation that lies about a signature writes its bundles itself, and the head is
// its own: what it cannot do is make a signature of the key that stands in the log.
func TestX8_ABundleOfAnAlteredSignatureIsRefused(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]func(*models.Signature){
		"another public key": func(s *models.Signature) { s.PublicKey[12] ^= 1 },
		"another signature":  func(s *models.Signature) { s.Signature[len(s.Signature)-1] ^= 1 },
		"another content":    func(s *models.Signature) { s.ContentDigest[0] ^= 1 },
		"another moment":     func(s *models.Signature) { s.IssuedAt = s.IssuedAt.Add(-time.Minute) },
		"another person":     func(s *models.Signature) { s.PersonID++ },
		"another kind": func(s *models.Signature) {
			s.Method, s.EnrolledSeq, s.PublicKey, s.Signature, s.ClientData = models.FactorCode, 0, nil, nil, nil
		},
		"another enrolment":    func(s *models.Signature) { s.EnrolledSeq++ },
		"another browser page": func(s *models.Signature) { s.ClientData[10] ^= 1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newSiteTown(t)
			b := a.as(models.Approver)
			key := b.withPasskey()
			p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
			b.post(approvalPath(p), b.approvalPage(p).bySignature(key)).is(http.StatusSeeOther)
			if _, err := a.outsider(p); err != nil {
				t.Fatal(err)
			}
			s := a.signatures()[0]
			alter(&s)
			s.Digest = s.Sum()
			a.write(func(tx *gorm.DB) error {
				if err := tx.Exec("DROP TRIGGER signatures_keep").Error; err != nil {
					return err
				}
				return tx.Exec("UPDATE signatures SET public_key = ?, signature = ?, content_digest = ?, issued_at = ?, person_id = ?, method = ?, enrolled_seq = ?, client_data = ?, digest = ? WHERE id = ?",
					s.PublicKey, s.Signature, s.ContentDigest, models.Millis(s.IssuedAt), s.PersonID, s.Method, s.EnrolledSeq, s.ClientData, s.Digest, s.ID).Error
			})
			if report, err := models.Verify(a.Store.Read(t.Context())); err != nil || len(report.Findings) == 0 {
				t.Errorf("our own check finds %v, %v", report.Findings, err)
			}
			_, err := a.outsider(p)
			var refused bundle.Refused
			if !errors.As(err, &refused) {
				t.Fatalf("the checker says %v", err)
			}
		})
	}
}
