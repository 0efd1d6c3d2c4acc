package torture

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"gorm.io/gorm"

	"countersign/services/servicestest"
)

// tampering is one way to edit the past: in the database, or in a bundle.
type tampering struct {
	name   string
	edit   func(g *tamperGround, tx *gorm.DB, random *rand.Rand) (what string, err error)
	bundle func(g *tamperGround, random *rand.Rand) (whole []byte, what string, done bool)
}

var tamperings = []tampering{
	{name: "bytes", edit: (*tamperGround).alterByte},
	{name: "swapped rows", edit: (*tamperGround).swapRows},
	{name: "bytes", edit: (*tamperGround).alterByte},
	{name: "deleted rows", edit: (*tamperGround).deleteRow},
	{name: "copied rows", edit: (*tamperGround).copyRow},
	{name: "cut tails", edit: (*tamperGround).cutTail},
	{name: "bytes", edit: (*tamperGround).alterByte},
	{name: "dropped guards", edit: (*tamperGround).dropGuard},
	{name: "pasts written anew", edit: (*tamperGround).rewriteEvent},
	{name: "rows and pasts written anew", edit: (*tamperGround).rewriteRow},
	{name: "tails cut with all that hangs on them", edit: (*tamperGround).rewriteCut},
	{name: "bytes of bundles", bundle: (*tamperGround).alterBundle},
}

// errNothing is an edit that changed nothing.
var errNothing = errors.New("nothing was changed")

// place picks a table, evenly, and a row of it.
func (g *tamperGround) place(tx *gorm.DB, random *rand.Rand) (table, condition string, err error) {
	tables := slices.Sorted(maps.Keys(g.columns))
	table = tables[random.IntN(len(tables))]
	condition, err = g.row(tx, table, random)
	return table, condition, err
}

// row names a row by the values of its columns that are a key.
func (g *tamperGround) row(tx *gorm.DB, table string, random *rand.Rand) (condition string, err error) {
	var keys []string
	if err := tx.Raw("SELECT name FROM pragma_table_info(?) WHERE pk > 0", table).Scan(&keys).Error; err != nil {
		return "", err
	}
	var parts []string
	for _, key := range keys {
		parts = append(parts, fmt.Sprintf("'\"%[1]s\" IS ' || quote(\"%[1]s\")", key))
	}
	only := map[string]string{"settings": " WHERE name <> 'checked'", "questions": " WHERE payout_id IS NOT NULL"}[table] // of the rest nothing hangs
	var all []string
	query := "SELECT " + strings.Join(parts, " || ' AND ' || ") + " FROM " + table + only + " ORDER BY 1"
	if err := tx.Raw(query).Scan(&all).Error; err != nil || len(all) == 0 {
		return "", errNothing
	}
	return all[random.IntN(len(all))], nil
}

// alterByte changes one byte of one value, or a number by a little.
func (g *tamperGround) alterByte(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	table, condition, err := g.place(tx, random)
	if err != nil {
		return "", err
	}
	column := g.columns[table][random.IntN(len(g.columns[table]))]
	at := random.IntN(1 << 20)
	what = fmt.Sprintf("%s.%s where %s", table, column, condition)
	query := fmt.Sprintf(`UPDATE %[1]s SET "%[2]s" = CASE typeof("%[2]s")
		WHEN 'integer' THEN "%[2]s" + %[4]d
		WHEN 'text' THEN substr("%[2]s", 1, %[3]d %% (length("%[2]s") + 1)) || 'x' || substr("%[2]s", %[3]d %% (length("%[2]s") + 1) + 2)
		WHEN 'blob' THEN CAST(substr("%[2]s", 1, %[3]d %% (length("%[2]s") + 1)) || x'%02[5]x' || substr("%[2]s", %[3]d %% (length("%[2]s") + 1) + 2) AS BLOB)
		ELSE "%[2]s" END WHERE %[6]s AND typeof("%[2]s") <> 'null'`, table, column, at, 1+random.IntN(3), random.IntN(256), condition)
	return what, g.change(tx, table, query)
}

// change carries an edit out behind every guard, and wants it to have changed the table.
func (g *tamperGround) change(tx *gorm.DB, table string, queries ...string) error {
	before, err := dump(tx, table)
	if err != nil {
		return err
	}
	err = servicestest.Unguarded(tx, func(tx *gorm.DB) error {
		for _, query := range queries {
			if err := tx.Exec(query).Error; err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	after, err := dump(tx, table)
	if err == nil && before == after {
		return errNothing
	}
	return err
}

func dump(tx *gorm.DB, table string) (text string, err error) {
	var columns []string
	if err := tx.Raw("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info(?)", table).Scan(&columns).Error; err != nil {
		return "", err
	}
	var rows []string
	err = tx.Raw("SELECT concat_ws(',', " + strings.Join(columns, ", ") + ") FROM " + table + " ORDER BY 1").Scan(&rows).Error
	return strings.Join(rows, "\n"), err
}

// swapRows exchanges one value of two rows.
func (g *tamperGround) swapRows(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	table, one, err := g.place(tx, random)
	if err != nil {
		return "", err
	}
	other, err := g.row(tx, table, random)
	if err != nil {
		return "", err
	}
	column := g.columns[table][random.IntN(len(g.columns[table]))]
	value := func(row string) (text string, err error) {
		return text, tx.Raw(fmt.Sprintf("SELECT quote(\"%s\") FROM %s WHERE %s", column, table, row)).Scan(&text).Error
	}
	a, err := value(one)
	if err != nil {
		return "", err
	}
	b, err := value(other)
	if err != nil {
		return "", err
	}
	set := "UPDATE %s SET \"%s\" = %s WHERE %s"
	return fmt.Sprintf("%s.%s of %s and %s", table, column, one, other),
		g.change(tx, table, fmt.Sprintf(set, table, column, b, one), fmt.Sprintf(set, table, column, a, other))
}

func (g *tamperGround) deleteRow(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	table, condition, err := g.place(tx, random)
	if err != nil {
		return "", err
	}
	query := "DELETE FROM " + table + " WHERE " + condition
	if table == "payout_counts" || table == "limit_uses" {
		query += " AND orders <> 0" // no count of none says the same
	}
	return table + " where " + condition, g.change(tx, table, query)
}

// copyRow forges a row after the likeness of another, under a number of its own.
func (g *tamperGround) copyRow(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	table, condition, err := g.place(tx, random)
	if err != nil {
		return "", err
	}
	if table == "heads" {
		return "", errNothing // a second copy of a signed head says nothing new
	}
	var columns []string
	if err := tx.Raw("SELECT name FROM pragma_table_info(?)", table).Scan(&columns).Error; err != nil {
		return "", err
	}
	values := slices.Clone(columns)
	for i, column := range columns {
		switch column {
		case "id", "seq", "idx", "payout_id", "person_id", "version", "number":
			values[i] = fmt.Sprintf("(SELECT max(\"%s\") + 1 FROM %s)", column, table)
		case "role":
			values[i] = "'people_admin'"
		default:
			values[i] = `"` + column + `"`
		}
		columns[i] = `"` + column + `"`
	}
	query := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s", table, strings.Join(columns, ", "), strings.Join(values, ", "), table, condition)
	return table + " after " + condition, g.change(tx, table, query)
}

// cutTail takes the newest events away.
func (g *tamperGround) cutTail(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	many := 1 + random.IntN(20)
	return fmt.Sprint(many, " events"), g.change(tx, "events", fmt.Sprintf("DELETE FROM events WHERE seq > (SELECT max(seq) FROM events) - %d", many))
}

// dropGuard takes a trigger or an index away.
func (g *tamperGround) dropGuard(tx *gorm.DB, random *rand.Rand) (what string, err error) {
	var all []string
	err = tx.Raw("SELECT type || ' main.' || name FROM main.sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY 1").Scan(&all).Error
	if err != nil {
		return "", err
	}
	what = all[random.IntN(len(all))]
	return what, tx.Exec("DROP " + what).Error
}
