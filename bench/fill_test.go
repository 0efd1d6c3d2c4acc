//go:build bench

package bench

import (
	"context"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// ledger is a book of orders as years of work leave it: 96 of 100 paid, the others failed,
// rejected or withdrawn, and the newest few still open. What waits for somebody
// grows slower than the past: three times as much for a hundred times the orders.
type ledger struct {
	orders, open, payees int
	span                 time.Duration // in which the orders were made
}

var (
	small = ledger{orders: 10_000, open: 600, payees: 100, span: 365 * 24 * time.Hour}
	large = ledger{orders: 1_000_000, open: 2_000, payees: 10_000, span: 5 * 365 * 24 * time.Hour}
)

// chunk is how many orders one write makes.
const chunk = 50_000

// fill writes the orders without their past: lists, counts and sums read rows.
func (p *product) fill(l ledger) {
	p.T.Helper()
	write := func(query string, values ...any) {
		p.Must(p.Store.Write(context.Background(), func(tx *gorm.DB) error { return tx.Exec(query, values...).Error }))
	}
	values := map[string]any{
		"maker": p.Maker.ID, "other": p.Other.ID, "taipei": p.Taipei.ID, "shanghai": p.Shanghai.ID, "lima": p.Lima.ID,
		"orders": l.orders, "open": l.open, "payees": l.payees,
		"began": models.Millis(p.Now().Add(-l.span)), "gap": l.span.Milliseconds() / int64(l.orders),
	}
	values["first"], values["last"] = 1, l.payees
	write(fillPayees, values)
	write(fillVersions, values)
	for values["first"] = 1; values["first"].(int) <= l.orders; values["first"] = values["first"].(int) + chunk {
		values["last"] = min(values["first"].(int)+chunk-1, l.orders)
		write(fillPayouts, values)
	}
	write(fillCounts)
}

const fillPayees = `
WITH RECURSIVE n(i) AS (SELECT @first UNION ALL SELECT i + 1 FROM n WHERE i < @last)
INSERT INTO payees (id, name, folded, created_by, created_at) SELECT i, 'Payee ' || i, 'payee' || i, @maker, @began FROM n`

const fillVersions = `
INSERT INTO payee_versions (id, payee_id, number, rail, name, bank, bank_name, last4, account_hash, details_hash, sealed_fields, created_by, created_at)
SELECT id, id, 1, 'apay.taiwan', name, '822', 'CTBC', printf('%04d', id * 7919 % 10000), randomblob(32), randomblob(32), x'01', @maker, @began FROM payees`

// The remainders spread states, accounts and makers evenly; those above @orders -
// @open are young.
const fillPayouts = `
WITH RECURSIVE n(i) AS (SELECT @first UNION ALL SELECT i + 1 FROM n WHERE i < @last),
placed(i, fate, account, made) AS (
	SELECT i, i * 7919 % 1000 + iif(i > @orders - @open, 1000, 0), i * 31 % 3, @began + i * @gap FROM n),
stated(i, account, made, stage, outcome, contradicted) AS (
	SELECT i, account, made,
		CASE WHEN fate < 985 THEN 'sent' WHEN fate < 990 THEN 'rejected' WHEN fate < 1000 THEN 'withdrawn'
			WHEN fate < 1100 THEN 'draft' WHEN fate < 1400 THEN 'awaiting_approval' WHEN fate < 1500 THEN 'approved'
			WHEN fate < 1520 THEN 'held' ELSE 'sent' END,
		CASE WHEN fate < 960 THEN 'paid' WHEN fate < 985 THEN 'failed' WHEN fate < 1520 THEN 'none'
			WHEN fate < 1900 THEN 'pending' ELSE 'unclear' END,
		fate = 7 AND i > @orders - @open * 20
	FROM placed)
INSERT INTO payouts (id, order_no, account_id, rail, amount_minor, currency, payee_id, payee_version_id, payee_name, last4, account_hash,
	reference, purpose, maker_id, digest, stage, outcome, grade, unclear_reason, contradicted, approvals, approvals_needed,
	gateway_no, created_at, submitted_at, sent_at, settled_at, state_since, next_action_at)
SELECT i, printf('01M7QZKNR3T3ZZ%012X', i * 48271), iif(account = 0, @taipei, iif(account = 1, @shanghai, @lima)),
	iif(account = 0, 'apay.taiwan', iif(account = 1, 'apay.unionpay', 'cashy.peru')), 10000 + i * 48271 % 90000000,
	iif(account = 0, 'TWD', iif(account = 1, 'CNY', 'PEN')), v.id, v.id, v.name, v.last4, v.account_hash,
	printf('INV-%07d', i), 'October freight', iif(i % 3 = 0, @other, @maker), x'01', stage, outcome,
	iif(outcome = 'paid', 3, 0), iif(outcome = 'unclear', 'timeout', ''), contradicted, iif(stage = 'sent', 1, 0), 1,
	iif(stage = 'sent', printf('POT%010d', i), ''), made, made, iif(stage = 'sent', made, 0), iif(outcome IN ('paid', 'failed'), made, 0), made,
	iif(outcome IN ('pending', 'unclear'), made + 60000, 0)
FROM stated JOIN payee_versions v ON v.id = i * 7 % @payees + 1`

const fillCounts = `
INSERT INTO payout_counts SELECT account_id, currency, stage, outcome, contradicted, count(*), sum(amount_minor) FROM payouts GROUP BY 1, 2, 3, 4, 5`

// fillUses is what orders with a business day use of its limits.
const fillUses = `
INSERT INTO limit_uses
SELECT room, currency, 'day', '', count(*), sum(amount_minor) FROM payouts WHERE room <> '' AND outcome <> 'failed' GROUP BY 1, 2 UNION ALL
SELECT room, currency, 'maker', CAST(maker_id AS TEXT), count(*), sum(amount_minor) FROM payouts WHERE room <> '' AND outcome <> 'failed' GROUP BY 1, 2, 4 UNION ALL
SELECT room, currency, 'gateway', CAST(account_id AS TEXT), count(*), sum(amount_minor) FROM payouts WHERE room <> '' AND outcome <> 'failed' GROUP BY 1, 2, 4 UNION ALL
SELECT room, currency, 'payee', lower(hex(account_hash)), count(*), sum(amount_minor) FROM payouts WHERE room <> '' AND outcome <> 'failed' GROUP BY 1, 2, 4`
