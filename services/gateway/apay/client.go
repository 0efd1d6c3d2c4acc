// Package apay speaks "gateway v2": apayasia, kuipay, ppayasia and their white
// labels. wire.go is their JSON, sign.go their signature, status.go their words,
// rails.go what they can pay. Section 1 of the protocol reference is its source.
package apay

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"countersign/services/gateway"
)

// The paths and the shapes of a query.
const (
	payoutsPath = "/gateway/api/v2/payouts"
	balancePath = "/gateway/api/v2/platforms/balance"

	QueryList   = "list"   // ?payout_cl_id=…, answers with an array
	QuerySingle = "single" // /{payout_cl_id}, answers with an object
)

type family struct{}

// New is the family.
func New() gateway.Family { return family{} }

// Name is the family's short name.
func (family) Name() string { return "apay" }

// Rails are the ways of paying that the family offers.
func (family) Rails() []gateway.Rail { return rails() }

// Algorithms are the ways of signing, the one to prefer first: MD5 is on its
// way out.
func (family) Algorithms() []string { return []string{HMAC, MD5} }

// NoticeWindow is the hour in which the gateway repeats a notice.
func (family) NoticeWindow() time.Duration { return time.Hour }

// Secrets are the wire names that are masked in raw text.
func (family) Secrets() []string { return []string{"number", "alipay_account_name", "sign"} }

// Acknowledge is the only answer that the gateway's own documents know.
func (family) Acknowledge() gateway.Acknowledgement {
	return gateway.Acknowledgement{ContentType: "application/json; charset=utf-8", Body: `{"error_code":"0000"}`}
}

// Create writes the request that creates the order.
func (f family) Create(a gateway.Account, o gateway.Order, at time.Time, _ string) (gateway.Request, error) {
	rail, err := gateway.FindRail(f.Rails(), o.Rail)
	if err != nil {
		return gateway.Request{}, err
	}
	if err := rail.CheckCarried(o); err != nil {
		return gateway.Request{}, err
	}
	body, lines, err := createBody(a, o, rail, at)
	if err != nil {
		return gateway.Request{}, err
	}
	return gateway.Request{
		Method: http.MethodPost,
		URL:    gateway.Join(a.BaseURL, payoutsPath),
		Header: http.Header{"Content-Type": {"application/json;charset=utf-8"}},
		Body:   body,
		Lines:  lines,
	}, nil
}

// Query asks for one order by our number.
func (f family) Query(a gateway.Account, o gateway.Order, _ time.Time, _ string) (gateway.Request, error) {
	if err := gateway.CheckOrderNo(o.OrderNo); err != nil {
		return gateway.Request{}, err
	}
	path := payoutsPath + "?payout_cl_id=" + url.QueryEscape(o.OrderNo)
	if a.QueryShape == QuerySingle {
		path = payoutsPath + "/" + url.PathEscape(o.OrderNo)
	}
	return get(a, path, gateway.WireLine{Name: "payout_cl_id", Value: o.OrderNo})
}

// Balance asks for the account's balance.
func (family) Balance(a gateway.Account, _ time.Time, _ string) (gateway.Request, error) {
	return get(a, balancePath)
}

// get is an authorised question: the token is the whole header value, with no
// word before it, and nothing is signed.
func get(a gateway.Account, path string, lines ...gateway.WireLine) (gateway.Request, error) {
	if a.Authorization == "" || strings.ContainsAny(a.Authorization, "\r\n\x00") {
		return gateway.Request{}, fmt.Errorf("%w: authorization token", gateway.ErrAccount)
	}
	return gateway.Request{
		Method: http.MethodGet,
		URL:    gateway.Join(a.BaseURL, path),
		Header: http.Header{"Authorization": {a.Authorization}},
		Lines:  append(lines, gateway.WireLine{Name: "Authorization", Value: gateway.Mask(a.Authorization)}),
	}, nil
}
