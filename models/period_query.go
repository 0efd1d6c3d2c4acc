package models

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"
)

// HeadBefore is the newest head that was surely signed before that time: heads are stamped
// to the second. ok is false where there is none.
func HeadBefore(db *gorm.DB, at time.Time) (h SignedHead, ok bool, err error) {
	var found []SignedHead
	err = db.Where("signed_at <= ?", Millis(at.Add(-time.Second))).Order("id DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return h, false, err
	}
	return found[0], true, nil
}

// TreeEdge is the right edge of the tree as it was when it held so many events, the
// lowest level first.
func TreeEdge(db *gorm.DB, size int64) (edge [][]byte, err error) {
	for level := 0; size>>level > 0; level++ {
		if size>>level&1 == 0 {
			continue
		}
		hash, err := StoredTree(db).ReadHashes([]int64{tlog.StoredHashIndex(level, size>>level-1)})
		if err != nil {
			return nil, err
		}
		edge = append(edge, hash[0][:])
	}
	return edge, nil
}

// TreeOf is the tree of so many events that has this edge.
func TreeOf(size int64, edge [][]byte) (t Tree, err error) {
	t.size = size
	for level := 0; size>>level > 0; level++ {
		if size>>level&1 == 0 {
			continue
		}
		if len(edge) == 0 || len(edge[0]) != tlog.HashSize {
			return t, fmt.Errorf("the edge of a tree of %d is not whole", size)
		}
		t.edge[level], edge = tlog.Hash(edge[0]), edge[1:]
	}
	if len(edge) > 0 {
		return t, fmt.Errorf("the edge of a tree of %d has more than its nodes", size)
	}
	return t, nil
}

// MadeWithin are the orders that were made in the span of time and after that event, in
// their order.
func MadeWithin(db *gorm.DB, after int64, from, until time.Time, most int) (ids []PayoutID, err error) {
	err = db.Model(&Event{}).Where("verb = ? AND seq > ? AND at >= ? AND at < ?", string(MoveDraft), after, Millis(from), Millis(until)).
		Order("seq").Limit(most).Pluck("payout_id", &ids).Error
	return ids, err
}

// EventsAfter reads events in their order, at most so many.
func EventsAfter(db *gorm.DB, seq int64, most int) (all []Event, err error) {
	err = db.Where("seq > ?", seq).Order("seq").Limit(most).Find(&all).Error
	return all, err
}

// SeenAfter are the numbers of those events, up to the last, that the reader may see.
func SeenAfter(db *gorm.DB, seq, last int64) (seen map[int64]bool, err error) {
	var seqs []int64
	err = db.Model(&Event{}).Where("seq > ? AND seq <= ?", seq, last).Order("seq").Pluck("seq", &seqs).Error
	seen = make(map[int64]bool, len(seqs))
	for _, seq := range seqs {
		seen[seq] = true
	}
	return seen, err
}

// Grounds are the events up to that one that changed what orders depend on, in their order.
func Grounds(db *gorm.DB, upTo int64) (all []Event, err error) {
	err = db.Where("verb IN ? AND seq <= ?", GroundVerbs, upTo).Order("seq").Find(&all).Error
	return all, err
}
