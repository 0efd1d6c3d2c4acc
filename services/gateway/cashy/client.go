// Package cashy speaks "payOut", the protocol of Cashy: one deployment per
// country, every call a signed POST. wire.go is their JSON, sign.go their
// signature, status.go and results.go their words, rails.go what they can pay.
// Section 2 of the protocol reference is its source.
package cashy

import (
	"net/http"
	"strings"
	"time"

	"countersign/services/gateway"
)

const (
	payOutPath   = "/api/payOut"
	queryPath    = "/api/payOutQuery"
	balancePath  = "/api/getBalance"
	bankListPath = "/api/bankListQuery"
)

type family struct{}

// New is the family.
func New() gateway.Family { return family{} }

// Name is the family's short name.
func (family) Name() string { return "cashy" }

// Rails are the ways of paying that the family offers.
func (family) Rails() []gateway.Rail { return []gateway.Rail{peruRail()} }

// Algorithms is the one that there is.
func (family) Algorithms() []string { return []string{MD5} }

// NoticeWindow is the time until the last of the gateway's ten repetitions,
// their gaps doubling from one minute.
func (family) NoticeWindow() time.Duration { return 1023 * time.Minute }

// Secrets are the wire names that are masked in raw text.
func (family) Secrets() []string {
	return []string{"accountNo", "cciAccountNo", "idCard", "phone", "email", "Sign"}
}

// Acknowledge is the word that the gateway waits for, to the letter.
func (family) Acknowledge() gateway.Acknowledgement {
	return gateway.Acknowledgement{ContentType: "text/plain; charset=utf-8", Body: "SUCCESS"}
}

// Create writes the request that creates the order.
func (f family) Create(a gateway.Account, o gateway.Order, _ time.Time, nonce string) (gateway.Request, error) {
	rail, err := gateway.FindRail(f.Rails(), o.Rail)
	if err != nil {
		return gateway.Request{}, err
	}
	if err := rail.CheckCarried(o); err != nil {
		return gateway.Request{}, err
	}
	p := &page{rail: rail}
	if err := p.create(a, o, nonce); err != nil {
		return gateway.Request{}, err
	}
	return p.post(a, payOutPath)
}

// Query asks for one order by the gateway's number, where we know it, and ours.
func (family) Query(a gateway.Account, o gateway.Order, _ time.Time, nonce string) (gateway.Request, error) {
	if err := gateway.CheckOrderNo(o.OrderNo); err != nil {
		return gateway.Request{}, err
	}
	p := &page{}
	if o.GatewayNo != "" {
		p.text("orderNo", o.GatewayNo)
	}
	p.text("mchOrderNo", o.OrderNo)
	return p.ask(a, queryPath, nonce)
}

// Balance asks for the account's balance.
func (family) Balance(a gateway.Account, _ time.Time, nonce string) (gateway.Request, error) {
	return (&page{}).ask(a, balancePath, nonce)
}

// BankList asks for the banks that the gateway pays to now.
func BankList(a gateway.Account, nonce string) (gateway.Request, error) {
	return (&page{}).ask(a, bankListPath, nonce)
}

// ask ends a body with the nonce that every call needs.
func (p *page) ask(a gateway.Account, path, nonce string) (gateway.Request, error) {
	if err := gateway.CheckNonce(nonce); err != nil {
		return gateway.Request{}, err
	}
	p.text("nonceStr", nonce)
	return p.post(a, path)
}

// post signs the bytes once they are final, and sends those bytes.
func (p *page) post(a gateway.Account, path string) (gateway.Request, error) {
	if a.MerchantID == "" || strings.ContainsAny(a.MerchantID, "\r\n\x00") {
		return gateway.Request{}, gateway.ErrAccount
	}
	body := p.body.Encode()
	sign, err := Sign(body, a.Key)
	if err != nil {
		return gateway.Request{}, err
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("MerchantId", a.MerchantID)
	header.Set("Sign", sign)
	lines := append([]gateway.WireLine{
		{Name: "MerchantId", Value: a.MerchantID, Note: "header"},
		{Name: "Sign", Value: gateway.Mask(sign), Note: "header"},
	}, p.lines...)
	return gateway.Request{
		Method: http.MethodPost, URL: gateway.Join(a.BaseURL, path), Header: header, Body: body, Lines: lines,
	}, nil
}
