package models

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// This file and sqlite_settings.go hold all SQL and settings that are SQLite's alone.

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// ErrNewerFile refuses a file that a newer program has migrated.
var ErrNewerFile = errors.New("this database was made by a newer Countersign; start that version, or restore the backup made before it")

// Open opens the database file, migrates it and starts the writer.
func Open(path string) (*Store, error) {
	if err := checkVersion(); err != nil {
		return nil, err
	}
	registerOnce.Do(registerDrivers)
	writer, err := openPool(writerDriver, path, writerOptions, 1)
	if err != nil {
		return nil, err
	}
	before, err := boundTables(writer)
	if err != nil {
		return nil, err
	}
	if err := migrate(writer, path); err != nil {
		return nil, err
	}
	tables, err := boundTables(writer)
	if err != nil {
		return nil, err
	}
	reader, err := openPool(readerDriver, path, readerOptions, 4)
	if err != nil {
		return nil, err
	}
	if err := obeyScope(reader); err != nil {
		return nil, err
	}
	opened, err := lookUp(path)
	if err != nil {
		return nil, err
	}
	s := &Store{
		read: reader, write: writer, units: make(chan unit, queueLength), close: make(chan struct{}), done: make(chan struct{}),
		post: post{path: path + "-sender"}, files: opened, tables: tables,
	}
	go s.writer()
	return s, s.bindAnew(before)
}

func openPool(driver, path, options string, connections int) (*gorm.DB, error) {
	db, err := gorm.Open(
		sqlite.New(sqlite.Config{DriverName: driver, DSN: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + options}),
		&gorm.Config{
			SkipDefaultTransaction: true, // the store owns the only transaction
			TranslateError:         true,
			Logger:                 logger.Discard,
			NowFunc:                func() time.Time { return time.Time{} }, // models never ask for the time
		})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return db, nil
}

// migrate brings the schema up, each step in a transaction of its own, and
// refuses a file that is ahead of this program.
func migrate(db *gorm.DB, path string) error {
	provider, err := schemaSteps(db)
	if err != nil {
		return err
	}
	ctx := context.Background()
	current, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of %s: %w", path, err)
	}
	if current > newest {
		return ErrNewerFile
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", path, err)
	}
	if len(done) > 0 && current > 0 {
		slog.Info("migrated the database", "from", current, "to", newest)
	}
	return nil
}

// schemaSteps are the steps that lead to the schema of this program.
func schemaSteps(db *gorm.DB) (*goose.Provider, error) {
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	steps, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, steps, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

func checkVersion() error {
	if version, _, _ := sqlite3.Version(); versionNumber(version) < minimumSQLite {
		return fmt.Errorf("SQLite %s is too old: 3.51.3 or newer is needed", version)
	}
	return nil
}

func versionNumber(version string) int {
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return 0
	}
	return major*1_000_000 + minor*1_000 + patch
}

// fatal says whether an error is the disk's or the file's, not the caller's:
// after it nothing more may be promised (I29).
func fatal(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrIoErr, sqlite3.ErrFull, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrNomem:
		return true
	}
	return false
}

// beside lists the files that SQLite keeps beside a database in use: its write-ahead
// log, and the index of that, in which its locks are.
func beside(path string) []string { return []string{path + "-wal", path + "-shm"} }

// fold brings what is in the write-ahead log into the database that we hold, and
// leaves an empty log.
func (s *Store) fold() error { return s.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error }

func (s *Store) closePools() error {
	return errors.Join(s.fold(), closePool(s.read), closePool(s.write))
}

func closePool(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Backup writes a complete copy of the database to a new file while everything
// goes on.
func (s *Store) Backup(ctx context.Context, path string) error {
	return s.read.WithContext(ctx).Connection(func(one *gorm.DB) (err error) {
		// SQLite counts VACUUM INTO as writing, although it leaves our own file alone.
		if err := one.Exec("PRAGMA query_only=OFF").Error; err != nil {
			return err
		}
		defer func() {
			err = errors.Join(err, one.WithContext(context.WithoutCancel(ctx)).Exec("PRAGMA query_only=ON").Error)
		}()
		return one.Exec("VACUUM INTO ?", path).Error
	})
}

// isRefusedByTrigger tells a rule that the database itself holds from a fault.
func isRefusedByTrigger(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrConstraint
}
