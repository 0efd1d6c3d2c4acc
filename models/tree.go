package models

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"
)

// Tree is the log of events as a transparency log (RFC 6962): its leaves are the
// events' hashes in their order. It holds no more than its right edge, which is all
// that growing it and naming its root need (I19).
type Tree struct {
	size int64
	edge [64]tlog.Hash // the last whole node of each level
}

// Size is how many events the tree stands for.
func (t *Tree) Size() int64 { return t.size }

// Root is the one hash that stands for all of them.
func (t *Tree) Root() (tlog.Hash, error) { return tlog.TreeHash(t.size, t) }

// Add takes the next event's hash in, and gives the hashes that are to be stored for
// it, the first of them at index StoredHashIndex(0, size before): its own, and that of
// each node which it completes. They are good until the next one is added.
func (t *Tree) Add(eventHash []byte) []tlog.Hash {
	node, level := tlog.RecordHash(eventHash), 0
	for ; t.size>>level&1 == 1; level++ {
		node, t.edge[level] = tlog.NodeHash(t.edge[level], node), node
	}
	t.edge[level] = node
	t.size++
	return t.edge[:level+1]
}

// ReadHashes gives nodes of the right edge: nothing else is asked for while growing.
func (t *Tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		if n != t.size>>level-1 && n != t.size>>level {
			return nil, fmt.Errorf("node %d of level %d is not on the edge of a tree of %d", n, level, t.size)
		}
		hashes[i] = t.edge[level]
	}
	return hashes, nil
}

// StoredTree reads the hashes that were stored, for proofs about single events.
func StoredTree(db *gorm.DB) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			var hash []byte
			found, err := one(db, []any{&hash}, "SELECT hash FROM tree_hashes WHERE idx = ?", index)
			if err != nil || !found || len(hash) != tlog.HashSize {
				return nil, errors.Join(err, fmt.Errorf("the tree has no hash %d", index))
			}
			hashes[i] = tlog.Hash(hash)
		}
		return hashes, nil
	})
}

// ReadTree reads how far the stored tree has grown, with its right edge.
func ReadTree(db *gorm.DB) (t Tree, err error) {
	var last int64
	found, err := one(db, []any{&last}, "SELECT idx FROM tree_hashes ORDER BY idx DESC LIMIT 1")
	if err != nil || !found {
		return t, err
	}
	level, n := tlog.SplitStoredHashIndex(last)
	t.size = (n + 1) << level
	for level := range t.edge {
		if t.size>>level&1 == 0 {
			continue
		}
		hash, err := StoredTree(db).ReadHashes([]int64{tlog.StoredHashIndex(level, t.size>>level-1)})
		if err != nil {
			return t, err
		}
		t.edge[level] = hash[0]
	}
	return t, nil
}

// Growth is what the tree is to be given next.
type Growth struct {
	From   int64       // the size before
	Tree   Tree        // as it is after
	Hashes []tlog.Hash // to be stored
}

// NextGrowth reads events that are committed and not in the tree yet, at most so
// many. The events must be numbered without a gap: of another log no head is signed.
func NextGrowth(db *gorm.DB, most int) (g Growth, err error) {
	if g.Tree, err = ReadTree(db); err != nil {
		return g, err
	}
	g.From = g.Tree.Size()
	rows, err := db.Raw("SELECT seq, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?", g.From, most).Rows()
	if err != nil {
		return g, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var hash []byte
		if err := rows.Scan(&seq, &hash); err != nil {
			return g, err
		}
		if seq != g.Tree.Size()+1 {
			return g, fmt.Errorf("the log has no event %d; the next one is %d", g.Tree.Size()+1, seq)
		}
		g.Hashes = append(g.Hashes, g.Tree.Add(hash)...)
	}
	return g, rows.Err()
}

// ErrTreeGrown says that another process has grown the tree meanwhile: look again.
var ErrTreeGrown = errors.New("the tree of the log has grown meanwhile")

// GrowTree stores the growth.
func GrowTree(tx *gorm.DB, g Growth) error {
	tree, err := ReadTree(tx)
	if err != nil {
		return err
	}
	if tree.Size() != g.From {
		return ErrTreeGrown
	}
	first := tlog.StoredHashIndex(0, g.From)
	for i, hash := range g.Hashes {
		if _, err := run(tx, "INSERT INTO tree_hashes (idx, hash) VALUES (?, ?)", first+int64(i), hash[:]); err != nil {
			return fmt.Errorf("grow the tree of the log: %w", err)
		}
	}
	return nil
}
