package cashy

import (
	"regexp"

	"countersign/models"
	"countersign/services/gateway"
)

const maxGatewayNo = 128

// ReadCreate says what the answer to a create proves. No branch leads to
// Refused but the exact list.
func (family) ReadCreate(a gateway.Account, o gateway.Order, r gateway.Response) gateway.Receipt {
	reply := gateway.ReadReply(r, "code", gateway.ShapeNumber)
	if reply.Object == nil {
		return reply.Doubtful(r)
	}
	msg, data := reply.Object.Get("msg").Scalar(), reply.Object.Get("data").Object()
	facts := factsOf(data, o.Amount.Currency, a.Zone)
	receipt := gateway.Receipt{Code: codeOf(reply.Code, msg), Message: gateway.MaskSentence(msg)}
	doubt := func(reason models.UnclearReason, alarm string) gateway.Receipt {
		receipt.Reason, receipt.Alarm = reason, alarm
		return receipt
	}
	switch {
	case !replySign(r, a):
		return doubt(models.ReasonUnverified, gateway.AlarmNone)
	case facts.Differs(a, o) != gateway.ProblemNone:
		return doubt(models.ReasonOtherOrder, gateway.AlarmOtherOrder)
	case reply.Code == CodeOK && r.Status < 300:
		return accepted(receipt, data)
	case reply.Code != CodeOK && isRefusal(msg) && facts.GatewayNo == "":
		receipt.Kind = gateway.Refused
		return receipt
	case reply.Code != CodeOK && aboutNumber(msg):
		return doubt(models.ReasonDuplicate, gateway.AlarmNone)
	case reply.Code != CodeOK && busy[msg]:
		return doubt(models.ReasonServerError, gateway.AlarmNone)
	}
	return doubt(models.ReasonUnmapped, gateway.AlarmUnmapped)
}

// accepted needs the gateway's number: without it the reply is not complete.
func accepted(receipt gateway.Receipt, data *gateway.Object) gateway.Receipt {
	number, ok := data.Get("orderNo").Text()
	if !ok || number == "" || len(number) > maxGatewayNo {
		receipt.Reason = models.ReasonUnreadable
		return receipt
	}
	receipt.Kind, receipt.GatewayNo = gateway.Accepted, number
	return receipt
}

// plainWord is what a message looks like that is as good as a code.
var plainWord = regexp.MustCompile(`^[A-Za-z]+(_[A-Za-z]+)+$`)

// codeOf prefers the message to the number: all its errors are 500.
func codeOf(code, msg string) string {
	if code != CodeOK && len(msg) <= 64 && plainWord.MatchString(msg) {
		return msg
	}
	return code
}

// replySign checks a Sign wherever a reply carries one. The documents know it
// for notices only, so a reply need not.
func replySign(r gateway.Response, a gateway.Account) bool {
	check := verify(r.Body, r.Header.Values("Sign"), a.Key)
	return check == gateway.CheckGood || check == gateway.CheckMissing
}

// ReadQuery reads what became of an order. Any code but 200 is no information.
func (family) ReadQuery(a gateway.Account, o gateway.Order, r gateway.Response) gateway.Answer {
	reply := gateway.ReadReply(r, "code", gateway.ShapeNumber)
	answer := gateway.Answer{Problem: reply.Problem(r), Alarm: reply.Alarm}
	if reply.Object == nil {
		return answer
	}
	msg := reply.Object.Get("msg").Scalar()
	answer.Code, answer.Message = codeOf(reply.Code, msg), gateway.MaskSentence(msg)
	switch {
	case reply.Code == CodeOK && r.Status < 300:
		return readData(answer, reply.Object.Get("data").Object(), a, o, r)
	case reply.Code != CodeOK && msg == MsgNoSuchOrder:
		answer.Outcome = gateway.NotFound
	case reply.Code != CodeOK && busy[msg]:
		answer.Problem = gateway.ProblemBusy
	default:
		answer.Problem, answer.Alarm = gateway.ProblemUnmapped, gateway.AlarmUnmapped
	}
	return answer
}

// readData takes the facts of the one order in an answer, which has to name it.
func readData(answer gateway.Answer, data *gateway.Object, a gateway.Account, o gateway.Order, r gateway.Response) gateway.Answer {
	switch {
	case data == nil:
		answer.Problem = gateway.ProblemUnreadable
		return answer
	case !replySign(r, a):
		answer.Problem = gateway.ProblemSign
		return answer
	}
	answer.Facts = factsOf(data, o.Amount.Currency, a.Zone)
	if answer.Facts.OrderNo == "" {
		answer.Problem, answer.Alarm = gateway.ProblemOtherOrder, gateway.AlarmOtherOrder
		return answer
	}
	answer.Authentic = true
	return answer.Settle(a, o, outcome(answer.Facts))
}
