package cashy

import (
	"strconv"
	"strings"

	"countersign/services/gateway"
)

// ReadBalance reads the balance: available and unavailable, in whole units, as
// floats are printed.
func (family) ReadBalance(a gateway.Account, r gateway.Response) (gateway.Balance, error) {
	reply, err := dataOf(r)
	if err != nil {
		return gateway.Balance{}, err
	}
	data := reply.Object()
	if id := data.Get("mchId"); id.Carried() && id.Scalar() != a.MerchantID {
		return gateway.Balance{}, &gateway.BalanceError{Problem: gateway.ProblemOtherOrder}
	}
	available, err := gateway.Units(data.Get("balance").Scalar(), a.Currency)
	frozen, err2 := gateway.Units(data.Get("unBalance").Scalar(), a.Currency)
	if err != nil || err2 != nil {
		return gateway.Balance{}, &gateway.BalanceError{Problem: gateway.ProblemUnreadable}
	}
	total, err := available.Add(frozen)
	return gateway.Balance{Total: total, Frozen: frozen, At: r.Started.Add(r.Took)}, err
}

// Bank is one entry of the gateway's live list.
type Bank struct {
	ID         int
	Code, Name string
}

// ReadBankList reads the answer to BankList. One entry that cannot be read
// spoils the list.
func ReadBankList(r gateway.Response) ([]Bank, error) {
	data, err := dataOf(r)
	if err != nil {
		return nil, err
	}
	if data.Shape() != gateway.ShapeArray {
		return nil, &gateway.BalanceError{Problem: gateway.ProblemUnreadable}
	}
	var banks []Bank
	for _, item := range data.Items() {
		entry := item.Object()
		id, err := strconv.Atoi(entry.Get("bankId").Scalar())
		if err != nil || id <= 0 {
			return nil, &gateway.BalanceError{Problem: gateway.ProblemUnreadable}
		}
		// Some names end with a line break.
		code, name := entry.Get("bankCode").Scalar(), entry.Get("bankName").Scalar()
		banks = append(banks, Bank{ID: id, Code: strings.TrimSpace(code), Name: strings.TrimSpace(name)})
	}
	return banks, nil
}

func dataOf(r gateway.Response) (gateway.Value, error) {
	reply := gateway.ReadReply(r, "code", gateway.ShapeNumber)
	if reply.Code != CodeOK || r.Status >= 300 {
		return gateway.Value{}, &gateway.BalanceError{Problem: reply.Problem(r), Code: reply.Code}
	}
	return reply.Object.Get("data"), nil
}
