package torture

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
)

// periodGround is the bundle of a period, to be altered by whoever handles the file, or
// told otherwise by an installation that lies and signs its lie.
type periodGround struct {
	*tamperGround
	whole []byte
	files map[string][]byte
	names []string // in their order
}

var tamperPeriod = services.DrawPeriod{
	Order: func(_ context.Context, d models.Dossier, _ []models.Event) ([]byte, error) {
		return []byte(d.OrderNo), nil
	},
	Rest: func(_ context.Context, _ models.PeriodDossier, _ []models.PeriodOrder, _ []models.Event, add func(string, []byte) error) error {
		return add("index.html", []byte("<p>all</p>"))
	},
}

func newPeriodGround(t *testing.T) *periodGround {
	t.Helper()
	g := &periodGround{tamperGround: newTamperGround(t), files: map[string][]byte{}}
	g.Pass(48 * time.Hour)
	for i, rail := range []string{"apay.taiwan", "cashy.peru", "apay.unionpay"} {
		p := g.Submitted(g.Form(rail, 60+i))
		g.Must(g.Payouts.Note(t.Context(), g.Maker, p.OrderNo, "the invoice", []services.Upload{{Name: "invoice.txt", Content: []byte("Freight " + rail)}}))
		g.Must(g.Approve(g.Approver, p.OrderNo, p.Digest))
		g.Must(g.Sender.Send(t.Context(), p.ID))
	}
	g.Live(10*time.Minute, 10*time.Second)
	g.writeVerdict(69)
	g.Draft(g.Form("apay.alipay", 70))
	var out bytes.Buffer
	wish := services.PeriodWish{From: g.Now().Add(-24 * time.Hour), Until: g.Now().Add(time.Hour), Zone: time.UTC}
	_, err := g.Evidence.TakePeriod(t.Context(), g.Auditor.As(models.VerbAudit), wish, tamperPeriod, &out, nil)
	g.Must(err)
	g.whole = out.Bytes()
	signed, _, err := models.LastHead(g.Store.Read(t.Context()))
	g.Must(err)
	g.head = []byte(signed.Note)
	g.unpack()
	return g
}

func (g *periodGround) unpack() {
	archive, err := zip.NewReader(bytes.NewReader(g.whole), int64(len(g.whole)))
	g.Must(err)
	for _, f := range archive.File {
		from, err := f.Open()
		g.Must(err)
		g.files[f.Name], err = io.ReadAll(from)
		g.Must(err)
		g.names = append(g.names, f.Name)
	}
}

// believed says whether the checker believes the bundle.
func (g *periodGround) believed(whole, head []byte) bool {
	_, err := bundle.CheckPeriod(bytes.NewReader(whole), int64(len(whole)), head, g.verifier, nil)
	if err != nil && !errors.As(err, new(bundle.Refused)) {
		g.T.Fatal(err)
	}
	return err == nil
}

// byManifest is the known-bad variant: it asks whether every file is the one that the
// manifest names, and whether the log names the manifest.
func (g *periodGround) byManifest(whole []byte) bool {
	files := (&periodGround{tamperGround: g.tamperGround, whole: whole, files: map[string][]byte{}})
	files.unpack()
	var listed []bundle.Listed
	g.Must(json.Unmarshal(files.files[bundle.ManifestFile], &listed))
	for _, l := range listed {
		digest := sha256.Sum256(files.files[l.Name])
		if hex.EncodeToString(digest[:]) != l.SHA256 {
			return false
		}
	}
	var proof bundle.PeriodProof
	g.Must(json.Unmarshal(files.files[bundle.ProofFile], &proof))
	digest := sha256.Sum256(files.files[bundle.ManifestFile])
	return proof.Taken.Event.Details["manifest"] == hex.EncodeToString(digest[:])
}

// TestTamperingWithPeriods alters bundles of a period as whoever handles the file can, and
// lets the installation tell them otherwise and sign that (M5). The known-bad variant goes
// by the manifest alone: it has to believe the lies.
func TestTamperingWithPeriods(t *testing.T) {
	t.Parallel()
	g := newPeriodGround(t)
	random := rand.New(rand.NewPCG(tamperSeed, 5))
	if again, head := g.signed(maps.Clone(g.files), g.orders()); !g.believed(g.whole, g.head) || !g.believed(again, head) {
		t.Fatal("a bundle that nobody altered was refused")
	}
	altered, told, fooled := 0, 0, 0
	for range size(60, 600) {
		whole, what, changed := g.alter(random)
		if altered++; changed && g.believed(whole, g.head) {
			t.Errorf("believed though altered: %s", what)
		}
	}
	for n := range size(30, 300) {
		l := lies[n%len(lies)]
		files, orders := maps.Clone(g.files), g.orders()
		if !l.tell(files, &orders, random) {
			continue
		}
		whole, head := g.signed(files, orders)
		told++
		if g.believed(whole, head) {
			t.Errorf("believed though a lie: %s", l.name)
		}
		if g.byManifest(whole) {
			fooled++
		}
	}
	if fooled == 0 {
		t.Error("the known-bad variant: a check that goes by the manifest alone believed no lie")
	}
	report(t, "tampering, periods", "%d alterations of the file and %d signed lies of %d kinds, believed 0; %d lies believed by a check that goes by the manifest alone (seed %d)", altered, told, len(lies), fooled, tamperSeed)
}

func (g *periodGround) orders() (orders []models.PeriodOrder) {
	g.Must(json.Unmarshal(g.files[bundle.OrdersFile], &orders))
	return orders
}

// alter changes a byte of the file, takes one out or puts one in.
func (g *periodGround) alter(random *rand.Rand) (whole []byte, what string, changed bool) {
	whole = bytes.Clone(g.whole)
	at := random.IntN(len(whole))
	switch random.IntN(3) {
	case 0:
		whole[at] ^= byte(1 + random.IntN(255))
	case 1:
		whole = slices.Delete(whole, at, at+1)
	default:
		whole = slices.Insert(whole, at, byte(random.IntN(256)))
	}
	return whole, fmt.Sprint("byte ", at), !bytes.Equal(whole, g.whole)
}
