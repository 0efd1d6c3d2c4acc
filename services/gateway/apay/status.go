package apay

import (
	"strings"

	"countersign/services/gateway"
)

// The business codes that are known (gateways.md 1.8).
const (
	CodeOK         = "0000"
	CodeSign       = "0004"
	CodeToken      = "0006"
	CodeBank       = "0012"
	CodeBalance    = "0018"
	CodeNotFound   = "0050"
	CodeRepeatedNo = "0019" // our own choice: the gateway's real code is not known
)

// refused are the codes with which the gateway turns an order away before there
// is one. Nothing about the order's number is among them.
var refused = map[string]bool{CodeSign: true, CodeBank: true, CodeBalance: true}

// statuses are the gateway's words for a payout. 2 is success for a deposit
// only; here it is not final, whatever a sample shows (gateways.md 1.7).
var statuses = map[string]gateway.Outcome{
	"0": gateway.Working,
	"1": gateway.Working,
	"2": gateway.Working,
	"3": gateway.Paid,
	"4": gateway.Failed,
	"5": gateway.Failed,
}

// outcome of a status nobody documented is Unknown.
func outcome(status string) gateway.Outcome { return statuses[status] }

// Means is what a status is documented to mean.
func (family) Means(word string) gateway.Outcome { return outcome(word) }

// explained are the codes that have a sentence in the catalogue.
var explained = map[string]bool{
	CodeOK: true, CodeSign: true, CodeToken: true, CodeBank: true, CodeBalance: true, CodeNotFound: true, CodeRepeatedNo: true,
}

// Explain gives the sentence for a code, or for a status ("3").
func (family) Explain(word string) (key string, args []any) {
	switch {
	case explained[word]:
		return "code.apay." + word, nil
	case strings.Trim(word, "012345") == "" && len(word) == 1:
		return "status.apay." + word, nil
	}
	return "", nil
}
