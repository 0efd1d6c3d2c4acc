package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// TestAccount asks the gateway for something harmless, the balance, to see that
// address, merchant and keys fit (A6).
func (s *Sender) TestAccount(ctx context.Context, by models.Person, id models.AccountID) (models.Question, error) {
	if !by.May(models.VerbAsk) {
		return models.Question{}, models.Refuse(models.Forbidden, "role.ask")
	}
	account, err := models.FindAccount(s.Store.Read(ctx), id)
	if err != nil {
		return models.Question{}, err
	}
	if err := account.CheckScope(by); err != nil {
		return models.Question{}, err
	}
	return s.balance(ctx, id, by.As(models.VerbAsk))
}

func (s *Sender) balance(ctx context.Context, id models.AccountID, by models.Actor) (models.Question, error) {
	db := s.Store.Read(ctx)
	stored, err := models.FindAccount(db, id)
	if err != nil {
		return models.Question{}, err
	}
	account, family, err := s.Accounts.open(stored)
	if err != nil {
		return models.Question{}, err
	}
	request, err := family.Balance(account, s.Now(), randomName())
	if err != nil {
		return models.Question{}, fmt.Errorf("write the question: %w", err)
	}
	asked := s.Now()
	response := s.Accounts.Exchange(ctx, account, request)
	balance, readErr := family.ReadBalance(account, response)
	q := models.Question{
		AccountID: id, AskedBy: by.ID, AskedAt: asked, TookMS: response.Took.Milliseconds(), HTTPStatus: response.Status,
		Fault: string(response.Fault), Says: "balance", Response: response.Body, Effect: noEffect,
	}
	if readErr != nil {
		q.Says, q.Problem = "unknown", string(gateway.ProblemUnreadable)
		if said := (*gateway.BalanceError)(nil); errors.As(readErr, &said) {
			q.Problem, q.Code = string(said.Problem), cut(said.Code, 64)
		}
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		return s.keepBalance(tx, &q, stored, balance, readErr == nil, by)
	})
	return q, err
}

func (s *Sender) keepBalance(tx *gorm.DB, q *models.Question, account models.GatewayAccount, balance gateway.Balance, good bool, by models.Actor) error {
	if err := tx.Create(q).Error; err != nil {
		return fmt.Errorf("store question: %w", err)
	}
	details := models.Details{"question": fmt.Sprint(q.ID), "result": "good", "problem": q.Problem}
	if good {
		account.BalanceMinor, account.FrozenMinor, account.BalanceAt, account.LastGoodAt = balance.Total.Minor, balance.Frozen.Minor, s.Now(), s.Now()
		if err := models.UpdateAccount(tx, &account, "balance_minor", "frozen_minor", "balance_at", "last_good_at"); err != nil {
			return err
		}
		if err := models.NoteBalance(tx, account); err != nil {
			return err
		}
	} else {
		details["result"] = "no_information"
	}
	if by.ID == 0 {
		return nil // the timetable's own looks leave no line each
	}
	trim(details)
	return models.Append(tx, accountEvent("account_tested", account, by, s.Now(), details))
}

// Balances reads the balance of every open account. It belongs on the timetable: a
// gateway that hangs must not keep orders waiting.
func (s *Sender) Balances(ctx context.Context) error {
	accounts, err := models.Accounts(s.Store.Read(ctx))
	if err != nil {
		return err
	}
	accounts = slices.DeleteFunc(accounts, func(a models.GatewayAccount) bool { return a.Paused != "" })
	var faults error
	for _, account := range accounts {
		if _, err := s.balance(ctx, account.ID, models.Machine(asSender)); err != nil {
			faults = errors.Join(faults, fmt.Errorf("balance of %s: %w", account.Name, err))
		}
	}
	return faults
}
