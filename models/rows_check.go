package models

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// boundRows is what the log says of the rows outside it: of each the last digest, by a
// hash whose seed nobody knew when the rows were written.
type boundRows struct {
	seed   maphash.Seed
	tables map[string]*rowMarks
}

// rowMarks are the marks of one table, 0 where there is none. Numbers stand in a row.
type rowMarks struct {
	dense  []uint64
	sparse map[string]uint64
}

// denseMost bounds what a key can make us reserve.
const denseMost = 1 << 27

func newBoundRows() *boundRows {
	return &boundRows{seed: maphash.MakeSeed(), tables: map[string]*rowMarks{}}
}

func (b *boundRows) mark(digest string) uint64 { return maphash.String(b.seed, digest) | 1 }

// markRow is the mark of a row that says this; the buffer is given back to be used again.
func (b *boundRows) markRow(table, text string, buffer []byte) (uint64, []byte) {
	digest, buffer := digestOfRow(table, text, buffer)
	return maphash.Bytes(b.seed, digest[:]) | 1, buffer
}

func (b *boundRows) of(table string) *rowMarks {
	marks := b.tables[table]
	if marks == nil {
		marks = &rowMarks{sparse: map[string]uint64{}}
		b.tables[strings.Clone(table)] = marks
	}
	return marks
}

// take reads the lines of one entry; what cannot be read is nothing that we wrote, and
// leaves its row unbound. It gives the rows that are written once and were written again.
func (b *boundRows) take(verb, lines string) (again []string) {
	anew := slices.Contains(writesAnew, verb)
	for line := range strings.Lines(lines) {
		digest, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		table, key, ok := strings.Cut(rest, " ")
		if !ok {
			continue
		}
		mark := uint64(0)
		if digest != goneRow {
			mark = b.mark(digest)
		}
		if was := b.of(table).set(key, mark); was != 0 && was != mark && !anew && slices.Contains(writtenOnce, table) {
			again = append(again, table+" "+readable(key))
		}
	}
	return again
}

func (m *rowMarks) set(key string, mark uint64) (was uint64) {
	n, ok := place64(key)
	if !ok {
		was = m.sparse[key]
		m.sparse[strings.Clone(key)] = mark
		return was
	}
	for n >= uint64(len(m.dense)) {
		m.dense = append(m.dense, make([]uint64, max(len(m.dense), spanLength))...)
	}
	was, m.dense[n] = m.dense[n], mark
	return was
}

// take gives the mark and forgets it, so that what is left at the end is missing.
func (m *rowMarks) take(key string) (mark uint64) {
	n, ok := place64(key)
	switch {
	case !ok:
		mark = m.sparse[key]
		delete(m.sparse, key)
	case n < uint64(len(m.dense)):
		mark, m.dense[n] = m.dense[n], 0
	}
	return mark
}

// get is the mark, 0 where there is none.
func (m *rowMarks) get(key string) uint64 {
	n, ok := place64(key)
	switch {
	case !ok:
		return m.sparse[key]
	case n < uint64(len(m.dense)):
		return m.dense[n]
	}
	return 0
}

func place64(key string) (uint64, bool) {
	n, err := strconv.ParseUint(key, 10, 64)
	return n, err == nil && n < denseMost && strconv.FormatUint(n, 10) == key
}

// left are the keys that nobody took.
func (m *rowMarks) left() (keys []string) {
	for n, mark := range m.dense {
		if mark != 0 {
			keys = append(keys, fmt.Sprint(n))
		}
	}
	for key, mark := range m.sparse {
		if mark != 0 {
			keys = append(keys, key)
		}
	}
	return keys
}

// rowsNow are rows of a table as they lie on the disk; what orders say is told apart.
type rowsNow struct {
	table  boundTable
	rows   []rowNow
	orders []orderNow
}

type rowNow struct {
	key  string
	mark uint64
}

// compareRows holds every row of every bound table against what the log says of it, and
// gives each order on the way.
func compareRows(on []*gorm.DB, b *boundRows, r *Report, order func(*orderNow)) error {
	tables, err := boundTables(on[0])
	if err != nil {
		return err
	}
	err = share(on, rowSpans(tables, b), func(now rowsNow) error {
		marks := b.of(now.table.name)
		for _, row := range now.rows {
			if told := marks.take(row.key); told != row.mark {
				r.findRow(on[0], now.table, row.key, told == 0)
			}
		}
		for i := range now.orders {
			order(&now.orders[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	for name, marks := range b.tables {
		for _, key := range marks.left() {
			r.find("rows", name+" "+readable(key), "it was removed: the log tells of it, and it is not there")
		}
	}
	return nil
}

func (r *Report) findRow(db *gorm.DB, t boundTable, key string, unknown bool) {
	what := "it was altered: it is not what the log says was written"
	if unknown {
		what = "no entry of the log tells of it: it was put there by something else"
	}
	r.find("rows", t.whose(db, key)+t.name+" "+readable(key), "%s", what)
}
