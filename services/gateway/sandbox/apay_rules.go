package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/services/gateway"
)

// rule is a field that a call has to carry, and how long it may be.
type rule struct {
	name     string
	most     int // characters
	optional bool
}

// channel is a way of paying: a service for one currency (gateways.md 1.4).
type channel struct {
	service, currency string
	named             bool // the currency is a field of the call
	rules             []rule
}

// frame are the fields of every create call. Where documents differ on a length
// we take the longer one.
var frame = []rule{
	{name: "platform_id", most: 32}, {name: "service_id", most: 7}, {name: "payout_cl_id", most: 64},
	{name: "amount", most: 10}, {name: "request_time", most: 10}, {name: "sign", most: 64},
	{name: "notify_url", most: 256, optional: true}, {name: "sign_type", most: 16, optional: true},
}

var channels = []channel{
	{"SVC0062", "CNY", false, []rule{{name: "name", most: 64}, {name: "number", most: 64}}},
	{"SVC0033", "CNY", false, []rule{{name: "alipay_account_name", most: 64}, {name: "alipay_surname", most: 16}}},
	{"SVC0004", "TWD", true, []rule{
		{name: "bank_code", most: 16}, {name: "number", most: 32}, {name: "name", most: 64, optional: true},
	}},
	{"SVC0004", "INR", true, []rule{
		{name: "name", most: 64}, {name: "number", most: 32},
		{name: "ifsc_code", most: 16, optional: true}, {name: "bank_name", most: 16, optional: true},
	}},
	{"SVC0004", "JPY", true, bankRules}, {"SVC0004", "KRW", true, bankRules}, {"SVC0004", "THB", true, bankRules},
	{"SVC0004", "PHP", true, bankRules}, {"SVC0004", "VND", true, bankRules},
	{"SVC0023", "BRL", true, []rule{{name: "number", most: 64}}},
}

var bankRules = []rule{{name: "bank_name", most: 16}, {name: "name", most: 64}, {name: "number", most: 32}}

// taiwanBanks are the codes that SVC0004 knows in TWD.
var taiwanBanks = strings.Fields(`004 005 006 007 008 009 011 012 013 016 017 018 020 021 022 039 050 052 053
	054 073 075 081 082 102 103 108 118 147 700 803 805 806 807 808 809 810 812 815 816 822`)

// checkApay finds what is wrong with a create call: the signature first, as
// nothing else of an unsigned call is worth a word.
func checkApay(m *merchant, object *gateway.Object) (code string) {
	switch {
	case m == nil, !signedApay(m, object):
		return codeSign
	case !keeps(object, frame), !whole(object.Get("amount")), !whole(object.Get("request_time")):
		return codeField
	case !callable(object.Get("notify_url").Scalar()):
		return codeField
	}
	return checkChannel(m, object)
}

func checkChannel(m *merchant, object *gateway.Object) (code string) {
	at := slices.IndexFunc(channels, func(c channel) bool {
		return c.service == object.Get("service_id").Scalar() && c.currency == m.Currency
	})
	if at < 0 {
		return codeChannel
	}
	c := channels[at]
	switch {
	case c.named && object.Get("currency").Scalar() != strings.ToLower(c.currency):
		return codeChannel
	case !keeps(object, c.rules):
		return codeField
	case c.currency == "TWD" && !slices.Contains(taiwanBanks, object.Get("bank_code").Scalar()):
		return codeBank
	}
	return ""
}

// signedApay verifies the call by the algorithm that it names.
func signedApay(m *merchant, object *gateway.Object) bool {
	algorithm := algorithmOf(object)
	if algorithm != HMAC && (algorithm != MD5 || m.MD5Retired) {
		return false
	}
	want := signApay(canonical(received(object)), algorithm, m.Key)
	return same(want, object.Get("sign").Scalar())
}

// keeps says whether all fields are there that must be, none longer than it may.
func keeps(object *gateway.Object, rules []rule) bool {
	for _, r := range rules {
		value := object.Get(r.name)
		if !value.Carried() && r.optional {
			continue
		}
		if value.Scalar() == "" || utf8.RuneCountInString(value.Scalar()) > r.most {
			return false
		}
	}
	return true
}

// whole says whether the value is a number above zero in plain digits.
func whole(value gateway.Value) bool {
	n, err := strconv.ParseInt(value.Scalar(), 10, 64)
	return err == nil && n > 0 && strconv.FormatInt(n, 10) == value.Scalar()
}

// callable is an address for notices, or none.
func callable(address string) bool {
	return address == "" || strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}
