package handlers

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
	"countersign/views"
)

// signer is somebody who signs with a passkey.
type signer struct {
	*browser
	key      *authenticator
	enrolled models.Event // that put it on record
}

func (a *townApp) signer(role models.Role) signer {
	b := a.as(role)
	j := signer{browser: b, key: b.withPasskey()}
	all := a.events("factor_added")
	j.enrolled = all[len(all)-1]
	return j
}

// signs is what a passkey signs for an act at a moment, without any page of ours.
func (j signer) signs(act models.Act, at time.Time) models.Signature {
	j.t.Helper()
	nonce := make([]byte, 16)
	rand.Read(nonce)
	s := models.SignatureOver(act, j.person.ID, models.FactorPasskey, at, nonce)
	s.MadeAt, s.EnrolledSeq = at.UTC(), j.enrolled.Seq
	j.seals(&s)
	return s
}

// seals makes the passkey's own part of a signature.
func (j signer) seals(s *models.Signature) {
	public, err := j.key.key.PublicKey.Bytes()
	must(j.t, err)
	s.CredentialID, s.PublicKey, s.AuthenticatorData = j.key.id, cosePublic(public), j.key.data()
	s.ClientData = j.key.clientData("webauthn.get", encoding.EncodeToString(s.Challenge()))
	client := sha256.Sum256(s.ClientData)
	signed := sha256.Sum256(append(append([]byte{}, s.AuthenticatorData...), client[:]...))
	s.Signature, err = ecdsa.SignASN1(rand.Reader, j.key.key, signed[:])
	must(j.t, err)
}

// proposes is the first half of a verdict as the page takes it.
func (j signer) proposes(p models.Payout, form map[string]string) {
	j.t.Helper()
	page := j.get(verdictPath(p)).is(http.StatusOK)
	form["digest"], form["stamp"], form["answer"] = hidden(page, "digest"), hidden(page, "stamp"), j.key.get(page.askedBy(form["says"]))
	j.postFiles(verdictPath(p)+"/verdict", form, nil).leadsTo(verdictPath(p))
}

// judges is the second half.
func (j signer) judges(a *townApp, p models.Payout, says string) {
	j.t.Helper()
	page := j.get(verdictPath(p) + "?evidence=opened").is(http.StatusOK)
	v, _, err := models.OpenVerdict(a.Store.Read(j.t.Context()), p.ID)
	must(j.t, err)
	j.post(verdictPath(p)+"/confirmation", url.Values{"verdict": {fmt.Sprint(v.ID)}, "says": {says}, "reason": {"I called the bank"},
		"digest": {hidden(page, "digest")}, "stamp": {hidden(page, "stamp")}, "answer": {j.key.get(page.askedBy(says))}}).is(http.StatusSeeOther)
}

// statement is a proposal on a line of a statement.
func statement(p models.Payout, text string) map[string]string {
	return map[string]string{"says": "paid", "evidence": "statement", "text": text, "received": p.Amount().Decimal(), "reason": "The bank booked it", "look_again_at": ""}
}

// outsiderTold takes a bundle whose facts the installation tells otherwise, and checks it.
func (a *townApp) outsiderTold(p models.Payout, lie func(*models.Dossier)) (bundle.Found, error) {
	a.t.Helper()
	whole, err := a.Evidence.Take(a.t.Context(), a.town.Auditor, p.OrderNo, func(ctx context.Context, d models.Dossier, events []models.Event) (map[string][]byte, error) {
		text, err := json.Marshal(d)
		must(a.t, err)
		var told models.Dossier
		must(a.t, json.Unmarshal(text, &told))
		lie(&told)
		files, err := views.DrawEvidence(ctx, told, events)
		if err == nil {
			files[bundle.FactsFile] = bundle.Encode(told)
		}
		return files, err
	})
	must(a.t, err)
	head, _, err := models.LastHead(a.Store.Read(a.t.Context()))
	must(a.t, err)
	verifier, err := a.Heads.Verifier(a.t.Context())
	must(a.t, err)
	return bundle.Check(whole, []byte(head.Note), verifier)
}

// patched is a verdict as a program would write it that checks nothing: whatever was
// signed is kept, and the log names it.
type patched struct {
	p             models.Payout
	first, second signer
	verdict       models.Verdict
}

func (a *townApp) patched(p models.Payout, first, second signer) patched {
	return patched{p: p, first: first, second: second, verdict: models.Verdict{
		PayoutID: p.ID, About: "unclear", Says: "paid", Evidence: "statement", Text: "line 7", Reason: "booked", ProposerID: first.person.ID, ProposedAt: a.town.Now(),
		ReceivedMinor: p.AmountMinor,
	}}
}

func (w *patched) details(s models.Signature) models.Details {
	return s.Note(models.Details{"verdict": fmt.Sprint(w.verdict.ID), "said": "paid", "evidence": "statement", "about": "unclear"})
}

// propose writes the first half by this signature, and confirm the second.
func (w *patched) propose(a *townApp, sign func() models.Signature) {
	a.write(func(tx *gorm.DB) error {
		if err := models.AddVerdict(tx, &w.verdict); err != nil {
			return err
		}
		s, err := keptUnchecked(tx, sign())
		if err != nil {
			return err
		}
		return models.Remark(tx, w.p, "verdict_proposed", w.first.person.As(models.VerbVerdict), a.town.Now(), w.details(s))
	})
}

func (w *patched) confirm(a *townApp, sign func() models.Signature) {
	a.write(func(tx *gorm.DB) error {
		v := &w.verdict
		v.ConfirmerID, v.ConfirmedAt, v.Answer, v.State = &w.second.person.ID, a.town.Now(), "so it is", "confirmed"
		if err := models.CloseVerdict(tx, v); err != nil {
			return err
		}
		s, err := keptUnchecked(tx, sign())
		if err != nil {
			return err
		}
		w.p.ReceivedMinor = v.ReceivedMinor
		return models.Record(tx, &w.p, models.MoveVerdictPaid, models.Effect{}, w.second.person.As(models.VerbVerdict), a.town.Now(), w.details(s))
	})
}

// keptUnchecked keeps a signature, if there is one.
func keptUnchecked(tx *gorm.DB, s models.Signature) (models.Signature, error) {
	if len(s.Nonce) == 0 {
		return s, nil
	}
	_, err := models.KeepSignature(tx, &s)
	return s, err
}
