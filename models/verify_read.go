package models

import (
	"database/sql"
	"fmt"
	"math"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// This file reads millions of rows for Verify. Handing over each column of each row
// costs more than all that is done with them: SQLite itself puts a span of rows into
// one text, which is cut here without copying.

// spanLength is how many rows are read as one text.
const spanLength = 1024

// packed is a text of rows, one after the other: a number ends with a space, a text
// is told by its length first, so that none can run into the next.
type packed struct {
	rest string
	bad  bool
}

func (p *packed) number() int64 {
	n, at := int64(0), 0
	for at < len(p.rest) && at < 18 && '0' <= p.rest[at] && p.rest[at] <= '9' {
		n, at = 10*n+int64(p.rest[at]-'0'), at+1
	}
	if at > 0 && at < len(p.rest) && p.rest[at] == ' ' {
		p.rest = p.rest[at+1:]
		return n
	}
	return p.anyNumber()
}

// anyNumber reads those that are negative or very long, and finds what is none.
func (p *packed) anyNumber() int64 {
	digits, rest, ok := strings.Cut(p.rest, " ")
	n, err := strconv.ParseInt(digits, 10, 64)
	p.rest, p.bad = rest, p.bad || !ok || err != nil
	return n
}

func (p *packed) text() string {
	length := p.number()
	if length < 0 || length > int64(len(p.rest)) {
		p.rest, p.bad = "", true
		return ""
	}
	text := p.rest[:length]
	p.rest = p.rest[length:]
	return text
}

// more says whether another row follows.
func (p *packed) more() bool { return p.rest != "" && !p.bad }

// ended says what was wrong with the rows, if anything was.
func (p *packed) ended(table string) error {
	if p.bad {
		return fmt.Errorf("a row of %s cannot be read", table)
	}
	return nil
}

// pack is the expression that writes a row so.
func pack(numbers, texts []string) string {
	var parts []string
	for _, column := range numbers {
		parts = append(parts, column, "' '")
	}
	for _, column := range texts {
		parts = append(parts, "octet_length("+column+")", "' '", column)
	}
	return "concat(" + strings.Join(parts, ", ") + ")"
}

// spans are the rows of a table by ascending key, a span at a time. Where keys are
// missing they go on at the next one there is, however far that is.
type spans struct {
	table, key, row string
	next, length    int64
	done            bool
}

func spansOf(table, key, row string) *spans {
	return &spans{table: table, key: key, row: row, next: math.MinInt64, length: spanLength}
}

// cut gives the reading of the next span, nil after the last.
func (s *spans) cut(db *gorm.DB) (func(*gorm.DB) (*packed, error), error) {
	if s.done {
		return nil, nil
	}
	var first sql.NullInt64
	if _, err := one(db, []any{&first}, "SELECT min("+s.key+") FROM "+s.table+" WHERE "+s.key+" >= ?", s.next); err != nil {
		return nil, err
	}
	from, to := first.Int64, int64(math.MaxInt64)
	if from < to-s.length {
		to = from + s.length - 1
	}
	s.next, s.done = to+1, !first.Valid || to == math.MaxInt64
	if !first.Valid {
		return nil, nil
	}
	return func(db *gorm.DB) (*packed, error) {
		p := &packed{}
		_, err := one(db, []any{&p.rest}, "SELECT coalesce(group_concat("+s.row+", ''), '') FROM "+s.table+" WHERE "+s.key+" BETWEEN ? AND ?", from, to)
		return p, err
	}, nil
}
