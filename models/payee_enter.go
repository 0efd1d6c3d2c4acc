package models

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

// NewPayeeSubject names somebody who is not in the book yet, for the change that enters
// them (D1): by which way they are paid, the keyed hash of their account, and their name.
func NewPayeeSubject(d PayeeDetails) string {
	return d.Rail + " " + hex.EncodeToString(d.Account) + " " + d.Name
}

// readNewPayeeSubject takes it apart again.
func readNewPayeeSubject(subject string) (d PayeeDetails) {
	rail, rest, _ := strings.Cut(subject, " ")
	account, name, _ := strings.Cut(rest, " ")
	d.Rail, d.Name = rail, name
	d.Account, _ = hex.DecodeString(account)
	return d
}

// NewPayee is the name of somebody who is to be entered, and which of our own people
// declared the account as theirs: they neither ask for it nor confirm it.
func NewPayee(db *gorm.DB, subject string, at time.Time) (name string, owner *PersonID, err error) {
	d := readNewPayeeSubject(subject)
	person, own, err := ownerOf(db, d.Account, at)
	if own {
		owner = &person.ID
	}
	return d.Name, owner, err
}

// CheckNewPayee refuses to enter somebody whom the book has, or had, with exactly these
// details.
func CheckNewPayee(db *gorm.DB, d PayeeDetails) error {
	n, err := count(db.Model(&PayeeVersion{}).Where("account_hash = ? AND details_hash = ?", d.Account, d.Fields).Limit(1))
	if err == nil && n > 0 {
		err = Refuse(Conflict, "payee.in_the_book", "Name", d.Name, "Last4", d.Last4)
	}
	return err
}

// Resembling is what somebody who is to be entered has in common with the book: a name
// that is the same or nearly so, or the account, under another name. It may be right:
// whoever asks for them says that they have seen it, and whoever confirms them is told.
func Resembling(db *gorm.DB, d PayeeDetails) (like Refusals, err error) {
	folded := FoldName(d.Name)
	alike, err := namesLike(db, folded, 0)
	if err != nil {
		return nil, err
	}
	for _, p := range alike {
		latest, err := LatestVersion(db, p.ID)
		if err != nil {
			return nil, err
		}
		key := "payee.name_like_book"
		if p.Folded == folded {
			key = "payee.name_in_book"
		}
		like = append(like, Refuse(Invalid, key, "Name", p.Name, "Last4", latest.Last4).On("seen"))
	}
	same, err := sharing(db, d.Version())
	for _, v := range same {
		like = append(like, Refuse(Invalid, "payee.account_in_book", "Name", v.Name, "Last4", v.Last4).On("seen"))
	}
	return like, err
}

// ColleagueWith names the one of our own people who has declared the account of somebody
// who is to be entered.
func ColleagueWith(db *gorm.DB, d PayeeDetails, at time.Time) (odd Refusals, err error) {
	owner, own, err := ownerOf(db, d.Account, at)
	if own {
		odd = append(odd, Refuse(Invalid, "payee.account_of_colleague", "Name", owner.Name, "Last4", d.Last4))
	}
	return odd, err
}

// EnterPayee puts somebody in the book, as two people agreed.
func EnterPayee(tx *gorm.DB, c Change, d PayeeDetails, by PersonID, at time.Time) (PayeeVersion, error) {
	payee := Payee{CreatedBy: c.ProposedBy, CreatedAt: at}
	payee.named(d.Name)
	v := d.Version()
	if err := tx.Create(&payee).Error; err != nil {
		return v, err
	}
	v.PayeeID, v.Number, v.CreatedBy, v.CreatedAt, v.ChangeID, v.ConfirmedBy = payee.ID, 1, c.ProposedBy, at, &c.ID, &by
	return v, createVersion(tx, &v)
}

// AboutVersion are the details that a change of details is about: those in use, and of
// somebody who is not in the book yet those that are asked for.
func AboutVersion(db *gorm.DB, c Change) (PayeeVersion, error) {
	if c.Kind == ChangePayee {
		return LatestVersion(db, PayeeSubject(c.Subject))
	}
	made, done, err := VersionOfChange(db, c.ID)
	if err != nil || done {
		return made, err
	}
	d, err := ReadPayeeDetails(c.Content)
	return d.Version(), err
}

// EventAbout is an act about the details of a change, for the log. As long as the book
// does not have the payee it is about the change.
func (v PayeeVersion) EventAbout(c Change, verb string, by Actor, at time.Time, more Details) Event {
	e := v.Event(verb, by, at, more)
	if v.PayeeID == 0 {
		e.Subject, e.SubjectID = "change", strconv.FormatInt(c.ID, 10)
	}
	return e
}
