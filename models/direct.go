package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// This file goes around GORM where every notice passes: there, making a statement
// costs more than carrying it out (docs/performance.md). The driver keeps these
// prepared. Which columns a model has is asked of GORM, so that nothing is named
// twice; TestDirectAgreesWithGORM writes each way and reads the other.

// run carries out a statement and says how many rows it hit.
func run(tx *gorm.DB, query string, values ...any) (rows int64, err error) {
	result, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, query, values...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// one reads one row; found is false where there is none. Rows of orders and accounts have
// ways of their own, which obey the scope of the reader.
func one(db *gorm.DB, into []any, query string, values ...any) (found bool, err error) {
	err = db.Statement.ConnPool.QueryRowContext(db.Statement.Context, query, values...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// columns are columns of one model: what they are called, and where they are in a row.
type columns struct {
	names  []string
	fields []*schema.Field
}

// columnsOf finds the named columns, or all, once they are first needed.
func columnsOf[T any](names ...string) func() columns {
	return sync.OnceValue(func() columns {
		model, err := schema.Parse(new(T), &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			panic(err) // nothing works that GORM cannot read
		}
		c := columns{names: names}
		if len(names) == 0 {
			c.names = model.DBNames
		}
		for _, name := range c.names {
			c.fields = append(c.fields, model.FieldsByDBName[name])
		}
		return c
	})
}

// of are pointers into a row, which database/sql both reads from and writes to.
func (c columns) of(row any) []any {
	value := reflect.ValueOf(row)
	pointers := make([]any, len(c.fields), len(c.fields)+2) // and what an update asks for
	for i, field := range c.fields {
		pointers[i] = field.ReflectValueOf(context.Background(), value).Addr().Interface()
		if at, ok := pointers[i].(*time.Time); ok {
			pointers[i] = moment{at}
		}
	}
	return pointers
}

func (c columns) list() string { return strings.Join(c.names, ", ") }

func (c columns) marks() string { return strings.TrimSuffix(strings.Repeat("?, ", len(c.names)), ", ") }

func (c columns) settings() string { return strings.Join(c.names, " = ?, ") + " = ?" }

// moment is a time as the database holds it.
type moment struct{ at *time.Time }

// Value writes it.
func (m moment) Value() (driver.Value, error) { return Millis(*m.at), nil }

// Scan reads it.
func (m moment) Scan(value any) error {
	ms, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time is %T, not milliseconds", value)
	}
	*m.at = FromMillis(ms)
	return nil
}

var (
	payoutColumns   = columnsOf[Payout]()
	progressColumns = columnsOf[Payout](progress...)
	handedColumns   = columnsOf[Payout](slices.Concat(handing, progress)...)
	namedColumns    = columnsOf[Payout](slices.Concat(naming, progress)...)
	editedColumns   = columnsOf[Payout](slices.Concat(content, handing, naming, progress)...)
	accountColumns  = columnsOf[GatewayAccount]()
	eventColumns    = columnsOf[Event]()
	noticeColumns   = columnsOf[Notice](arrival...)
)

// arrival are the columns of a notice that are written when it first comes.
var arrival = []string{
	"account_id", "body", "body_digest", "same_digest", "headers", "address", "received_at", "last_at", "seen", "verified", "algorithm",
	"order_no", "payout_id", "says", "word", "amount_minor", "currency", "quarantine",
}

// The statements are put together once.
var (
	selectPayout = sync.OnceValue(func() string {
		return "SELECT " + payoutColumns().list() + " FROM payouts WHERE "
	})
	selectAccount = sync.OnceValue(func() string {
		return "SELECT " + accountColumns().list() + " FROM gateway_accounts WHERE "
	})
	updateProgress = sync.OnceValue(func() string { return updatePayout(progressColumns()) })
	updateHanded   = sync.OnceValue(func() string { return updatePayout(handedColumns()) })
	updateNamed    = sync.OnceValue(func() string { return updatePayout(namedColumns()) })
	updateEdited   = sync.OnceValue(func() string { return updatePayout(editedColumns()) })
	insertEvent    = sync.OnceValue(func() string {
		return "INSERT INTO events (" + eventColumns().list() + ") VALUES (" + eventColumns().marks() + ")"
	})
	insertNotice = sync.OnceValue(func() string {
		return "INSERT INTO notices (" + noticeColumns().list() + ") VALUES (" + noticeColumns().marks() + ")" +
			" ON CONFLICT (account_id, body_digest) DO UPDATE SET seen = seen + 1, last_at = excluded.last_at RETURNING id, seen"
	})
)

func updatePayout(changed columns) string {
	return "UPDATE payouts SET " + changed.settings() + " WHERE id = ? AND moves = ?"
}

func readPayout(db *gorm.DB, condition string, value any) (p Payout, found bool, err error) {
	found, err = one(db, payoutColumns().of(&p), selectPayout()+condition, value)
	if found && !scopeOf(db).Holds(p.AccountID, p.Currency) {
		return Payout{}, false, err
	}
	p.counted = p.tally()
	return p, found, err
}

func readAccount(db *gorm.DB, condition string, value any) (a GatewayAccount, found bool, err error) {
	found, err = one(db, accountColumns().of(&a), selectAccount()+condition, value)
	if found && !scopeOf(db).Holds(a.ID, a.Currency) {
		return GatewayAccount{}, false, err
	}
	return a, found, err
}

// writePayout writes where the payout stands, and what it is as far as that has
// changed, unless it moved since it was read.
func writePayout(tx *gorm.DB, p *Payout, read int) (rows int64, err error) {
	changed, query := progressColumns(), updateProgress()
	switch {
	case p.Version != p.counted.version:
		changed, query = editedColumns(), updateEdited()
	case !p.SubmittedAt.Equal(p.counted.handed):
		changed, query = handedColumns(), updateHanded()
	case p.GatewayNo != p.counted.named:
		changed, query = namedColumns(), updateNamed()
	}
	return run(tx, query, append(changed.of(p), p.ID, read)...)
}

func addEvent(tx *gorm.DB, e *Event) error {
	_, err := run(tx, insertEvent(), eventColumns().of(e)...)
	return err
}

func lastEvent(db *gorm.DB) (e Event, err error) {
	_, err = one(db, []any{&e.Seq, &e.Hash}, "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
	return e, err
}

// addNotice stores the notice, or counts one more of the same bytes.
func addNotice(tx *gorm.DB, n *Notice) error {
	_, err := one(tx, []any{&n.ID, &n.Seen}, insertNotice(), noticeColumns().of(n)...)
	return err
}

func addToCount(tx *gorm.DB, c PayoutCount) error {
	_, err := run(tx, `INSERT INTO payout_counts (account_id, currency, stage, outcome, contradicted, orders, sum_minor) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, currency, stage, outcome, contradicted)
		DO UPDATE SET orders = orders + excluded.orders, sum_minor = sum_minor + excluded.sum_minor`,
		c.AccountID, c.Currency, c.Stage, c.Outcome, c.Contradicted, c.Orders, c.SumMinor)
	return err
}
