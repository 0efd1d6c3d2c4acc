package models

import (
	"hash/maphash"
	"strings"

	"gorm.io/gorm"
)

// recount is what the rows of all orders come to: how many stand where, and what they use
// of limits (I18, I30).
type recount struct {
	rows  *boundRows
	cells map[PayoutCount]PayoutCount
	uses  map[uint64]used // by the mark of whose they are: there may be as many as orders
	texts map[string]string
}

type used struct{ orders, minor int64 }

func newRecount(b *boundRows) *recount {
	return &recount{rows: b, cells: map[PayoutCount]PayoutCount{}, uses: map[uint64]used{}, texts: map[string]string{}}
}

// add counts one more order.
func (c *recount) add(o *orderNow) {
	cell := o.cell.cell()
	cell.Currency, cell.Stage, cell.Outcome = c.own(cell.Currency), Stage(c.own(string(cell.Stage))), Outcome(c.own(string(cell.Outcome)))
	sum := c.cells[cell]
	if sum.Orders == 0 {
		sum = cell
	}
	sum.Orders, sum.SumMinor = sum.Orders+1, sum.SumMinor+o.cell.SumMinor
	c.cells[cell] = sum
	for _, mark := range o.uses {
		c.use(mark, 1, o.cell.SumMinor)
	}
}

// own is a text that does not hold the whole span in memory from which it was cut.
func (c *recount) own(text string) string {
	known, ok := c.texts[text]
	if !ok {
		known = strings.Clone(text)
		c.texts[known] = known
	}
	return known
}

// use adds to a kept total; one that comes to nothing is none.
func (c *recount) use(mark uint64, orders, minor int64) {
	u := c.uses[mark]
	if u.orders, u.minor = u.orders+orders, u.minor+minor; u == (used{}) {
		delete(c.uses, mark)
		return
	}
	c.uses[mark] = u
}

// markUse stands for a kept total, by a hash whose seed nobody knew when it was written.
func (b *boundRows) markUse(day, currency, scope, subject string) uint64 {
	var short [128]byte
	buffer := short[:0]
	for _, field := range [...]string{day, currency, scope, subject} {
		buffer = appendFrame(buffer, field)
	}
	return maphash.Bytes(b.seed, buffer)
}

// totals compares the kept counts with the orders they name.
func (c *recount) totals(tx *gorm.DB) (r Report, err error) {
	var kept []PayoutCount
	if err := tx.Find(&kept).Error; err != nil { // also what counts no orders: the next one would be added to it
		return r, err
	}
	compareTotals(kept, c.cells, &r)
	return r, nil
}

// usePacked writes a kept total.
var usePacked = pack([]string{"orders", "sum_minor"}, []string{"currency", "scope", "subject"})

// limits compares what is kept as used of limits with the orders that use it, a day at a
// time. What differs, SQL tells: the marks do not say whose they are.
func (c *recount) limits(tx *gorm.DB) (r Report, err error) {
	for day, next := "", "SELECT min(day) FROM limit_uses WHERE day >= ?"; ; next = "SELECT min(day) FROM limit_uses WHERE day > ?" {
		var later *string
		if _, err := one(tx, []any{&later}, next, day); err != nil {
			return r, err
		}
		if later == nil {
			break
		}
		day = *later
		p := &packed{}
		if _, err := one(tx, []any{&p.rest}, "SELECT coalesce(group_concat("+usePacked+", ''), '') FROM limit_uses WHERE day = ?", day); err != nil {
			return r, err
		}
		for p.more() {
			orders, minor := p.number(), p.number()
			c.use(c.rows.markUse(day, p.text(), p.text(), p.text()), -orders, -minor)
		}
		if err := p.ended("limit_uses"); err != nil {
			return r, err
		}
	}
	if len(c.uses) == 0 {
		return r, nil
	}
	if r, err = recountUses(tx); err == nil && len(r.Findings) == 0 {
		r.find("totals", "limits", "what is kept as used is not what the orders use")
	}
	return r, err
}
