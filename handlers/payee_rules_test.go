package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
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
		"calls": {"on"}, "known_days": {"x"}, "second.TWD": {"-3"}, "cooling": {"2880"}, "starter.TWD": {"100,000.00"}, "after_fail": {"on"}, "expire_days": {"3"}, "reason": {"The auditors asked"},
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

// Whoever changes one rule changes no other: the form sent back as it was shown holds what
// is in force, to the minute.
func TestD4_AFormOfRulesThatIsSentAsItStandsChangesNothing(t *testing.T) {
	t.Parallel()
	for _, minutes := range []int{0, 5, 90, 24 * 60} {
		terms := models.PayeeTerms{ExpireDays: 5, PayeeRules: models.PayeeRules{
			Calls: true, KnownDays: 1, Cooling: minutes, AfterFail: true,
			SecondCall: map[string]int64{"TWD": 500_000_05}, Starter: map[string]int64{"PEN": 1_000_00},
		}}
		if back, err := typedRules(terms).terms(); err != nil || !reflect.DeepEqual(back, terms) {
			t.Errorf("%d minutes: %v, %+v", minutes, err, back)
		}
	}
}
