package models

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
)

// Content is what approvers sign: who is paid what, how and through whom (I3).
// In the fields of scheme 2 every account number and other secret stands as its mark,
// so that the content can be shown, and its digest computed again, by people who may
// not see the number (I24). Scheme 1, of orders made before, hashed them as they are.
type Content struct {
	Scheme       int
	OrderNo      string
	Account      AccountID
	Rail         string
	Amount       Money
	PayeeVersion PayeeVersionID
	Payee        Fields
	Fields       Fields
	Reference    string
	Purpose      string
}

// Digest is the SHA-256 over every part, each preceded by its length, in a fixed
// order, so that an auditor can compute it again years later.
func (c Content) Digest() []byte {
	h := sha256.New()
	frame(h, fmt.Appendf(nil, "countersign payout %d", max(c.Scheme, 1)))
	for _, part := range []string{
		c.OrderNo, fmt.Sprint(c.Account), c.Rail, c.Amount.Decimal(), c.Amount.Currency, fmt.Sprint(c.PayeeVersion),
	} {
		frame(h, []byte(part))
	}
	frameFields := func(fields Fields) {
		names := make([]string, 0, len(fields))
		for name := range fields {
			names = append(names, name)
		}
		sort.Strings(names)
		frameInt(h, int64(len(names)))
		for _, name := range names {
			frame(h, []byte(name))
			frame(h, []byte(fields[name]))
		}
	}
	frameFields(c.Payee)
	frameFields(c.Fields)
	frame(h, []byte(c.Reference))
	frame(h, []byte(c.Purpose))
	return h.Sum(nil)
}

// MarkPrefix begins every mark.
const MarkPrefix = "sealed:"

// Mark stands for a secret value of an order's content: it binds the value and tells
// nothing of it, for nobody can try numbers out without the order's salt.
func Mark(salt []byte, name, value string) string {
	h := sha256.New()
	frame(h, salt)
	frame(h, []byte(name))
	frame(h, []byte(value))
	return MarkPrefix + hex.EncodeToString(h.Sum(nil))
}
