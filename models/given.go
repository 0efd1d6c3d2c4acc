package models

import (
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// A draft whose maker has left can be given to another maker, who reads it, changes it and
// submits it. Whoever ever had it counts as its maker for good (features.md E1, I4).

// MadeBy says whether the person counts as a maker of the order.
func (p Payout) MadeBy(id PersonID) bool {
	return id == p.MakerID || strings.Contains(p.GivenTo, givenMark(id))
}

// Drafter is who has the order now, as far as its maker has a say.
func (p Payout) Drafter() PersonID {
	makers := p.Makers()
	return makers[len(makers)-1]
}

// Makers are all who count as its makers, in the order in which they had it.
func (p Payout) Makers() []PersonID {
	return append([]PersonID{p.MakerID}, readMarks(p.GivenTo)...)
}

// readMarks reads people as a column lists them: ",7,12,".
func readMarks(list string) (ids []PersonID) {
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		id, _ := strconv.ParseInt(text, 10, 64)
		ids = append(ids, PersonID(id))
	}
	return ids
}

func givenMark(id PersonID) string { return fmt.Sprintf(",%d,", id) }

// drafterIs is Drafter as a question to the database, asked with the person's number twice.
const drafterIs = "(maker_id = ? AND given_to = '' OR given_to LIKE '%,' || ? || ',')"

// notGiven is true of orders that were never given to the person as a draft.
const notGiven = "(instr(given_to, ?) = 0)"

// CheckTakeDraft says whether the draft can be given to the person: an active maker who
// sees the account and the currency.
func (p Payout) CheckTakeDraft(to Person) error {
	switch {
	case may(to, VerbDraft) != nil:
		return Refuse(Invalid, "given.no_maker", "Name", to.Name)
	case p.CheckScope(to) != nil:
		return Refuse(Invalid, "given.out_of_scope", "Name", to.Name)
	case to.ID == p.Drafter():
		return Refuse(Conflict, "given.has_it", "Name", to.Name)
	case p.Stage != Draft:
		return Refuse(Conflict, "payout.moved_on")
	}
	return nil
}

// GiveDraft writes down who has the draft from now on, guarded like a move.
func GiveDraft(tx *gorm.DB, p *Payout, to PersonID) error {
	given := p.GivenTo + givenMark(to)
	if p.GivenTo != "" {
		given = p.GivenTo + givenMark(to)[1:]
	}
	rows, err := run(tx, "UPDATE payouts SET given_to = ?, moves = moves + 1 WHERE id = ? AND moves = ?", given, p.ID, p.Moves)
	if err == nil && rows != 1 {
		err = Refuse(Conflict, "payout.moved_on")
	}
	p.GivenTo, p.Moves = given, p.Moves+1
	return err
}

// DraftsOf are the drafts that the person has.
func DraftsOf(db *gorm.DB, id PersonID) (drafts []Payout, err error) {
	err = db.Where("stage = ?", Draft).Where(drafterIs, id, id).Order("id").Find(&drafts).Error
	return drafts, err
}

// CountDrafts is how many those are.
func CountDrafts(db *gorm.DB, id PersonID) (int, error) {
	return count(db.Model(&Payout{}).Where("stage = ?", Draft).Where(drafterIs, id, id))
}
