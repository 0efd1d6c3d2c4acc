package apay

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"countersign/services/gateway"
)

// Peek names the order of a notice, trusting nothing yet.
func (family) Peek(body []byte) string {
	object, err := gateway.ReadObject(body)
	if err != nil {
		return ""
	}
	number, _ := object.Get("payout_cl_id").Text()
	return number
}

// ReadNotice checks a notice over every field that came, known or not.
func (family) ReadNotice(a gateway.Account, o gateway.Order, _ http.Header, body []byte) gateway.Notice {
	notice := gateway.Notice{Check: gateway.CheckUnreadable, Algorithm: algorithm(a, o)}
	object, err := gateway.ReadObject(body)
	if err != nil {
		return notice
	}
	notice.Facts = factsOf(object, cmp.Or(o.Amount.Currency, a.Currency))
	notice.Same = notice.Facts.Digest()
	notice.Lines = func() []gateway.WireLine { return noticeLines(object, notice.Facts, a.Zone) }
	notice.Check = verify(object, a.Key, notice.Algorithm)
	if notice.Check != gateway.CheckGood {
		return notice
	}
	return notice.Settle(a, outcome(notice.Facts.Word))
}

// noticeLines is the notice for people, in the order in which it came.
func noticeLines(object *gateway.Object, facts gateway.Facts, zone *time.Location) []gateway.WireLine {
	lines := gateway.Lines(object, family{}.Secrets())
	for i, line := range lines {
		switch {
		case line.Name == "amount" && !facts.Amount.IsZero():
			lines[i].Note, lines[i].Mark = facts.Amount.String()+" in cents", true
		case line.Name == "real_amount" && !facts.Received.IsZero():
			lines[i].Note, lines[i].Mark = facts.Received.String()+" in cents", true
		case strings.HasSuffix(line.Name, "_time"):
			lines[i].Note = clock(line.Value, zone)
		}
	}
	return lines
}

func clock(seconds string, zone *time.Location) string {
	at, ok := moment(seconds)
	if !ok {
		return ""
	}
	return gateway.ClockNote(at, zone)
}
