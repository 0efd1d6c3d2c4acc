package apay

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

const maxNotifyURL = 256 // characters (gateways.md 1.3)

// createBody writes the body and, line by line, the same for people. Numbers
// go as strings, as in the gateway's own examples.
func createBody(a gateway.Account, o gateway.Order, rail gateway.Rail, at time.Time) ([]byte, []gateway.WireLine, error) {
	cents, err := gateway.ToCents(o.Amount)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: amount", gateway.ErrCannotCarry)
	}
	p := &page{body: &gateway.Object{}}
	p.plain("platform_id", a.MerchantID)
	p.noted("service_id", rail.Service, rail.Title)
	p.plain("payout_cl_id", o.OrderNo)
	p.marked("amount", cents, o.Amount.String()+" in cents")
	if rail.ID == taiwan {
		p.plain("currency", strings.ToLower(rail.Currency))
	}
	p.answers(rail, o.Fields)
	if len(a.NotifyURL) > maxNotifyURL {
		return nil, nil, fmt.Errorf("%w: address for notices", gateway.ErrAccount)
	}
	if a.NotifyURL != "" {
		p.plain("notify_url", a.NotifyURL)
	}
	p.marked("request_time", strconv.FormatInt(at.Unix(), 10), gateway.ClockNote(at, a.Zone))
	if err := p.sign(a, algorithm(a, o)); err != nil {
		return nil, nil, err
	}
	return p.body.Encode(), p.lines, nil
}

// algorithm of an order is the one pinned to it; of a new one, the account's.
func algorithm(a gateway.Account, o gateway.Order) string {
	return cmp.Or(o.Algorithm, a.Algorithm, HMAC)
}

// page collects the body and its lines, so that neither has what the other has
// not.
type page struct {
	body  *gateway.Object
	lines []gateway.WireLine
}

func (p *page) plain(name, value string) { p.noted(name, value, "") }

func (p *page) noted(name, value, note string) {
	p.line(name, value, gateway.WireLine{Value: value, Note: note})
}

func (p *page) marked(name, value, note string) {
	p.line(name, value, gateway.WireLine{Value: value, Note: note, Mark: true})
}

func (p *page) line(name, value string, line gateway.WireLine) {
	line.Name = name
	p.body.Add(name, value)
	p.lines = append(p.lines, line)
}

// answers are the fields of the rail, as far as they are sent.
func (p *page) answers(rail gateway.Rail, values map[string]string) {
	for _, field := range rail.Fields {
		value := values[field.Name]
		if value == "" || field.Local {
			continue
		}
		shown := gateway.WireLine{Value: value}
		if field.Secret {
			shown.Value = gateway.Mask(value)
		}
		if option, ok := field.Option(value); ok {
			shown.Note = option.Label
		}
		p.line(field.Name, value, shown)
	}
}

// sign refuses a text that could be split in another way, then signs it. Orders
// by MD5 do not name their algorithm, which is how it was before there were two.
func (p *page) sign(a gateway.Account, algorithm string) error {
	if Splits(p.body) || p.equals() {
		return fmt.Errorf("%w: a value holds &, = or a control character", gateway.ErrCannotCarry)
	}
	sign, err := Sign(Canonical(p.body), a.Key, algorithm)
	if err != nil {
		return err
	}
	if algorithm == HMAC {
		p.plain("sign_type", HMAC)
	}
	p.line("sign", sign, gateway.WireLine{Value: gateway.Mask(sign)})
	return nil
}

// equals says whether a value holds the sign that joins names and values: we write no
// text that anybody could take apart in another way (S12).
func (p *page) equals() bool {
	return slices.ContainsFunc(p.body.Members(), func(m gateway.Member) bool { return strings.Contains(text(m.Value), "=") })
}

// factsOf reads a row of a query, the object of a query, or a notice: they have
// the same names.
func factsOf(row *gateway.Object, currency string) gateway.Facts {
	facts := gateway.Facts{
		Word:   row.Get("status").Scalar(),
		Result: gateway.MaskSentence(row.Get("error_msg").Scalar()),
	}
	facts.OrderNo = facts.Take(row.Get("payout_cl_id"), "order_no")
	facts.GatewayNo = facts.Take(row.Get("payout_id"), "gateway_no")
	facts.MerchantID = facts.Take(row.Get("platform_id"), "merchant")
	facts.Currency = facts.Take(row.Get("currency"), "currency")
	facts.Amount, facts.AmountBad = cents(row.Get("amount"), currency)
	facts.Fee = fee(row.Get("fee"))
	if outcome(facts.Word) == gateway.Paid {
		var bad bool // pending rows carry 0 here
		facts.Received, bad = cents(row.Get("real_amount"), currency)
		facts.AmountBad = facts.AmountBad || bad
	}
	facts.At, facts.AtText = ended(row)
	return facts
}

// cents reads an amount: digits and nothing else, as number or as string. 1e5
// and 100.0 are no integers of this gateway.
func cents(v gateway.Value, currency string) (sum models.Money, bad bool) {
	if !v.Carried() {
		return models.Money{}, false
	}
	digits := v.Scalar()
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return models.Money{}, true
	}
	sum, err := gateway.Cents(digits, currency)
	if err != nil {
		return models.Money{}, true
	}
	return sum, false
}

// fee is cents too, told in whole units: 3200 is 32.00.
func fee(v gateway.Value) string {
	d, err := gateway.ParseDecimal(v.Scalar())
	if err != nil {
		return ""
	}
	return d.Shift(-2).String()
}

// ended is when the order came to its end; 0 while it has not.
func ended(row *gateway.Object) (time.Time, string) {
	for _, name := range []string{"success_time", "update_time"} {
		written := row.Get(name).Scalar()
		if at, ok := moment(written); ok {
			return at, written
		}
	}
	return time.Time{}, ""
}

// moment reads Unix seconds; milliseconds would be a date no clock has reached.
func moment(written string) (time.Time, bool) {
	seconds, err := strconv.ParseInt(written, 10, 64)
	if err != nil || seconds <= 0 || seconds >= 1<<35 {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}
