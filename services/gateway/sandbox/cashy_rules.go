package sandbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/services/gateway"
)

type bank struct {
	id   int
	name string
}

// peruBanks are the banks of 2.7; 15 and 16 do not exist.
var peruBanks = []bank{
	{1, "BBVA Continental"}, {2, "Interbank"}, {3, "BCP Banco de Crédito de Perú"}, {4, "Scotiabank"},
	{5, "Banco Falabella"}, {6, "BanBif"}, {7, "Banco Santander"}, {8, "Mi Banco"}, {9, "Banco de Comercio"},
	{10, "Banco Financiero"}, {11, "Banco GNB"}, {12, "Citibank"}, {13, "Banco de la Nacion"}, {14, "CMAC Trujillo"},
	{17, "CMAC Sullana"}, {18, "CMAC Cusco"}, {19, "CMAC Huancayo"}, {20, "Caja Metropolitana"},
	{21, "Banco Pichincha"}, {22, "Banco Azteca"}, {23, "Banco Cencosud"}, {24, "ICBC PERU BANK"},
	{25, "Caja Maynas"}, {26, "Caja Municipal Ica"}, {27, "Caja Tacna"}, {28, "Banco Ripley"},
}

// cashyFrame are the fields of every create call; their order is that of the
// complaints.
var cashyFrame = []rule{
	{name: "accountName", most: 32}, {name: "accountNo", most: 32}, {name: "accountType", most: 32},
	{name: "currency", most: 3}, {name: "amount", most: 23}, {name: "mchOrderNo", most: 32},
	{name: "notifyUrl", most: 250}, {name: "phone", most: 32, optional: true},
	{name: "email", most: 64, optional: true}, {name: "remark", most: 32},
}

// peruFrame are the fields that Peru wants besides.
var peruFrame = []rule{
	{name: "bankId", most: 4}, {name: "idType", most: 32}, {name: "idCard", most: 32},
	{name: "cciAccountNo", most: 32, optional: true},
}

var (
	decimalAmount = regexp.MustCompile(`^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$`)
	twentyDigits  = regexp.MustCompile(`^[0-9]{20}$`)
	// bigFour are the banks with account numbers of their own, by bankId and
	// accountType (2.8); all others take the CCI.
	bigFour = map[string]*regexp.Regexp{
		"1 0": regexp.MustCompile(`^([0-9]{18}|[0-9]{20})$`), "1 1": regexp.MustCompile(`^([0-9]{18}|[0-9]{20})$`),
		"2 0": regexp.MustCompile(`^[0-9]{13}$`), "2 1": regexp.MustCompile(`^[0-9]{13}$`),
		"3 0": regexp.MustCompile(`^[0-9]{13}$`), "3 1": regexp.MustCompile(`^[0-9]{14}$`),
		"4 0": regexp.MustCompile(`^[0-9]{10}$`), "4 1": regexp.MustCompile(`^[0-9]{10}$`),
	}
)

// checkCashy finds the first thing wrong with a create call, as its message.
func checkCashy(m *merchant, object *gateway.Object) (msg string) {
	rules := cashyFrame
	if m.Currency == "PEN" {
		rules = slices.Concat(cashyFrame, peruFrame)
	}
	for _, r := range rules {
		value := object.Get(r.name)
		switch {
		case !value.Carried() && !r.optional:
			return "Params_" + r.name + "_Required"
		case value.Carried() && (value.Scalar() == "" || utf8.RuneCountInString(value.Scalar()) > r.most):
			return wrong(r.name)
		}
	}
	switch amount := object.Get("amount").Scalar(); {
	case object.Get("currency").Scalar() != m.Currency:
		return wrong("currency")
	case !decimalAmount.MatchString(amount), cashy{}.cents(amount) == 0:
		return wrong("amount")
	case !callable(object.Get("notifyUrl").Scalar()):
		return wrong("notifyUrl")
	case m.Currency == "PEN":
		return checkPeru(object)
	}
	return ""
}

func wrong(name string) string { return "Params_" + name + "_error" }

// checkPeru knows the banks and documents of Peru (2.3, 2.7, 2.8). Lengths of
// documents are "usually" so, and are let pass.
func checkPeru(object *gateway.Object) (msg string) {
	get := func(name string) string { return object.Get(name).Scalar() }
	cents, kind := cashy{}.cents(get("amount")), get("accountType")
	switch {
	case cents < 10_00 || cents > 2000_00:
		return wrong("amount")
	case kind != "0" && kind != "1":
		return wrong("accountType")
	case !slices.ContainsFunc(peruBanks, func(b bank) bool { return strconv.Itoa(b.id) == get("bankId") }):
		return wrong("bankId")
	case len(get("idType")) != 1 || !strings.Contains("1234", get("idType")):
		return wrong("idType")
	}
	return checkPeruAccount(get("bankId")+" "+kind, get("accountNo"), get("cciAccountNo"))
}

func checkPeruAccount(bankAndKind, account, cci string) (msg string) {
	shape, big := bigFour[bankAndKind]
	switch {
	case big && !shape.MatchString(account), !big && !twentyDigits.MatchString(account):
		return wrong("accountNo")
	case !big && cci == "":
		return "Params_cciAccountNo_Required"
	case cci != "" && !twentyDigits.MatchString(cci):
		return wrong("cciAccountNo")
	}
	return ""
}
