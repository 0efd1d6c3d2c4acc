package gateway

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"

	"countersign/models"
)

// Take reads a field that is one text, number or string alike, under the name that
// we have for it. A list or an object is carried too, so it is not passed over.
func (f *Facts) Take(v Value, name string) string {
	if v.Shape() >= ShapeArray && f.Odd == "" {
		f.Odd = name
	}
	return v.Scalar()
}

// Differs compares the facts with the order they should speak of: equal in
// every field they carry (I9, I10). What they do not carry proves nothing and
// differs in nothing.
func (f Facts) Differs(a Account, o Order) Problem {
	switch {
	case f.Odd != "", other(f.OrderNo, o.OrderNo), other(f.MerchantID, a.MerchantID),
		o.GatewayNo != "" && other(f.GatewayNo, o.GatewayNo):
		return ProblemOtherOrder
	case f.AmountBad, otherSum(f.Amount, o.Amount), otherSum(f.Received, o.Amount),
		f.Currency != "" && !strings.EqualFold(f.Currency, o.Amount.Currency):
		return ProblemAmount
	}
	return ProblemNone
}

func other(carried, ours string) bool { return carried != "" && carried != ours }

func otherSum(carried, ours models.Money) bool { return !carried.IsZero() && carried != ours }

// Digest is over the fields that matter and how they end (I16): bodies that
// differ only in nonce or time have the same.
func (f Facts) Digest() [32]byte {
	sum := sha256.New()
	fields := []string{
		f.OrderNo, f.GatewayNo, f.MerchantID, f.Word, f.Result, f.Fee, f.Currency, strconv.FormatBool(f.AmountBad),
		f.Amount.Currency, strconv.FormatInt(f.Amount.Minor, 10),
		f.Received.Currency, strconv.FormatInt(f.Received.Minor, 10),
	}
	if f.Odd != "" {
		fields = append(fields, f.Odd)
	}
	for _, text := range fields {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		sum.Write(length[:])
		sum.Write([]byte(text))
	}
	return [32]byte(sum.Sum(nil))
}
