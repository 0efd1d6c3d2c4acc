package models

import (
	"strings"
	"testing"

	"gorm.io/gorm"
)

// What an approver decided is found along their own acts, however much everybody else
// decided. The query without the index's condition is the known-bad one.
func TestDecisionsAreReadAlongThePersonsOwnActs(t *testing.T) {
	s, _ := bare(t)
	for own, asked := range map[bool]func(*gorm.DB) *gorm.DB{
		true:  func(db *gorm.DB) *gorm.DB { return decided(db, 5) },
		false: func(db *gorm.DB) *gorm.DB { return db.Where("actor_id = ? AND verb IN ?", 5, deciding) },
	} {
		db := s.Read(t.Context())
		query := db.ToSQL(func(tx *gorm.DB) *gorm.DB {
			return asked(tx).Order("seq DESC").Limit(50).Find(&[]Event{})
		})
		var steps []struct{ Detail string }
		if err := db.Raw("EXPLAIN QUERY PLAN " + query).Scan(&steps).Error; err != nil || len(steps) == 0 {
			t.Fatal(err)
		}
		if along := strings.Contains(steps[0].Detail, "events_by_actor"); along != own || own && len(steps) > 1 {
			t.Errorf("%s\n%+v", query, steps)
		}
	}
}
