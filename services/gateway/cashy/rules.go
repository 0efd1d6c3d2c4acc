package cashy

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"countersign/models"
	"countersign/services/gateway"
)

// peruRules are the checks of 2.8 that need more than one answer, and those of
// the remark.
func peruRules(_ models.Money, values map[string]string) []gateway.FieldError {
	return slices.Concat(
		accountRules(values["bankId"], values["accountType"], values["accountNo"]),
		documentRules(values["idType"], values["idCard"]),
		contactRules(values["phone"], values["email"]),
		remarkRules(values["remark"]),
	)
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func accountRules(bank, kind, account string) []gateway.FieldError {
	switch {
	case bank == "" || account == "":
		return nil
	case !isDigits(account):
		return []gateway.FieldError{{Field: "accountNo", Key: "number.digits_only"}}
	case needsCCI(bank):
		return cciRules(bank, account)
	}
	allowed, key := lengths(bank, kind)
	if len(allowed) == 0 || slices.Contains(allowed, len(account)) {
		return nil
	}
	return []gateway.FieldError{{Field: "accountNo", Key: key, Args: []any{"Count", len(account)}}}
}

// lengths are those of the four banks' own numbers. Of BCP's two, the kind of
// account decides.
func lengths(bank, kind string) (allowed []int, key string) {
	switch bank + " " + kind {
	case bcp + " 0":
		return []int{13}, "number.length_bcp_corriente"
	case bcp + " 1":
		return []int{14}, "number.length_bcp_ahorro"
	}
	switch bank {
	case bbva:
		return []int{18, 20}, "number.length_bbva"
	case interbank:
		return []int{13}, "number.length_interbank"
	case scotiabank:
		return []int{10}, "number.length_scotiabank"
	}
	return nil, ""
}

// cciRules: twenty digits are a must; check digits and prefix are a hint only,
// since the protocol's own example fails them.
func cciRules(bank, cci string) []gateway.FieldError {
	hint := func(key string, args ...any) []gateway.FieldError {
		return []gateway.FieldError{{Field: "accountNo", Key: key, Args: args, Warning: true}}
	}
	if len(cci) != 20 {
		return []gateway.FieldError{{Field: "accountNo", Key: "number.length_cci", Args: []any{"Count", len(cci)}}}
	}
	owners, known := prefixes[cci[:3]]
	switch {
	case !checkDigitsAgree(cci):
		return hint("number.cci_check_digits")
	case known && !slices.Contains(owners, bank):
		return hint("number.cci_other_bank", "Prefix", cci[:3], "Owner", bankName(owners[0]), "Bank", bankName(bank))
	}
	return nil
}

// checkDigitsAgree looks at the last two digits of a CCI: one over bank and
// branch, one over the account.
func checkDigitsAgree(cci string) bool {
	return checkDigit(cci[:6]) == cci[18] && checkDigit(cci[6:18]) == cci[19]
}

// checkDigit weighs digits 1, 2, 1, 2 … and adds the digits of each product.
func checkDigit(digits string) byte {
	sum := 0
	for i, digit := range []byte(digits) {
		product := int(digit-'0') * (1 + i%2)
		sum += product/10 + product%10
	}
	return byte('0' + (10-sum%10)%10)
}

// documentRules: the lengths of DNI and RUC are law, those of passports and
// foreigners' cards are what is usual.
func documentRules(kind, number string) []gateway.FieldError {
	wrong := func(key string, warning bool) []gateway.FieldError {
		return []gateway.FieldError{{Field: "idCard", Key: key, Args: []any{"Count", len(number)}, Warning: warning}}
	}
	if number == "" {
		return nil
	}
	onlyDigits := isDigits(number)
	switch {
	case kind == "1" && !onlyDigits:
		return wrong("document.letters_dni", false)
	case kind == "1" && len(number) != 8:
		return wrong("document.dni", false)
	case kind == "4" && !onlyDigits:
		return wrong("document.letters_ruc", false)
	case kind == "4" && len(number) != 11:
		return wrong("document.ruc", false)
	case kind == "2" && (len(number) < 7 || len(number) > 12):
		return wrong("document.passport_length", true)
	case kind == "3" && (!onlyDigits || len(number) < 8 || len(number) > 20):
		return wrong("document.foreigner_length", true)
	}
	return nil
}

func contactRules(phone, email string) []gateway.FieldError {
	var wrong []gateway.FieldError
	if phone != "" && (len(phone) < 7 || !isDigits(strings.TrimPrefix(phone, "+"))) {
		wrong = append(wrong, gateway.FieldError{Field: "phone", Key: "contact.phone"})
	}
	local, domain, at := strings.Cut(email, "@")
	if email != "" && (!at || local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(email, " ,;") || strings.Contains(domain, "@")) {
		wrong = append(wrong, gateway.FieldError{Field: "email", Key: "contact.email"})
	}
	return wrong
}

// remarkRules: letters without accents, digits and blanks. Where taking the
// accents off is all that is missing, the error says how it would read.
func remarkRules(remark string) []gateway.FieldError {
	place := strings.IndexFunc(remark, func(r rune) bool { return !simple(r) })
	if place < 0 {
		return nil
	}
	bare := unaccented(remark)
	if strings.IndexFunc(bare, func(r rune) bool { return !simple(r) }) < 0 {
		return []gateway.FieldError{{Field: "remark", Key: "remark.accents", Args: []any{"Plain", bare}}}
	}
	first := []rune(remark[place:])[0]
	return []gateway.FieldError{{Field: "remark", Key: "remark.letters", Args: []any{"Char", string(first)}}}
}

func simple(r rune) bool {
	return r == ' ' || r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// unaccented is the text with the marks taken off its letters.
func unaccented(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}
