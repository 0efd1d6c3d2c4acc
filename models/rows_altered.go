package models

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// groundBinds are the acts that write what orders depend on, beside those that make an
// order: there are few of them, whatever the log's length. Who changes people or accounts by
// an act that is not here is found by the whole log alone.
var groundBinds = slices.Concat(GroundVerbs, peopleActs, settingsActs, boundActs, []string{"account_changed"})

// Altered names the rows that are not what the log says was written last.
func (o *OrderRows) Altered() (names []string, err error) {
	altered, err := o.boundSince()
	if err != nil {
		return nil, err
	}
	if err := o.settleDoubt(); err != nil {
		return nil, err
	}
	for row := range o.doubt {
		altered[row] = true
	}
	for row := range altered {
		names = append(names, row.table+" "+readable(row.key))
	}
	slices.Sort(names)
	return names, nil
}

// boundSince goes through the log from the first event of these orders on: a row that their
// own events bear out may have been bound once more by another's act, and then that counts.
// Somebody who puts the older row back is found by it.
func (o *OrderRows) boundSince() (other map[touchedRow]bool, err error) {
	other = map[touchedRow]bool{}
	err = bindsOf(o.db, o.first-1, "? IS NULL", nil, func(binds string) {
		for row, digest := range boundLines(binds) {
			switch now := o.borne.of(row.table).get(row.key); {
			case now == o.borne.mark(digest):
				delete(other, row)
			case now != 0:
				other[row] = true
			}
		}
	})
	return other, err
}

// settleDoubt asks about the rows that the orders' own events do not bear out: first the
// acts that write such rows, then the whole log.
func (o *OrderRows) settleDoubt() error {
	for _, some := range []struct {
		which string
		value func() any
	}{
		{"verb IN ?", func() any { return groundBinds }},
		{"at IN (SELECT created_at FROM payee_versions WHERE id IN ?)", func() any { return o.keysOf("payee_versions") }},
		{"? IS NULL", func() any { return nil }},
	} {
		if len(o.doubt) == 0 {
			return nil
		}
		if err := o.settle(some.which, some.value()); err != nil {
			return err
		}
	}
	return nil
}

func (o *OrderRows) keysOf(table string) (keys []string) {
	for row := range o.doubt {
		if row.table == table {
			keys = append(keys, row.key)
		}
	}
	return keys
}

// settle takes the rows off the list that the last of some events to bind them bears out.
func (o *OrderRows) settle(which string, value any) error {
	told := map[touchedRow]string{}
	err := bindsOf(o.db, 0, which, value, func(binds string) {
		for row, digest := range boundLines(binds) {
			if _, asked := o.doubt[row]; asked {
				told[row] = digest
			}
		}
	})
	for row, digest := range told {
		if o.doubt[row] == digest {
			delete(o.doubt, row)
		}
	}
	return err
}

// bindsOf gives the lines of some events after that one, in the order of the log, those of
// many at once: the log may be long.
func bindsOf(db *gorm.DB, after int64, which string, value any, take func(binds string)) error {
	const query = `SELECT coalesce(max(seq), 0), count(*), coalesce(group_concat(binds, ''), '')
		FROM (SELECT seq, binds FROM events WHERE %s AND seq > ? ORDER BY seq LIMIT ?)`
	for {
		var count int64
		var binds string
		if err := db.Raw(fmt.Sprintf(query, which), value, after, bindMost).Row().Scan(&after, &count, &binds); err != nil {
			return err
		}
		if take(binds); count < bindMost {
			return nil
		}
	}
}
