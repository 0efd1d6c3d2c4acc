package cashy

import (
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

const peru = "cashy.peru"

// peruRail is the payout of section 2.3. Its account number is asked for once:
// as the bank's own number at the four big banks, as CCI at every other.
func peruRail() gateway.Rail {
	return gateway.Rail{
		ID: peru, Family: "cashy", Key: "rail." + peru, Title: "Peru bank", Currency: "PEN", Country: "PE",
		Min:        models.Money{Minor: 10_00, Currency: "PEN"},
		Max:        models.Money{Minor: 2_000_00, Currency: "PEN"},
		NormalTime: 30 * time.Minute,
		Fields:     peruFields(),
		NameField:  "accountName", AccountField: "accountNo", BankField: "bankId",
		Rules: peruRules,
	}
}

func peruFields() []gateway.Field {
	payee := func(name, key string, kind gateway.Kind, required bool) gateway.Field {
		return gateway.Field{Name: name, Key: "field.cashy." + key, Kind: kind, Required: required, Payee: true, MaxLen: 32, Width: 32}
	}
	name := payee("accountName", "name", gateway.KindText, true)
	name.Example, name.Hint = "Rosa Elena Chuquihuanca", true

	bank := payee("bankId", "bank", gateway.KindSearch, true)
	bank.Choices, bank.Example = banks, "13"

	kind := payee("accountType", "account_kind", gateway.KindChoice, true)
	kind.Choices = []gateway.Option{{Value: "0", Label: "Corriente"}, {Value: "1", Label: "Ahorro"}}

	account := payee("accountNo", "account", gateway.KindAccount, true)
	account.Secret, account.Hint, account.Width, account.Example = true, true, 24, "00219300153895206813"
	account.Vary = accountKey

	document := payee("idType", "document", gateway.KindChoice, true)
	document.Choices = []gateway.Option{
		{Value: "1", Label: "DNI"}, {Value: "2", Label: "PAS", Key: "document.passport"},
		{Value: "3", Label: "CE", Key: "document.foreigner"}, {Value: "4", Label: "RUC"},
	}
	card := payee("idCard", "document_number", gateway.KindAccount, true)
	card.Secret, card.Width, card.Example = true, 16, "40887312"

	phone := payee("phone", "phone", gateway.KindText, false)
	phone.Secret, phone.Width, phone.Example = true, 16, "+51987654321"

	email := payee("email", "email", gateway.KindText, false)
	email.Secret = true

	remark := gateway.Field{Name: "remark", Key: "field.cashy.remark", Kind: gateway.KindText, Required: true,
		MaxLen: 32, Width: 32, Hint: true, Example: "Asesoria legal octubre"}
	return []gateway.Field{name, bank, kind, account, document, card, phone, email, remark}
}

// accountKey is the label of the account number: CCI where the bank needs it.
func accountKey(values map[string]string) string {
	if needsCCI(values["bankId"]) {
		return "field.cashy.cci"
	}
	return "field.cashy.account"
}
