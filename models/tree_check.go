package models

import (
	"encoding/base64"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"
)

// Past is what the first events of the log come to when everything is computed anew
// from what they say; nothing that was stored about them is believed.
type Past struct {
	Size   int64
	Root   tlog.Hash
	Events int64 // that the log has in all
	Broken int64 // the first event that does not fit the one before it; 0 for none
}

// PastOf computes the root over the first size events.
func PastOf(db *gorm.DB, size int64) (p Past, err error) {
	if p.Events, _, err = Head(db); err != nil {
		return p, err
	}
	rows, err := db.Model(&Event{}).Where("seq <= ?", size).Order("seq").Rows()
	if err != nil {
		return p, err
	}
	defer rows.Close()
	var tree Tree
	var before []byte
	for rows.Next() {
		var e Event
		if err := db.ScanRows(rows, &e); err != nil {
			return p, err
		}
		before, e.Hash = e.Hash, e.chain(before)
		if p.Broken == 0 && string(before) != string(e.Hash) {
			p.Broken = e.Seq
		}
		before = e.Hash
		tree.Add(e.Hash)
	}
	p.Size = tree.Size()
	if err := rows.Err(); err != nil {
		return p, err
	}
	p.Root, err = tree.Root()
	return p, err
}

// regrowth is the tree grown again from the events while they are walked, held
// against the stored one and against every head that was signed (I19).
type regrowth struct {
	found  Report
	tree   Tree
	size   int64 // that the stored tree stands for
	stored storedNodes
	heads  map[int64][]tlog.Hash
	broken bool // the stored tree cannot be read: nothing can be held against it
}

func beginTree(tx *gorm.DB) (*regrowth, error) {
	heads, err := signedRoots(tx)
	if err != nil {
		return nil, err
	}
	g := &regrowth{heads: heads, stored: storedNodes{db: tx, spans: spansOf("tree_hashes", "idx", nodePacked)}}
	whole, err := ReadTree(tx)
	if err != nil {
		g.found.find("tree", "hashes", "%v", err)
		g.broken = true
	}
	g.size = whole.Size()
	return g, nil
}

// take adds the next event, if the stored tree stands for it.
func (g *regrowth) take(e *eventRow) error {
	if g.broken || e.seq > g.size {
		return nil
	}
	if err := g.compareNodes(g.tree.Add([]byte(e.hash))); err != nil {
		return err
	}
	return g.compareRoots()
}

// end says what is left over when all events were there.
func (g *regrowth) end() {
	if g.broken {
		return
	}
	if g.tree.Size() != g.size {
		g.found.find("tree", fmt.Sprint(g.size), "the tree stands for so many events, there are %d", g.tree.Size())
	}
	for size := range g.heads {
		g.found.find("tree", fmt.Sprint(size), "a head was signed over so many events; they are not there")
	}
}

func (g *regrowth) compareNodes(added []tlog.Hash) error {
	for _, node := range added {
		hash, err := g.stored.next()
		if err != nil {
			return err
		}
		if hash != string(node[:]) {
			g.found.find("tree", fmt.Sprint(g.tree.Size()), "the tree holds another event under this number")
			return nil
		}
	}
	return nil
}

func (g *regrowth) compareRoots() error {
	signed, any := g.heads[g.tree.Size()]
	if !any {
		return nil
	}
	delete(g.heads, g.tree.Size())
	root, err := g.tree.Root()
	for _, head := range signed {
		if err == nil && head != root {
			g.found.find("tree", fmt.Sprint(g.tree.Size()), "the events so far are not those that a head was signed over")
		}
	}
	return err
}

// storedNodes are the hashes that were stored, in their order.
type storedNodes struct {
	db    *gorm.DB
	spans *spans
	rest  string
}

// nodePacked writes a node. All are of one length; one that is not fits nothing.
var nodePacked = fmt.Sprintf("iif(octet_length(hash) = %d, hash, zeroblob(%d))", tlog.HashSize, tlog.HashSize)

// next is nothing where there are no more.
func (s *storedNodes) next() (string, error) {
	if s.rest == "" {
		read, err := s.spans.cut(s.db)
		if read == nil || err != nil {
			return "", err
		}
		rows, err := read(s.db)
		if err != nil {
			return "", err
		}
		s.rest = rows.rest
	}
	hash := s.rest[:min(tlog.HashSize, len(s.rest))]
	s.rest = s.rest[len(hash):]
	return hash, nil
}

// checkHeads reads every head that was signed, and holds its row against what it says:
// that is what has left.
func checkHeads(db *gorm.DB) (r Report, err error) {
	verifier, err := ReadSetting(db, SettingHeadVerifier)
	if err != nil || verifier == "" {
		return r, err
	}
	key, err := note.NewVerifier(verifier)
	if err != nil {
		r.find("tree", "heads", "the public key of heads cannot be read")
		return r, nil
	}
	var heads []SignedHead
	if err := db.Order("id").Find(&heads).Error; err != nil {
		return r, err
	}
	var gone []int64
	if err := db.Raw("SELECT DISTINCT head_id FROM head_departures WHERE head_id NOT IN (SELECT id FROM heads)").Scan(&gone).Error; err != nil {
		return r, err
	}
	for _, id := range gone {
		r.find("tree", fmt.Sprint(id), "a head that left is not on record any more")
	}
	for _, h := range heads {
		want := fmt.Sprintf("%s\n%d\n%s\ntime %s\n", key.Name(), h.Size, base64.StdEncoding.EncodeToString(h.Root), h.SignedAt.UTC().Format(time.RFC3339))
		if opened, err := note.Open([]byte(h.Note), note.VerifierList(key)); err != nil || opened.Text != want || h.SignedAt.Nanosecond() != 0 {
			r.find("tree", fmt.Sprint(h.Size), "the head on record is not the one that was signed")
		}
	}
	return r, nil
}

// signedRoots are the roots of all heads, by size.
func signedRoots(tx *gorm.DB) (map[int64][]tlog.Hash, error) {
	rows, err := tx.Raw("SELECT DISTINCT size, root FROM heads").Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	roots := map[int64][]tlog.Hash{}
	for rows.Next() {
		var size int64
		var root []byte
		if err := rows.Scan(&size, &root); err != nil {
			return nil, err
		}
		roots[size] = append(roots[size], tlog.Hash(root))
	}
	return roots, rows.Err()
}
