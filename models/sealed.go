package models

import (
	"fmt"

	"gorm.io/gorm"
)

// SealedColumn is a column whose values are sealed, and the place that each is sealed
// for, as an expression over its row; of some, the column of the keyed hash that goes with
// it, and what it is hashed as.
type SealedColumn struct{ Table, Key, Column, Place, Hash, HashedAs string }

// SealedColumns are all of them but the details of payees, whose keyed hashes go with
// them. A test asks the schema whether one is missing here.
var SealedColumns = []SealedColumn{
	{"gateway_accounts", "id", "sealed_keys", "'account ' || slug", "", ""},
	{"gateway_accounts", "id", "sealed_former", "'account ' || slug", "", ""},
	{"account_keys", "id", "sealed_keys", "'proposed keys of account ' || (SELECT slug FROM gateway_accounts a WHERE a.id = account_id)", "", ""},
	{"proposed_accounts", "id", "sealed_keys", "'proposed keys of account ' || slug", "", ""},
	{"payouts", "id", "sealed_salt", "'content ' || order_no", "", ""},
	{"attempts", "id", "sealed_request", "'request ' || (SELECT order_no FROM payouts p WHERE p.id = payout_id)", "", ""},
	{"call_backs", "id", "sealed_number", "'call ' || change_id", "", ""},
	{"code_factors", "person_id", "sealed_secret", "'one-time codes of person ' || person_id", "", ""},
	{"payee_blocks", "id", "sealed_number", "'" + BlockedPlace + "'", "number_hash", BlockedHashing},
	{"own_accounts", "id", "sealed_number", "'own account of person ' || person_id", "account_hash", AccountHashing},
}

// resealMost is how many rows are read, sealed again and bound at a time.
const resealMost = 500

// sealedRow is one value and where it lies.
type sealedRow struct {
	ID     int64
	Place  string
	Sealed []byte
}

// Reseal gives every value of the column to seal, and keeps what comes back: the value,
// and its keyed hash where there is one. Each row is bound to the log again, without a
// word about what it holds.
func (c SealedColumn) Reseal(tx *gorm.DB, seal func(place string, sealed []byte, hashedAs string) (fresh, hash []byte, err error)) (many int, err error) {
	for last := int64(-1); ; {
		var rows []sealedRow
		err := tx.Raw(fmt.Sprintf("SELECT %s AS id, %s AS place, %s AS sealed FROM %s WHERE %s > ? AND octet_length(%s) > 0 ORDER BY %s LIMIT ?",
			c.Key, c.Place, c.Column, c.Table, c.Key, c.Column, c.Key), last, resealMost).Scan(&rows).Error
		if err != nil || len(rows) == 0 {
			return many, err
		}
		for _, row := range rows {
			fresh, hash, err := seal(row.Place, row.Sealed, c.HashedAs)
			if err == nil {
				err = c.keep(tx, row.ID, fresh, hash)
			}
			if err != nil {
				return many, fmt.Errorf("%s of %s %d: %w", c.Column, c.Table, row.ID, err)
			}
		}
		last, many = rows[len(rows)-1].ID, many+len(rows)
		if err := appendRows(tx, VerbRotated); err != nil {
			return many, err
		}
	}
}

func (c SealedColumn) keep(tx *gorm.DB, id int64, fresh, hash []byte) error {
	sets, values := c.Column+" = ?", []any{fresh}
	if c.Hash != "" {
		sets, values = sets+", "+c.Hash+" = ?", append(values, hash)
	}
	_, err := run(tx, fmt.Sprintf("UPDATE %s SET %s WHERE %s = ?", c.Table, sets, c.Key), append(values, id)...)
	return err
}

// ResealPayees gives every version of a payee's details to seal, and keeps it; then every
// order gets the hash of its own version, by which it is found.
func ResealPayees(tx *gorm.DB, seal func(v *PayeeVersion) error) (many int, err error) {
	for last := PayeeVersionID(0); ; {
		var rows []PayeeVersion
		if err := tx.Where("id > ?", last).Order("id").Limit(resealMost).Find(&rows).Error; err != nil {
			return many, err
		}
		if len(rows) == 0 {
			return many, rehashOrders(tx)
		}
		for i := range rows {
			if err := seal(&rows[i]); err != nil {
				return many, err
			}
			v := rows[i]
			if _, err := run(tx, "UPDATE payee_versions SET sealed_fields = ?, account_hash = ?, details_hash = ? WHERE id = ?", v.SealedFields, v.AccountHash, v.DetailsHash, v.ID); err != nil {
				return many, err
			}
		}
		last, many = rows[len(rows)-1].ID, many+len(rows)
		if err := appendRows(tx, VerbRotated); err != nil {
			return many, err
		}
	}
}

func rehashOrders(tx *gorm.DB) error {
	if err := rehashUses(tx); err != nil { // while orders still tell the hash that it was
		return err
	}
	for last := int64(0); ; last += resealMost {
		_, err := run(tx, `UPDATE payouts SET account_hash = (SELECT v.account_hash FROM payee_versions v WHERE v.id = payee_version_id)
			WHERE id > ? AND id <= ?`, last, last+resealMost)
		if err != nil {
			return err
		}
		if err := appendRows(tx, VerbRotated); err != nil {
			return err
		}
		if more, err := one(tx, []any{new(int)}, "SELECT 1 FROM payouts WHERE id > ? LIMIT 1", last+resealMost); err != nil || !more {
			return err
		}
	}
}

// rehashUses lets what is used of the limits of a payee's account go by its new hash.
func rehashUses(tx *gorm.DB) error {
	_, err := run(tx, `UPDATE limit_uses SET subject = coalesce((
			SELECT lower(hex(v.account_hash)) FROM payouts p JOIN payee_versions v ON v.id = p.payee_version_id
			WHERE p.account_hash = unhex(limit_uses.subject) LIMIT 1), subject)
		WHERE scope = ?`, LimitPayee)
	return err
}

// OpeningSeals lets work change what is sealed in rows that are otherwise never changed.
// Their guards are back, word for word, when it is done, or nothing has happened.
func OpeningSeals(tx *gorm.DB, work func(tx *gorm.DB) error) error {
	var guards []struct{ Name, SQL string }
	err := tx.Raw("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' AND name IN ('payee_versions_keep', 'attempts_keep', 'call_backs_keep', 'payee_blocks_keep', 'own_accounts_keep')").Scan(&guards).Error
	if err != nil {
		return err
	}
	for _, guard := range guards {
		if _, err := run(tx, "DROP TRIGGER main."+guard.Name); err != nil {
			return err
		}
	}
	if err := work(tx); err != nil {
		return err
	}
	for _, guard := range guards {
		if _, err := run(tx, guard.SQL); err != nil {
			return err
		}
	}
	return nil
}

// ForgetTries forgets wrong tries at signing in: they are kept under keyed hashes.
func ForgetTries(tx *gorm.DB) error {
	_, err := run(tx, "DELETE FROM sign_in_tries")
	return err
}
