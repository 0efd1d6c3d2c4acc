package torture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
)

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
