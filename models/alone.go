package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// Alone is why an order is decided on its own card and in no list, "" where it may be in
// one (features.md E11): what has to be read there would not be read in a list.
type Alone string

// The reasons.
const (
	AloneFlag     Alone = "flag"     // something about it is unusual
	AloneReplaces Alone = "replaces" // the proof that the one before it failed is on its card
	AloneEdited   Alone = "edited"   // it was submitted again, and what was changed is on its card
	AloneAsked    Alone = "asked"    // a question to its maker is open
)

// WhyAlone says so of an order of which these things are known.
func WhyAlone(db *gorm.DB, p Payout, a Answer, u Unusual) (Alone, error) {
	switch {
	case u.Any() || a.By != OwnSum:
		return AloneFlag, nil
	case p.ReplacesID != nil:
		return AloneReplaces, nil
	}
	var talk []Move
	err := db.Model(&Event{}).Where("payout_id = ? AND payout_id > 0 AND verb IN ?", p.ID, []Move{MoveSubmit, MoveEdit, MoveAskMaker, MoveSign}).
		Order("seq").Pluck("verb", &talk).Error
	return aloneAfter(talk), err
}

// aloneAfter says what was said about an order since it was submitted first, oldest first.
func aloneAfter(talk []Move) Alone {
	first := slices.Index(talk, MoveSubmit)
	switch {
	case first < 0:
		return ""
	case slices.Contains(talk[first:], MoveEdit):
		return AloneEdited
	case talk[len(talk)-1] == MoveAskMaker:
		return AloneAsked
	}
	return ""
}

// aloneNow looks everything up.
func aloneNow(db *gorm.DB, p Payout, now time.Time) (Alone, error) {
	account, err := FindAccount(db, p.AccountID)
	if err != nil {
		return "", err
	}
	policy, err := PolicyOf(db, p)
	if err != nil {
		return "", err
	}
	asked, err := AskedOf(db, policy, p)
	if err != nil {
		return "", err
	}
	unusual, err := FindUnusual(db, p, account.Location(), now)
	if err != nil {
		return "", err
	}
	return WhyAlone(db, p, asked.Answer, unusual)
}
