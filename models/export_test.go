package models

import (
	"context"
	"errors"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Waiting is how many writes wait for the writer.
func (s *Store) Waiting() int { return len(s.units) }

// Unwatched is what must never be: the store believes that its files are its own.
func (s *Store) Unwatched() { s.files = nil }

// PlansOf explains how each question of a list of orders is answered.
func PlansOf(db *gorm.DB, f PayoutFilter, before PayoutID, explain func(sql string, values []any) string) (plans []string, err error) {
	l, err := f.ready(db)
	if err != nil {
		return nil, err
	}
	l.many = true // the search as it is where it finds very many
	for _, arm := range l.arms(db.Session(&gorm.Session{DryRun: true})) {
		var ids []PayoutID
		statement := arm.Where("id < ?", before).Order("id DESC").Limit(51).Select("id").Find(&ids).Statement
		plans = append(plans, explain(statement.SQL.String(), statement.Vars))
	}
	return plans, nil
}

// PlansOfEvents is the same for the log.
func PlansOfEvents(db *gorm.DB, f EventFilter, before int64, explain func(sql string, values []any) string) (plans []string, err error) {
	t, err := f.ready(db)
	if err != nil {
		return nil, err
	}
	for _, arm := range t.arms(db.Session(&gorm.Session{DryRun: true})) {
		var seqs []int64
		statement := arm.Where("seq < ?", before).Order("seq DESC").Limit(51).Select("seq").Find(&seqs).Statement
		plans = append(plans, explain(statement.SQL.String(), statement.Vars))
	}
	return plans, nil
}

// PlansOfMissed is the same for what an outage may have missed.
func PlansOfMissed(db *gorm.DB, a Away, explain func(sql string, values []any) string) (plans []string) {
	for _, arm := range a.arms(db.Session(&gorm.Session{DryRun: true})) {
		var found []Payout
		statement := arm.Find(&found).Statement
		plans = append(plans, explain(statement.SQL.String(), statement.Vars))
	}
	return plans
}

// PlanOfExpected is the same for the orders whose notices should have come.
func PlanOfExpected(db *gorm.DB, a GatewayAccount, explain func(sql string, values []any) string) string {
	var rows []map[string]any
	statement := expectedOf(db.Session(&gorm.Session{DryRun: true}), a).Find(&rows).Statement
	return explain(statement.SQL.String(), statement.Vars)
}

// Uncounted is the order without what it remembers of how it is counted.
func Uncounted(p Payout) Payout {
	p.counted = tally{}
	return p
}

// SpanLength is how many rows are read at once.
const SpanLength = spanLength

// EffectIn is what details say that a move carried.
func EffectIn(details string) Effect { return effectIn(details) }

// SentInChain is what is found of an order that was sent, by who replaces whom.
func SentInChain(replaced map[PayoutID]PayoutID, sent PayoutID) []Finding {
	w := walk{report: &Report{}, replaced: replaced}
	w.checkChain(&eventRow{payoutID: int64(sent)})
	return w.report.Findings
}

// DayBefore narrows orders to those that count together with one.
var DayBefore = dayBefore

// Raw carries a statement out on a connection of its own, as another program would.
func Raw(s *Store, statement string) error {
	var path string
	if err := s.read.Raw("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path).Error; err != nil {
		return err
	}
	db, err := gorm.Open(sqlite.Open(path), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return err
	}
	return errors.Join(db.Exec(statement).Error, closePool(db))
}

// OldFile makes a file as it was after a step of the schema, and carries a statement out.
func OldFile(path string, step int64, statement string) error {
	db, err := gorm.Open(sqlite.Open(path), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return err
	}
	provider, err := schemaSteps(db)
	if err == nil {
		_, err = provider.UpTo(context.Background(), step)
	}
	return errors.Join(err, db.Exec(statement).Error, closePool(db))
}
