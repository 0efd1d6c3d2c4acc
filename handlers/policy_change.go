package handlers

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// newPolicy handles GET /policy/change: the policy in force, to be changed.
func (h *Handlers) newPolicy(c *gin.Context) error {
	current, err := models.CurrentPolicy(h.Store.Read(c.Request.Context()))
	if err != nil {
		return err
	}
	return h.drawPolicyForm(c, http.StatusOK, policyFields(current.Content()), nil)
}

// changePolicy handles POST /policy/change. Rows are added and taken away by plain
// posts; what is proposed was looked at before, as it differs from what is in force.
func (h *Handlers) changePolicy(c *gin.Context) error {
	var form policyForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	fields := form.fields()
	switch {
	case form.Do == "propose":
		return h.proposePolicy(c, form)
	case form.Do == "edit":
		terms, err := readPolicyTerms(form.Content)
		if err != nil {
			return err
		}
		return h.drawPolicyForm(c, http.StatusOK, policyFields(terms), nil)
	case withRows(&fields, form.Do):
		return h.drawPolicyForm(c, http.StatusOK, fields, nil)
	}
	terms, refused := termsOf(fields)
	if len(refused) == 0 {
		if err := terms.Policy().Check(); err != nil {
			refused = refusalsIn(err)
		}
	}
	if len(refused) > 0 {
		errs, _ := formErrors(c, refused)
		return h.drawPolicyForm(c, http.StatusUnprocessableEntity, fields, errs)
	}
	return h.lookAtPolicy(c, http.StatusOK, terms, "", nil)
}

// proposePolicy asks another controller for what was looked at.
func (h *Handlers) proposePolicy(c *gin.Context, form policyForm) error {
	terms, err := readPolicyTerms(form.Content)
	if err != nil {
		return err
	}
	_, err = h.Policy.Propose(c.Request.Context(), actor(c), terms, form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.lookAtPolicy(c, http.StatusUnprocessableEntity, terms, form.Reason, errs)
	}
	if err != nil {
		return err
	}
	say(c, "policy.was_proposed")
	return redirect(c, "/policy")
}

func readPolicyTerms(text string) (t models.PolicyTerms, err error) {
	if json.Unmarshal([]byte(text), &t) != nil {
		err = models.Refuse(models.Invalid, "policy.unreadable")
	}
	return t, err
}

func (h *Handlers) drawPolicyForm(c *gin.Context, status int, fields views.PolicyFields, errs views.Errors) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	page := views.PolicyForm{Fields: fields, Errors: errs, Abouts: conditionAbouts(ctx, accounts), Currencies: currencyOptions(accounts, fields)}
	if page.Waits, err = h.waitingChange(c, db, models.ChangePolicy, ""); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "policy.change_title"), "policy")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ChangePolicy(page))
}

// currencyOptions are the currencies of our accounts, and those that were chosen.
func currencyOptions(accounts []models.GatewayAccount, fields views.PolicyFields) (options []ui.Option) {
	seen := map[string]bool{}
	add := func(currency string) {
		if currency != "" && !seen[currency] {
			seen[currency] = true
			options = append(options, ui.Option{Value: currency, Text: currency})
		}
	}
	for _, row := range fields.Ways {
		add(row.Currency)
	}
	for _, a := range accounts {
		add(a.Currency)
	}
	return options
}

// conditionAbouts are what a condition on a gateway or a rail may be about.
func conditionAbouts(ctx context.Context, accounts []models.GatewayAccount) (options []ui.Option) {
	options = []ui.Option{{Text: i18n.T(ctx, "policy.about_any")}}
	var rails []ui.Option
	for _, a := range accounts {
		options = append(options, ui.Option{Value: accountValue(a.ID), Text: a.Name})
		for _, id := range a.RailIDs() {
			if _, rail, known := families.Rail(id); known {
				rails = append(rails, ui.Option{Value: id, Text: i18n.T(ctx, rail.Key)})
			}
		}
	}
	return append(options, rails...)
}

// lookAtPolicy shows what would differ, and what nobody could sign, before it is proposed.
func (h *Handlers) lookAtPolicy(c *gin.Context, status int, terms models.PolicyTerms, reason string, errs views.Errors) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	current, err := models.CurrentPolicy(db)
	if err != nil {
		return err
	}
	stuck, err := stuckIf(ctx, db, func(now models.House) models.House { return now.Under(terms.Policy()) })
	if err != nil {
		return err
	}
	text, err := json.Marshal(terms)
	if err != nil {
		return err
	}
	page := views.PolicyLook{Content: string(text), Reason: reason, Errors: errs, Stuck: stuck}
	accounts, err := accountsByID(db)
	if err != nil {
		return err
	}
	for _, line := range models.DiffPolicies(current.Content(), terms.Policy().Content()) {
		page.Lines = append(page.Lines, changeLine(ctx, line, accounts))
	}
	page.Shell = h.shell(c, i18n.T(ctx, "policy.look_title"), "policy")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.LookAtPolicy(page))
}
