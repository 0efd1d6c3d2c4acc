package models

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Every table is bound to the log unless it stands here. What stands here is checked in
// another way, or nothing about money or people rests on it.
var unboundTables = []string{
	"events", "tree_hashes", "heads", // are the log: hashed, grown again, signed
	"payout_counts", "limit_uses", // counted again
	"head_departures", // how a head is doing on its way
	"reminders",       // a schedule; the log tells who was reminded
	"sessions", "form_keys", "sign_in_tries", "sign_in_steps",
	"leases", "duties", "risk_hours", "balance_hours",
	"goose_db_version",
}

// unboundColumns change without an act: counters, schedules, what was last seen.
var unboundColumns = map[string][]string{
	"payouts": {"moves", "next_action_at", "leased_by", "leased_until", "questions", "heard_at", "notices_until"},
	"gateway_accounts": {"last_good_at", "last_notice_at", "balance_minor", "frozen_minor", "balance_at", "not_sent_streak", "turned_away",
		"silent_at", "silent_since", "silent_orders"},
	"notices":      {"seen", "last_at"},
	"code_factors": {"used_step", "used_at"},
	"passkeys":     {"sign_count", "used_at", "record_seen"},
}

// writtenOnce are rows that no act ever writes again.
var writtenOnce = []string{"approvals", "payee_versions", "policies", "limit_versions", "files"}

// writesAnew are the entries that may bind even such rows again: nothing that people see
// of them is another.
var writesAnew = []string{VerbBound, VerbRotated}

// unboundSettings are notes to oneself.
var unboundSettings = []string{SettingChecked}

// boundTable is a table whose rows are bound to the log: which columns of it, how its
// rows are named, and the text of a row that is hashed.
type boundTable struct {
	name    string
	columns []string
	keys    []string
	numbers bool // its rows are named by one whole number
	bound   bool // false in a file of the time before rows were bound
}

// boundTables reads from the schema which rows are bound.
func boundTables(db *gorm.DB) (all []boundTable, err error) {
	var names []string
	if err := db.Raw("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").Scan(&names).Error; err != nil {
		return nil, err
	}
	bound, err := one(db, []any{new(int)}, "SELECT 1 FROM pragma_table_info('events') WHERE name = 'binds'")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if slices.Contains(unboundTables, name) {
			continue
		}
		t, err := readTable(db, name)
		if err != nil {
			return nil, err
		}
		t.bound = bound
		all = append(all, t)
	}
	return all, nil
}

func readTable(db *gorm.DB, name string) (t boundTable, err error) {
	var columns []struct {
		Name, Type string
		Pk         int
	}
	t.name = name
	if err := db.Raw("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", name).Scan(&columns).Error; err != nil {
		return t, err
	}
	keys := slices.Clone(columns)
	slices.SortStableFunc(keys, func(a, b struct {
		Name, Type string
		Pk         int
	}) int {
		return cmp.Compare(a.Pk, b.Pk)
	})
	for _, c := range columns {
		if !slices.Contains(unboundColumns[name], c.Name) {
			t.columns = append(t.columns, c.Name)
		}
	}
	for _, c := range keys {
		if c.Pk > 0 {
			t.keys = append(t.keys, c.Name)
			t.numbers = c.Type == "INTEGER"
		}
	}
	t.numbers = t.numbers && len(t.keys) == 1
	if len(t.keys) == 0 {
		return t, fmt.Errorf("the table %s has no key", name)
	}
	return t, nil
}

// key is the expression that names a row: numbers as they are, everything else in
// hexadecimal, so that no name can run into the next.
func (t boundTable) key(row string) string {
	var parts []string
	for _, column := range t.keys {
		parts = append(parts, fmt.Sprintf("iif(typeof(%[1]s) = 'integer', %[1]s, hex(%[1]s))", row+quoted(column)))
	}
	return "concat(" + strings.Join(parts, ", '.', ") + ")"
}

// text is the expression of what is hashed: every column, its length first.
func (t boundTable) text() string {
	var parts []string
	for _, column := range t.columns {
		parts = append(parts, "coalesce(octet_length("+quoted(column)+"), '-')", "' '", quoted(column))
	}
	return "concat(" + strings.Join(parts, ", ") + ")"
}

// only is the condition under which a row is bound at all.
func (t boundTable) only(row string) string {
	switch t.name {
	case "settings":
		return row + "name NOT IN ('" + strings.Join(unboundSettings, "', '") + "')"
	case "questions": // the timetable looks at balances every few minutes
		return "(" + row + "payout_id IS NOT NULL OR " + row + "asked_by <> 0)"
	}
	return "1"
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// where finds a row by its key.
func (t boundTable) where(key string) (condition string, value any) {
	if t.numbers {
		var id int64
		if _, err := fmt.Sscan(key, &id); err == nil {
			return quoted(t.keys[0]) + " = ?", id
		}
	}
	return t.key("") + " = ?", key
}

// digest reads a row as it lies there now, "-" where there is none.
func (t boundTable) digest(db *gorm.DB, key string) (string, error) {
	condition, value := t.where(key)
	var text sql.RawBytes
	rows, err := db.Statement.ConnPool.QueryContext(db.Statement.Context, "SELECT "+t.text()+" FROM "+quoted(t.name)+" WHERE "+condition, value)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if !rows.Next() {
		return goneRow, rows.Err()
	}
	if err := rows.Scan(&text); err != nil {
		return "", err
	}
	return rowDigest(t.name, string(text)), nil
}

// Bound names the columns of every table that the log is held to (I19).
func Bound(db *gorm.DB) (map[string][]string, error) {
	tables, err := boundTables(db)
	all := make(map[string][]string, len(tables))
	for _, t := range tables {
		all[t.name] = t.columns
	}
	return all, err
}
