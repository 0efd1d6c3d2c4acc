package models

import (
	"crypto/sha256"
	"fmt"
	"sort"
)

// Content is what approvers sign: who is paid what, how and through whom (I3).
// Payee holds the version's fields in clear; they are hashed, never stored here.
type Content struct {
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
	frame(h, []byte("countersign payout 1"))
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
