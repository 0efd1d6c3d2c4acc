package models

import (
	"fmt"
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
	return &OrderRows{db: db, tables: tables, doubt: map[touchedRow]string{}}, err
}

// Take asks about the rows of one order, going by its own events. Rows that those do not
// bear out may have been written by another act: Altered asks the whole log about them.
func (o *OrderRows) Take(id PayoutID, events []Event) error {
	told := map[touchedRow]string{}
	for _, e := range events {
		for row, digest := range boundBy(e.Binds) {
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

// boundBy reads the lines in which an event names the rows that its act wrote.
func boundBy(binds string) map[touchedRow]string {
	bound := map[touchedRow]string{}
	for line := range strings.Lines(binds) {
		digest, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if table, key, ok := strings.Cut(rest, " "); ok {
			bound[touchedRow{table, key}] = digest
		}
	}
	return bound
}

// groundBinds are the acts that write what orders depend on, beside those that make an
// order: there are few of them, whatever the log's length.
var groundBinds = append(slices.Clone(GroundVerbs), "account_changed", "account_tested", "password_changed", VerbBound)

// Altered names the rows that are not what the log says was written last: first it goes by
// the acts that write such rows, then by the whole log.
func (o *OrderRows) Altered() (names []string, err error) {
	for _, some := range []*gorm.DB{
		o.db.Where("verb IN ?", groundBinds),
		o.db.Where("at IN (SELECT created_at FROM payee_versions WHERE id IN ?)", o.keysOf("payee_versions")),
		o.db.Where("seq > 0"),
	} {
		if len(o.doubt) == 0 {
			return nil, nil
		}
		if err := o.settle(some.Session(&gorm.Session{})); err != nil {
			return nil, err
		}
	}
	for row := range o.doubt {
		names = append(names, row.table+" "+readable(row.key))
	}
	slices.Sort(names)
	return names, nil
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
func (o *OrderRows) settle(some *gorm.DB) error {
	told := map[touchedRow]string{}
	for after := int64(0); ; {
		var events []Event
		if err := some.Select("seq", "binds").Where("seq > ?", after).Order("seq").Limit(bindMost).Find(&events).Error; err != nil {
			return err
		}
		for _, e := range events {
			after = e.Seq
			o.note(told, e.Binds)
		}
		if len(events) < bindMost {
			break
		}
	}
	for row, digest := range told {
		if o.doubt[row] == digest {
			delete(o.doubt, row)
		}
	}
	return nil
}

// note keeps what the lines say of the rows in doubt.
func (o *OrderRows) note(told map[touchedRow]string, binds string) {
	for row, digest := range boundBy(binds) {
		if _, asked := o.doubt[row]; asked {
			told[row] = digest
		}
	}
}
