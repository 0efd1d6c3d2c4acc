package apay

import "countersign/services/gateway"

// ReadBalance reads the balance; both sums are cents.
func (family) ReadBalance(a gateway.Account, r gateway.Response) (gateway.Balance, error) {
	reply := gateway.ReadReply(r, "error_code", gateway.ShapeString)
	data := reply.Object.Get("data").Object()
	if reply.Code != CodeOK || r.Status >= 300 || data == nil {
		return gateway.Balance{}, &gateway.BalanceError{Problem: reply.Problem(r), Code: reply.Code}
	}
	if id := data.Get("platform_id"); id.Carried() && id.Scalar() != a.MerchantID {
		return gateway.Balance{}, &gateway.BalanceError{Problem: gateway.ProblemOtherOrder}
	}
	total, err := gateway.Cents(data.Get("total_balance").Scalar(), a.Currency)
	frozen, err2 := gateway.Cents(data.Get("total_frozen_balance").Scalar(), a.Currency)
	if err != nil || err2 != nil {
		return gateway.Balance{}, &gateway.BalanceError{Problem: gateway.ProblemUnreadable}
	}
	return gateway.Balance{Total: total, Frozen: frozen, At: r.Started.Add(r.Took)}, nil
}
