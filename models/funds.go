package models

import (
	"time"

	"gorm.io/gorm"
)

// Funds is the money at a gateway account held against what its orders want of it
// (features.md J1, J2), in minor units of the account's currency.
//
// What the gateway has taken out already is not documented, so this is assumed:
// it takes an order's sum, or freezes it, no earlier than the order reaches it and no
// later than it is paid. The frozen part is never available (gateways.md 1.6 does not
// say whether the total holds it). Open orders that the gateway had before the reading
// are most likely that frozen part: the greater of the two counts, not both. All that
// left since counts in full, paid or not. Where a gateway lowers the total at once and
// freezes nothing, open orders count twice and the warning comes early; where it freezes
// money for other reasons and none for orders, it comes late by the smaller of the two.
// Fees are not counted: nobody tells them before.
type Funds struct {
	Currency        string
	At              time.Time // of the reading; zero is never read
	Balance, Frozen int64     // as the gateway named them
	Approved        int64     // waits to leave; what is held by a person does not
	Awaiting        int64     // waits for signatures
	InFlight        int64     // left or leaving, no final word
	Unclear         int64
	LeftSince       int64 // left since the reading and not known to have failed
	OpenSince       int64 // that of it which is in flight or unclear
}

// FundsOf reads the funds of an account; cells are the kept counters of the same snapshot.
func FundsOf(db *gorm.DB, cells []PayoutCount, a GatewayAccount) (Funds, error) {
	f := Funds{Currency: a.Currency, At: a.BalanceAt, Balance: a.BalanceMinor, Frozen: a.FrozenMinor}
	for _, c := range cells {
		if c.AccountID != a.ID || c.Currency != a.Currency {
			continue
		}
		switch {
		case c.Stage == Approved:
			f.Approved += c.SumMinor
		case c.Stage == AwaitingApproval:
			f.Awaiting += c.SumMinor
		case c.Stage == Sending, c.Stage == Sent && c.Outcome == Pending:
			f.InFlight += c.SumMinor
		case c.Stage == Sent && c.Outcome == Unclear:
			f.Unclear += c.SumMinor
		}
	}
	if a.BalanceAt.IsZero() {
		return f, nil
	}
	// An order that was under way while the balance was read may have come after it:
	// both exchanges may last as long as the account allows.
	return f, f.addLeftSince(db, a, a.BalanceAt.Add(-2*a.Timeout()))
}

func (f *Funds) addLeftSince(db *gorm.DB, a GatewayAccount, since time.Time) error {
	var left struct{ Whole, Open int64 }
	err := db.Model(&Attempt{}).Joins("JOIN payouts ON payouts.id = attempts.payout_id").
		Select("coalesce(sum(amount_minor), 0) AS whole, coalesce(sum(CASE WHEN outcome <> 'paid' THEN amount_minor END), 0) AS open").
		Where("attempts.account_id = ? AND attempts.started_at >= ? AND attempts.not_sent = 0", a.ID, Millis(since)).
		Where("payouts.currency = ? AND stage IN ? AND outcome IN ?", a.Currency, []Stage{Sending, Sent}, []Outcome{Pending, Unclear, Paid}).
		Scan(&left).Error
	f.LeftSince, f.OpenSince = left.Whole, left.Open
	return err
}

// Of is a sum in the currency of the funds.
func (f Funds) Of(minor int64) Money { return Money{minor, f.Currency} }

// Read says whether the gateway ever named a balance.
func (f Funds) Read() bool { return !f.At.IsZero() }

// Taken is the part of the balance that no order may count on any more.
func (f Funds) Taken() Money {
	return f.Of(max(f.Frozen, f.InFlight+f.Unclear-f.OpenSince) + f.LeftSince)
}

// Reserved is what is promised and not known to have gone (J2).
func (f Funds) Reserved() Money { return f.Of(f.Approved + f.InFlight) }

// Besides is what is taken beyond orders in flight and unclear: frozen for other
// reasons, or paid since the reading.
func (f Funds) Besides() Money { return f.Of(f.Taken().Minor - f.InFlight - f.Unclear) }

// Available is balance less reserved, unclear and taken besides (J2).
func (f Funds) Available() Money { return f.After(Money{}) }

// After is what would be left once all that is approved, and one more order, has gone.
func (f Funds) After(order Money) Money {
	return f.Of(f.Balance - f.Taken().Minor - f.Approved - order.Minor)
}

// FundsAlarm says whether the balance covers the orders. It warns and stops nothing:
// the gateway alone decides what it can pay.
type FundsAlarm string

// The alarms.
const (
	FundsEnough FundsAlarm = ""
	FundsTight  FundsAlarm = "tight" // not for all that waits for signatures too
	FundsShort  FundsAlarm = "short" // not for all that is approved
)

// Alarm compares what is available with what wants to leave (J1).
func (f Funds) Alarm() FundsAlarm {
	switch {
	case !f.Read():
		return FundsEnough // nobody knows
	case f.Approved > 0 && f.Available().Minor < 0:
		return FundsShort
	case f.Awaiting > 0 && f.Missing().Minor > 0:
		return FundsTight
	}
	return FundsEnough
}

// Missing is what is short: of the approved orders, or of these and those that wait
// for signatures.
func (f Funds) Missing() Money {
	left := f.Available()
	if f.Approved == 0 || left.Minor >= 0 {
		left = f.After(f.Of(f.Awaiting))
	}
	return f.Of(max(-left.Minor, 0))
}
