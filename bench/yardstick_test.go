//go:build bench

package bench

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
)

// yardstick is what raw SQLite makes of the same notices: a copy of the product's own
// file, with its orders, columns, indexes and triggers and the product's settings of a
// writer, in which the rows that a notice leaves behind are written through the
// driver's prepared statements and nothing else is done. It is spared HTTP, the check
// of the signature, every rule, the chain's hash, savepoints, the second write to a
// notice that was applied, and it changes the kept totals once a commit.
type yardstick struct {
	file                 string // to be copied for each turn
	notice, order, event row    // as the product wrote them for one notice
	orders               []driver.Value
}

const yardstickSettings = "?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_recursive_triggers=on&_cache_size=-65536"

// newYardstick copies the product's file, in which one notice has been applied.
func newYardstick(t *testing.T, town *product) *yardstick {
	t.Helper()
	y := &yardstick{file: filepath.Join(t.TempDir(), "yardstick.db")}
	town.Must(town.Store.Backup(context.Background(), y.file))
	db, err := sql.Open("sqlite3", "file:"+y.file)
	town.Must(err)
	defer db.Close()
	y.notice = readRow(t, db, "SELECT * FROM notices ORDER BY id DESC LIMIT 1")
	y.event = readRow(t, db, "SELECT * FROM events WHERE verb = 'paid' ORDER BY seq DESC LIMIT 1")
	y.order = readRow(t, db, "SELECT moves, outcome, grade, received_minor, settled_at, state_since, heard_at, next_action_at FROM payouts WHERE outcome = 'paid' LIMIT 1")
	rows, err := db.Query("SELECT order_no FROM payouts WHERE stage = 'sent' AND outcome = 'pending' ORDER BY id")
	town.Must(err)
	defer rows.Close()
	for rows.Next() {
		var number string
		town.Must(rows.Scan(&number))
		y.orders = append(y.orders, number)
	}
	return y
}

// row is a row of the product's.
type row struct {
	names  []string
	values []any
}

func readRow(t *testing.T, db *sql.DB, query string) (r row) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if r.names, err = rows.Columns(); err != nil || !rows.Next() {
		t.Fatal("there is nothing to go by: ", query, err)
	}
	r.values = make([]any, len(r.names))
	into := make([]any, len(r.names))
	for i := range into {
		into[i] = &r.values[i]
	}
	if err := rows.Scan(into...); err != nil {
		t.Fatal(err)
	}
	return r
}

// with are the row's values, some of them others.
func (r row) with(other map[string]driver.Value) []driver.Value {
	values := make([]driver.Value, len(r.values))
	for i, name := range r.names {
		values[i] = r.values[i]
		if v, ok := other[name]; ok {
			values[i] = v
		}
	}
	return values
}

func (r row) insert(table string) string {
	return "INSERT INTO " + table + " (" + strings.Join(r.names, ", ") + ") VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(r.names)), ", ") + ")"
}

// rate is how many notices a second it writes, so many a commit.
func (y *yardstick) rate(t *testing.T, perCommit int) (rate float64) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "turn.db")
	content, err := os.ReadFile(y.file)
	must(t, err)
	must(t, os.WriteFile(file, content, 0o600))
	opened, err := (&sqlite3.SQLiteDriver{}).Open("file:" + file + yardstickSettings)
	must(t, err)
	defer opened.Close()
	c := opened.(*sqlite3.SQLiteConn)
	w := y.prepare(t, c)
	// Written once before the clock runs, as the product's file was.
	w.commit(y.orders[:perCommit])
	orders := y.orders[perCommit:]
	units := min(rawUnits, len(orders)) / perCommit * perCommit
	began := time.Now()
	for at := 0; at < units; at += perCommit {
		w.commit(orders[at : at+perCommit])
	}
	return float64(units) / time.Since(began).Seconds()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rawWriter has every statement prepared.
type rawWriter struct {
	*yardstick
	t                                                        *testing.T
	begin, commitment, find, notice, update, event, addTotal driver.Stmt
	nextNotice, nextEvent                                    int64
}

func (y *yardstick) prepare(t *testing.T, c *sqlite3.SQLiteConn) *rawWriter {
	t.Helper()
	prepare := func(query string) driver.Stmt {
		s, err := c.Prepare(query)
		must(t, err)
		return s
	}
	return &rawWriter{
		yardstick: y, t: t, begin: prepare("BEGIN IMMEDIATE"), commitment: prepare("COMMIT"),
		find:   prepare("SELECT id, moves, amount_minor, currency FROM payouts WHERE order_no = ?"),
		notice: prepare(y.notice.insert("notices")), event: prepare(y.event.insert("events")),
		update: prepare("UPDATE payouts SET " + strings.Join(y.order.names, " = ?, ") + " = ? WHERE id = ? AND moves = ?"),
		addTotal: prepare(`UPDATE payout_counts SET orders = orders + ?, sum_minor = sum_minor + ?
			WHERE stage = 'sent' AND outcome = ? AND contradicted = 0`),
		nextNotice: y.value(y.notice, "id") + 1_000_000, nextEvent: y.value(y.event, "seq") + 1_000_000,
	}
}

func (y *yardstick) value(r row, name string) int64 {
	for i := range r.names {
		if r.names[i] == name {
			return r.values[i].(int64)
		}
	}
	return 0
}

func (w *rawWriter) exec(s driver.Stmt, values ...driver.Value) int64 {
	result, err := s.Exec(values)
	must(w.t, err)
	rows, err := result.RowsAffected()
	must(w.t, err)
	return rows
}

// commit writes the notices of these orders.
func (w *rawWriter) commit(orders []driver.Value) {
	w.exec(w.begin)
	var sum int64
	for _, number := range orders {
		sum += w.one(number)
	}
	w.exec(w.addTotal, -int64(len(orders)), -sum, "pending")
	w.exec(w.addTotal, int64(len(orders)), sum, "paid")
	w.exec(w.commitment)
}

// one writes what one notice leaves behind.
func (w *rawWriter) one(number driver.Value) (amount int64) {
	found, err := w.find.Query([]driver.Value{number})
	must(w.t, err)
	order := make([]driver.Value, 4)
	must(w.t, found.Next(order))
	must(w.t, found.Close())
	digest, same, hash := make([]byte, 32), make([]byte, 32), make([]byte, 32)
	for _, random := range [][]byte{digest, same, hash} {
		_, _ = rand.Read(random)
	}
	w.nextNotice++
	w.nextEvent++
	w.exec(w.notice, w.yardstick.notice.with(map[string]driver.Value{
		"id": w.nextNotice, "order_no": number, "payout_id": order[0], "amount_minor": order[2], "body_digest": digest, "same_digest": same,
	})...)
	if w.exec(w.update, append(w.order.with(map[string]driver.Value{"moves": order[1].(int64) + 1, "received_minor": order[2]}), order[0], order[1])...) != 1 {
		w.t.Fatal("an order is not as it was read")
	}
	w.exec(w.event, w.yardstick.event.with(map[string]driver.Value{"seq": w.nextEvent, "payout_id": order[0], "hash": hash})...)
	return order[2].(int64)
}
