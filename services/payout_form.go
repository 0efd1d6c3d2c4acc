package services

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// PayoutForm is what a maker fills in, as typed.
type PayoutForm struct {
	AccountID models.AccountID
	Rail      string
	Amount    string
	Values    map[string]string // answers to the rail's questions, by field name
	// PayeeVersion are details picked from the book, 0 where the payee is typed. The
	// payee's answers are then the book's, whatever Values say.
	PayeeVersion models.PayeeVersionID
	SomebodyElse bool // not the payee of the same name that the book has with another account
	Reference    string
	Purpose      string
	// TwinReason says why a near-duplicate is right, WarningReason why an unusual
	// answer is.
	TwinReason    string
	WarningReason string
	Replaces      string // order number of a failed order that this one replaces
}

// Checked is a form that was read against its rail: what is wrong, what is
// unusual, and what it resembles.
type Checked struct {
	Form     PayoutForm
	Account  models.GatewayAccount
	Rail     gateway.Rail
	Amount   models.Money
	Picked   *models.PayeeVersion // from the book; nil where the payee was typed
	Payee    models.Fields
	Order    models.Fields
	Errors   models.Refusals // nothing may be stored while there are any
	Warnings models.Refusals // stored with a reason
	Twins    []models.Twin
}

// Clear says whether the order may be stored.
func (c Checked) Clear() bool { return len(c.Errors) == 0 }

// Check reads a form against its rail and against history, all errors at once,
// and stores nothing. self is the order being edited, 0 for a new one.
func (s *Payouts) Check(ctx context.Context, form PayoutForm, self models.PayoutID) (Checked, error) {
	db := s.Store.Read(ctx)
	c := Checked{Form: form}
	account, err := models.FindAccount(db, form.AccountID)
	if err != nil {
		return c, err
	}
	family, rail, ok := families.Rail(form.Rail)
	if !ok || family.Name() != account.Family || !slices.Contains(account.RailIDs(), rail.ID) {
		return c, models.Refuse(models.Missing, "rail.missing")
	}
	c.Account, c.Rail = account, rail
	if err := s.pick(db, &c); err != nil {
		return c, err
	}
	c.Form.Values = rail.Clean(c.Form.Values)
	c.readAmount()
	c.readFields()
	c.readTexts()
	if err := c.readBlocked(db, s); err != nil {
		return c, err
	}
	c.sort()
	// Beyond the maker's scope as well: paying twice is worse than knowing of the other.
	if err := c.readTwins(s.Store.Read(models.Everywhere(ctx)), s, self); err != nil {
		return c, err
	}
	c.demandReasons()
	return c, nil
}

func (c *Checked) readAmount() {
	amount, err := models.ParseMoney(c.Form.Amount, c.Rail.Currency)
	if err == nil {
		c.Amount = amount
		return
	}
	key := map[error]string{
		models.ErrAmountScale: "amount.scale", models.ErrAmountRange: "amount.range", models.ErrAmountShape: "amount.shape",
	}[err]
	if strings.TrimSpace(c.Form.Amount) == "" {
		key = "amount.needed"
	}
	c.Errors = append(c.Errors, models.Refuse(models.Invalid, key, "Currency", c.Rail.Currency).On("amount"))
}

func (c *Checked) readFields() {
	for _, e := range c.Rail.Validate(c.Amount, c.Form.Values) {
		if e.Field == "amount" && c.Amount.IsZero() {
			continue // said already
		}
		refusal := models.Refuse(models.Invalid, e.Key, e.Args...).On(e.Field)
		if e.Warning {
			c.Warnings = append(c.Warnings, refusal)
			continue
		}
		c.Errors = append(c.Errors, refusal)
	}
	c.Payee, c.Order = models.Fields{}, models.Fields{}
	for _, field := range c.Rail.Fields {
		value := c.Form.Values[field.Name]
		switch {
		case value == "":
		case field.Payee:
			c.Payee[field.Name] = value
		default:
			c.Order[field.Name] = value
		}
	}
}

// Limits of the free texts, in characters.
const (
	maxReference = 64
	maxPurpose   = 280
	maxReason    = models.MostReason
)

func (c *Checked) readTexts() {
	f := &c.Form
	f.Reference, f.Purpose = strings.TrimSpace(f.Reference), strings.TrimSpace(f.Purpose)
	f.TwinReason, f.WarningReason = strings.TrimSpace(f.TwinReason), strings.TrimSpace(f.WarningReason)
	if f.Reference == "" {
		c.Errors = append(c.Errors, models.Refuse(models.Invalid, "payout.reference_needed").On("reference"))
	}
	for _, text := range []struct {
		field, value string
		limit        int
	}{
		{"reference", f.Reference, maxReference}, {"purpose", f.Purpose, maxPurpose},
		{"twin_reason", f.TwinReason, maxReason}, {"warning_reason", f.WarningReason, maxReason},
	} {
		if long := utf8.RuneCountInString(text.value); long > text.limit {
			c.Errors = append(c.Errors, models.Refuse(models.Invalid, "text.too_long", "Length", long, "Limit", text.limit).On(text.field))
		}
	}
}

// sort puts the errors in the order of the page.
func (c *Checked) sort() {
	place := map[string]int{"amount": -1, "payee_version": -2}
	for i, field := range c.Rail.Fields {
		place[field.Name] = i
	}
	for i, name := range []string{"reference", "purpose", "twin_reason", "warning_reason"} {
		place[name] = len(c.Rail.Fields) + i
	}
	slices.SortStableFunc(c.Errors, func(a, b models.Refusal) int { return place[a.Field] - place[b.Field] })
}

// twinDays is how far back near-duplicates are looked for (B3).
const twinDays = 30

func (c *Checked) readTwins(db *gorm.DB, s *Payouts, self models.PayoutID) (err error) {
	number := c.Form.Values[c.Rail.AccountField]
	if number == "" || c.Amount.IsZero() {
		return nil
	}
	c.Twins, err = models.FindTwins(db, models.TwinQuery{
		Self: self, AccountHash: s.hashAccount(number), Amount: c.Amount, Reference: c.Form.Reference,
		Since: s.Now().Add(-twinDays * 24 * time.Hour),
	})
	// The order that this one replaces is no twin: it is proven to have failed.
	c.Twins = slices.DeleteFunc(c.Twins, func(t models.Twin) bool { return t.OrderNo == c.Form.Replaces })
	return err
}

// demandReasons turns twins and warnings into errors unless a reason is given;
// a twin in doubt is always one: settle it first.
func (c *Checked) demandReasons() {
	for _, twin := range c.Twins {
		if twin.InDoubt() && twin.SameMoney {
			c.Errors = append(c.Errors, models.Refuse(models.Conflict, "payout.twin_unclear", "Amount", twin.Amount(), "Last4", twin.Last4).On("amount"))
			return
		}
	}
	if len(c.Twins) > 0 && c.Form.TwinReason == "" {
		c.Errors = append(c.Errors, models.Refuse(models.Invalid, "payout.twin_reason").On("twin_reason"))
	}
	if len(c.Warnings) > 0 && c.Form.WarningReason == "" {
		c.Errors = append(c.Errors, models.Refuse(models.Invalid, "payout.warning_reason").On("warning_reason"))
	}
}

// plainContent is what approvers signed of an order of scheme 1.
func plainContent(p models.Payout, payee models.Fields) models.Content {
	return models.Content{
		OrderNo: p.OrderNo, Account: p.AccountID, Rail: p.Rail, Amount: p.Amount(), PayeeVersion: p.PayeeVersionID,
		Payee: payee, Fields: p.Fields, Reference: p.Reference, Purpose: p.Purpose,
	}
}

// order is what a gateway family needs to know of a payout.
func order(p models.Payout, payee models.Fields) gateway.Order {
	fields := map[string]string{}
	maps.Copy(fields, payee)
	maps.Copy(fields, p.Fields)
	return gateway.Order{
		OrderNo: p.OrderNo, GatewayNo: p.GatewayNo, Rail: p.Rail, Amount: p.Amount(), Algorithm: p.Algorithm, Fields: fields,
	}
}
