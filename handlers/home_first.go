package handlers

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// firstSteps is what a new installation lacks.
func (h *Handlers) firstSteps(ctx context.Context, db *gorm.DB, balances []views.AccountCard) (steps []ui.Step, err error) {
	address, err := models.ReadSetting(db, models.SettingPublicURL)
	if err != nil {
		return nil, err
	}
	people, err := models.People(db)
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		name string
		done bool
	}{{"account", len(balances) > 0}, {"address", address != ""}, {"people", twoPeople(people)}, {"payout", false}} {
		state := map[bool]string{true: "done"}[step.done]
		if !step.done && (len(steps) == 0 || steps[len(steps)-1].State == "done") {
			state = "now"
		}
		steps = append(steps, ui.Step{State: state, Title: i18n.T(ctx, "home.step."+step.name), Text: i18n.T(ctx, "home.step."+step.name+"_text")})
	}
	return steps, nil
}

// twoPeople says whether somebody can make an order and somebody else sign it.
func twoPeople(people []models.Person) bool {
	for _, maker := range people {
		for _, approver := range people {
			if maker.ID != approver.ID && maker.Active && approver.Active && maker.May(models.VerbDraft) && approver.May(models.VerbApprove) {
				return true
			}
		}
	}
	return false
}
