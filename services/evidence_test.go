package services_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
	"countersign/services/servicestest"
)

// drawn is a page that shows that pages are files like all others.
func drawn(_ context.Context, d models.Dossier, events []models.Event) (map[string][]byte, error) {
	return map[string][]byte{"index.html": fmt.Appendf(nil, "<p>%s, %d events</p>", d.OrderNo, len(events))}, nil
}

// taken is the bundle of an order, with the newest head and the key.
func taken(t *testing.T, town *servicestest.Town, p models.Payout) (whole, head []byte, verifier string) {
	t.Helper()
	whole, err := town.Evidence.Take(t.Context(), town.Auditor, p.OrderNo, drawn)
	town.Must(err)
	signed, _, err := models.LastHead(town.Store.Read(t.Context()))
	town.Must(err)
	verifier, err = town.Heads.Verifier(t.Context())
	town.Must(err)
	return whole, []byte(signed.Note), verifier
}

// invoice is something to attach.
func invoice(t *testing.T, town *servicestest.Town, p models.Payout) {
	t.Helper()
	town.Must(town.Payouts.Note(t.Context(), town.Maker, p.OrderNo, "the invoice", []services.Upload{{Name: "invoice.txt", Content: []byte("Freight, October")}}))
}

func TestX14_AnOutsiderChecksAPaidOrderOfEveryRail(t *testing.T) {
	for _, rail := range servicestest.Rails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			p := town.Submitted(town.Form(rail, 1))
			invoice(t, town, p)
			town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
			town.Must(town.Sender.Send(t.Context(), p.ID))
			town.Live(10*time.Minute, 10*time.Second)
			if p = town.Look(p); p.Outcome != models.Paid {
				t.Fatal(p.State)
			}
			whole, head, verifier := taken(t, town, p)
			found, err := bundle.Check(whole, head, verifier)
			if err != nil {
				t.Fatal(err)
			}
			if !found.Reckoned || found.Dossier.State != p.State || len(found.Dossier.Files) != 1 || found.Events[len(found.Events)-1].Actor != "auditor" {
				t.Errorf("%+v", found.Dossier)
			}
			for name, value := range servicestest.Answers[rail] {
				if secretFields[name] && bytes.Contains(whole, []byte(value)) {
					t.Errorf("I24: the bundle tells %s", name)
				}
			}
			for _, secret := range []string{"key-of-", "token-of-"} {
				if bytes.Contains(whole, []byte(secret)) {
					t.Errorf("I24: the bundle tells a key")
				}
			}
			town.Sound()
		})
	}
}

var secretFields = map[string]bool{"number": true, "alipay_account_name": true, "accountNo": true, "idCard": true}

func TestX14_EvidenceIsTakenOfEveryState(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	held := town.Approved(town.Form("apay.taiwan", 2))
	town.Must(town.Payouts.Hold(t.Context(), town.Controller, held.OrderNo, "wait"))
	byHand := town.Unclear(town.Form("apay.taiwan", 3))
	err := town.Verdicts.Propose(t.Context(), town.Resolver, byHand.OrderNo, services.Proposal{
		Says: "paid", Evidence: "payee_reply", Text: "the payee has it", Reason: "seen", Received: byHand.Amount().Decimal(),
		Files: []services.Upload{{Name: "reply.txt", Content: []byte("got it")}},
	}, servicestest.Click(town.Verdicts.Core, town.Resolver))
	town.Must(err)
	if _, err := town.Evidence.Take(t.Context(), town.Controller, byHand.OrderNo, drawn); err == nil {
		t.Error("who has to judge a proposal has read it in the bundle")
	}
	v, _, err := models.OpenVerdict(town.Store.Read(t.Context()), byHand.ID)
	town.Must(err)
	_, err = town.Verdicts.Confirm(t.Context(), town.Controller, byHand.OrderNo, v.ID, "paid", "I called the payee", servicestest.Click(town.Verdicts.Core, town.Controller))
	town.Must(err)
	edited := town.Submitted(town.Form("apay.taiwan", 4))
	town.Must(town.Payouts.Edit(t.Context(), town.Maker, edited.OrderNo, town.Form("apay.taiwan", 5)))
	for _, p := range []models.Payout{town.Draft(town.Form("apay.taiwan", 1)), held, byHand, edited, town.Unclear(town.Form("cashy.peru", 6))} {
		for range 2 { // the second one holds the line of the first
			whole, head, verifier := taken(t, town, p)
			if _, err := bundle.Check(whole, head, verifier); err != nil {
				t.Errorf("%+v: %v", town.Look(p).State, err)
			}
		}
	}
	if _, err := town.Evidence.Take(t.Context(), town.Maker, held.OrderNo, drawn); err == nil {
		t.Error("a maker took the evidence out")
	}
	town.Sound()
}

// unpacked gives the files of a bundle.
func unpacked(t *testing.T, whole []byte) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		entry, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(entry); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// edit alters the files in one random way: a byte, a file dropped, added, swapped,
// with the manifest made to fit or not.
func edit(r *rand.Rand, files map[string][]byte) (map[string][]byte, string) {
	all := maps.Clone(files)
	names := slices.Sorted(maps.Keys(all))
	name := names[r.IntN(len(names))]
	what := ""
	switch r.IntN(5) {
	case 0, 1:
		content := slices.Clone(all[name])
		at := r.IntN(len(content))
		content[at] ^= byte(1 + r.IntN(255))
		all[name], what = content, fmt.Sprintf("byte %d of %s", at, name)
	case 2:
		delete(all, name)
		what = "without " + name
	case 3:
		all[fmt.Sprintf("raw/added-%d.txt", r.IntN(9))] = []byte("{}")
		what = "one more file"
	case 4:
		other := names[r.IntN(len(names))]
		if bytes.Equal(all[name], all[other]) {
			delete(all, name)
		} else {
			all[name], all[other] = all[other], all[name]
		}
		what = "swapped " + name + " and " + other
	}
	if r.IntN(2) == 0 && !strings.HasSuffix(what, bundle.ManifestFile) {
		rest := maps.Clone(all)
		for _, own := range []string{bundle.ManifestFile, bundle.ProofFile, bundle.HeadFile} {
			delete(rest, own)
		}
		all[bundle.ManifestFile] = bundle.Manifest(rest)
		what += ", the manifest made to fit"
	}
	return all, what
}

func TestX14_EveryRandomEditOfABundleIsRefused(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	invoice(t, town, p)
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(10*time.Minute, 10*time.Second)
	whole, head, verifier := taken(t, town, p)
	if _, err := bundle.Check(whole, head, verifier); err != nil {
		t.Fatal(err)
	}
	files := unpacked(t, whole)
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		changed, what := edit(r, files)
		if maps.EqualFunc(changed, files, bytes.Equal) {
			continue // the manifest was made to fit again
		}
		again, err := bundle.Write(changed)
		town.Must(err)
		if _, err := bundle.Check(again, head, verifier); !isRefused(err) {
			t.Errorf("believed with %s: %v", what, err)
		}
	}
	for range 400 { // and of the file as a whole, between its parts too
		altered := slices.Clone(whole)
		at := r.IntN(len(altered))
		altered[at] ^= byte(1 + r.IntN(255))
		if _, err := bundle.Check(altered, head, verifier); !isRefused(err) {
			t.Errorf("believed with another byte %d: %v", at, err)
		}
	}
	for _, other := range [][]byte{nil, whole[:len(whole)/2], append(slices.Clone(whole), 0)} {
		if _, err := bundle.Check(other, head, verifier); !isRefused(err) {
			t.Errorf("believed: %v", err)
		}
	}
}

func isRefused(err error) bool {
	refused, ok := err.(bundle.Refused)
	return ok && strings.HasSuffix(string(refused), ".")
}

// The known-bad variant: somebody who has the database alters an order, the whole chain
// and the tree, and takes a bundle of it. Alone it is sound; against a kept head it is not.
func TestX14_ABundleOfARewrittenPastIsRefusedByTheKeptHead(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	kept, err := town.Heads.Sign(t.Context(), "asked")
	town.Must(err)
	whole, head, verifier := taken(t, town, p)
	for _, k := range [][]byte{head, []byte(kept.Note)} { // the one over it, and an older one
		if _, err := bundle.Check(whole, k, verifier); err != nil {
			t.Fatal(err)
		}
	}
	later, err := town.Heads.Sign(t.Context(), "asked")
	town.Must(err)
	if _, err := bundle.Check(whole, []byte(later.Note), verifier); err != nil {
		t.Error(err)
	}
	town.Draft(town.Form("apay.taiwan", 2))
	later, err = town.Heads.Sign(t.Context(), "asked")
	town.Must(err)
	if _, err := bundle.Check(whole, []byte(later.Note), verifier); !isRefused(err) || !strings.Contains(err.Error(), "newer than the bundle") {
		t.Error(err)
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return rewriteAll(tx, "UPDATE events SET actor = 'somebody else' WHERE verb = 'submitted'")
	}))
	forged, own, _ := taken(t, town, p)
	if _, err := bundle.Check(forged, own, verifier); err != nil {
		t.Errorf("the forger's own head should fit: %v", err)
	}
	for _, k := range []string{string(head), kept.Note, later.Note} {
		if _, err := bundle.Check(forged, []byte(k), verifier); !isRefused(err) {
			t.Errorf("believed: %v", err)
		}
	}
}

// What something else than this program wrote into the rows is not taken as evidence, be it
// of one order or of a period.
func TestX14_EvidenceOfAnOrderWhoseRowsWereAlteredIsNotTaken(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p, other := town.Sent(town.Form("apay.taiwan", 1)), town.Sent(town.Form("cashy.peru", 2))
	town.Live(10*time.Minute, 10*time.Second)
	taken(t, town, p)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		err := servicestest.Unguarded(tx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE notices SET address = '203.0.113.9' WHERE payout_id = ?", p.ID).Error
		})
		if err != nil {
			return err
		}
		return tx.Exec("DELETE FROM touched").Error // another program leaves no note of what it wrote
	}))
	_, err := town.Evidence.Take(t.Context(), town.Auditor, p.OrderNo, drawn)
	if refusal, ok := err.(models.Refusal); !ok || refusal.Key != "evidence.altered" {
		t.Errorf("of the order: %v", err)
	}
	wish := services.PeriodWish{From: town.Now().Add(-24 * time.Hour), Until: town.Now().Add(24 * time.Hour), Zone: time.UTC}
	_, err = town.Evidence.TakePeriod(t.Context(), town.Auditor.As(models.VerbAudit), wish, plainPeriod, io.Discard, nil)
	if refusal, ok := err.(models.Refusal); !ok || refusal.Key != "evidence.altered" {
		t.Errorf("of the period: %v", err)
	}
	taken(t, town, other) // of another order nothing was altered
}

// Known bad: facts that the log does not bear out, in a bundle that is otherwise sound.
func TestX14_FactsThatTheLogDoesNotBearOutAreRefused(t *testing.T) {
	t.Parallel()
	for name, lie := range map[string]func(*models.Dossier){
		"another notice":   func(d *models.Dossier) { d.Notices[0].Digest = strings.Repeat("00", 32) },
		"another answer":   func(d *models.Dossier) { d.Questions[len(d.Questions)-1].Digest = strings.Repeat("00", 32) },
		"another state":    func(d *models.Dossier) { d.State.Outcome = models.Failed },
		"another sum":      func(d *models.Dossier) { d.Amount = "1.00 TWD" },
		"another content":  func(d *models.Dossier) { d.Content.Amount.Minor++; d.Amount = d.Content.Amount.String() },
		"another account":  func(d *models.Dossier) { d.Content.Payee["number"] = models.MarkPrefix + "00" },
		"one more signer":  func(d *models.Dossier) { d.Approvals = append(d.Approvals, d.Approvals[0]) },
		"no notice":        func(d *models.Dossier) { d.Notices, d.Questions = nil, nil },
		"another request":  func(d *models.Dossier) { d.Attempts[0].RequestDigest = d.Digest },
		"no request":       func(d *models.Dossier) { d.Attempts = nil },
		"another order":    func(d *models.Dossier) { d.OrderNo += "X" },
		"no such file":     func(d *models.Dossier) { d.Files = append(d.Files, models.DossierFile{ID: 9}) },
		"another payee":    func(d *models.Dossier) { d.Payee = "Evil Ltd" },
		"another last4":    func(d *models.Dossier) { d.Last4 = "6666" },
		"another rail":     func(d *models.Dossier) { d.Content.Rail = "cashy.peru" },
		"another maker":    func(d *models.Dossier) { d.Maker = "Somebody else" },
		"a replacement":    func(d *models.Dossier) { d.Replaces = d.OrderNo },
		"another number":   func(d *models.Dossier) { d.GatewayNo = "POT99999999" },
		"another approver": func(d *models.Dossier) { d.Approvals[0].Person = "Somebody else" },
		"other roles":      func(d *models.Dossier) { d.Approvals[0].Roles = "controller" },
		"another policy":   func(d *models.Dossier) { d.Approvals[0].Policy += 7 },
		"another day":      func(d *models.Dossier) { d.Approvals[0].At = d.Approvals[0].At.Add(-24 * time.Hour) },
		"other bytes":      func(d *models.Dossier) { d.Attempts[0].Bytes++ },
		"it never left":    func(d *models.Dossier) { d.Attempts[0].NotSent = true },
		"another status":   func(d *models.Dossier) { d.Attempts[0].HTTP = 500 },
		"another reading":  func(d *models.Dossier) { d.Attempts[0].ReadAs = "refused" },
		"from elsewhere":   func(d *models.Dossier) { d.Notices[0].Address = "203.0.113.9" },
		"a second later":   func(d *models.Dossier) { d.Notices[0].At = d.Notices[0].At.Add(time.Second) },
		"a notice altered": func(d *models.Dossier) { d.Notices[0].Algorithm = "none" },
		"a notice hidden":  func(d *models.Dossier) { d.Notices = nil },
		"an answer hidden": func(d *models.Dossier) { d.Questions = d.Questions[1:] },
		"an answer later":  func(d *models.Dossier) { d.Questions[0].At = d.Questions[0].At.Add(time.Hour) },
		"the truth itself": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			p := town.Sent(town.Form("apay.taiwan", 1))
			town.Live(10*time.Minute, 10*time.Second)
			lying := func(_ context.Context, d models.Dossier, _ []models.Event) (map[string][]byte, error) {
				if lie != nil {
					text, err := json.Marshal(d)
					town.Must(err)
					town.Must(json.Unmarshal(text, &d))
					lie(&d)
				}
				return map[string][]byte{bundle.FactsFile: bundle.Encode(d)}, nil
			}
			whole, err := town.Evidence.Take(t.Context(), town.Auditor, p.OrderNo, lying)
			town.Must(err)
			head, _, err := models.LastHead(town.Store.Read(t.Context()))
			town.Must(err)
			verifier, err := town.Heads.Verifier(t.Context())
			town.Must(err)
			_, err = bundle.Check(whole, []byte(head.Note), verifier)
			if lie == nil && err != nil || lie != nil && !isRefused(err) {
				t.Error(err)
			}
		})
	}
}
