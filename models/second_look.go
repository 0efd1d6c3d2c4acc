package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// secondLooks are how long after an order was called failed the gateway is asked about it
// again. A gateway that has said failed may pay after all (M25), and whatever it says of
// that may be lost on its way to us: then nobody would ever know (decision 15).
var secondLooks = []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// SecondLook is when the gateway is asked next about an order that has been called failed
// since then; the zero time once it has been asked often enough.
func SecondLook(since, now time.Time) time.Time {
	at := slices.IndexFunc(secondLooks, func(gap time.Duration) bool { return since.Add(gap).After(now) })
	if at < 0 {
		return time.Time{}
	}
	return since.Add(secondLooks[at])
}

// Denied says whether the order counts as failed on somebody's word that no money left, which
// may change: that of the gateway once it was asked, or of two people. One that was
// refused before it was accepted never came to exist there.
func (p Payout) Denied() bool {
	return p.Stage == Sent && p.Outcome == Failed && !p.Clash && (p.ByHand || p.Grade >= E3)
}

// AskAgain lets the gateway be asked at once about an order that counts as failed: people
// are about to send its money once more.
func AskAgain(tx *gorm.DB, id PayoutID, now time.Time) error {
	_, err := run(tx, `UPDATE payouts SET next_action_at = ? WHERE id = ? AND leased_until <= ?
		AND stage = 'sent' AND outcome = 'failed' AND contradicted = 0 AND (by_hand = 1 OR grade >= 3)`, Millis(now), id, Millis(now))
	return err
}
