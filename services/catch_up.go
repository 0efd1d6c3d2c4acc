package services

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// turnsAtOnce are written together, so that no page waits for thousands.
const turnsAtOnce = 500

// lastAlive is when the sweeper, ours or another process's, last showed that it lives.
func (s *Sender) lastAlive(ctx context.Context) (time.Time, error) {
	duties, err := models.Duties(s.Store.Read(ctx))
	if noted := duties["sweeper"].At; err == nil && noted.After(s.seen) {
		return noted, nil
	}
	return s.seen, err
}

// mindOutage looks whether we were away, after a stop as well as after a sleep of the
// machine, and if so asks about every order that may have missed a notice (X6).
func (s *Sender) mindOutage(ctx context.Context, now time.Time) error {
	if _, away := models.AwayBetween(s.seen, now); !away {
		return nil
	}
	alive, err := s.lastAlive(ctx)
	if err != nil {
		return err
	}
	away, was := models.AwayBetween(alive, now)
	if !was {
		return nil
	}
	return s.catchUp(ctx, away)
}

// catchUp brings the questions forward. That it did is on record with the last of
// them: cut off before, it begins again.
func (s *Sender) catchUp(ctx context.Context, away models.Away) error {
	orders, err := models.MissedIn(s.Store.Read(ctx), away)
	if err != nil {
		return err
	}
	turns := away.Turns(orders)
	for some := range slices.Chunk(turns, turnsAtOnce) {
		if err := s.Store.Write(ctx, func(tx *gorm.DB) error { return models.TakeTurns(tx, some) }); err != nil {
			return fmt.Errorf("catch up: %w", err)
		}
	}
	slog.Warn("nothing ran for a while; gateways are asked about what may have been missed",
		"from", away.From, "until", away.Until, "orders", len(turns))
	return s.Store.Write(ctx, func(tx *gorm.DB) error { return s.noteCatchUp(tx, away, len(turns)) })
}

func (s *Sender) noteCatchUp(tx *gorm.DB, away models.Away, orders int) error {
	details := away.Details(orders)
	accounts, err := models.Accounts(tx)
	if err != nil {
		return err
	}
	var over []string
	for _, a := range accounts {
		if away.Outlasted(a.VerdictWait()) {
			over = append(over, a.Name)
		}
	}
	details["outlasted"] = strings.Join(over, ", ")
	trim(details)
	if err := models.Did(tx, models.Duty{Name: "sweeper", At: away.Until, OK: true, Note: fmt.Sprint(orders)}); err != nil {
		return err
	}
	return models.Append(tx, settingEvent("caught_up", "outage", models.Machine(asSender), away.Until, details))
}
