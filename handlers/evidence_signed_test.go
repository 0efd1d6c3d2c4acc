package handlers

import (
	"errors"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/bundle"
	"countersign/services/gateway"
)

// I10: why an order is called paid by two people is shown to an outsider by what each of
// them signed.
func TestI10_ABundleShowsByWhatBothPeopleOfAVerdictSigned(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	p := a.muted("apay.taiwan", 1)
	first, second := a.signer(models.Resolver), a.signer(models.Controller)
	first.proposes(p, statement(p, "line 7 of the statement"))
	second.judges(a, p, "look_again")
	second.proposes(p, statement(p, "line 7, from account 0037 6512 3499"))
	first.judges(a, p, "paid")
	if p = a.order(p.OrderNo); p.Outcome != models.Paid || !p.ByHand {
		t.Fatal(p.State)
	}
	found, err := a.outsider(p)
	must(t, err)
	lines := strings.Join(found.Held(), "\n")
	for _, words := range []string{
		first.person.Name + " proposed “paid” with the passkey “Work laptop”, unlocked on " + testOrigin + ": its signature over exactly this case and this answer holds",
		second.person.Name + " answered “look again later” to the proposal “paid” with the passkey",
		second.person.Name + " proposed “paid” with", first.person.Name + " confirmed “paid” with the passkey “Work laptop”", "A number in the text of the proposal is masked here",
	} {
		if !strings.Contains(lines, words) {
			t.Errorf("it does not say %q:\n%s", words, lines)
		}
	}
	if len(found.Deeds) != 4 || found.Deeds[1].Masked || !found.Deeds[3].Masked || found.Deeds[3].Key.Seq != first.enrolled.Seq {
		t.Errorf("%+v", found.Deeds)
	}
	if strings.Contains(found.Dossier.Verdicts[0].Text, "6512") {
		t.Error("I24: the bundle tells an account number")
	}
}

// What has to be signed beside verdicts is carried as well, and what a password or a code
// is worth is said of it.
func TestX14_RejectionsAndHoldsLetGoCarryTheirSignatures(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	controller := a.signer(models.Controller)
	must(t, a.Payouts.Hold(t.Context(), a.town.Approver, p.OrderNo, "wait"))
	page := controller.get(pathOf(p) + "/resume")
	form := page.bySignature(controller.key)
	form.Set("reason", "all is well")
	controller.post(pathOf(p)+"/resume", form).is(303)
	approver := a.as(models.Approver)
	reject := approver.card(p)
	reject.Set("because", string(models.RejectionReasons[0]))
	reject.Set("reason", "not ours")
	approver.post("/payouts/"+p.OrderNo+"/rejection", reject).is(303)
	found, err := a.outsider(p)
	must(t, err)
	lines := strings.Join(found.Held(), "\n")
	if len(found.Deeds) != 2 || !strings.Contains(lines, "let the order go on with the passkey") || !strings.Contains(lines, "rejected the order with a password, as the log says") {
		t.Errorf("%+v\n%s", found.Deeds, lines)
	}
}

// Known bad: facts that tell what was signed otherwise than it was.
func TestX8_ABundleThatTellsTheSignaturesOfAVerdictOtherwiseIsRefused(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	first, second := a.signer(models.Resolver), a.signer(models.Controller)
	p, other := a.muted("apay.taiwan", 1), a.muted("apay.taiwan", 2)
	for _, order := range []models.Payout{other, p} {
		first.proposes(order, statement(order, "line 7 of 1234567890"))
		second.judges(a, order, "paid")
	}
	elsewhere, err := a.outsider(other)
	must(t, err)
	for name, lie := range map[string]func(*models.Dossier){
		"the truth itself": nil,
		"exchanged": func(d *models.Dossier) {
			d.Deeds[0].Signature, d.Deeds[1].Signature = d.Deeds[1].Signature, d.Deeds[0].Signature
		},
		"dropped":     func(d *models.Dossier) { d.Deeds = d.Deeds[:1] },
		"all dropped": func(d *models.Dossier) { d.Deeds = nil },
		"one twice":   func(d *models.Dossier) { d.Deeds = append(d.Deeds, d.Deeds[0]) },
		"one too many": func(d *models.Dossier) {
			d.Deeds = append(d.Deeds, models.DossierDeed{Event: 1, Signature: d.Deeds[0].Signature})
		},
		"of the approval":  func(d *models.Dossier) { d.Deeds[0].Signature = *d.Approvals[0].Signature },
		"of another order": func(d *models.Dossier) { d.Deeds[1].Signature = elsewhere.Dossier.Deeds[1].Signature },
		"another moment":   func(d *models.Dossier) { d.Deeds[1].Signature.MadeAt = d.Deeds[1].Signature.MadeAt.Add(time.Second) },
		"another text":     func(d *models.Dossier) { d.Verdicts[0].Text = "line 8" },
		"another proposal": func(d *models.Dossier) { d.Verdicts[0].Proposal = strings.Repeat("00", 32) },
		"an unmasked text": func(d *models.Dossier) { d.Verdicts[0].Text = "line 7 of nothing" },
		"another reason":   func(d *models.Dossier) { d.Verdicts[0].Reason = "they said so" },
		"another answer":   func(d *models.Dossier) { d.Verdicts[0].Answer = "no idea" },
		"another number":   func(d *models.Dossier) { d.Verdicts[0].Text = strings.ReplaceAll(d.Verdicts[0].Text, "7890", "7891") },
		"another ending":   func(d *models.Dossier) { d.Verdicts[0].State = "disagreed" },
		"another answerer": func(d *models.Dossier) { d.Verdicts[0].Confirmer = d.Verdicts[0].Proposer },
	} {
		t.Run(name, func(t *testing.T) {
			if lie == nil {
				lie = func(*models.Dossier) {}
			}
			if _, err := a.outsiderTold(p, lie); (name != "the truth itself") != errors.As(err, new(bundle.Refused)) {
				t.Error(err)
			}
		})
	}
}

// An installation whose program was exchanged writes a log that names what it made up: what
// it cannot make up is what a key signs that the log knew before.
func TestX8_AVerdictThatItsPeopleDidNotSignIsRefusedThoughTheLogNamesIt(t *testing.T) {
	t.Parallel()
	type signing func(a *townApp, w *patched, s models.Signature) models.Signature
	proposal, confirmation := "proposal", "confirmation"
	for _, lie := range []struct {
		half, name string
		sign       signing
	}{
		{proposal, "the truth itself", nil},
		{proposal, "another act", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			return w.first.signs(w.p.Act(models.ActApprove, w.p.Digest), a.town.Now())
		}},
		{proposal, "another answer", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			return w.first.signs(w.p.VerdictAct(models.ActPropose, w.p.CaseDigest(nil), "not_paid"), a.town.Now())
		}},
		{proposal, "the other half", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			return w.first.signs(w.p.VerdictAct(models.ActConfirm, w.p.CaseDigest(nil), "paid"), a.town.Now())
		}},
		{proposal, "another order", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			p := w.p
			p.OrderNo += "X"
			return w.first.signs(p.VerdictAct(models.ActPropose, p.CaseDigest(nil), "paid"), a.town.Now())
		}},
		{proposal, "another content", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			p := w.p
			p.Digest = make([]byte, 32)
			return w.first.signs(p.VerdictAct(models.ActPropose, p.CaseDigest(nil), "paid"), a.town.Now())
		}},
		{proposal, "another state of it", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			p := w.p
			p.Clash = true
			return w.first.signs(p.VerdictAct(models.ActPropose, p.CaseDigest(nil), "paid"), a.town.Now())
		}},
		{proposal, "another person", func(a *townApp, w *patched, s models.Signature) models.Signature {
			return w.second.signs(w.p.VerdictAct(models.ActPropose, w.p.CaseDigest(nil), "paid"), a.town.Now())
		}},
		{proposal, "another's key", func(a *townApp, w *patched, s models.Signature) models.Signature {
			s.EnrolledSeq = w.second.enrolled.Seq
			w.second.seals(&s)
			return s
		}},
		{proposal, "a key of nobody", func(a *townApp, w *patched, s models.Signature) models.Signature {
			nobody := w.first
			nobody.key = newAuthenticator(w.first.t)
			nobody.seals(&s)
			return s
		}},
		{proposal, "no such enrolment", func(a *townApp, w *patched, s models.Signature) models.Signature {
			s.EnrolledSeq = 1
			return s
		}},
		{proposal, "yesterday", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			return w.first.signs(w.p.VerdictAct(models.ActPropose, w.p.CaseDigest(nil), "paid"), a.town.Now().Add(-24*time.Hour))
		}},
		{proposal, "a bit of it", func(a *townApp, w *patched, s models.Signature) models.Signature {
			s.Signature[len(s.Signature)-1] ^= 1
			return s
		}},
		{proposal, "nobody signed", func(*townApp, *patched, models.Signature) models.Signature { return models.Signature{} }},
		{confirmation, "without the proposal", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			return w.second.signs(w.p.VerdictAct(models.ActConfirm, w.p.CaseDigest(nil), "paid"), a.town.Now())
		}},
		{confirmation, "another evidence", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			v := w.verdict
			v.Text = "line 8"
			return w.second.signs(w.p.VerdictAct(models.ActConfirm, w.p.CaseDigest(&v), "paid"), a.town.Now())
		}},
		{confirmation, "another answer", func(a *townApp, w *patched, _ models.Signature) models.Signature {
			return w.second.signs(w.p.VerdictAct(models.ActConfirm, w.p.CaseDigest(&w.verdict), "look_again"), a.town.Now())
		}},
		{confirmation, "the proposer's key", func(a *townApp, w *patched, s models.Signature) models.Signature {
			s.EnrolledSeq = w.first.enrolled.Seq
			w.first.seals(&s)
			return s
		}},
	} {
		t.Run(lie.half+", "+lie.name, func(t *testing.T) {
			t.Parallel()
			a := newSiteTown(t)
			p := a.muted("apay.taiwan", 1)
			w := a.patched(p, a.signer(models.Resolver), a.signer(models.Controller))
			w.propose(a, func() models.Signature {
				s := w.first.signs(w.p.VerdictAct(models.ActPropose, w.p.CaseDigest(nil), "paid"), a.town.Now())
				if lie.half == proposal && lie.sign != nil {
					s = lie.sign(a, &w, s)
				}
				return s
			})
			w.confirm(a, func() models.Signature {
				s := w.second.signs(w.p.VerdictAct(models.ActConfirm, w.p.CaseDigest(&w.verdict), "paid"), a.town.Now())
				if lie.half == confirmation {
					s = lie.sign(a, &w, s)
				}
				return s
			})
			found, err := a.outsider(w.p)
			if lie.sign == nil {
				if err != nil || len(found.Deeds) != 2 || found.Deeds[1].Method != models.FactorPasskey || gateway.Masked(found.Dossier.Verdicts[0].Text) {
					t.Errorf("%v: %+v", err, found.Deeds)
				}
				return
			}
			if !errors.As(err, new(bundle.Refused)) {
				t.Error(err)
			}
		})
	}
}
