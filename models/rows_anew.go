package models

import (
	"context"
	"slices"

	"gorm.io/gorm"
)

// VerbBound is the entry that binds rows which an older version of this program wrote, or
// whose table has columns now that it did not have.
const VerbBound = "rows_bound"

// bindAnew binds the rows of tables that this start has altered. Before are the tables as
// they were found, none in a new file.
func (s *Store) bindAnew(before []boundTable) error {
	altered := slices.DeleteFunc(slices.Clone(s.tables), func(t boundTable) bool {
		return slices.ContainsFunc(before, t.same)
	})
	if len(before) == 0 || len(altered) == 0 {
		return nil
	}
	return s.Write(context.Background(), func(tx *gorm.DB) error {
		for _, t := range altered {
			if _, err := run(tx, "INSERT INTO touched (tbl, key) SELECT ?, "+t.key("")+" FROM "+quoted(t.name)+" WHERE "+t.only(""), t.name); err != nil {
				return err
			}
		}
		return appendRows(tx, VerbBound)
	})
}

// same says whether the rows are hashed in the same way, and were bound before.
func (t boundTable) same(other boundTable) bool {
	return other.bound && t.name == other.name && slices.Equal(t.columns, other.columns)
}
