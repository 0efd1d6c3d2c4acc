package models

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"
	"gorm.io/gorm"
)

// Search is what somebody typed into the one box that finds any order: its
// number, whole or the last six, the gateway's number, a reference, a payee's
// name, the last four of an account, an amount with its currency.
type Search struct {
	Text string
}

// ReadSearch takes what was typed; full-width letters and digits are made plain.
func ReadSearch(typed string) Search {
	return Search{Text: strings.Join(strings.Fields(width.Fold.String(typed)), " ")}
}

var (
	wholeNumber = regexp.MustCompile(`^[0-9A-Za-z]{7,32}$`)
	lastSix     = regexp.MustCompile(`^(?:[0-9A-Za-z]{1,6}(?:…|\.{2,3}))?([0-9A-Za-z]{6})$`)
	lastFour    = regexp.MustCompile(`^(?:[0-9]*[.*·• …-]+)?([0-9A-Za-z.]{4})$`)
	amountFirst = regexp.MustCompile(`^([0-9][0-9,.]*) ?([A-Za-z]{3})$`)
	amountLast  = regexp.MustCompile(`^([A-Za-z]{3}) ?([0-9][0-9,.]*)$`)
	amountAlone = regexp.MustCompile(`^[0-9][0-9,]*\.[0-9]{1,2}$`)
	unspacedNo  = strings.NewReplacer(" ", "", "-", "")
	accountNo   = regexp.MustCompile(`^[0-9]{7,32}$`)
)

// AccountNumber is the text as a whole account number, or "" where it cannot be
// one. Such a text must not stay in an address (I24): the page asks for its hash.
func (s Search) AccountNumber() string {
	if plain := unspacedNo.Replace(s.Text); accountNo.MatchString(plain) {
		return plain
	}
	if local, domain, ok := strings.Cut(s.Text, "@"); ok && local != "" && strings.Contains(domain, ".") && !strings.Contains(s.Text, " ") {
		return s.Text
	}
	return ""
}

// searched finds the ids of all orders that the text can mean, each way by an
// index of its own; names are looked for among payees, of whom there are few.
const searched = `
SELECT id FROM payouts WHERE order_no IN (@number, @upper)
UNION SELECT id FROM payouts WHERE substr(order_no, -6) = @tail
UNION SELECT id FROM payouts WHERE gateway_no = @number AND gateway_no <> ''
UNION SELECT id FROM payouts WHERE reference COLLATE NOCASE >= @text AND reference COLLATE NOCASE < @text_end AND reference <> ''
UNION SELECT id FROM payouts WHERE last4 = @last4
UNION SELECT id FROM payouts WHERE amount_minor = @minor AND @currency IN ('', currency)
UNION SELECT id FROM payouts WHERE payee_id IN (SELECT id FROM payees WHERE @name IS NOT NULL AND folded LIKE @name)`

// terms are the values of searched; what the text cannot be is NULL and finds nothing.
func (s Search) terms() map[string]any {
	terms := map[string]any{
		"number": nil, "upper": nil, "tail": nil, "last4": nil, "minor": nil, "currency": "", "name": nil,
		"text": s.Text, "text_end": s.Text + "\U0010FFFF",
	}
	if wholeNumber.MatchString(s.Text) {
		terms["number"], terms["upper"] = s.Text, strings.ToUpper(s.Text)
	}
	if found := lastSix.FindStringSubmatch(s.Text); found != nil {
		terms["tail"] = strings.ToUpper(found[1])
	}
	if found := lastFour.FindStringSubmatch(s.Text); found != nil {
		terms["last4"] = found[1]
	}
	if sum, ok := s.amount(); ok {
		terms["minor"], terms["currency"] = sum.Minor, sum.Currency
	}
	terms["name"] = namePattern(s.Text)
	return terms
}

// amount reads "5000.00 TWD", "TWD 5,000" or, for any currency, "5000.00".
func (s Search) amount() (Money, bool) {
	digits, currency := "", ""
	if found := amountFirst.FindStringSubmatch(s.Text); found != nil {
		digits, currency = found[1], strings.ToUpper(found[2])
	} else if found := amountLast.FindStringSubmatch(s.Text); found != nil {
		digits, currency = found[2], strings.ToUpper(found[1])
	} else if amountAlone.MatchString(s.Text) {
		sum, err := ParseMoney(s.Text, twoPlaces)
		return Money{Minor: sum.Minor}, err == nil
	}
	sum, err := ParseMoney(digits, currency)
	return sum, err == nil
}

// FindExactly is the order that the text names beyond doubt: by its whole number,
// or by the gateway's number if one order alone has it.
func FindExactly(db *gorm.DB, s Search) (orderNo string, ok bool, err error) {
	if !wholeNumber.MatchString(s.Text) {
		return "", false, nil
	}
	var found []string
	err = db.Model(&Payout{}).Where("order_no IN ?", []string{s.Text, strings.ToUpper(s.Text)}).Limit(1).Pluck("order_no", &found).Error
	if err != nil || len(found) == 1 {
		return first(found), len(found) == 1, err
	}
	err = db.Model(&Payout{}).Where("gateway_no = ? AND gateway_no <> ''", s.Text).Limit(2).Pluck("order_no", &found).Error
	return first(found), len(found) == 1, err
}

func first(found []string) string {
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// HasReference says whether an order has this text as its whole reference.
func HasReference(db *gorm.DB, s Search) (bool, error) {
	var found []string
	err := db.Model(&Payout{}).Where("reference = ? COLLATE NOCASE AND reference <> ''", s.Text).Limit(1).Pluck("order_no", &found).Error
	return len(found) > 0, err
}
