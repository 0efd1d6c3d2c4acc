package handlers

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/passkey"
)

// newSiteTown is a town that is reached at an address with a name, so that passkeys work.
func newSiteTown(t *testing.T, change ...func(*Config)) *townApp {
	a := newTown(t, change...)
	must(t, a.Accounts.SetPublicURL(t.Context(), models.Machine("test"), testOrigin))
	return a
}

// bySignature is the form of a page whose act a passkey signs.
func (p page) bySignature(key *authenticator) url.Values {
	p.t.Helper()
	form := url.Values{"answer": {key.get(p.asked())}}
	for _, name := range []string{"digest", "stamp"} {
		form.Set(name, hidden(p, name))
	}
	return form
}

func hidden(p page, name string) string {
	p.t.Helper()
	_, rest, found := strings.Cut(p.body, `name="`+name+`" value="`)
	if !found {
		p.t.Fatalf("the page has no %s", name)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func (b *browser) approvalPage(p models.Payout) page {
	b.t.Helper()
	return b.get("/approvals/" + p.OrderNo).is(http.StatusOK)
}

// signing is the form of a page that asks why, as somebody without a factor signs it.
func (b *browser) signing(path, reason string) url.Values {
	b.t.Helper()
	return url.Values{"reason": {reason}, "digest": {hidden(b.get(path).is(http.StatusOK), "digest")}, "password": {password}}
}

// signatures are all that were kept, but for those by which somebody got the factor that
// they sign with.
func (a *app) signatures() (all []models.Signature) {
	a.t.Helper()
	must(a.t, a.Store.Read(a.t.Context()).Where("act NOT IN ?", []models.ActVerb{models.ActAddPasskey, models.ActAddCodes}).Order("id").Find(&all).Error)
	return all
}

func TestX8_APasskeySignsTheContentAndAnOutsiderCanCheckIt(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	b := a.as(models.Approver)
	key := b.withPasskey()
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	card := b.approvalPage(p).says("Approve with your passkey")
	b.post(approvalPath(p), card.bySignature(key)).is(http.StatusSeeOther)
	if got := a.order(p.OrderNo); got.Stage != models.Approved {
		t.Fatalf("it is %s", got.Stage)
	}
	s := a.signatures()[0]
	proof := passkey.Assertion{PublicKey: s.PublicKey, AuthenticatorData: s.AuthenticatorData, ClientData: s.ClientData, Signature: s.Signature}
	origin, err := proof.Verify(p.Act(models.ActApprove, p.Digest).Challenge(s.IssuedAt, s.Nonce))
	if err != nil || origin != testOrigin || s.Method != models.FactorPasskey {
		t.Fatalf("an outsider reads %s, %q, %v", s.Method, origin, err)
	}
	event := a.events("approved")[0]
	if event.Details["signature"] != hex.EncodeToString(s.Sum()) || event.Details["method"] != "passkey" {
		t.Fatalf("on record: %+v", event.Details)
	}
	var enrolled models.Event
	must(t, a.Store.Read(t.Context()).Take(&enrolled, "seq = ?", s.EnrolledSeq).Error)
	if enrolled.ActorID != b.person.ID || enrolled.Details["credential"] != models.KeyDigest(s.CredentialID, s.PublicKey) {
		t.Fatalf("the key is on record as %+v", enrolled)
	}
}

// tried is one way to come by a signature that must not do.
type tried struct {
	name, says, why string
	form            func(a *townApp, b *browser, key *authenticator, p models.Payout) url.Values
}

var badProofs = []tried{
	{"no proof at all", "Unlock your passkey", "step_up.no_passkey", func(_ *townApp, b *browser, _ *authenticator, p models.Payout) url.Values {
		return url.Values{"digest": {hexOf(p)}}
	}},
	{"a stolen session with the password", "Unlock your passkey", "step_up.no_passkey", func(_ *townApp, b *browser, _ *authenticator, p models.Payout) url.Values {
		return url.Values{"digest": {hexOf(p)}, "password": {password}}
	}},
	{"another's passkey", "not yours", "step_up.not_yours", func(a *townApp, b *browser, _ *authenticator, p models.Payout) url.Values {
		return b.approvalPage(p).bySignature(a.as(models.Approver).withPasskey())
	}},
	{"made for another order", "not what this page asks for", "step_up.other_act", func(a *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		other := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 77))
		form := b.approvalPage(other).bySignature(key)
		form.Set("digest", hexOf(p))
		return form
	}},
	{"made to reject", "not what this page asks for", "step_up.other_act", func(_ *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		return b.get("/approvals/" + p.OrderNo + "/reject").bySignature(key)
	}},
	{"six minutes old", "more than five minutes", "step_up.too_old", func(a *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		form := b.approvalPage(p).bySignature(key)
		a.town.Pass(6 * time.Minute)
		return form
	}},
	{"asked for in another browser", "another browser", "step_up.other_browser", func(a *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		other := a.nobody()
		other.post("/sign-in/passkey", url.Values{"answer": {key.get(other.get("/sign-in").asked())}, "next": {"/"}}).is(http.StatusSeeOther)
		other.person = b.person
		return other.approvalPage(p).bySignature(key)
	}},
	{"not unlocked", "does not hold", "step_up.wrong_passkey", func(_ *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		key.locked = true
		return b.approvalPage(p).bySignature(key)
	}},
	{"on a false site", "does not hold", "step_up.wrong_passkey", func(_ *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		key.origin = "https://pay.example.com.evil.example"
		return b.approvalPage(p).bySignature(key)
	}},
	{"no answer of a passkey", "does not hold", "step_up.wrong_passkey", func(_ *townApp, b *browser, key *authenticator, p models.Payout) url.Values {
		form := b.approvalPage(p).bySignature(key)
		form.Set("answer", "{}")
		return form
	}},
}

func TestS5_AProofForAnythingElseApprovesNothing(t *testing.T) {
	t.Parallel()
	for _, bad := range badProofs {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			a := newSiteTown(t)
			b := a.as(models.Approver)
			key := b.withPasskey()
			p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
			b.post(approvalPath(p), bad.form(a, b, key, p)).is(http.StatusUnprocessableEntity).says("Nothing was approved.", bad.says)
			if got := a.order(p.OrderNo); got.Approvals != 0 || len(a.signatures()) != 0 {
				t.Fatalf("%d approvals, %d signatures", got.Approvals, len(a.signatures()))
			}
			refused := a.events("step_up_refused")
			if len(refused) != 1 || refused[0].Details["why"] != bad.why || refused[0].ActorID != b.person.ID || refused[0].SubjectID != p.OrderNo {
				t.Fatalf("on record: %+v", refused)
			}
		})
	}
}

func TestS5_ASignatureIsUsedOnce(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	b := a.as(models.Approver)
	key := b.withPasskey()
	maker := a.as(models.Maker)
	p := a.submitted(maker, a.town.Form("apay.taiwan", 1))
	form := b.approvalPage(p).bySignature(key)
	b.post(approvalPath(p), form).is(http.StatusSeeOther)
	b.post(approvalPath(p), form).is(http.StatusConflict).says("signed this payout already")
	maker.post("/payouts/"+p.OrderNo+"/withdrawal", url.Values{"reason": {"no"}})
	if len(a.signatures()) != 1 || len(a.events("approved")) != 1 {
		t.Error("it counted twice")
	}
	if refused := a.events("refused"); len(refused) != 1 || refused[0].Details["why"] != "payout.moved_on" && refused[0].Details["why"] != "payout.signed_already" {
		t.Errorf("on record: %+v", refused)
	}
}

func TestI03_ContentThatChangedIsNotSignedAndThatIsOnRecord(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	b, maker := a.as(models.Approver), a.as(models.Maker)
	key := b.withPasskey()
	form := a.town.Form("apay.taiwan", 1)
	p := a.submitted(maker, form)
	seen := b.approvalPage(p).bySignature(key)
	form.Values["number"] = "4088748280279999"
	maker.post("/payouts/"+p.OrderNo+"/edit", sentAs(form)).is(http.StatusSeeOther)
	maker.post("/payouts/"+p.OrderNo+"/submission", maker.review(p)).is(http.StatusSeeOther)
	b.post(approvalPath(p), seen).is(http.StatusConflict).says("Your approval was not recorded")
	changed := a.order(p.OrderNo)
	seen.Set("digest", hexOf(changed))
	b.post(approvalPath(p), seen).is(http.StatusUnprocessableEntity).says("Nothing was approved.", "not what this page asks for")
	if a.order(p.OrderNo).Approvals != 0 {
		t.Error("it was signed")
	}
	if refused := a.events("refused"); len(refused) != 1 || refused[0].Details["why"] != "payout.content_changed" {
		t.Errorf("on record: %+v", refused)
	}
}

func TestI22_ACodeSignsOnceAndNeedsNoScript(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	b, maker := a.as(models.Approver), a.as(models.Maker)
	secret := b.withCodes()
	first, second := a.submitted(maker, a.town.Form("apay.taiwan", 1)), a.submitted(maker, a.town.Form("apay.taiwan", 2))
	a.town.Pass(time.Minute)
	code := a.code(secret)
	b.post(approvalPath(first), url.Values{"digest": {hexOf(first)}, "code": {"000000"}}).is(http.StatusUnprocessableEntity).says("Nothing was approved. The code is not")
	b.post(approvalPath(first), url.Values{"digest": {hexOf(first)}, "password": {password}}).is(http.StatusUnprocessableEntity)
	b.post(approvalPath(first), url.Values{"digest": {hexOf(first)}, "code": {code}}).is(http.StatusSeeOther)
	b.post(approvalPath(second), url.Values{"digest": {hexOf(second)}, "code": {code}}).is(http.StatusUnprocessableEntity).says("used before")
	if a.order(first.OrderNo).Approvals != 1 || a.order(second.OrderNo).Approvals != 0 {
		t.Error("the code signed none or two")
	}
	if s := a.signatures(); len(s) != 1 || s[0].Method != models.FactorCode {
		t.Errorf("kept: %+v", s)
	}
}

func TestI22_WhoHasNoFactorTypesThePassword(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	b.approvalPage(p).says("Your password", "Add a passkey")
	b.post(approvalPath(p), url.Values{"digest": {hexOf(p)}, "password": {"quiet lantern over harbour?"}}).is(http.StatusUnprocessableEntity).says("Nothing was approved. That is not your password.")
	b.post("/payouts/"+p.OrderNo+"/rejection", url.Values{"digest": {hexOf(p)}, "because": {"other"}, "reason": {"no"}, "password": {""}}).is(http.StatusUnprocessableEntity).says("Nothing was rejected.")
	b.post(approvalPath(p), b.card(p)).is(http.StatusSeeOther)
	if event := a.events("approved")[0]; event.Details["method"] != "password" {
		t.Errorf("on record: %+v", event.Details)
	}
	for range 10 {
		b.post(approvalPath(p), url.Values{"digest": {hexOf(p)}, "password": {"guess"}})
	}
	other := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 2))
	for range 10 {
		b.post(approvalPath(other), url.Values{"digest": {hexOf(other)}, "password": {"guess"}})
	}
	b.post(approvalPath(other), b.card(other)).is(http.StatusTooManyRequests)
}

// A table that forgets its rule lets a signature be taken twice, and the count of
// signatures says so.
func TestS5_ATableWithoutItsRulesWouldBeSeen(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	b.post(approvalPath(p), b.card(p)).is(http.StatusSeeOther)
	s := a.signatures()[0]
	err := a.Store.Write(t.Context(), func(tx *gorm.DB) error {
		first, err := models.KeepSignature(tx, &models.Signature{})
		if first {
			t.Error("an empty signature was kept")
		}
		return err
	})
	if err == nil {
		t.Error("the table takes anything")
	}
	again := s
	again.ID = 0
	a.write(func(tx *gorm.DB) error {
		if first, err := models.KeepSignature(tx, &again); first || err != nil {
			t.Errorf("kept twice: %v, %v", first, err)
		}
		return nil
	})
	for _, query := range []string{"UPDATE signatures SET method = 'code'", "DELETE FROM signatures", "UPDATE approvals SET signature_id = NULL"} {
		if a.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(query).Error }) == nil {
			t.Errorf("%s went through", query)
		}
	}
}
