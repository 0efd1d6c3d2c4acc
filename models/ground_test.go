package models

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// I28: every connection of both pools has every setting, not only the first, and
// so have those that a pool makes later, when it has lost one.
func TestI28_EveryConnectionHasEverySetting(t *testing.T) {
	store, err := Open(filepath.Join(t.TempDir(), "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	check := func(pool *sql.DB, connections int, want map[string]string) {
		for range connections {
			one, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer one.Close() // held until all are there, so that each is another one
			for name, value := range want {
				var got string
				if err := one.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != value {
					t.Errorf("%s is %q, must be %q: %v", name, got, value, err)
				}
			}
		}
	}
	reader, err := store.read.DB()
	if err != nil {
		t.Fatal(err)
	}
	writer, err := store.write.DB()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		check(reader, reader.Stats().MaxOpenConnections, readerSettings)
		check(writer, 1, writerSettings)
		reader.SetMaxIdleConns(0)
		writer.SetMaxIdleConns(0)
	}
	if reader.Stats().MaxIdleClosed == 0 || writer.Stats().MaxIdleClosed == 0 {
		t.Error("no connection was made anew")
	}
}

// The known-bad variants: a connection that lacks any one of the settings is none.
func TestI28_AConnectionWithoutASettingIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "countersign.db")
	store, err := Open(path) // registers the drivers, makes the file
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	lacking := func(driver, options string) {
		t.Helper()
		pool, err := openPool(driver, path, options, 1)
		if err == nil {
			t.Errorf("%s with %q passed", driver, options)
			closePool(pool)
		}
	}
	for good, bad := range map[string]string{
		"_synchronous=FULL": "_synchronous=NORMAL", "_busy_timeout=10000": "_busy_timeout=1", "_foreign_keys=on": "_foreign_keys=off",
		"_recursive_triggers=on": "_recursive_triggers=off",
	} {
		if !strings.Contains(writerOptions, good) {
			t.Fatalf("the writer's options lack %s", good)
		}
		lacking(writerDriver, strings.Replace(writerOptions, good, bad, 1))
	}
	lacking(readerDriver, strings.Replace(readerOptions, "_query_only=true", "_query_only=false", 1))
	lacking(readerDriver, strings.Replace(readerOptions, "_busy_timeout=10000", "", 1))
}
