package apay

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"countersign/models"
	"countersign/services/gateway"
)

const (
	unionPay = "apay.unionpay"
	alipay   = "apay.alipay"
	taiwan   = "apay.taiwan"
)

// rails are the channels of section 1.4 that the seeds describe. The gateway
// publishes no limits but the ten digits of its amount.
func rails() []gateway.Rail {
	return []gateway.Rail{unionPayRail(), alipayRail(), taiwanRail()}
}

func base(id, title, service, currency, country string) gateway.Rail {
	return gateway.Rail{
		ID: id, Family: "apay", Key: "rail." + id, Title: title, Service: service, Currency: currency, Country: country,
		Min:       models.Money{Minor: 1, Currency: currency},
		Max:       models.Money{Minor: models.MaxMinor, Currency: currency},
		Forbidden: "&=", // the signed text joins names and values with them
	}
}

func unionPayRail() gateway.Rail {
	rail := base(unionPay, "UnionPay", "SVC0062", "CNY", "CN")
	rail.NormalTime = 30 * time.Minute
	rail.NameField, rail.AccountField = "name", "number"
	rail.Fields = []gateway.Field{
		name("王建国"),
		number("6222021234567899036", 24),
	}
	rail.Rules = digitsOnly("number")
	return rail
}

func taiwanRail() gateway.Rail {
	rail := base(taiwan, "Taiwan bank", "SVC0004", "TWD", "TW")
	rail.NormalTime = time.Hour
	rail.NameField, rail.AccountField, rail.BankField = "name", "number", "bank_code"
	rail.Fields = []gateway.Field{
		{
			Name: "bank_code", Key: "field.apay.bank_code", Kind: gateway.KindSearch, Required: true, Payee: true,
			MaxLen: 16, Width: 32, Example: "822", Hint: true, Choices: taiwanBanks,
		},
		number("4088748280272397", 24),
		name("鴻達物流股份有限公司"),
	}
	rail.Rules = digitsOnly("number")
	return rail
}

// alipayRail asks for the full name as well, which is not sent: people know
// payees by their names, and the one character that is sent can be checked
// against it.
func alipayRail() gateway.Rail {
	rail := base(alipay, "Alipay", "SVC0033", "CNY", "CN")
	rail.NormalTime = 30 * time.Minute
	rail.NameField, rail.AccountField = "payee_name", "alipay_account_name"
	payee := name("周丽")
	payee.Name, payee.Key, payee.Local, payee.Hint = "payee_name", "field.apay.payee_name", true, true
	rail.Fields = []gateway.Field{
		payee,
		{
			Name: "alipay_account_name", Key: "field.apay.alipay_account", Kind: gateway.KindText, Required: true, Payee: true,
			MaxLen: 64, Width: 32, Secret: true, Example: "13800138000", Hint: true,
		},
		{
			Name: "alipay_surname", Key: "field.apay.alipay_surname", Kind: gateway.KindText, Required: true, Payee: true,
			Width: 4, Example: "周", Hint: true,
		},
	}
	rail.Rules = alipayRules
	return rail
}

func name(example string) gateway.Field {
	return gateway.Field{
		Name: "name", Key: "field.apay.name", Kind: gateway.KindText, Required: true, Payee: true,
		MaxLen: 64, Width: 32, Example: example, Hint: true,
	}
}

func number(example string, width int) gateway.Field {
	return gateway.Field{
		Name: "number", Key: "field.apay.number", Kind: gateway.KindAccount, Required: true, Payee: true,
		MaxLen: 32, Width: width, Secret: true, Example: example,
	}
}

// digitsOnly is a rule for account numbers.
func digitsOnly(field string) func(models.Money, map[string]string) []gateway.FieldError {
	return func(_ models.Money, values map[string]string) []gateway.FieldError {
		if strings.Trim(values[field], "0123456789") == "" {
			return nil
		}
		return []gateway.FieldError{{Field: field, Key: "number.digits_only"}}
	}
}

// alipayRules: the account is an e-mail address or a telephone number, the
// surname one character, the first of the name, traditional or simplified.
func alipayRules(_ models.Money, values map[string]string) []gateway.FieldError {
	var wrong []gateway.FieldError
	account, surname := values["alipay_account_name"], values["alipay_surname"]
	if account != "" && !mailOrPhone(account) {
		wrong = append(wrong, gateway.FieldError{Field: "alipay_account_name", Key: "number.alipay_shape"})
	}
	first, size := utf8.DecodeRuneInString(surname)
	switch {
	case surname == "":
	case size != len(surname):
		wrong = append(wrong, gateway.FieldError{Field: "alipay_surname", Key: "surname.one_character",
			Args: []any{"Count", utf8.RuneCountInString(surname)}})
	case !unicode.IsLetter(first):
		wrong = append(wrong, gateway.FieldError{Field: "alipay_surname", Key: "surname.no_letter"})
	case values["payee_name"] != "" && !strings.HasPrefix(models.FoldName(values["payee_name"]), models.FoldName(surname)):
		wrong = append(wrong, gateway.FieldError{Field: "alipay_surname", Key: "surname.differs", Warning: true,
			Args: []any{"Surname", surname, "Name", values["payee_name"]}})
	}
	return wrong
}

func mailOrPhone(account string) bool {
	local, domain, mail := strings.Cut(account, "@")
	if mail {
		return local != "" && strings.Contains(domain, ".") && !strings.ContainsAny(account, " ") && !strings.Contains(domain, "@")
	}
	digits := strings.TrimPrefix(account, "+")
	return len(digits) >= 7 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}
