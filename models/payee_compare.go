package models

import (
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// findsMost bounds how many finds of one kind new details lead to, likeMost how many names
// with one half in common are compared.
const (
	findsMost = 20
	likeMost  = 1000
)

// compareDetails finds what new details have in common with others, in the write that
// stores them: whoever signs an order to them is told.
func compareDetails(tx *gorm.DB, v PayeeVersion, at time.Time) error {
	owner, own, err := ownerOf(tx, v.AccountHash, at)
	if err == nil && own {
		err = addFind(tx, PayeeFind{Kind: FindOwn, PayeeID: v.PayeeID, VersionID: v.ID, PersonID: &owner.ID, FoundAt: at}, v, owner.Name)
	}
	if err != nil {
		return err
	}
	same, err := sharing(tx, v)
	for _, other := range same {
		if err := addFind(tx, PayeeFind{Kind: FindShared, PayeeID: v.PayeeID, VersionID: v.ID, OtherID: &other.PayeeID, FoundAt: at}, v, other.Name); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return findAlike(tx, v, at)
}

// sharing are the newest details of other payees with the same account.
func sharing(db *gorm.DB, v PayeeVersion) (same []PayeeVersion, err error) {
	err = db.Where("id IN (SELECT max(id) FROM payee_versions WHERE account_hash = ? AND payee_id <> ? GROUP BY payee_id)", v.AccountHash, v.PayeeID).
		Order("id DESC").Limit(findsMost).Find(&same).Error
	return same, err
}

func findAlike(tx *gorm.DB, v PayeeVersion, at time.Time) error {
	alike, err := namesLike(tx, FoldName(v.Name), v.PayeeID)
	for _, other := range alike {
		if err := addFind(tx, PayeeFind{Kind: FindAlike, PayeeID: v.PayeeID, VersionID: v.ID, OtherID: &other.ID, FoundAt: at}, v, other.Name); err != nil {
			return err
		}
	}
	return err
}

// compareOwn finds the payees who have an account that one of our people has declared.
func compareOwn(tx *gorm.DB, own OwnAccount, name string) error {
	var with []PayeeVersion
	err := tx.Where("id IN (SELECT max(id) FROM payee_versions WHERE account_hash = ? GROUP BY payee_id)", own.AccountHash).Order("id").Limit(findsMost).Find(&with).Error
	for _, v := range with {
		if err := addFind(tx, PayeeFind{Kind: FindOwn, PayeeID: v.PayeeID, VersionID: v.ID, PersonID: &own.PersonID, FoundAt: own.AddedAt}, v, name); err != nil {
			return err
		}
	}
	return err
}

// addFind stores a find, once for the two whom it concerns, with its entry in the log.
func addFind(tx *gorm.DB, f PayeeFind, v PayeeVersion, other string) error {
	if f.OtherID != nil {
		mirrored, err := count(tx.Model(&PayeeFind{}).Where("kind = ? AND payee_id = ? AND other_id = ?", f.Kind, *f.OtherID, f.PayeeID).Limit(1))
		if err != nil || mirrored > 0 {
			return err
		}
	}
	added := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&f)
	if added.Error != nil || added.RowsAffected == 0 {
		return added.Error
	}
	return Append(tx, v.Event("payee_found", Machine("payee book"), f.FoundAt, Details{"find": "find." + string(f.Kind), "other": other, "number": fmt.Sprint(f.ID)}))
}

// namesLike are the payees whose names are the same as a folded one, or long and one
// letter apart. Of two such names either the first halves are the same or the second
// halves are: both are found along an index.
func namesLike(db *gorm.DB, folded string, self PayeeID) (alike []Payee, err error) {
	letters := []rune(folded)
	if len(letters) == 0 {
		return nil, nil
	}
	near := db.Where("folded = ?", folded)
	if len(letters) >= alikeFrom {
		half := len(letters) / 2
		front, back := string(letters[:half]), backwards(string(letters[half:]))
		near = db.Where("id IN (SELECT id FROM payees WHERE folded >= ? AND folded < ? UNION SELECT id FROM payees WHERE backward >= ? AND backward < ?)",
			front, front+lastRune, back, back+lastRune).Where("length(folded) BETWEEN ? AND ?", len(letters)-1, len(letters)+1)
	}
	var found []Payee
	err = near.Where("id <> ?", self).Order("id").Limit(likeMost).Find(&found).Error
	for _, other := range found {
		if alikeNames(folded, other.Folded) && len(alike) < findsMost {
			alike = append(alike, other)
		}
	}
	return alike, err
}

// lastRune comes after every text that begins alike.
const lastRune = "\U0010FFFF"

// alikeFrom is from how many letters on names that differ in one are alike: two short ones
// differ in nothing else.
const alikeFrom = 8

// alikeNames says whether two folded names are the same, or long and one letter apart:
// another one, one more or one less.
func alikeNames(a, b string) bool {
	if a == b {
		return true
	}
	one, other := []rune(a), []rune(b)
	if len(one) > len(other) {
		one, other = other, one
	}
	if len(one) < alikeFrom || len(other)-len(one) > 1 {
		return false
	}
	same := 0
	for same < len(one) && one[same] == other[same] {
		same++
	}
	rest := 0
	for rest < len(one)-same && one[len(one)-1-rest] == other[len(other)-1-rest] {
		rest++
	}
	return same+rest >= len(other)-1
}

// backwards is a text from its end.
func backwards(text string) string {
	letters := []rune(text)
	for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
		letters[i], letters[j] = letters[j], letters[i]
	}
	return string(letters)
}
