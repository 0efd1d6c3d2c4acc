package models

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync"

	"github.com/mattn/go-sqlite3"
)

// Everything of how a connection to SQLite is set.

// The two drivers, one for the writer's connection and one for readers', the oldest SQLite
// that does (as it counts its versions), and the options of their connection strings.
const (
	writerDriver  = "countersign-writer"
	readerDriver  = "countersign-reader"
	minimumSQLite = 3051003
	writerOptions = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_foreign_keys=on&_recursive_triggers=on&_txlock=immediate&_stmt_cache_size=128"
	readerOptions = "mode=ro&_query_only=true&_busy_timeout=10000&_foreign_keys=on&_recursive_triggers=on&_stmt_cache_size=64"
)

// writerSettings are asserted on each connection of the writer (I28).
var writerSettings = map[string]string{
	"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "recursive_triggers": "1",
	"trusted_schema": "0", "busy_timeout": "10000",
}

// readerSettings are asserted on each connection of a reader.
var readerSettings = map[string]string{
	"journal_mode": "wal", "query_only": "1", "trusted_schema": "0", "busy_timeout": "10000",
}

var registerOnce sync.Once

// registerDrivers sets what a connection string has no key for. A pool may make a
// new connection at any time: each looks at its own settings, or is none.
func registerDrivers() {
	hook := func(want map[string]string, pragmas ...string) func(*sqlite3.SQLiteConn) error {
		return func(c *sqlite3.SQLiteConn) error {
			if _, err := c.Exec("PRAGMA "+strings.Join(pragmas, "; PRAGMA "), nil); err != nil {
				return err
			}
			return assertSettings(c, want)
		}
	}
	sql.Register(writerDriver, &sqlite3.SQLiteDriver{ConnectHook: hook(writerSettings,
		"trusted_schema=OFF", "cache_size=-65536", "temp_store=MEMORY", "wal_autocheckpoint=4000", "journal_size_limit=67108864")})
	sql.Register(readerDriver, &sqlite3.SQLiteDriver{ConnectHook: hook(readerSettings,
		"trusted_schema=OFF", "cache_size=-16384", "temp_store=MEMORY")})
}

// assertSettings refuses a connection that is not set as it must be.
func assertSettings(c *sqlite3.SQLiteConn, want map[string]string) error {
	for name, value := range want {
		got, err := pragma(c, name)
		if err != nil {
			return err
		}
		if got != value {
			return fmt.Errorf("SQLite setting %s is %q, must be %q", name, got, value)
		}
	}
	return nil
}

func pragma(c *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := c.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	row := make([]driver.Value, 1)
	if err := rows.Next(row); err != nil {
		return "", err
	}
	return fmt.Sprint(row[0]), nil
}
