package models

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// LimitUse is what is used of a limit on one day: a kept total (I30).
type LimitUse struct {
	Day      string     `gorm:"primaryKey"`
	Currency string     `gorm:"primaryKey"`
	Scope    LimitScope `gorm:"primaryKey"`
	Subject  string     `gorm:"primaryKey"`
	Orders   int64
	SumMinor int64
}

// TableName is the plural that GORM does not know.
func (LimitUse) TableName() string { return "limit_uses" }

// limitUse is what one order uses; the zero value uses nothing.
type limitUse struct {
	day, currency string
	maker         PersonID
	account       AccountID
	payee         string
	minor         int64
}

func (p *Payout) limitUse() limitUse {
	if !p.Consumes() {
		return limitUse{}
	}
	return p.useOn(p.Room)
}

func (p *Payout) useOn(day string) limitUse {
	return limitUse{day: day, currency: p.Currency, maker: p.MakerID, account: p.AccountID, payee: string(p.AccountHash), minor: p.AmountMinor}
}

// keptScopes are the scopes of which totals are kept.
var keptScopes = LimitScopes[1:]

// subject is whose sums a scope adds.
func (u limitUse) subject(scope LimitScope) string {
	switch scope {
	case LimitMaker:
		return strconv.FormatInt(int64(u.maker), 10)
	case LimitGateway:
		return strconv.FormatInt(int64(u.account), 10)
	case LimitPayee:
		return hex.EncodeToString([]byte(u.payee))
	}
	return ""
}

// recountLimits moves an order's sum from what it used to what it uses.
func recountLimits(tx *gorm.DB, was, is limitUse) error {
	if was == is {
		return nil
	}
	if err := was.add(tx, -1); err != nil {
		return err
	}
	return is.add(tx, 1)
}

func (u limitUse) add(tx *gorm.DB, orders int64) error {
	if u == (limitUse{}) {
		return nil
	}
	for _, scope := range keptScopes {
		_, err := run(tx, `INSERT INTO limit_uses (day, currency, scope, subject, orders, sum_minor) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (day, currency, scope, subject) DO UPDATE SET orders = orders + excluded.orders, sum_minor = sum_minor + excluded.sum_minor`,
			u.day, u.currency, scope, u.subject(scope), orders, orders*u.minor)
		if err != nil {
			return err
		}
	}
	return nil
}

// Meter is one limit held against what is used of it, as it concerns one order.
type Meter struct {
	Limit Limit
	Most  Money // on the day in question
	Used  Money // by others; of one order nothing is used
	Order Money // what the order would add

	Unseen bool // what others use is not for the reader: only whether there is room
}

// Short says whether the limit leaves no room for the order.
func (m Meter) Short() bool { return m.Used.Minor+m.Order.Minor > m.Most.Minor }

// Left is what the limit leaves for others after the order, below zero what is missing.
func (m Meter) Left() Money {
	return Money{m.Most.Minor - m.Used.Minor - m.Order.Minor, m.Most.Currency}
}

// Meters holds every limit that concerns an order against what others use of it on a
// day (I18).
func (l Limits) Meters(db *gorm.DB, p Payout, day string) (meters []Meter, err error) {
	use := p.useOn(day)
	all, err := SeesAllOf(db, p.Currency)
	if err != nil {
		return nil, err
	}
	for _, limit := range l.For(p.Currency) {
		m := Meter{Limit: limit, Most: limit.On(day), Used: Money{0, p.Currency}, Order: p.Amount()}
		m.Unseen = !all && limit.Scope != LimitOrder && limit.Scope != LimitGateway
		_, err := one(db, []any{&m.Used.Minor}, "SELECT sum_minor FROM limit_uses WHERE day = ? AND currency = ? AND scope = ? AND subject = ?",
			day, p.Currency, limit.Scope, use.subject(limit.Scope))
		if err != nil {
			return nil, fmt.Errorf("limit %s: %w", limit.Scope, err)
		}
		if p.Consumes() && p.Room == day && limit.Scope != LimitOrder {
			m.Used.Minor -= p.AmountMinor
		}
		meters = append(meters, m)
	}
	return meters, nil
}

// MetersNow are the limits that count now, and the business day on which an order would
// count against them.
func MetersNow(db *gorm.DB, p Payout, now time.Time) (meters []Meter, day string, err error) {
	limits, err := CurrentLimits(db)
	if err != nil {
		return nil, "", err
	}
	if day, err = limits.Content.RoomDay(db, now); err != nil {
		return nil, "", err
	}
	meters, err = limits.Content.Meters(db, p, day)
	return meters, day, err
}

// ShortOf are the limits that leave no room.
func ShortOf(meters []Meter) (short []Meter) {
	for _, m := range meters {
		if m.Short() {
			short = append(short, m)
		}
	}
	return short
}

// clockBack is how far a clock may have been set back and still reopen no day.
const clockBack = 7 * 24 * time.Hour

// RoomDay is the business day against whose limits an order counts that is released
// now: today, or the last one that was counted on before the clock was set back, whose
// limits are not opened a second time by that (I20).
func (l Limits) RoomDay(db *gorm.DB, now time.Time) (string, error) {
	today := l.Day(now)
	var latest *string
	_, err := one(db, []any{&latest}, "SELECT max(day) FROM limit_uses WHERE day > ? AND day <= ?", today, l.Day(now.Add(clockBack)))
	if err != nil || latest == nil {
		return today, err
	}
	return *latest, nil
}

// UsesOn lists what is used of the limits of a scope on a day, the most first.
func UsesOn(db *gorm.DB, day, currency string, scope LimitScope, many int) (uses []LimitUse, err error) {
	err = db.Where("day = ? AND currency = ? AND scope = ? AND orders <> 0", day, currency, scope).
		Order("sum_minor DESC, subject").Limit(many).Find(&uses).Error
	return uses, err
}

// RetryRoom lets every approved order for which there was no room be looked at now: the
// limits have changed.
func RetryRoom(tx *gorm.DB, now time.Time) error {
	_, err := run(tx, "UPDATE payouts SET next_action_at = ? WHERE stage = 'approved' AND room = '' AND next_action_at > ? AND leased_until <= ?",
		Millis(now), Millis(now), Millis(now))
	return err
}

// CountWithoutRoom is how many approved orders wait for room, and their sums.
func CountWithoutRoom(db *gorm.DB) (orders int64, sums []Money, err error) {
	var found []struct {
		Currency    string
		Orders, Sum int64
	}
	err = db.Model(&Payout{}).Where("stage = 'approved' AND room = ''").
		Select("currency, count(*) AS orders, sum(amount_minor) AS sum").Group("currency").Scan(&found).Error
	for _, row := range found {
		orders, sums = orders+row.Orders, addTo(sums, Money{row.Sum, row.Currency})
	}
	return orders, sums, err
}

// WithoutRoom lists approved orders that wait for room, the oldest first.
func WithoutRoom(db *gorm.DB, many int) (orders []Payout, err error) {
	err = db.Where("stage = 'approved' AND room = ''").Order("id").Limit(many).Find(&orders).Error
	return orders, err
}

// NameOfAccount is who was paid last to an account, found by its keyed hash.
func NameOfAccount(db *gorm.DB, hash string) (name, last4 string, err error) {
	account, err := hex.DecodeString(hash)
	if err != nil {
		return "", "", err
	}
	_, err = one(db, []any{&name, &last4}, "SELECT payee_name, last4 FROM payouts WHERE account_hash = ? ORDER BY id DESC LIMIT 1", account)
	return name, last4, err
}

// recountUses compares what is kept as used with the orders that use it (I18, I30).
func recountUses(tx *gorm.DB) (r Report, err error) {
	for _, scope := range keptScopes {
		subject := map[LimitScope]string{LimitDay: "''", LimitMaker: "CAST(maker_id AS TEXT)", LimitGateway: "CAST(account_id AS TEXT)", LimitPayee: "lower(hex(account_hash))"}[scope]
		var wrong []struct {
			Day, Currency, Subject string
			Kept, Counted          int64
		}
		err := tx.Raw(`WITH kept AS (SELECT day, currency, subject, orders, sum_minor FROM limit_uses WHERE scope = ? AND (orders <> 0 OR sum_minor <> 0)),
			counted AS (SELECT room AS day, currency, `+subject+` AS subject, count(*) AS orders, sum(amount_minor) AS sum_minor
				FROM payouts WHERE room <> '' AND outcome <> 'failed' GROUP BY 1, 2, 3)
			SELECT coalesce(k.day, c.day) AS day, coalesce(k.currency, c.currency) AS currency, coalesce(k.subject, c.subject) AS subject,
				coalesce(k.sum_minor, 0) AS kept, coalesce(c.sum_minor, 0) AS counted
			FROM kept k FULL OUTER JOIN counted c ON k.day = c.day AND k.currency = c.currency AND k.subject = c.subject
			WHERE k.orders IS NOT c.orders OR k.sum_minor IS NOT c.sum_minor LIMIT ?`, scope, verifyMany).Scan(&wrong).Error
		if err != nil {
			return r, fmt.Errorf("count again what is used of limits: %w", err)
		}
		for _, w := range wrong {
			r.find("totals", fmt.Sprintf("limit %s of %s, %s", scope, w.Day, w.Currency), "kept as used %s; the orders use %s",
				Money{w.Kept, w.Currency}, Money{w.Counted, w.Currency})
		}
	}
	return r, nil
}
