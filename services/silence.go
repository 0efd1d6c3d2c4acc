package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// MindSilence looks whether every gateway still tells us what became of orders, and
// says once when one has fallen silent, and once when it is heard again (G7).
func (s *Accounts) MindSilence(ctx context.Context) error {
	db := s.Store.Read(ctx)
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	away, _, _, err := models.LastAway(db)
	if err != nil {
		return err
	}
	var faults error
	for _, a := range accounts {
		if err := s.mindSilence(ctx, db, a, away.Until); err != nil {
			faults = errors.Join(faults, fmt.Errorf("notices of %s: %w", a.Name, err))
		}
	}
	return faults
}

func (s *Accounts) mindSilence(ctx context.Context, db *gorm.DB, a models.GatewayAccount, back time.Time) error {
	settled, err := models.ExpectedOf(db, a)
	if err != nil {
		return err
	}
	missed := models.Missed(settled, a.LastNoticeAt, back, s.Now(), a.VerdictWait())
	silent := a.Silent(missed)
	if silent == !a.SilentAt.IsZero() && (!silent || missed <= a.SilentOrders) {
		return nil
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error { return s.noteSilence(tx, a, missed) })
}

// noteSilence keeps what was found. Where a notice came meanwhile the next round
// looks again.
func (s *Accounts) noteSilence(tx *gorm.DB, seen models.GatewayAccount, missed int) error {
	a, err := models.FindAccount(tx, seen.ID)
	if err != nil || !a.LastNoticeAt.Equal(seen.LastNoticeAt) || !a.SilentAt.Equal(seen.SilentAt) {
		return err
	}
	was, silent := !a.SilentAt.IsZero(), a.Silent(missed)
	switch {
	case silent && !was:
		a.SilentAt, a.SilentSince, a.SilentOrders = s.Now(), a.LastNoticeAt, missed
		slog.Error("a gateway sends no notices; its orders are settled by asking alone", "account", a.Name, "since", a.SilentSince, "orders", missed)
		err = s.tellSilence(tx, a, "notices_missing")
	case silent:
		a.SilentOrders = max(a.SilentOrders, missed)
	case was:
		a.SilentAt, a.SilentSince, a.SilentOrders = never, never, 0
		err = s.tellSilence(tx, a, "notices_back")
	}
	if err != nil {
		return err
	}
	return models.UpdateAccount(tx, &a, "silent_at", "silent_since", "silent_orders")
}

func (s *Accounts) tellSilence(tx *gorm.DB, a models.GatewayAccount, verb string) error {
	details := models.Details{}
	if a.SilentOrders > 0 {
		details["orders"] = fmt.Sprint(a.SilentOrders)
	}
	if !a.SilentSince.IsZero() {
		details["since"] = a.SilentSince.UTC().Format(time.RFC3339)
	}
	return models.Append(tx, accountEvent(verb, a, models.Machine("timetable"), s.Now(), details))
}
