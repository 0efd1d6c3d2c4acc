package torture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

// rewriteEvent changes one event and writes the whole past anew after it: hashes, tree
// and heads on record, as somebody can who has this program's source.
func (g *tamperGround) rewriteEvent(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	var seqs []int64
	if err := tx.Raw("SELECT seq FROM events ORDER BY seq").Scan(&seqs).Error; err != nil {
		return "", err
	}
	seq := seqs[random.IntN(len(seqs))]
	change := []string{"at = at + 1000", "actor = actor || 'x'", "role = role || 'x'"}[random.IntN(3)]
	return fmt.Sprintf("event %d: %s", seq, change), g.anew(tx, fmt.Sprintf("UPDATE events SET %s WHERE seq = %d", change, seq))
}

// rewriteRow changes a row outside the log, binds it with what it says now where it was
// bound before, and writes the past anew after it.
func (g *tamperGround) rewriteRow(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	table := []string{"approvals", "attempts", "payee_versions", "policies", "people"}[random.IntN(5)]
	column := map[string]string{"approvals": "at", "attempts": "took_ms", "payee_versions": "created_at", "policies": "created_at", "people": "created_at"}[table]
	condition, err := g.row(tx, table, random)
	if err != nil {
		return "", err
	}
	key := condition[strings.LastIndex(condition, " ")+1:]
	digest, err := g.forged(tx, fmt.Sprintf("UPDATE %s SET %s = %[2]s + 1 WHERE %s", table, column, condition))
	if err != nil {
		return "", err
	}
	var e models.Event
	line := fmt.Sprintf(" %s %s\n", table, key)
	if err := tx.Where("instr(binds, ?) > 0", line).Order("seq DESC").Take(&e).Error; err != nil {
		return "", err
	}
	at := strings.Index(e.Binds, line)
	binds := e.Binds[:at-len(digest)] + digest + e.Binds[at:]
	return fmt.Sprintf("%s.%s of %s", table, column, key), g.anew(tx, fmt.Sprintf("UPDATE events SET binds = '%s' WHERE seq = %d", binds, e.Seq))
}

// forged changes a row and gives the digest that the product would bind it with.
func (g *tamperGround) forged(tx *gorm.DB, change string) (digest string, err error) {
	err = servicestest.Unguarded(tx, func(tx *gorm.DB) error {
		if err := tx.Exec(change).Error; err != nil {
			return err
		}
		if err := models.Append(tx, models.Event{Verb: "forged", At: g.Now()}); err != nil {
			return err
		}
		seq, _, err := models.Head(tx)
		if err != nil {
			return err
		}
		var last models.Event
		if err := tx.Take(&last, "seq = ?", seq).Error; err != nil {
			return err
		}
		digest, _, _ = strings.Cut(last.Binds, " ")
		return tx.Exec("DELETE FROM events WHERE seq = ?", seq).Error
	})
	return digest, err
}

// rewriteCut takes the last notes away with every trace that they have left.
func (g *tamperGround) rewriteCut(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	many := 1 + random.IntN(3)
	return fmt.Sprint(many, " events"), g.anew(tx, fmt.Sprintf("DELETE FROM events WHERE seq > (SELECT max(seq) FROM events) - %d", many))
}

// anew hashes every event again, grows the tree again and takes the heads away that do
// not fit any more; those that have left are out of reach.
func (g *tamperGround) anew(tx *gorm.DB, change string) error {
	return servicestest.Unguarded(tx, func(tx *gorm.DB) error {
		for _, statement := range []string{change, "DELETE FROM tree_hashes", "DELETE FROM head_departures", "DELETE FROM heads"} {
			if err := tx.Exec(statement).Error; err != nil {
				return err
			}
		}
		var all []models.Event
		if err := tx.Order("seq").Find(&all).Error; err != nil {
			return err
		}
		var before []byte
		for _, e := range all {
			before = eventHash(e, before)
			if err := tx.Exec("UPDATE events SET hash = ? WHERE seq = ?", before, e.Seq).Error; err != nil {
				return err
			}
		}
		growth, err := models.NextGrowth(tx, len(all))
		if err != nil {
			return err
		}
		return models.GrowTree(tx, growth)
	})
}

// eventHash is the hash of an event, computed apart from the product.
func eventHash(e models.Event, before []byte) []byte {
	h := sha256.New()
	frame := func(fields ...string) {
		for _, field := range fields {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(field))))
			h.Write([]byte(field))
		}
	}
	number := func(n int64) string { return string(binary.BigEndian.AppendUint64(nil, uint64(n))) }
	details, err := e.Details.Value()
	if err != nil {
		panic(err) // names and texts always can be written
	}
	frame(string(before), number(e.Seq), number(e.At.UnixMilli()), e.Verb, number(int64(e.ActorID)), e.Actor, e.Role, e.Subject, e.SubjectID,
		number(int64(e.PayoutID)), e.Before, e.After, details.(string))
	if e.Binds != "" {
		frame(e.Binds)
	}
	return h.Sum(nil)
}

// alterBundle changes a byte of a bundle, or takes one away, or puts one in.
func (g *tamperGround) alterBundle(random *rand.Rand) (whole []byte, what string, done bool) {
	whole = slices.Clone(g.bundles[random.IntN(len(g.bundles))])
	at, was := random.IntN(len(whole)), bytes.Clone(whole)
	switch random.IntN(3) {
	case 0:
		whole[at] ^= byte(1 + random.IntN(255))
	case 1:
		whole = slices.Delete(whole, at, at+1)
	default:
		whole = slices.Insert(whole, at, byte(random.IntN(256)))
	}
	return whole, fmt.Sprint("byte ", at), !bytes.Equal(whole, was)
}
