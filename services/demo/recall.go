package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
)

// Recall tells a running sandbox, whose memory ends with the program, of every
// order that the database knows to have been sent, and the accounts where the
// sandbox is now. Questions about the past are then answered as it was.
func Recall(ctx context.Context, c Config) error {
	if err := c.check(); err != nil {
		return err
	}
	if err := c.move(ctx); err != nil {
		return err
	}
	db := c.Core.Store.Read(ctx)
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	var sent []models.Payout
	// Those without a number of theirs come last, so that a new one is not taken.
	err = db.Where("stage IN ?", []models.Stage{models.Sending, models.Sent}).Order("gateway_no = '', id").Find(&sent).Error
	if err != nil {
		return err
	}
	for _, p := range sent {
		at := slices.IndexFunc(accounts, func(a models.GatewayAccount) bool { return a.ID == p.AccountID })
		if err := c.remind(ctx, p, accounts[at]); err != nil {
			return err
		}
	}
	return nil
}

// remind gives the sandbox one order.
func (c Config) remind(ctx context.Context, p models.Payout, account models.GatewayAccount) error {
	if p.Outcome == models.Failed && !p.ByHand && p.Grade == models.E1 {
		return nil // turned away: it never existed there
	}
	notify, err := (&services.Accounts{Core: c.Core}).NotifyURL(ctx, account)
	if err != nil {
		return err
	}
	o := sandbox.Seeded{
		MerchantID: account.MerchantID, Number: p.OrderNo, GatewayNo: p.GatewayNo, Amount: p.Amount(), Algorithm: p.Algorithm,
		NotifyURL: notify, Created: p.SentAt, Updated: p.SettledAt,
	}
	o.Word, o.Play = truth(p, c.Core.Now())
	if _, err = c.Sandbox.Seed(o); err != nil && !errors.Is(err, sandbox.ErrTaken) {
		return fmt.Errorf("demo: %s: %w", p.OrderNo, err)
	}
	return nil
}

// slow is the age from which an order is one that the platform takes a day for.
const slow = 7 * time.Minute

// truth is what the platform knows of an order, and what comes next.
func truth(p models.Payout, now time.Time) (sandbox.Word, sandbox.Scenario) {
	switch {
	case p.Outcome == models.Paid && p.Grade >= models.E2:
		return sandbox.Paid, sandbox.Scenario{}
	case p.Outcome == models.Returned:
		return sandbox.Reversed, sandbox.Scenario{}
	case p.Outcome == models.Failed && !p.ByHand:
		return sandbox.Failed, sandbox.Scenario{}
	case p.Outcome == models.Pending && p.Stage == models.Sent && now.Sub(p.SentAt) >= slow:
		// At the speed of the demonstration this is an hour, before the order is overdue.
		return sandbox.Paying, pays(time.Duration(18+p.ID*4%7) * time.Hour)
	case p.Outcome == models.Pending && p.Stage == models.Sent:
		return sandbox.Paying, pays(time.Duration(6+p.ID*7%30) * time.Minute)
	case p.Unclear == models.ReasonOverdue:
		return sandbox.Paying, works()
	}
	// Nobody knows: the platform says nothing, until a visitor makes it.
	return sandbox.Waiting, silent(nil)
}

// move writes down where the sandbox and we are now, if that has changed.
func (c Config) move(ctx context.Context) error {
	by := models.Machine("countersign demo")
	if err := (&services.Accounts{Core: c.Core}).SetPublicURL(ctx, by, c.PublicURL); err != nil {
		return err
	}
	return c.Core.Store.Write(ctx, func(tx *gorm.DB) error {
		accounts, err := models.Accounts(tx)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if err := c.moveOne(tx, account, by); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c Config) moveOne(tx *gorm.DB, account models.GatewayAccount, by models.Actor) error {
	at := slices.IndexFunc(desks, func(d desk) bool { return d.merchant.MerchantID == account.MerchantID })
	if at < 0 || account.BaseURL == desks[at].address(c.Gateways) {
		return nil
	}
	before := account.BaseURL
	account.BaseURL = desks[at].address(c.Gateways)
	if err := models.UpdateAccount(tx, &account, "base_url"); err != nil {
		return err
	}
	return models.Append(tx, changed(account, by, c.Core.Now(), models.Details{"address": account.BaseURL, "address_before": before}))
}

// changed is the event of a change that only a demonstration makes.
func changed(account models.GatewayAccount, by models.Actor, at time.Time, details models.Details) models.Event {
	return models.Event{
		At: at, Verb: "account_changed", ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "account", SubjectID: account.Name, Details: details,
	}
}
