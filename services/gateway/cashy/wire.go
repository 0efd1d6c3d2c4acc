package cashy

import (
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

// page collects the body and its lines, so that neither has what the other has
// not. The body is written member by member in one fixed order: its bytes are
// what is signed.
type page struct {
	rail  gateway.Rail
	body  gateway.Object
	lines []gateway.WireLine
}

// create is the body of a create. accountNo is the CCI for all but the four
// big banks, and the gateway wants it in both places then.
func (p *page) create(a gateway.Account, o gateway.Order, nonce string) error {
	if err := checkCreate(a, o, nonce); err != nil {
		return err
	}
	p.answer("accountName", o.Fields)
	p.answer("accountNo", o.Fields)
	if needsCCI(o.Fields["bankId"]) {
		p.add("cciAccountNo", gateway.StringValue(o.Fields["accountNo"]), gateway.WireLine{Value: gateway.Mask(o.Fields["accountNo"])})
	}
	p.number("accountType", o.Fields)
	p.text("currency", o.Amount.Currency)
	p.add("amount", gateway.NumberValue(o.Amount.Decimal()),
		gateway.WireLine{Value: o.Amount.Decimal(), Note: o.Amount.String(), Mark: true})
	p.number("bankId", o.Fields)
	p.text("mchOrderNo", o.OrderNo)
	p.text("notifyUrl", a.NotifyURL)
	p.text("nonceStr", nonce)
	for _, name := range []string{"idType", "idCard", "phone", "email", "remark"} {
		p.answer(name, o.Fields)
	}
	return nil
}

// checkCreate refuses what the account or the wire cannot carry.
func checkCreate(a gateway.Account, o gateway.Order, nonce string) error {
	places, ok := models.Scale(o.Amount.Currency)
	to, err := url.Parse(a.NotifyURL)
	switch {
	case !ok || places != 2:
		return fmt.Errorf("%w: amount", gateway.ErrCannotCarry)
	case err != nil || to.Host == "" || to.Scheme != "https" && to.Scheme != "http" || len(a.NotifyURL) > 250, bareAddress(a, to):
		return fmt.Errorf("%w: address for notices", gateway.ErrAccount)
	case o.Algorithm != "" && o.Algorithm != MD5:
		return fmt.Errorf("%w: signature algorithm %q", gateway.ErrAccount, o.Algorithm)
	}
	return gateway.CheckNonce(nonce)
}

// bareAddress says whether the gateway would have to post to a number instead of a
// name, which it refuses (gateways.md 2.3). Our sandbox does not.
func bareAddress(a gateway.Account, to *url.URL) bool {
	_, err := netip.ParseAddr(to.Hostname())
	return err == nil && !a.AllowLoopback
}

func (p *page) text(name, value string) {
	p.add(name, gateway.StringValue(value), gateway.WireLine{Value: value})
}

// answer adds a string that the rail asked for, if there is one.
func (p *page) answer(name string, values map[string]string) {
	if value := values[name]; value != "" {
		p.add(name, gateway.StringValue(value), p.shown(name, value))
	}
}

// number adds a choice whose values are numbers.
func (p *page) number(name string, values map[string]string) {
	p.add(name, gateway.NumberValue(values[name]), p.shown(name, values[name]))
}

// shown is an answer for people: masked where it is secret, a choice with its
// name.
func (p *page) shown(name, value string) gateway.WireLine {
	field, _ := p.rail.Field(name)
	line := gateway.WireLine{Value: value}
	if field.Secret {
		line.Value = gateway.Mask(value)
	}
	if option, ok := field.Option(value); ok {
		line.Note = option.Label
	}
	return line
}

func (p *page) add(name string, value gateway.Value, line gateway.WireLine) {
	line.Name = name
	p.body.AddValue(name, value)
	p.lines = append(p.lines, line)
}

// factsOf reads the data of a reply, of a query, or a notice. Amounts come as
// numbers, strings or null, as the gateway's mood is.
func factsOf(data *gateway.Object, currency string, zone *time.Location) gateway.Facts {
	facts := gateway.Facts{
		Word:   data.Get("orderStatus").Scalar(),
		Result: data.Get("resultDesc").Scalar(),
		AtText: data.Get("completionTime").Scalar(),
	}
	facts.OrderNo = facts.Take(data.Get("mchOrderNo"), "order_no")
	facts.GatewayNo = facts.Take(data.Get("orderNo"), "gateway_no")
	facts.MerchantID = facts.Take(data.Get("merchantId"), "merchant")
	facts.Currency = facts.Take(data.Get("currency"), "currency")
	facts.Amount, facts.AmountBad = units(data.Get("amount"), currency)
	if fee, err := gateway.ParseDecimal(data.Get("fee").Scalar()); err == nil {
		facts.Fee = fee.String()
	}
	facts.At = moment(facts.AtText, zone)
	return facts
}

// units reads an amount in whole units, exactly.
func units(v gateway.Value, currency string) (sum models.Money, bad bool) {
	if !v.Carried() {
		return models.Money{}, false
	}
	sum, err := gateway.Units(v.Scalar(), currency)
	if err != nil {
		return models.Money{}, true
	}
	return sum, false
}

// moment reads a wall clock that names no zone; without the account's zone only
// its text is kept.
func moment(written string, zone *time.Location) time.Time {
	if zone == nil {
		return time.Time{}
	}
	at, err := time.ParseInLocation(time.DateTime, written, zone)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
