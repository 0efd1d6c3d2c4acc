package services

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/journal"
)

// The reasons of the machine for stopping all sending: keys of the catalogue.
const (
	StopUnkept   = "stop.journal_unkept"  // a line could not be written
	StopRestored = "stop.restored"        // this database is older than the journal
	StopGap      = "stop.journal_gap"     // … and the journal began only later
	StopDamaged  = "stop.journal_damaged" // a line of the journal cannot be read
	StopMissing  = "stop.journal_missing" // there is no journal, but there were sends
)

// Stops are those reasons.
var Stops = []string{StopUnkept, StopRestored, StopGap, StopDamaged, StopMissing}

// lineOf is what the journal keeps of an attempt; the event of its move is the head
// of the chain within the write that stores both.
func lineOf(tx *gorm.DB, p models.Payout, a models.Attempt) (journal.Line, error) {
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil {
		return journal.Line{}, err
	}
	seq, hash, err := models.Head(tx)
	return journal.Line{
		Kind: journal.Sent, Seq: seq, Hash: journal.Short(hash), At: a.StartedAt, OrderNo: p.OrderNo, Account: account.Slug,
		RequestDigest: a.RequestDigest, ContentDigest: a.ContentDigest, Bytes: a.RequestBytes,
	}, err
}

// keepBack takes an attempt back of which the journal has no line: no byte of it has
// left, and none may, so it is closed as not sent and all sending stops (I27, I29).
func (s *Sender) keepBack(ctx context.Context, ready prepared, cause error) error {
	err := s.Store.Write(context.WithoutCancel(ctx), func(tx *gorm.DB) error {
		p, err := models.FindPayout(tx, ready.attempt.PayoutID)
		if err != nil {
			return err
		}
		account, err := models.FindAccount(tx, p.AccountID)
		if err != nil {
			return err
		}
		receipt := believe(gateway.Receipt{Kind: gateway.NotSent}, p)
		response := gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailJournal}
		s.endAttempt(&ready.attempt, receipt, response)
		if err := models.EndAttempt(tx, &ready.attempt); err != nil {
			return err
		}
		if err := s.apply(tx, &p, account, ready.attempt, receipt, response); err != nil {
			return err
		}
		return s.Accounts.stopFor(tx, StopUnkept, models.Machine(asSender), models.Details{"cause": cause.Error()})
	})
	return errors.Join(fmt.Errorf("payout %s did not leave: %w", ready.order.OrderNo, cause), err)
}

// stopFor stops all sending for a reason of the machine, which pages say in words. A
// stop that stands already gives way to it: whoever starts sending again has to know.
func (s *Accounts) stopFor(tx *gorm.DB, why string, by models.Actor, details models.Details) error {
	if _, err := s.stillStopped(tx, by, models.AllSending); err != nil {
		return err
	}
	standing, err := models.ReadSetting(tx, models.SettingCord)
	if err != nil || standing == why {
		return err
	}
	if err := models.WriteSetting(tx, models.SettingCord, why); err != nil {
		return err
	}
	details["why"], details["before"] = why, standing
	trim(details)
	return models.Append(tx, settingEvent("cord_pulled", "cord", by, s.Now(), details))
}
