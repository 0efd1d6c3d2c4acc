package apay

import (
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway"
)

func TestWhatTheRailsFindWrong(t *testing.T) {
	good := map[string]map[string]string{
		unionPay: {"name": "王建国", "number": "6222 0212 3456 7899 036"},
		alipay:   {"payee_name": "周丽", "alipay_account_name": "li-hua@163.com", "alipay_surname": "周"},
		taiwan:   {"bank_code": "822", "number": "4088-7482-8027-2397", "name": "陳怡君"},
	}
	for _, c := range []struct{ rail, field, value, want string }{
		{unionPay, "", "", ""},
		{unionPay, "number", "62220212345A", "number number.digits_only"},
		{unionPay, "number", strings.Repeat("1", 33), "number answer.too_long"},
		{unionPay, "name", "", "name answer.missing"},
		{taiwan, "", "", ""},
		{taiwan, "bank_code", "4", "bank_code answer.not_a_choice"},
		{taiwan, "bank_code", "００４", ""},
		{taiwan, "name", "甲&乙", "name answer.splits"},
		{alipay, "", "", ""},
		{alipay, "alipay_account_name", "13800138000", ""},
		{alipay, "alipay_account_name", "+8613800138000", ""},
		{alipay, "alipay_account_name", "li-hua", "alipay_account_name number.alipay_shape"},
		{alipay, "alipay_account_name", "@163.com", "alipay_account_name number.alipay_shape"},
		{alipay, "alipay_surname", "周丽", "alipay_surname surname.one_character"},
		{alipay, "alipay_surname", "9", "alipay_surname surname.no_letter"},
		{alipay, "alipay_surname", "王", "alipay_surname surname.differs?"},
		{alipay, "payee_name", "周&丽=", ""},
		{alipay, "payee_name", "欧阳娜", "alipay_surname surname.differs?"},
		{alipay, "payee_name", "週麗", ""}, // is written 周 in simplified characters
	} {
		t.Run(c.rail+" "+c.field+" "+c.value, func(t *testing.T) {
			rail, err := gateway.FindRail(New().Rails(), c.rail)
			if err != nil {
				t.Fatal(err)
			}
			values := rail.Clean(good[c.rail])
			if c.field != "" {
				values[c.field] = c.value
				values = rail.Clean(values)
			}
			if got := said(rail.Validate(models.Money{Minor: 100, Currency: rail.Currency}, values)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// said lists errors; a question mark is a warning.
func said(wrong []gateway.FieldError) string {
	var all []string
	for _, e := range wrong {
		text := e.Field + " " + e.Key
		if e.Warning {
			text += "?"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestHyphensOfAnAlipayAccountStay(t *testing.T) {
	rail, _ := gateway.FindRail(New().Rails(), alipay)
	if got := rail.Clean(map[string]string{"alipay_account_name": " li-hua＠163.com "})["alipay_account_name"]; got != "li-hua@163.com" {
		t.Error(got)
	}
}
