package cashy

import (
	"regexp"
	"strings"

	"countersign/services/gateway"
)

// The business code of success, and messages that are our own choice because
// the gateway's real ones are not known.
const (
	CodeOK         = "200"
	MsgRepeatedNo  = "Order_already_exists"
	MsgNoSuchOrder = "Order_not_exist"

	reversed = "PAYMENT_OFFSET"
)

// statuses are the gateway's words. resultDesc is none of them: it may read
// SUCCESS while the order is still being paid.
var statuses = map[string]gateway.Outcome{
	"PROCESSING": gateway.Working,
	"WAITING":    gateway.Working,
	"PAYING":     gateway.Working,
	"SUCCESS":    gateway.Paid,
	"FAIL":       gateway.Failed,
	"CANCEL":     gateway.Failed,
}

// Means is what a status is documented to mean, in any letter case: a word that looks
// like a final one must not pass for another.
func (family) Means(word string) gateway.Outcome { return statuses[strings.ToUpper(word)] }

// outcome of a word nobody documented is Unknown. A final order whose payment
// was taken back is neither paid nor simply failed.
func outcome(facts gateway.Facts) gateway.Outcome {
	says := statuses[facts.Word]
	if facts.Result == reversed && (says == gateway.Paid || says == gateway.Failed) {
		return gateway.Reversed
	}
	return says
}

// refused are the messages with which the gateway turns an order away before
// there is one (gateways.md 2.6), word for word.
var refused = map[string]bool{
	"MerchantId_is_null": true, "MerchantId_not_Number": true, "MerchantId_is_error": true,
	"Sign_verify_error": true, "RequestMethod_not_post": true, "RequestContentType_not_json": true,
	"RequestBody_is_null": true, "Params_jsonFormat_error": true, "Request_ip_notWhiteList": true,
}

// busy are the messages that say nothing of the order.
var busy = map[string]bool{"System_error": true, "System_busy": true, "System_Maintenance": true}

// parameter is the message about one parameter: Params_amount_error.
var parameter = regexp.MustCompile(`^Params_([A-Za-z]+)_(Required|error)$`)

// parameters are those of a create. mchOrderNo is left out on purpose: what the
// gateway says of the number itself may mean that the order is there already.
var parameters = map[string]bool{
	"accountName": true, "accountNo": true, "cciAccountNo": true, "accountType": true, "currency": true, "amount": true,
	"bankId": true, "notifyUrl": true, "nonceStr": true, "idType": true, "idCard": true, "phone": true, "email": true,
	"remark": true,
}

func isRefusal(msg string) bool {
	found := parameter.FindStringSubmatch(msg)
	return refused[msg] || found != nil && parameters[found[1]]
}

// aboutNumber is any message about our order number, whatever it says.
func aboutNumber(msg string) bool {
	return msg == MsgRepeatedNo || strings.Contains(strings.ToLower(msg), "mchorderno")
}

// Explain gives the sentence for a message, a status or a resultDesc.
func (family) Explain(word string) (key string, args []any) {
	found := parameter.FindStringSubmatch(word)
	switch {
	case refused[word], busy[word], word == CodeOK, word == MsgRepeatedNo, word == MsgNoSuchOrder:
		return "code.cashy." + strings.ToLower(word), nil
	case aboutNumber(word):
		return "code.cashy.number_error", nil
	case found == nil || !parameters[found[1]]:
		return explainState(word), nil
	case found[2] == "Required":
		return "code.cashy.parameter_required", []any{"Name", found[1]}
	}
	return "code.cashy.parameter_error", []any{"Name", found[1]}
}

func explainState(word string) string {
	switch {
	case statuses[word] != gateway.Unknown:
		return "status.cashy." + strings.ToLower(word)
	case results[word]:
		return "result.cashy." + strings.ToLower(word)
	}
	return ""
}
