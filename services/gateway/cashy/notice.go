package cashy

import (
	"cmp"
	"net/http"

	"countersign/services/gateway"
)

// Peek names the order of a notice, trusting nothing yet.
func (family) Peek(body []byte) string {
	object, err := gateway.ReadObject(body)
	if err != nil {
		return ""
	}
	number, _ := object.Get("mchOrderNo").Text()
	return number
}

// ReadNotice checks the sign over the raw bytes, before any of them is read.
func (family) ReadNotice(a gateway.Account, o gateway.Order, header http.Header, body []byte) gateway.Notice {
	notice := gateway.Notice{Check: verify(body, header.Values("Sign"), a.Key), Algorithm: MD5}
	object, err := gateway.ReadObject(body)
	if err != nil {
		if notice.Check == gateway.CheckGood {
			notice.Check = gateway.CheckUnreadable
		}
		return notice
	}
	notice.Facts = factsOf(object, cmp.Or(o.Amount.Currency, a.Currency), a.Zone)
	notice.Same = notice.Facts.Digest()
	notice.Lines = func() []gateway.WireLine { return noticeLines(object, notice.Facts) }
	if notice.Check != gateway.CheckGood {
		return notice
	}
	switch from := header.Get("MerchantId"); {
	case cmp.Or(o.Algorithm, MD5) != MD5:
		notice.Check = gateway.CheckAlgorithm
		return notice
	case from != "" && from != a.MerchantID: // the sign does not cover this header
		notice.Check = gateway.CheckOtherMerchant
		return notice
	}
	return notice.Settle(a, outcome(notice.Facts))
}

// noticeLines is the notice for people, in the order in which it came.
func noticeLines(object *gateway.Object, facts gateway.Facts) []gateway.WireLine {
	lines := gateway.Lines(object, family{}.Secrets())
	for i, line := range lines {
		if line.Name == "amount" && !facts.Amount.IsZero() {
			lines[i].Note, lines[i].Mark = facts.Amount.String(), true
		}
	}
	return lines
}
