package models

import "gorm.io/gorm"

// LeftBehind is what waits for one person, as far as others may know it: how much, and
// nothing of the orders.
type LeftBehind struct {
	Drafts    int64 // orders of theirs that nobody has seen yet
	Submitted int64 // orders of theirs that wait for signatures
	Cases     int64 // unclear orders that they took on
	Proposals int64 // verdicts of theirs that wait for a second person
}

// Any says whether anything waits.
func (l LeftBehind) Any() bool { return l != LeftBehind{} }

// LeftBy counts what waits for the person.
func LeftBy(db *gorm.DB, id PersonID) (l LeftBehind, err error) {
	count := func(into *int64, table any, condition string, values ...any) {
		if err == nil {
			err = db.Model(table).Where(condition, values...).Count(into).Error
		}
	}
	count(&l.Drafts, &Payout{}, "maker_id = ? AND stage = ?", id, Draft)
	count(&l.Submitted, &Payout{}, "maker_id = ? AND stage = ?", id, AwaitingApproval)
	count(&l.Cases, &Payout{}, "owner_id = ? AND owner_id > 0", id)
	count(&l.Proposals, &Verdict{}, "proposer_id = ? AND state = 'open'", id)
	return l, err
}

// CasesOf are the unclear orders that the person took on.
func CasesOf(db *gorm.DB, id PersonID) ([]Payout, error) {
	var cases []Payout
	err := db.Where("owner_id = ? AND owner_id > 0", id).Order("id").Find(&cases).Error
	return cases, err
}
