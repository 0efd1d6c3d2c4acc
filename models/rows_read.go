package models

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
)

// rowSpans gives the reading of the rows of all tables, a span at a time, each row with
// its mark.
func rowSpans(tables []boundTable, b *boundRows) func(*gorm.DB) (func(*gorm.DB) (rowsNow, error), error) {
	var now *spans
	return func(db *gorm.DB) (func(*gorm.DB) (rowsNow, error), error) {
		for len(tables) > 0 {
			t := tables[0]
			if now == nil {
				now = t.spans()
			}
			read, err := t.cut(now, db)
			if err != nil {
				return nil, err
			}
			if read != nil {
				return func(db *gorm.DB) (rowsNow, error) { return t.read(db, read, b) }, nil
			}
			tables, now = tables[1:], nil
		}
		return nil, nil
	}
}

// spans are the rows of the table; fewer at a time where one may be large.
func (t boundTable) spans() *spans {
	row := "concat(" + packedKey(t) + ", " + t.text() + ")"
	if only := t.only(""); only != "1" {
		row = "iif(" + only + ", " + row + ", '')"
	}
	s := spansOf(quoted(t.name), quoted(t.keys[0]), row)
	s.length = spanLength
	switch {
	case slices.Contains(t.columns, "content"):
		s.length = 4
	case slices.Contains(t.columns, "body"), slices.Contains(t.columns, "response"):
		s.length = 128
	}
	return s
}

func packedKey(t boundTable) string { return "octet_length(" + t.key("") + "), ' ', " + t.key("") }

// cut is the next span; a table whose rows are not numbered is read in one.
func (t boundTable) cut(s *spans, db *gorm.DB) (func(*gorm.DB) (*packed, error), error) {
	if t.numbers {
		return s.cut(db)
	}
	if s.done {
		return nil, nil
	}
	s.done = true
	return func(db *gorm.DB) (*packed, error) {
		p := &packed{}
		_, err := one(db, []any{&p.rest}, "SELECT coalesce(group_concat("+s.row+", ''), '') FROM "+s.table+" WHERE "+t.only(""))
		return p, err
	}, nil
}

// read marks the rows of a span.
func (t boundTable) read(db *gorm.DB, read func(*gorm.DB) (*packed, error), b *boundRows) (now rowsNow, err error) {
	p, err := read(db)
	if err != nil {
		return now, err
	}
	orders, err := t.orders()
	if err != nil {
		return now, err
	}
	now = rowsNow{table: t, rows: make([]rowNow, 0, spanLength)}
	cells, buffer := make([]string, len(t.columns)), []byte(nil)
	for p.more() {
		row := rowNow{key: p.text()}
		whole := p.rest
		for i := range cells {
			cells[i] = p.cell()
		}
		row.mark, buffer = b.markRow(t.name, whole[:len(whole)-len(p.rest)], buffer)
		now.rows = append(now.rows, row)
		if orders != nil && !p.bad {
			order, err := orders.read(cells, b)
			if err != nil {
				return now, err
			}
			now.orders = append(now.orders, order)
		}
	}
	return now, p.ended(t.name)
}

// cell cuts out a value that may be none.
func (p *packed) cell() string {
	if rest, none := strings.CutPrefix(p.rest, "- "); none {
		p.rest = rest
		return ""
	}
	return p.text()
}

// whose names the order that a row belongs to, with a space after it.
func (t boundTable) whose(db *gorm.DB, key string) string {
	column := "payout_id"
	if t.name == "payouts" {
		column = "id"
	}
	if t.name != "payouts" && !slices.Contains(t.columns, column) {
		return ""
	}
	var orderNo string
	condition, value := t.where(key)
	found, err := one(db, []any{&orderNo}, "SELECT order_no FROM payouts WHERE id = (SELECT "+column+" FROM "+quoted(t.name)+" WHERE "+condition+")", value)
	if err != nil || !found {
		return ""
	}
	return orderNo + " "
}

// readable is a key as people read it: names are kept in hexadecimal.
func readable(key string) string {
	parts := strings.Split(key, ".")
	for i, part := range parts {
		if plain, err := hex.DecodeString(part); err == nil && len(part) > 6 && utf8.Valid(plain) {
			parts[i] = string(plain)
		}
	}
	return strings.Join(parts, " ")
}
