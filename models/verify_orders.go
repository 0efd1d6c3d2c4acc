package models

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// This file reads what is folded and counted again of an order's row while that is held
// against the log: rows are large, and each is read once.

// orderNow is an order as its row has it.
type orderNow struct {
	id      PayoutID
	orderNo string
	is      State
	cell    PayoutCount // where it is counted, with one order and its sum
	uses    []uint64    // the kept totals of limits that its sum is part of, by their marks
}

// orderColumns are what orderNow is read from, numbers first.
var orderColumns = []string{
	"id", "account_id", "amount_minor", "maker_id", "grade", "by_hand", "contradicted", "approvals", "approvals_needed", "version",
	"order_no", "currency", "account_hash", "stage", "held_from", "outcome", "unclear_reason", "need", "wants", "room",
}

// orderReader picks these columns out of rows.
type orderReader struct {
	at   []int
	row  []string
	next int
	bad  bool
}

// orders gives what reads them, nil for a table of something else.
func (t boundTable) orders() (*orderReader, error) {
	if t.name != "payouts" {
		return nil, nil
	}
	r := &orderReader{}
	for _, name := range orderColumns {
		at := slices.Index(t.columns, name)
		if at < 0 {
			return nil, fmt.Errorf("orders have no %s", name)
		}
		r.at = append(r.at, at)
	}
	return r, nil
}

func (r *orderReader) text() string {
	r.next++
	return r.row[r.at[r.next-1]]
}

func (r *orderReader) number() int64 {
	n, err := strconv.ParseInt(r.text(), 10, 64)
	r.bad = r.bad || err != nil
	return n
}

func (r *orderReader) flag() bool {
	n := r.number()
	r.bad = r.bad || n != 0 && n != 1
	return n == 1
}

// read gives the order in this row.
func (r *orderReader) read(row []string, b *boundRows) (o orderNow, err error) {
	r.row, r.next = row, 0
	var use limitUse
	s := &o.is
	o.id, use.account, use.minor, use.maker = PayoutID(r.number()), AccountID(r.number()), r.number(), PersonID(r.number())
	s.Grade, s.ByHand, s.Clash = Grade(r.number()), r.flag(), r.flag()
	s.Approvals, s.Needed, s.Version = int(r.number()), int(r.number()), int(r.number())
	o.orderNo, use.currency, use.payee = r.text(), r.text(), r.text()
	s.Stage, s.HeldFrom, s.Outcome, s.Unclear = Stage(r.text()), Stage(r.text()), Outcome(r.text()), UnclearReason(r.text())
	s.Need, s.Wants, s.Room = r.text(), Role(r.text()), r.text()
	o.cell = PayoutCount{AccountID: use.account, Currency: use.currency, Stage: s.Stage, Outcome: s.Outcome, Contradicted: s.Clash, Orders: 1, SumMinor: use.minor}
	if use.day = s.Room; s.Consumes() {
		for _, scope := range keptScopes {
			o.uses = append(o.uses, b.markUse(use.day, use.currency, string(scope), use.subject(scope)))
		}
	}
	if r.bad {
		return o, errors.New("a row of payouts cannot be read")
	}
	return o, nil
}
