package models

import (
	"context"
	"maps"
	"slices"
	"sync"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// compareSchema asks whether the tables, indexes and triggers are those of this program:
// a trigger that was taken away let the past be edited, even if it is back now (I19).
func compareSchema(db *gorm.DB) (r Report, err error) {
	want, err := ownSchema()
	if err != nil {
		return r, err
	}
	is, err := readSchema(db)
	if err != nil {
		return r, err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch text, there := is[name]; {
		case !there:
			r.find("schema", name, "it is missing in the database")
		case text != want[name]:
			r.find("schema", name, "it is not written in the database as this program writes it")
		}
		delete(is, name)
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		r.find("schema", name, "this program never made it")
	}
	return r, nil
}

func readSchema(db *gorm.DB) (map[string]string, error) {
	var parts []struct{ Type, Name, SQL string }
	err := db.Raw(`SELECT type, name, coalesce(sql, '') AS sql FROM sqlite_schema
		WHERE name NOT LIKE 'sqlite_stat%' AND tbl_name <> 'goose_db_version' AND name <> 'sqlite_sequence'`).Scan(&parts).Error
	all := make(map[string]string, len(parts))
	for _, part := range parts {
		all[part.Type+" "+part.Name] = part.SQL
	}
	return all, err
}

// ownSchema is the schema of a new database, made once, in memory.
var ownSchema = sync.OnceValues(func() (map[string]string, error) {
	db, err := gorm.Open(sqlite.Open(":memory:"), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1) // each connection has a memory of its own
	provider, err := schemaSteps(db)
	if err != nil {
		return nil, err
	}
	if _, err := provider.Up(context.Background()); err != nil {
		return nil, err
	}
	return readSchema(db)
})
