package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// showPayeeRules handles GET /payees/rules.
func (h *Handlers) showPayeeRules(c *gin.Context) error {
	ctx, by := c.Request.Context(), person(c)
	db := h.Store.Read(ctx)
	terms, err := models.ReadPayeeTerms(db)
	if err != nil {
		return err
	}
	page := views.PayeeRulesPage{Shell: h.shell(c, i18n.T(ctx, "rules.title"), "payees"), Terms: terms, MayChange: by.May(models.VerbSetPolicy)}
	if page.Currencies, err = currenciesInUse(db, terms); err != nil {
		return err
	}
	page.Waits, err = h.waitingChange(c, db, models.ChangePayeeRules, "")
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.PayeeRules(page))
}

// currenciesInUse are those of our accounts, and those that the rules name.
func currenciesInUse(db *gorm.DB, terms models.PayeeTerms) (all []string, err error) {
	accounts, err := models.Accounts(db)
	seen := map[string]bool{}
	add := func(currency string) {
		if !seen[currency] {
			seen[currency], all = true, append(all, currency)
		}
	}
	for _, a := range accounts {
		add(a.Currency)
	}
	for _, currency := range models.CurrenciesOf(terms) {
		add(currency)
	}
	return all, err
}

// payeeRulesForm are the rules as they are typed.
type payeeRulesForm struct {
	Calls      bool              `form:"calls"`
	KnownDays  string            `form:"known_days"`
	Second     map[string]string `form:"second.*"`
	Cooling    string            `form:"cooling"` // minutes
	Starter    map[string]string `form:"starter.*"`
	AfterFail  bool              `form:"after_fail"`
	ExpireDays string            `form:"expire_days"`
	Reason     string            `form:"reason"`
}

// newPayeeRules handles GET /payees/rules/change: those in force, to be changed.
func (h *Handlers) newPayeeRules(c *gin.Context) error {
	terms, err := models.ReadPayeeTerms(h.Store.Read(c))
	if err != nil {
		return err
	}
	return h.drawPayeeRules(c, http.StatusOK, typedRules(terms), nil)
}

// typedRules are rules as a form shows them: sent back as they stand they are the same.
func typedRules(terms models.PayeeTerms) payeeRulesForm {
	return payeeRulesForm{
		Calls: terms.Calls, KnownDays: strconv.Itoa(terms.KnownDays), Cooling: strconv.Itoa(terms.Cooling), AfterFail: terms.AfterFail,
		ExpireDays: strconv.Itoa(terms.ExpireDays), Second: typedSums(terms.SecondCall), Starter: typedSums(terms.Starter),
	}
}

func typedSums(sums map[string]int64) map[string]string {
	typed := map[string]string{}
	for currency, minor := range sums {
		typed[currency] = asTyped(models.Money{Minor: minor, Currency: currency})
	}
	return typed
}

func (h *Handlers) drawPayeeRules(c *gin.Context, status int, form payeeRulesForm, errs views.Errors) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	terms, err := models.ReadPayeeTerms(db)
	if err != nil {
		return err
	}
	page := views.PayeeRulesForm{
		Calls: form.Calls, KnownDays: form.KnownDays, Second: form.Second, Cooling: form.Cooling, Starter: form.Starter, AfterFail: form.AfterFail,
		ExpireDays: form.ExpireDays, Reason: form.Reason, Errors: errs,
	}
	if page.Currencies, err = currenciesInUse(db, terms); err != nil {
		return err
	}
	if page.Waits, err = h.waitingChange(c, db, models.ChangePayeeRules, ""); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "rules.change"), "payees")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ChangePayeeRules(page))
}

// changePayeeRules handles POST /payees/rules/change.
func (h *Handlers) changePayeeRules(c *gin.Context) error {
	var form payeeRulesForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	terms, err := form.terms()
	if err == nil {
		_, err = h.Payees.ProposeRules(c.Request.Context(), actor(c), terms, form.Reason, proof(c))
	}
	if errs, ok := formErrors(c, err); ok {
		return h.drawPayeeRules(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "rules.was_proposed")
	return redirect(c, "/payees/rules")
}

// terms reads what was typed; what cannot be read is refused at its field.
func (f payeeRulesForm) terms() (models.PayeeTerms, error) {
	var wrong models.Refusals
	figure := func(text, field string) int {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n > 100_000 {
			wrong = append(wrong, models.Refuse(models.Invalid, "rules.number_shape").On(field))
		}
		return n
	}
	sums := func(typed map[string]string, field string) map[string]int64 {
		read := map[string]int64{}
		for currency, text := range typed {
			minor, err := limitSum(text, currency, field+"."+currency)
			if err != nil {
				wrong = append(wrong, models.Refuse(models.Invalid, "rules.sum_range").On(field+"."+currency))
			} else if minor > 0 {
				read[currency] = minor
			}
		}
		return read
	}
	t := models.PayeeTerms{PayeeRules: models.PayeeRules{Calls: f.Calls, AfterFail: f.AfterFail}}
	t.KnownDays, t.SecondCall = figure(f.KnownDays, "known_days"), sums(f.Second, "second")
	t.Cooling, t.Starter = figure(f.Cooling, "cooling"), sums(f.Starter, "starter")
	t.ExpireDays = figure(f.ExpireDays, "expire_days")
	if len(wrong) > 0 {
		return t, wrong
	}
	return t, nil
}
