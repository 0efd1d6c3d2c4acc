package models

import "time"

// balanceOld is after how long a balance is called old: the timetable asks open accounts
// every five minutes, so three readings in a row have failed or were not made by then.
const balanceOld = 15 * time.Minute

// BalanceOld says whether the balance was read so long ago that little can be built on
// it. One that was never read is not old but unknown.
func (a GatewayAccount) BalanceOld(now time.Time) bool {
	return !a.BalanceAt.IsZero() && now.Sub(a.BalanceAt) >= balanceOld
}
