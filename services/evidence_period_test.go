package services_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
	"countersign/services/servicestest"
)

// plainPeriod draws pages that show that pages are files like all others.
var plainPeriod = services.DrawPeriod{
	Order: func(_ context.Context, d models.Dossier, events []models.Event) ([]byte, error) {
		return fmt.Appendf(nil, "<p>%s, %d events</p>", d.OrderNo, len(events)), nil
	},
	Rest: func(_ context.Context, _ models.PeriodDossier, orders []models.PeriodOrder, _ []models.Event, add func(string, []byte) error) error {
		return add("index.html", fmt.Appendf(nil, "<p>%d orders</p>", len(orders)))
	},
}

// periodOf is the bundle of all orders of the two days around now.
func periodOf(t *testing.T, town *servicestest.Town, scope models.Scope) (whole []byte, taken services.PeriodTaken) {
	t.Helper()
	var out bytes.Buffer
	wish := services.PeriodWish{From: town.Now().Add(-24 * time.Hour), Until: town.Now().Add(24 * time.Hour), Zone: time.UTC, Scope: scope}
	taken, err := town.Evidence.TakePeriod(t.Context(), town.Auditor.As(models.VerbAudit), wish, plainPeriod, &out, nil)
	town.Must(err)
	return out.Bytes(), taken
}

// lastHead is the newest signed head, and the key.
func lastHead(t *testing.T, town *servicestest.Town) (head []byte, verifier string) {
	t.Helper()
	signed, _, err := models.LastHead(town.Store.Read(t.Context()))
	town.Must(err)
	verifier, err = town.Heads.Verifier(t.Context())
	town.Must(err)
	return []byte(signed.Note), verifier
}

func checkPeriod(whole, head []byte, verifier string) (bundle.FoundPeriod, []bundle.Found, error) {
	var all []bundle.Found
	found, err := bundle.CheckPeriod(bytes.NewReader(whole), int64(len(whole)), head, verifier, func(f bundle.Found) { all = append(all, f) })
	return found, all, err
}

// aPeriod is a town with an order before the period, a signed head, and orders of every
// kind after it.
func aPeriod(t *testing.T) *servicestest.Town {
	t.Helper()
	town := servicestest.New(t)
	town.Sent(town.Form("apay.taiwan", 90))
	town.Pass(72 * time.Hour)
	_, err := town.Heads.Sign(t.Context(), "day")
	town.Must(err)
	town.Pass(36 * time.Hour)
	for i, rail := range servicestest.Rails {
		p := town.Submitted(town.Form(rail, i))
		invoice(t, town, p)
		town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
		town.Must(town.Sender.Send(t.Context(), p.ID))
	}
	town.Live(10*time.Minute, 10*time.Second)
	town.Draft(town.Form("apay.taiwan", 40))
	town.Unclear(town.Form("apay.taiwan", 41))
	return town
}

func TestM05_AnOutsiderChecksAllOrdersOfAPeriod(t *testing.T) {
	t.Parallel()
	town := aPeriod(t)
	whole, taken := periodOf(t, town, models.Scope{})
	head, verifier := lastHead(t, town)
	found, orders, err := checkPeriod(whole, head, verifier)
	if err != nil {
		t.Fatal(err)
	}
	if len(orders) != 6 || taken.Orders != 6 || found.Start.Size == 0 || found.Hidden != 0 || int64(found.Told) != taken.Events || found.Files != taken.Files {
		t.Errorf("%d orders, %+v, %+v", len(orders), found, taken)
	}
	if len(found.Period.People) < 2 || len(found.Period.Policies) == 0 || len(found.Period.Payees) < 4 || found.Before == 0 || found.Ways[models.FactorDemo] != 5 {
		t.Errorf("what the orders depend on: %+v", found)
	}
	if lines := strings.Join(found.Held(), "\n"); !strings.Contains(lines, "no order that was made in the period is missing") || !strings.Contains(lines, "5 approvals were given by a click") {
		t.Error(lines)
	}
	for name, value := range servicestest.Answers["cashy.peru"] {
		if secretFields[name] && bytes.Contains(whole, []byte(value)) {
			t.Errorf("I24: the bundle tells %s", name)
		}
	}
	town.Draft(town.Form("apay.taiwan", 42)) // what comes later has no part in it
	if _, _, err := checkPeriod(whole, head, verifier); err != nil {
		t.Error(err)
	}
	town.Sound()
}

// A head that was kept within the span shows as much as one of before or after it.
func TestM05_AnyKeptHeadOfThatLogWillDo(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	var heads [][]byte
	for i := range 4 {
		signed, err := town.Heads.Sign(t.Context(), "asked")
		town.Must(err)
		heads = append(heads, []byte(signed.Note))
		town.Pass(20 * time.Hour)
		town.Submitted(town.Form("apay.taiwan", i))
	}
	whole, _ := periodOf(t, town, models.Scope{})
	last, verifier := lastHead(t, town)
	for _, head := range append(heads, last) {
		if _, _, err := checkPeriod(whole, head, verifier); err != nil {
			t.Error(err)
		}
	}
	other := servicestest.New(t)
	other.Draft(other.Form("apay.taiwan", 1))
	_, _ = periodOf(t, other, models.Scope{})
	strange, strangeKey := lastHead(t, other)
	if _, _, err := checkPeriod(whole, strange, strangeKey); !errors.As(err, new(bundle.Refused)) {
		t.Errorf("the bundle of another log was believed: %v", err)
	}
}

// Whoever sees a part takes a part: of the rest the bundle has nothing but hashes.
func TestM05_AScopeIsRespected(t *testing.T) {
	t.Parallel()
	town := aPeriod(t)
	whole, taken := periodOf(t, town, models.Scope{Accounts: []models.AccountID{town.Lima.ID}})
	head, verifier := lastHead(t, town)
	found, orders, err := checkPeriod(whole, head, verifier)
	if err != nil {
		t.Fatal(err)
	}
	if len(orders) != 1 || taken.Orders != 1 || found.Hidden == 0 || orders[0].Dossier.Gateway != town.Lima.Name {
		t.Errorf("%d orders, %d hidden", len(orders), found.Hidden)
	}
	for _, stranger := range []string{"陳怡君", "王建国"} {
		if bytes.Contains(whole, []byte(stranger)) {
			t.Errorf("the bundle tells of a payee outside the scope: %s", stranger)
		}
	}
	if lines := strings.Join(found.Held(), "\n"); !strings.Contains(lines, "named by their hash alone") {
		t.Error(lines)
	}
}

// repacked packs files anew, in the order in which they were, with some changed.
func repacked(t *testing.T, whole []byte, change func(name string, content []byte) (string, []byte, bool)) []byte {
	t.Helper()
	reader, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, f := range reader.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		name, content, keep := change(f.Name, content)
		if !keep {
			continue
		}
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestM05_ABundleThatWasAlteredIsRefused(t *testing.T) {
	t.Parallel()
	town := aPeriod(t)
	whole, _ := periodOf(t, town, models.Scope{})
	head, verifier := lastHead(t, town)
	if _, _, err := checkPeriod(repacked(t, whole, func(name string, content []byte) (string, []byte, bool) { return name, content, true }), head, verifier); err != nil {
		t.Fatal("packed anew without a change it was refused:", err)
	}
	found, orders, err := checkPeriod(whole, head, verifier)
	town.Must(err)
	first := bundle.OrderFolder(orders[0].Dossier.OrderNo)
	replace := func(file, old, new string) func(string, []byte) (string, []byte, bool) {
		return func(name string, content []byte) (string, []byte, bool) {
			if name == file {
				if !bytes.Contains(content, []byte(old)) {
					t.Fatalf("%s has no %q", file, old)
				}
				content = bytes.Replace(content, []byte(old), []byte(new), 1)
			}
			return name, content, true
		}
	}
	without := func(drop func(string) bool) func(string, []byte) (string, []byte, bool) {
		return func(name string, content []byte) (string, []byte, bool) { return name, content, !drop(name) }
	}
	edits := map[string]func(string, []byte) (string, []byte, bool){
		"an amount in the facts":        replace(first+bundle.FactsFile, orders[0].Dossier.Amount, "9"+orders[0].Dossier.Amount),
		"an event in a folder":          replace(first+bundle.EventsFile, `"Actor": "maker"`, `"Actor": "nobody"`),
		"a page":                        replace(first+"index.html", "events", "EVENTS"),
		"an attachment exchanged":       replace(first+"files/1-invoice.txt", "Freight", "freight"),
		"an order removed":              without(func(name string) bool { return strings.HasPrefix(name, first) }),
		"a log file removed":            without(func(name string) bool { return name == bundle.LogFile(1) }),
		"an event of the log":           replace(bundle.LogFile(1), `"Verb":"`, `"Verb":"x`),
		"the list":                      replace(bundle.OrdersFile, found.Orders[0].OrderNo, found.Orders[1].OrderNo),
		"a signature cut":               replace(first+bundle.FactsFile, `"signature"`, `"signatura"`),
		"the head at the start removed": without(func(name string) bool { return name == bundle.StartFile }),
		"the end of the proof":          replace(bundle.ProofFile, `"links": [`, `"links": [ `),
	}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		_, _, err := checkPeriod(repacked(t, whole, edits[name]), head, verifier)
		if !errors.As(err, new(bundle.Refused)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := checkPeriod(append(bytes.Clone(whole), 0), head, verifier); !errors.As(err, new(bundle.Refused)) {
		t.Errorf("a byte more: %v", err)
	}
}
