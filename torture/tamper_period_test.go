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
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"

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

// lie is one way in which an installation may tell the period otherwise than it was. It
// changes the files; manifests, event, head and proofs are then made for what it says.
type lie struct {
	name string
	tell func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool
}

var lies = []lie{
	{"an order and all its events hidden", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		gone := dropOrder(files, orders, random)
		return rewriteLog(files, func(l *bundle.Line) { l.Order = strings.ReplaceAll(l.Order, gone, "") })
	}},
	{"an order left out, its events told", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		past := map[int64]models.Event{}
		for _, p := range pastIn(files, (*orders)[0].OrderNo) {
			past[p.Event.Seq] = p.Event
		}
		gone := (*orders)[0].OrderNo
		*orders = (*orders)[1:]
		maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasPrefix(name, bundle.OrderFolder(gone)) })
		return rewriteLog(files, func(l *bundle.Line) {
			if e, its := past[l.Seq]; its {
				*l = bundle.Line{Event: &e}
			}
		})
	}},
	{"an event left out of its folder", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		at := random.IntN(len(*orders))
		past := pastIn(files, (*orders)[at].OrderNo)
		n := random.IntN(len(past))
		seq := past[n].Event.Seq
		past = slices.Delete(past, n, n+1)
		files[bundle.OrderFolder((*orders)[at].OrderNo)+bundle.EventsFile] = bundle.Encode(past)
		recount(&(*orders)[at], past)
		return rewriteLog(files, func(l *bundle.Line) {
			if l.Seq == seq {
				l.Order = ""
			}
		})
	}},
	{"what an event says", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		at := random.IntN(len(*orders))
		past := pastIn(files, (*orders)[at].OrderNo)
		past[random.IntN(len(past))].Event.Actor += "x"
		files[bundle.OrderFolder((*orders)[at].OrderNo)+bundle.EventsFile] = bundle.Encode(past)
		return true
	}},
	{"an attachment exchanged", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		return changeOne(files, random, "/files/", func(content []byte) []byte { return append(content, '!') })
	}},
	{"an approval or its proof cut", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		return changeFacts(files, *orders, random, func(d *models.Dossier) bool {
			if len(d.Approvals) == 0 {
				return false
			}
			if random.IntN(2) == 0 {
				d.Approvals = d.Approvals[1:]
			} else {
				d.Approvals[0].Signature = nil
			}
			return true
		})
	}},
	{"what the facts say", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		return changeFacts(files, *orders, random, func(d *models.Dossier) bool {
			switch random.IntN(4) {
			case 0:
				d.Content.Amount.Minor++
				d.Amount = d.Content.Amount.String()
			case 1:
				d.State.Outcome, d.State.Grade = models.Failed, models.E3
			case 2:
				if len(d.Attempts) == 0 {
					return false
				}
				d.Attempts[0].RequestDigest = strings.Repeat("0", 64)
			default:
				if len(d.Notices)+len(d.Questions) == 0 {
					return false
				}
				d.Notices, d.Questions = nil, nil
			}
			return true
		})
	}},
	{"two orders exchanged", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		a, b := bundle.OrderFolder((*orders)[0].OrderNo)+bundle.FactsFile, bundle.OrderFolder((*orders)[1].OrderNo)+bundle.FactsFile
		files[a], files[b] = files[b], files[a]
		return true
	}},
	{"an event of the log dropped", func(files map[string][]byte, _ *[]models.PeriodOrder, random *rand.Rand) bool {
		lines := bytes.SplitAfter(files[bundle.LogFile(1)], []byte("\n"))
		files[bundle.LogFile(1)] = bytes.Join(slices.Delete(lines, 3, 4), nil)
		return true
	}},
}

func dropOrder(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) string {
	at := random.IntN(len(*orders))
	gone := (*orders)[at].OrderNo
	*orders = slices.Delete(slices.Clone(*orders), at, at+1)
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasPrefix(name, bundle.OrderFolder(gone)) })
	return gone
}

func recount(o *models.PeriodOrder, past []bundle.Past) {
	var events []models.Event
	for _, p := range past {
		events = append(events, p.Event)
	}
	o.Events, o.Past = len(events), bundle.PastDigest(events)
}

func pastIn(files map[string][]byte, orderNo string) (past []bundle.Past) {
	if err := json.Unmarshal(files[bundle.OrderFolder(orderNo)+bundle.EventsFile], &past); err != nil {
		panic(err) // our own program wrote it
	}
	return past
}

// rewriteLog tells the log otherwise.
func rewriteLog(files map[string][]byte, change func(*bundle.Line)) bool {
	var out bytes.Buffer
	for text := range bytes.Lines(files[bundle.LogFile(1)]) {
		var line bundle.Line
		if err := json.Unmarshal(text, &line); err != nil {
			panic(err)
		}
		change(&line)
		out.Write(bundle.EncodeLine(line))
	}
	files[bundle.LogFile(1)] = out.Bytes()
	return true
}

func changeOne(files map[string][]byte, random *rand.Rand, where string, change func([]byte) []byte) bool {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.Contains(name, where) {
			names = append(names, name)
		}
	}
	name := names[random.IntN(len(names))]
	files[name] = change(bytes.Clone(files[name]))
	return true
}

func changeFacts(files map[string][]byte, orders []models.PeriodOrder, random *rand.Rand, change func(*models.Dossier) bool) bool {
	at := random.IntN(len(orders))
	name := bundle.OrderFolder(orders[at].OrderNo) + bundle.FactsFile
	var d models.Dossier
	if err := json.Unmarshal(files[name], &d); err != nil {
		panic(err)
	}
	if !change(&d) {
		return false
	}
	orders[at].State, orders[at].Amount = d.State, d.Content.Amount // the list lies too
	files[name] = bundle.Encode(d)
	return true
}

// signed makes a bundle of these files as the installation would: manifests, an event, a
// head and the proofs, all in order.
func (g *periodGround) signed(files map[string][]byte, orders []models.PeriodOrder) (whole, head []byte) {
	files[bundle.OrdersFile] = bundle.Encode(orders)
	var out bytes.Buffer
	archive := bundle.NewArchive(&out)
	for _, name := range g.names {
		g.pack(archive, files, name)
	}
	manifest := archive.Manifest()
	var period models.PeriodDossier
	g.Must(json.Unmarshal(files[bundle.PeriodFile], &period))
	ctx, seq := g.T.Context(), int64(0)
	g.Must(g.Store.Write(ctx, func(tx *gorm.DB) (err error) {
		digest := sha256.Sum256(manifest)
		err = models.Append(tx, models.Event{At: g.Now(), Verb: "evidence_taken", ActorID: g.Auditor.ID, Actor: "auditor", Subject: "list", SubjectID: "period", Details: models.Details{
			"manifest": hex.EncodeToString(digest[:]), "from": bundle.Stamp(period.From), "until": bundle.Stamp(period.Until),
			"orders": fmt.Sprint(len(orders)), "last": fmt.Sprint(period.Span.Last),
		}})
		if err == nil {
			seq, _, err = models.Head(tx)
		}
		return err
	}))
	at, err := g.Heads.Sign(ctx, "asked")
	g.Must(err)
	g.Must(archive.Close(manifest, at.Note, g.proof(at.Size, seq, period.Span)))
	return out.Bytes(), []byte(at.Note)
}

// pack adds one file, or the folder whose manifest it is.
func (g *periodGround) pack(archive *bundle.Archive, files map[string][]byte, name string) {
	folder, within := strings.CutPrefix(path.Dir(name), "orders/")
	switch {
	case within && path.Base(name) == bundle.ManifestFile && files[name] != nil:
		own := map[string][]byte{}
		for other, content := range files {
			if file, its := strings.CutPrefix(other, bundle.OrderFolder(folder)); its && file != bundle.ManifestFile {
				own[file] = content
			}
		}
		g.Must(archive.AddOrder(folder, own))
	case !within && !strings.HasPrefix(name, "orders/") && !slices.Contains([]string{bundle.ManifestFile, bundle.HeadFile, bundle.ProofFile}, name):
		g.Must(archive.Add(name, files[name]))
	}
}

func (g *periodGround) proof(size, seq int64, span models.Span) (proof bundle.PeriodProof) {
	db := g.Store.Read(g.T.Context())
	taken, err := models.EventsAfter(db, seq-1, 1)
	g.Must(err)
	before, err := models.HashBefore(db, seq)
	g.Must(err)
	record, err := tlog.ProveRecord(size, seq-1, models.StoredTree(db))
	g.Must(err)
	proof.Taken = bundle.Leaf{Event: taken[0], Before: before, Proof: record}
	proof.Last, err = tlog.ProveTree(size, span.Last, models.StoredTree(db))
	g.Must(err)
	if span.Start > 0 {
		proof.Start, err = tlog.ProveTree(size, span.Start, models.StoredTree(db))
		g.Must(err)
	}
	return proof
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
	for n := range size(27, 270) {
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
