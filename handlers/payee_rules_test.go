package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"countersign/models"
)

func TestD4_TheRulesAboutPayeesStandOnAPageAndTwoControllersChangeThem(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	first, second, maker := a.as(models.Controller), a.as(models.Controller), a.as(models.Maker)
	maker.get("/payees/rules").is(http.StatusOK).says("Rest of new details", "5 business days").keepsQuiet("/payees/rules/change")
	maker.get("/payees/rules/change").is(http.StatusForbidden)
	first.get("/payees/rules/change").is(http.StatusOK).says("Days for which the number called was known before")
	form := url.Values{
		"calls": {"on"}, "known_days": {"x"}, "second.TWD": {"-3"}, "cooling": {"48"}, "starter.TWD": {"100,000.00"}, "after_fail": {"on"}, "expire_days": {"3"}, "reason": {"The auditors asked"},
	}
	first.post("/payees/rules/change", form).is(http.StatusUnprocessableEntity).says("Enter a whole number", "Enter a sum above zero")
	form.Set("known_days", "30")
	form.Set("second.TWD", "500000")
	first.post("/payees/rules/change", form).leadsTo("/payees/rules")
	first.get("/payees/rules/change").says("The auditors asked")

	change, _, err := models.WaitingChange(a.Store.Read(t.Context()), models.ChangePayeeRules, "")
	must(t, err)
	decide := fmt.Sprintf("/changes/%d", change.ID)
	second.get(decide).says("Rules about payees", "Rest of new details", "100,000.00 TWD", "500,000.00 TWD", "The auditors asked")
	first.post(decide+"/confirmation", url.Values{"digest": {fmt.Sprintf("%x", change.Digest)}}).is(http.StatusForbidden)
	second.post(decide+"/confirmation", url.Values{"digest": {fmt.Sprintf("%x", change.Digest)}, "password": {password}}).is(http.StatusSeeOther)
	maker.get("/payees/rules").says("30 days", "3 business days", "100,000")
}
