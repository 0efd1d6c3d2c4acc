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
	count(&l.Drafts, &Payout{}, "stage = ? AND "+drafterIs, Draft, id, id)
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

// ProposalsOf are the verdicts that the person proposed and nobody has judged.
func ProposalsOf(db *gorm.DB, id PersonID) (open []Verdict, err error) {
	err = db.Where("proposer_id = ? AND state = 'open'", id).Order("id").Find(&open).Error
	return open, err
}

// Heirs are who may take over what waits for somebody: who settles cases, and who makes
// orders.
func Heirs(active []Person, gone PersonID) (cases, drafts []Person) {
	for _, p := range active {
		if p.ID != gone && p.May(VerbVerdict) {
			cases = append(cases, p)
		}
		if p.ID != gone && p.May(VerbDraft) {
			drafts = append(drafts, p)
		}
	}
	return cases, drafts
}
