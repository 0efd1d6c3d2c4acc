package models

import (
	"database/sql"
	"fmt"

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
		if _, err := tree.Add(e.Hash); err != nil {
			return p, err
		}
	}
	p.Size = tree.Size()
	if err := rows.Err(); err != nil {
		return p, err
	}
	p.Root, err = tree.Root()
	return p, err
}

// checkTree grows the tree again from the events and compares it with the stored one
// and with every head that was signed (I19).
func checkTree(tx *gorm.DB, r *Report) error {
	stored, err := tx.Raw("SELECT hash FROM tree_hashes ORDER BY idx").Rows()
	if err != nil {
		return err
	}
	defer stored.Close()
	heads, err := signedRoots(tx)
	if err != nil {
		return err
	}
	whole, err := ReadTree(tx)
	if err != nil {
		r.find("tree", "hashes", "%v", err)
		return nil
	}
	if err := regrow(tx, r, whole.Size(), stored, heads); err != nil {
		return err
	}
	for size := range heads {
		r.find("tree", fmt.Sprint(size), "a head was signed over so many events; they are not there")
	}
	return stored.Err()
}

// regrow walks the events that the stored tree stands for.
func regrow(tx *gorm.DB, r *Report, size int64, stored *sql.Rows, heads map[int64][]tlog.Hash) error {
	if size == 0 {
		return nil
	}
	events, err := tx.Raw("SELECT hash FROM events WHERE seq <= ? ORDER BY seq", size).Rows()
	if err != nil {
		return err
	}
	defer events.Close()
	var tree Tree
	for events.Next() {
		var hash []byte
		if err := events.Scan(&hash); err != nil {
			return err
		}
		added, err := tree.Add(hash)
		if err != nil {
			return err
		}
		if err := compareNodes(r, tree.Size(), added, stored); err != nil {
			return err
		}
		if err := compareRoots(r, &tree, heads); err != nil {
			return err
		}
	}
	if tree.Size() != size {
		r.find("tree", fmt.Sprint(size), "the tree stands for so many events, there are %d", tree.Size())
	}
	return events.Err()
}

func compareNodes(r *Report, seq int64, added []tlog.Hash, stored *sql.Rows) error {
	for _, node := range added {
		var hash []byte
		if stored.Next() {
			if err := stored.Scan(&hash); err != nil {
				return err
			}
		}
		if string(hash) != string(node[:]) {
			r.find("tree", fmt.Sprint(seq), "the tree holds another event under this number")
			return nil
		}
	}
	return nil
}

func compareRoots(r *Report, tree *Tree, heads map[int64][]tlog.Hash) error {
	signed, any := heads[tree.Size()]
	if !any {
		return nil
	}
	delete(heads, tree.Size())
	root, err := tree.Root()
	for _, head := range signed {
		if err == nil && head != root {
			r.find("tree", fmt.Sprint(tree.Size()), "the events so far are not those that a head was signed over")
		}
	}
	return err
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
