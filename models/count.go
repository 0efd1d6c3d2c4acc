package models

import (
	"time"

	"gorm.io/gorm"
)

// PayoutCount is how many orders, and how much, stand in one state. It is
// changed by differences in the transaction that moves an order, and counted
// again by Verify (I30).
type PayoutCount struct {
	AccountID    AccountID `gorm:"primaryKey;autoIncrement:false"`
	Currency     string    `gorm:"primaryKey"`
	Stage        Stage     `gorm:"primaryKey"`
	Outcome      Outcome   `gorm:"primaryKey"`
	Contradicted bool      `gorm:"primaryKey"`
	Orders       int64
	SumMinor     int64
}

// Sum is the money of the counted orders.
func (c PayoutCount) Sum() Money { return Money{c.SumMinor, c.Currency} }

// tally is where and with how much one payout is counted.
type tally struct {
	cell    PayoutCount
	use     limitUse
	version int       // of the content as it was read
	named   string    // the gateway's number as it was read
	handed  time.Time // the submission as it was read
	known   bool
}

func (p *Payout) tally() tally {
	return tally{known: true, version: p.Version, named: p.GatewayNo, handed: p.SubmittedAt, use: p.limitUse(), cell: PayoutCount{
		AccountID: p.AccountID, Currency: p.Currency, Stage: p.Stage, Outcome: p.Outcome, Contradicted: p.Clash,
		Orders: 1, SumMinor: p.AmountMinor,
	}}
}

// recount moves the payout from where it was counted to where it stands.
func (p *Payout) recount(tx *gorm.DB) error {
	was, is := p.counted, p.tally()
	p.counted = is
	if err := recountLimits(tx, was.use, is.use); err != nil {
		return err
	}
	if was.cell == is.cell {
		return nil
	}
	if was.known {
		was.cell.Orders, was.cell.SumMinor = -was.cell.Orders, -was.cell.SumMinor
		if err := addToCount(tx, was.cell); err != nil {
			return err
		}
	}
	return addToCount(tx, is.cell)
}

// PayoutCounts reads every cell that is not empty.
func PayoutCounts(db *gorm.DB) ([]PayoutCount, error) {
	var cells []PayoutCount
	err := db.Where("orders <> 0").Find(&cells).Error
	return cells, err
}
