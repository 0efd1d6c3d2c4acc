package models

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// goneRow stands for the digest of a row that is not there any more.
const goneRow = "-"

// bindMost is how many rows one entry binds.
const bindMost = 1000

// VerbKept is the entry that binds what was written after the last other one of a unit.
const VerbKept = "rows_kept"

// VerbRotated is the entry that binds rows whose secrets were sealed with a new key.
const VerbRotated = "key_rotated"

// rowDigest is what an entry says of a row.
func rowDigest(table, text string) string {
	digest, _ := digestOfRow(table, text, nil)
	return string(digest[:])
}

// digestOfRow is the same without a copy of the row each time.
func digestOfRow(table, text string, buffer []byte) (digest [43]byte, used []byte) {
	buffer = append(append(append(buffer[:0], table...), '\n'), text...)
	sum := sha256.Sum256(buffer)
	base64.RawStdEncoding.Encode(digest[:], sum[:])
	return digest, buffer
}

// watchRows lets the connection that writes note which rows it touches. The notes lie in
// its own memory and are undone with whatever is undone, so that no act has to say what
// it wrote, and none can forget to (I19).
func watchRows(tx *gorm.DB, tables []boundTable) error {
	known, err := one(tx, []any{new(int)}, "SELECT 1 FROM temp.sqlite_schema WHERE name = 'touched'")
	if err != nil || known {
		return err
	}
	statements := []string{"CREATE TEMP TABLE touched (tbl TEXT NOT NULL, key TEXT NOT NULL)"}
	for _, t := range tables {
		statements = append(statements, t.watches()...)
	}
	for _, statement := range statements {
		if _, err := run(tx, statement); err != nil {
			return fmt.Errorf("watch the rows: %w", err)
		}
	}
	return nil
}

// watches are the triggers of a table.
func (t boundTable) watches() []string {
	var differs []string
	for _, column := range t.columns {
		differs = append(differs, fmt.Sprintf("NEW.%[1]s IS NOT OLD.%[1]s", quoted(column)))
	}
	touch := func(row string) string {
		return fmt.Sprintf("INSERT INTO touched (tbl, key) VALUES ('%s', %s); ", t.name, t.key(row))
	}
	make := func(when, condition, what string) string {
		return fmt.Sprintf("CREATE TEMP TRIGGER touch_%s_%s AFTER %s ON main.%s WHEN %s BEGIN %s END",
			t.name, strings.ToLower(when), when, quoted(t.name), condition, what)
	}
	changed := t.only("NEW.") + " AND (" + strings.Join(differs, " OR ") + ")"
	return []string{
		make("INSERT", t.only("NEW."), touch("NEW.")), make("UPDATE", changed, touch("OLD.")+touch("NEW.")), make("DELETE", t.only("OLD."), touch("OLD.")),
	}
}

// bindings takes what was touched and not bound yet, and writes a line of each row.
func bindings(tx *gorm.DB) (string, error) {
	n := newsOf(tx)
	if n == nil || n.tables == nil {
		return "", nil
	}
	touched, err := takeTouched(tx)
	if err != nil || len(touched) == 0 {
		return "", err
	}
	var lines strings.Builder
	for _, row := range touched {
		at := slices.IndexFunc(n.tables, func(t boundTable) bool { return t.name == row.table })
		digest, err := n.tables[at].digest(tx, row.key)
		if err != nil {
			return "", fmt.Errorf("bind %s %s: %w", row.table, row.key, err)
		}
		fmt.Fprintf(&lines, "%s %s %s\n", digest, row.table, row.key)
	}
	return lines.String(), nil
}

type touchedRow struct{ table, key string }

// takeTouched takes the oldest notes; a row that was touched twice is named once.
func takeTouched(tx *gorm.DB) (touched []touchedRow, err error) {
	rows, err := tx.Statement.ConnPool.QueryContext(tx.Statement.Context, "SELECT rowid, tbl, key FROM touched ORDER BY rowid LIMIT ?", bindMost)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	last, seen := int64(0), map[touchedRow]bool{}
	for rows.Next() {
		var row touchedRow
		if err := rows.Scan(&last, &row.table, &row.key); err != nil {
			return nil, err
		}
		if !seen[row] {
			seen[row], touched = true, append(touched, row)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || last == 0 {
		return nil, err
	}
	_, err = run(tx, "DELETE FROM touched WHERE rowid <= ?", last)
	return touched, err
}

// appendRows adds entries that do nothing but bind rows. Their time is that of the entry
// before them where nobody has told the store what time it is.
func appendRows(tx *gorm.DB, verb string) error {
	if err := linkLast(tx); err != nil {
		return err
	}
	for {
		lines, err := bindings(tx)
		if err != nil || lines == "" {
			return err
		}
		at, err := rowsAt(tx)
		if err != nil {
			return err
		}
		e := Event{At: at, Verb: verb, Actor: Machine("store").Name, Subject: "rows", SubjectID: tablesIn(lines), Details: Details{
			"rows": fmt.Sprint(strings.Count(lines, "\n")),
		}, Binds: lines}
		if err := link(tx, e); err != nil {
			return err
		}
	}
}

func rowsAt(tx *gorm.DB) (time.Time, error) {
	if n := newsOf(tx); n.now != nil {
		return n.now(), nil
	}
	_, at, err := LastEventAt(tx)
	return at, err
}

// tablesIn names the tables of the rows, each once.
func tablesIn(lines string) string {
	var names []string
	for line := range strings.Lines(lines) {
		if name := strings.Fields(line)[1]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}
