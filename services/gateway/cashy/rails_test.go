package cashy

import (
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway"
)

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

func TestAccountRules(t *testing.T) {
	for _, c := range []struct{ bank, kind, number, want string }{
		{"1", "1", strings.Repeat("1", 18), ""},
		{"1", "0", strings.Repeat("1", 20), ""},
		{"1", "1", strings.Repeat("1", 19), "accountNo number.length_bbva"},
		{"2", "1", "1234567890123", ""},
		{"2", "1", "12345678901234", "accountNo number.length_interbank"},
		{"3", "0", "1234567890123", ""},
		{"3", "0", "12345678901234", "accountNo number.length_bcp_corriente"},
		{"3", "1", "12345678901234", ""},
		{"3", "1", "1234567890123", "accountNo number.length_bcp_ahorro"},
		{"3", "", "1", ""}, // the kind is missing, which is said of the kind
		{"4", "1", "0037651234", ""},
		{"4", "1", "003765123", "accountNo number.length_scotiabank"},
		{"4", "1", "003765123X", "accountNo number.digits_only"},
		{"13", "1", "01806800406877529073", ""},
		{"13", "1", "0180680040687752902", "accountNo number.length_cci"},
		{"13", "1", "01806800406877529074", "accountNo number.cci_check_digits?"},
		{"18", "1", "01806800406877529073", "accountNo number.cci_other_bank?"},
		{"21", "1", "00219300153895206813", "accountNo number.cci_other_bank?"},
		{"14", "1", "00219400254640654321", "accountNo number.cci_check_digits?"}, // the seed's own example
		{"", "1", "1", ""},
	} {
		if got := said(accountRules(c.bank, c.kind, c.number)); got != c.want {
			t.Errorf("%s %s %s: %q, want %q", c.bank, c.kind, c.number, got, c.want)
		}
	}
}

func TestThePublicSamplesOfCCI(t *testing.T) {
	for cci, want := range map[string]bool{
		"00219300153895206813": true, "00219300247595201411": true, "01806800406877529073": true, "00219400254640654321": false,
	} {
		if got := checkDigitsAgree(cci); got != want {
			t.Errorf("%s: %v", cci, got)
		}
	}
}

func TestTheWordsOfACCI(t *testing.T) {
	wrong := accountRules("13", "1", "0180680040687752902")
	if len(wrong) != 1 || wrong[0].Args[0] != "Count" || wrong[0].Args[1] != 19 {
		t.Errorf("%+v", wrong)
	}
}

func TestDocumentRules(t *testing.T) {
	for _, c := range []struct{ kind, number, want string }{
		{"1", "40887312", ""},
		{"1", "4088731", "idCard document.dni"},
		{"1", "4088731X", "idCard document.letters_dni"},
		{"4", "20100070970", ""},
		{"4", "2010007097", "idCard document.ruc"},
		{"4", "2010007097X", "idCard document.letters_ruc"},
		{"2", "AB123456", ""},
		{"2", "AB1", "idCard document.passport_length?"},
		{"3", "000123456", ""},
		{"3", "0001234", "idCard document.foreigner_length?"},
		{"1", "", ""},
	} {
		if got := said(documentRules(c.kind, c.number)); got != c.want {
			t.Errorf("%s %s: %q", c.kind, c.number, got)
		}
	}
}

func TestTheRemarkHasPlainLettersOnly(t *testing.T) {
	wrong := remarkRules("Asesoría legal ñandú")
	if said(wrong) != "remark remark.accents" || wrong[0].Args[1] != "Asesoria legal nandu" {
		t.Errorf("%+v", wrong)
	}
	for remark, want := range map[string]string{
		"Asesoria legal octubre 2026": "", "": "", "50%": "remark remark.letters", "顾问": "remark remark.letters", "a-b": "remark remark.letters",
	} {
		if got := said(remarkRules(remark)); got != want {
			t.Errorf("%q: %q", remark, got)
		}
	}
}

func TestContacts(t *testing.T) {
	for _, c := range []struct{ phone, email, want string }{
		{"+51987654321", "rosa@example.com", ""},
		{"", "", ""},
		{"98-76", "", "phone contact.phone"},
		{"", "rosa@", "email contact.email"},
		{"", "rosa@@example.com", "email contact.email"},
		{"", "ro sa@example.com", "email contact.email"},
	} {
		if got := said(contactRules(c.phone, c.email)); got != c.want {
			t.Errorf("%q %q: %q", c.phone, c.email, got)
		}
	}
}

func TestTheMockedFormOfPeru(t *testing.T) {
	rail := peruRail()
	values := rail.Clean(map[string]string{
		"accountName": "Rosa Elena Chuquihuanca", "bankId": "13", "accountType": "1", "accountNo": "018 068 004068775290 2",
		"idType": "1", "idCard": "4088731", "remark": "Asesoría legal octubre",
	})
	wrong := rail.Validate(models.Money{Minor: 2_450_00, Currency: "PEN"}, values)
	want := "accountNo number.length_cci, idCard document.dni, amount amount.too_large, remark remark.accents"
	if got := said(wrong); got != want {
		t.Errorf("got %s", got)
	}
	if field, _ := rail.Field("accountNo"); field.KeyFor(values) != "field.cashy.cci" || field.KeyFor(nil) != "field.cashy.account" {
		t.Error("the label does not follow the bank")
	}
}
