package models

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// OrderRows is what is asked of the rows that evidence of an order is read from: whether
// each is what the log says was written last (I19). It is Verify's check of rows, for a
// few of them.
type OrderRows struct {
	db     *gorm.DB
	tables []boundTable
	doubt  map[touchedRow]string // rows that the order's own events do not bear out, as they lie there now
	borne  *boundRows            // those that they bear out, as they lie there now
	first  int64                 // the oldest of those events
}

// OrderTables are where the facts of one order stand, each with the condition that finds
// them. What is here is in its evidence, and what is in its evidence is here.
var OrderTables = map[string]string{
	"payouts":   "id = @order",
	"approvals": "payout_id = @order",
	"signatures": `id IN (SELECT signature_id FROM approvals WHERE payout_id = @order)
		OR digest IN (SELECT unhex(details ->> 'signature') FROM events WHERE payout_id = @order AND payout_id > 0)`,
	"attempts":         "payout_id = @order",
	"questions":        "payout_id = @order",
	"notices":          "payout_id = @order",
	"verdicts":         "payout_id = @order",
	"files":            "payout_id = @order",
	"payee_versions":   "id = (SELECT payee_version_id FROM payouts WHERE id = @order)",
	"policies":         "version = (SELECT policy_version FROM payouts WHERE id = @order)",
	"gateway_accounts": "id = (SELECT account_id FROM payouts WHERE id = @order)",
	"people": `id IN (SELECT maker_id FROM payouts WHERE id = @order UNION SELECT person_id FROM approvals WHERE payout_id = @order
		UNION SELECT proposer_id FROM verdicts WHERE payout_id = @order UNION SELECT confirmer_id FROM verdicts WHERE payout_id = @order
		UNION SELECT created_by FROM payee_versions WHERE id = (SELECT payee_version_id FROM payouts WHERE id = @order))`,
}

// ReadOrderRows makes ready to ask.
func ReadOrderRows(db *gorm.DB) (*OrderRows, error) {
	tables, err := boundTables(db)
	tables = slices.DeleteFunc(tables, func(t boundTable) bool { return OrderTables[t.name] == "" })
	return &OrderRows{db: db, tables: tables, doubt: map[touchedRow]string{}, borne: newBoundRows(), first: math.MaxInt64}, err
}

// Take asks about the rows of one order, going by its own events. Rows that those do not
// bear out may have been written by another act: Altered asks the whole log about them.
func (o *OrderRows) Take(id PayoutID, events []Event) error {
	told := map[touchedRow]string{}
	for _, e := range events {
		o.first = min(o.first, e.Seq)
		for row, digest := range boundLines(e.Binds) {
			told[row] = digest
		}
	}
	for _, t := range o.tables {
		now, err := o.rowsOf(t, id)
		if err != nil {
			return err
		}
		for row, digest := range now {
			if told[row] != digest {
				o.doubt[row] = digest
			} else {
				o.borne.of(row.table).set(row.key, o.borne.mark(digest))
			}
			delete(told, row)
		}
	}
	for row, digest := range told { // what is there no more, or is another order's now
		if OrderTables[row.table] != "" && digest != goneRow {
			if err := o.missing(row, digest); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *OrderRows) missing(row touchedRow, told string) error {
	at := slices.IndexFunc(o.tables, func(t boundTable) bool { return t.name == row.table })
	if at < 0 {
		return nil
	}
	now, err := o.tables[at].digest(o.db, row.key)
	if err == nil && now != told {
		o.doubt[row] = now
	}
	return err
}

// rowsOf gives the digests of the order's rows in one table, as they lie there now.
func (o *OrderRows) rowsOf(t boundTable, id PayoutID) (now map[touchedRow]string, err error) {
	var rows []struct{ Key, Text string }
	condition := strings.ReplaceAll(OrderTables[t.name], "@order", fmt.Sprint(int64(id)))
	err = o.db.Raw("SELECT " + t.key("") + " AS key, " + t.text() + " AS text FROM " + quoted(t.name) + " WHERE (" + condition + ") AND " + t.only("")).Scan(&rows).Error
	now = make(map[touchedRow]string, len(rows))
	for _, row := range rows {
		now[touchedRow{t.name, row.Key}] = rowDigest(t.name, row.Text)
	}
	return now, err
}

// boundLines reads the lines in which an event names the rows that its act wrote.
func boundLines(binds string) iter.Seq2[touchedRow, string] {
	return func(yield func(touchedRow, string) bool) {
		for line := range strings.Lines(binds) {
			digest, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			if table, key, ok := strings.Cut(rest, " "); ok && !yield(touchedRow{table, key}, digest) {
				return
			}
		}
	}
}
