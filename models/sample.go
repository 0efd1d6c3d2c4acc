package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// Limits of a sample: of so many acts at most, and so many of them.
const (
	SampleOf   = 100_000
	SampleMost = 500
)

// Sample is some acts picked at random out of all that a filter leaves, so that a second
// auditor with the same seed picks the same (M6).
type Sample struct {
	Filter EventFilter
	Size   int
	Seed   string
	UpTo   int64 // the last entry that counts: what comes later changes no sample
}

// Drawn is a sample that was drawn.
type Drawn struct {
	Population int    // acts that it was drawn from
	Digest     string // of all of them
	Events     []Event
}

// Check refuses what cannot be drawn.
func (s Sample) Check() error {
	switch {
	case s.Size < 1 || s.Size > SampleMost:
		return Refuse(Invalid, "sample.size", "Most", SampleMost).On("size")
	case s.Seed == "" || len(s.Seed) > 64:
		return Refuse(Invalid, "sample.seed_needed").On("seed")
	}
	return nil
}

// Rank is where an entry stands in the order of the seed: the SHA-256 of "countersign
// sample v1", the seed and the number of the entry, each on a line of its own. The lowest
// are the sample.
func (s Sample) Rank(seq int64) [sha256.Size]byte {
	return sha256.Sum256([]byte("countersign sample v1\n" + s.Seed + "\n" + strconv.FormatInt(seq, 10) + "\n"))
}

// Draw reads the population and picks.
func (s Sample) Draw(db *gorm.DB) (d Drawn, err error) {
	all, err := s.population(db)
	if err != nil {
		return d, err
	}
	if len(all) > SampleOf {
		return d, Refuse(Invalid, "sample.too_many", "Most", SampleOf).On("size")
	}
	whole := sha256.New()
	for _, act := range all {
		frameInt(whole, act.Seq)
		frame(whole, act.Hash)
	}
	d.Population, d.Digest = len(all), hex.EncodeToString(whole.Sum(nil))
	err = db.Where("seq IN ?", s.pick(all)).Order("seq").Find(&d.Events).Error
	return d, err
}

// population are number and hash of every act of the filter, in their order.
func (s Sample) population(db *gorm.DB) (all []Event, err error) {
	t, err := s.Filter.ready(db)
	if err != nil {
		return nil, err
	}
	for _, arm := range t.arms(db) {
		var found []Event
		if err := arm.Select("seq", "hash").Where("seq <= ?", s.UpTo).Order("seq").Limit(SampleOf + 1).Find(&found).Error; err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b Event) int { return int(a.Seq - b.Seq) })
	return slices.CompactFunc(all, func(a, b Event) bool { return a.Seq == b.Seq }), nil
}

// pick are the numbers with the lowest ranks.
func (s Sample) pick(all []Event) (seqs []int64) {
	for _, act := range all {
		seqs = append(seqs, act.Seq)
	}
	slices.SortFunc(seqs, func(a, b int64) int {
		one, other := s.Rank(a), s.Rank(b)
		return bytes.Compare(one[:], other[:])
	})
	return seqs[:min(s.Size, len(seqs))]
}
