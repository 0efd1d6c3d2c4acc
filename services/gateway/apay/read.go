package apay

import (
	"countersign/models"
	"countersign/services/gateway"
)

const maxGatewayNo = 128 // the documents say 10, real ones have had 20

// ReadCreate says what the answer to a create proves. No branch leads to
// Refused but the exact list.
func (f family) ReadCreate(a gateway.Account, o gateway.Order, r gateway.Response) gateway.Receipt {
	reply := gateway.ReadReply(r, "error_code", gateway.ShapeString)
	if reply.Object == nil {
		return reply.Doubtful(r)
	}
	data := reply.Object.Get("data").Object()
	receipt := gateway.Receipt{Code: reply.Code, Message: gateway.MaskSentence(reply.Object.Get("error_msg").Scalar())}
	doubt := func(reason models.UnclearReason, alarm string) gateway.Receipt {
		receipt.Reason, receipt.Alarm = reason, alarm
		return receipt
	}
	switch {
	case replySign(reply.Object, data, a, o) != gateway.CheckGood:
		return doubt(models.ReasonUnverified, gateway.AlarmNone)
	case names(reply.Object, data, a, o) != gateway.ProblemNone:
		return doubt(models.ReasonOtherOrder, gateway.AlarmOtherOrder)
	case reply.Code == CodeOK && r.Status < 300:
		return accepted(receipt, data)
	case refused[reply.Code] && !data.Get("payout_id").Carried():
		receipt.Kind = gateway.Refused
		return receipt
	case reply.Code == CodeRepeatedNo:
		return doubt(models.ReasonDuplicate, gateway.AlarmNone)
	}
	return doubt(models.ReasonUnmapped, gateway.AlarmUnmapped)
}

// accepted needs the gateway's number: without it the reply is not complete.
func accepted(receipt gateway.Receipt, data *gateway.Object) gateway.Receipt {
	number, ok := data.Get("payout_id").Text()
	if !ok || number == "" || len(number) > maxGatewayNo {
		receipt.Reason = models.ReasonUnreadable
		return receipt
	}
	receipt.Kind, receipt.GatewayNo = gateway.Accepted, number
	return receipt
}

// replySign checks a sign wherever the reply carries one. A reply need not.
func replySign(reply, data *gateway.Object, a gateway.Account, o gateway.Order) gateway.Check {
	for _, object := range []*gateway.Object{reply, data} {
		check := verify(object, a.Key, algorithm(a, o))
		if check != gateway.CheckGood && check != gateway.CheckMissing {
			return check
		}
	}
	return gateway.CheckGood
}

// names says whether the reply, outside or inside data, speaks of another order
// or another sum.
func names(reply, data *gateway.Object, a gateway.Account, o gateway.Order) gateway.Problem {
	for _, object := range []*gateway.Object{reply, data} {
		if problem := factsOf(object, o.Amount.Currency).Differs(a, o); problem != gateway.ProblemNone {
			return problem
		}
	}
	return gateway.ProblemNone
}

// ReadQuery reads the answer in either shape, whichever was asked for.
func (f family) ReadQuery(a gateway.Account, o gateway.Order, r gateway.Response) gateway.Answer {
	reply := gateway.ReadReply(r, "error_code", gateway.ShapeString)
	answer := gateway.Answer{Problem: reply.Problem(r), Alarm: reply.Alarm}
	if reply.Object == nil {
		return answer
	}
	answer.Code, answer.Message = reply.Code, gateway.MaskSentence(reply.Object.Get("error_msg").Scalar())
	switch {
	case reply.Code == CodeOK && r.Status < 300:
		return f.readRow(answer, reply.Object, a, o)
	case reply.Code == CodeNotFound:
		answer.Outcome = gateway.NotFound
	case reply.Code == CodeToken:
		answer.Problem = gateway.ProblemToken
	default:
		answer.Problem, answer.Alarm = gateway.ProblemUnmapped, gateway.AlarmUnmapped
	}
	return answer
}

// readRow finds our order in data and takes its facts. A row of another order
// says nothing of ours.
func (f family) readRow(answer gateway.Answer, reply *gateway.Object, a gateway.Account, o gateway.Order) gateway.Answer {
	row, problem := rowOf(reply.Get("data"), o.OrderNo)
	if row == nil {
		answer.Problem = problem
		switch problem {
		case gateway.ProblemNone:
			answer.Outcome = gateway.NotFound
		case gateway.ProblemOtherOrder:
			answer.Alarm = gateway.AlarmOtherOrder
		}
		return answer
	}
	answer.Facts = factsOf(row, o.Amount.Currency)
	if replySign(reply, row, a, o) != gateway.CheckGood {
		answer.Problem = gateway.ProblemSign
		return answer
	}
	answer.Authentic = true
	return answer.Settle(a, o, outcome(answer.Facts.Word))
}

// rowOf finds the one row of our order. No row and no problem is an empty list.
func rowOf(data gateway.Value, orderNo string) (*gateway.Object, gateway.Problem) {
	if single := data.Object(); single != nil {
		return ours(single, orderNo)
	}
	if data.Shape() != gateway.ShapeArray {
		return nil, gateway.ProblemUnreadable
	}
	var found *gateway.Object
	problem := gateway.ProblemNone
	for _, item := range data.Items() {
		row, other := ours(item.Object(), orderNo)
		if row != nil && found != nil {
			return nil, gateway.ProblemOtherOrder // two rows under one number
		}
		if row != nil {
			found = row
		} else {
			problem = other
		}
	}
	return found, problem
}

func ours(row *gateway.Object, orderNo string) (*gateway.Object, gateway.Problem) {
	if row.Get("payout_cl_id").Scalar() != orderNo {
		return nil, gateway.ProblemOtherOrder
	}
	return row, gateway.ProblemNone
}
