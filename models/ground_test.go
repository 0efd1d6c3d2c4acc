package models

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// I28: every connection of both pools has every setting, not only the first.
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
			defer one.Close() // held until all are there, so that each is another
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
	check(reader, reader.Stats().MaxOpenConnections, readerSettings)
	check(writer, 1, writerSettings)
}

// The known-bad variants: a connection that lacks any one of the settings is found
// at the start.
func TestI28_AConnectionWithoutASettingIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "countersign.db")
	store, err := Open(path) // registers the drivers, makes the file
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	lacking := func(driver, options string, want map[string]string) {
		t.Helper()
		pool, err := openPool(driver, path, options, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer closePool(pool)
		if err := assertPragmas(pool, want); err == nil {
			t.Errorf("%s with %q passed", driver, options)
		}
	}
	for good, bad := range map[string]string{
		"_synchronous=FULL": "_synchronous=NORMAL", "_busy_timeout=10000": "_busy_timeout=1", "_foreign_keys=on": "_foreign_keys=off",
		"_recursive_triggers=on": "_recursive_triggers=off",
	} {
		if !strings.Contains(writerOptions, good) {
			t.Fatalf("the writer's options lack %s", good)
		}
		lacking(writerDriver, strings.Replace(writerOptions, good, bad, 1), writerSettings)
	}
	lacking("sqlite3", writerOptions, writerSettings) // without the hook that turns trusted_schema off
	lacking("sqlite3", readerOptions, readerSettings)
	lacking(readerDriver, strings.Replace(readerOptions, "_query_only=true", "_query_only=false", 1), readerSettings)
}
