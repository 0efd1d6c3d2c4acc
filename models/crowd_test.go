package models_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// crowd is a store with many orders in every state, written without their past:
// for lists, counts and sums only the rows matter.
type crowd struct {
	*models.Store
	t     *testing.T
	maker models.Person
	other models.Person
	began time.Time
}

// states are those of the crowd, in turn.
var states = []models.State{
	{Stage: models.Draft, Outcome: models.None, Version: 1},
	{Stage: models.AwaitingApproval, Outcome: models.None, Version: 1, Needed: 1},
	{Stage: models.Approved, Outcome: models.None, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Held, HeldFrom: models.Approved, Outcome: models.None, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Sent, Outcome: models.Pending, Grade: models.E1, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Sent, Outcome: models.Unclear, Unclear: models.ReasonTimeout, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Sent, Outcome: models.Paid, Grade: models.E3, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Sent, Outcome: models.Paid, Grade: models.E2, Clash: true, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Sent, Outcome: models.Failed, Grade: models.E1, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Sent, Outcome: models.Paid, Grade: models.E0, ByHand: true, Version: 1, Needed: 1, Approvals: 1},
	{Stage: models.Withdrawn, Outcome: models.None, Version: 1},
}

// currencies of the crowd, in turn.
var currencies = []string{"TWD", "CNY", "PEN"}

// newCrowd makes so many orders, one a minute.
func newCrowd(t *testing.T, many int) *crowd {
	t.Helper()
	c := &crowd{Store: open(t), t: t, began: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	c.Tell(func() time.Time { return c.began })
	c.maker, c.other = c.person("maker", models.Maker), c.person("other", models.Maker, models.Approver)
	c.write(func(tx *gorm.DB) error {
		for id := 1; id <= 2; id++ {
			a := models.GatewayAccount{ID: models.AccountID(id), Name: fmt.Sprintf("Account %d", id), Slug: fmt.Sprint(id), Family: "apay", SealedKeys: []byte{1}}
			if err := tx.Create(&a).Error; err != nil {
				return err
			}
		}
		return c.payees(tx)
	})
	c.write(func(tx *gorm.DB) error {
		for i := range many {
			p := c.payout(i)
			if err := tx.Create(&p).Error; err != nil {
				return err
			}
		}
		return tx.Exec(`INSERT INTO payout_counts SELECT account_id, currency, stage, outcome, contradicted, count(*), sum(amount_minor)
			FROM payouts GROUP BY 1, 2, 3, 4, 5`).Error
	})
	return c
}

func (c *crowd) person(login string, roles ...models.Role) models.Person {
	p := models.Person{Login: login, Name: login, Zone: "UTC", PasswordHash: "-", Active: true, Roles: roles}
	c.write(func(tx *gorm.DB) error { return models.AddPerson(tx, &p) })
	return p
}

var payeeNames = []string{"陳怡君", "Rosa Elena Chuquihuanca", "100% Cargo_Line"}

func (c *crowd) payees(tx *gorm.DB) error {
	for i, name := range payeeNames {
		id := i + 1
		payee := models.Payee{ID: models.PayeeID(id), Name: name, Folded: models.FoldName(name), CreatedBy: c.maker.ID}
		version := models.PayeeVersion{
			ID: models.PayeeVersionID(id), PayeeID: payee.ID, Number: 1, Rail: "apay.taiwan", Name: name, Last4: fmt.Sprintf("000%d", id),
			AccountHash: hashOf(id), DetailsHash: hashOf(id), SealedFields: []byte{1}, CreatedBy: c.maker.ID,
		}
		if err := tx.Create(&payee).Error; err != nil {
			return err
		}
		if err := tx.Create(&version).Error; err != nil {
			return err
		}
	}
	return nil
}

func hashOf(i int) []byte {
	hash := make([]byte, 32)
	hash[0] = byte(i)
	return hash
}

func (c *crowd) payout(i int) models.Payout {
	payee := i%len(payeeNames) + 1
	p := models.Payout{
		OrderNo: fmt.Sprintf("01M7QZKNR3T3ZZJH6W%08d", i), AccountID: models.AccountID(i%2 + 1), Rail: "apay.taiwan",
		AmountMinor: int64(100_00 + i), Currency: currencies[i%len(currencies)], PayeeID: models.PayeeID(payee),
		PayeeVersionID: models.PayeeVersionID(payee), PayeeName: payeeNames[payee-1], Last4: fmt.Sprintf("000%d", payee), AccountHash: hashOf(payee),
		Reference: fmt.Sprintf("INV-%06d", i), MakerID: c.maker.ID, Digest: []byte{1}, State: states[i%len(states)], Moves: 1,
		CreatedAt: c.began.Add(time.Duration(i) * time.Minute), StateSince: c.began.Add(time.Duration(i) * time.Minute),
	}
	if i%5 == 0 {
		p.MakerID = c.other.ID
	}
	switch p.Outcome {
	case models.Unclear:
		p.OwnerID, p.UnclearSince = c.other.ID, p.CreatedAt
	case models.Paid, models.Failed:
		p.SentAt, p.SettledAt, p.GatewayNo = p.CreatedAt, p.CreatedAt.Add(time.Duration(i%100)*time.Second), fmt.Sprintf("POT%08d", i)
	}
	return p
}

func (c *crowd) write(work func(tx *gorm.DB) error) {
	c.t.Helper()
	if err := c.Write(context.Background(), work); err != nil {
		c.t.Fatal(err)
	}
}

func (c *crowd) db() *gorm.DB { return c.Read(context.Background()) }

// approve puts a person's signature on an order.
func (c *crowd) approve(tx *gorm.DB, p models.Payout, by models.PersonID) error {
	digest := models.ListDigest(nil)
	s := models.SignatureOver(p.Act(models.ActApprove, digest), by, models.FactorDemo, c.began, make([]byte, 16))
	s.MadeAt = c.began
	if _, err := models.KeepSignature(tx, &s); err != nil {
		return err
	}
	return models.AddApproval(tx, &models.Approval{PayoutID: p.ID, Version: 1, PersonID: by, Digest: digest, SignatureID: &s.ID, At: c.began})
}
