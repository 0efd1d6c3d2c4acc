package handlers

import (
	"net/http"
	"net/url"
	"testing"

	"countersign/models"
)

func TestD7_AccountsAndNamesAreLookedAtWeekByWeek(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, approver, controller, auditor := a.as(models.Maker), a.as(models.Approver), a.as(models.Controller), a.as(models.Auditor)
	a.town.Maker = maker.person
	first := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	controller.get("/payees/finds").is(http.StatusOK).says("Nothing was found in this week")
	form := a.town.Form("apay.taiwan", 2)
	form.Values["name"] = "林志豪"
	second := a.town.Submitted(form)

	week := "/payees/finds?week=" + models.WeekOf(a.town.Now(), controller.person.Location()).String()
	for _, page := range []string{"/payees/finds", week} {
		auditor.get(page).is(http.StatusOK).says("林志豪", "陳怡君", "Same account under two names", "Not yet").keepsQuiet("4088748280272397")
	}
	auditor.get("/payees/finds?week=2026-W01").is(http.StatusOK).says("Nothing was found in this week", "One waits for somebody to look at it")
	auditor.get("/payees/finds?week=much").is(http.StatusUnprocessableEntity)
	maker.get("/payees/finds").is(http.StatusForbidden)
	approver.get("/payees/finds").is(http.StatusForbidden)
	approver.get("/approvals/" + first.OrderNo).says("Same account as 林志豪")
	approver.get("/approvals").says("Same account as 陳怡君")
	controller.get("/").says("An account or a name of a payee waits")
	auditor.get("/").keepsQuiet("An account or a name of a payee waits")

	auditor.get("/payees/finds/1").is(http.StatusOK).says("The same account under two names").keepsQuiet(`action="/payees/finds/1/look"`)
	auditor.post("/payees/finds/1/look", url.Values{"note": {"x"}}).is(http.StatusForbidden)
	controller.post("/payees/finds/1/look", url.Values{"note": {""}}).is(http.StatusUnprocessableEntity)
	controller.post("/payees/finds/1/look", url.Values{"note": {"Husband and wife, one account"}}).leadsTo(week)
	auditor.get("/payees/finds/1").says("Husband and wife, one account", "by "+controller.person.Name)
	approver.get("/approvals/" + second.OrderNo).keepsQuiet("Same account as")
	controller.get("/").keepsQuiet("An account or a name of a payee waits")
}

func TestD7_PeopleDeclareTheirOwnAccountAndAPeopleAdminForThem(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	approver, admin, other := a.as(models.Approver), a.as(models.PeopleAdmin), a.as(models.Approver)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	approver.post("/profile/accounts", url.Values{"number": {"12"}}).is(http.StatusUnprocessableEntity).says("Enter the whole account number")
	approver.post("/profile/accounts", url.Values{"number": {"4088 7482 8027 2397"}}).leadsTo("/profile")
	approver.get("/profile").says("····2397").keepsQuiet("4088748280272397")
	approver.post("/profile/accounts", url.Values{"number": {"4088748280272397"}}).is(http.StatusUnprocessableEntity).says("declared already")
	approver.get("/approvals/" + p.OrderNo).is(http.StatusOK).says("You declared the account that this goes to as your own")
	other.get("/approvals/" + p.OrderNo).says("Account of " + approver.person.Name)

	theirs := personPath(other.person.ID)
	admin.post(theirs+"/accounts", url.Values{"number": {"0037651234"}}).leadsTo(theirs)
	admin.get(theirs).says("····1234")
	a.as(models.Controller).get(theirs).keepsQuiet("····1234")
	other.post(theirs+"/accounts", url.Values{"number": {"0037651235"}}).is(http.StatusForbidden)
}

func ending(account string) url.Values {
	return url.Values{"own_account": {account}, "own_reason": {"The account is closed"}}
}

// A declared account is taken back by two people, and counts as own for 90 days yet.
func TestD7_ADeclaredAccountIsTakenBackByTwoPeopleAndCountsForATimeYet(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	approver, admin, controller, other := a.as(models.Approver), a.as(models.PeopleAdmin), a.as(models.Controller), a.as(models.Approver)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	approver.post("/profile/accounts", url.Values{"number": {"4088748280272397"}}).leadsTo("/profile")
	other.post("/profile/accounts/end", ending("1")).is(http.StatusNotFound) // it is not theirs
	other.post(personPath(approver.person.ID)+"/accounts/end", ending("1")).is(http.StatusForbidden)
	approver.post("/profile/accounts/end", url.Values{"own_account": {"1"}}).is(http.StatusUnprocessableEntity).says("Say why")
	approver.get("/profile").says("goes on counting as own for 90 days")
	approver.post("/profile/accounts/end", ending("1")).leadsTo("/profile")
	approver.get("/profile").says("Taking it back waits for a controller").keepsQuiet("Take one back")
	admin.post(personPath(approver.person.ID)+"/accounts/end", ending("1")).is(http.StatusConflict)
	admin.confirm(1).is(http.StatusForbidden)
	approver.confirm(1).is(http.StatusForbidden)
	controller.get("/changes/1").says("Own account of "+approver.person.Name, "····2397", "The account is closed", "90")
	controller.confirms(1)
	approver.get("/profile").says("taken back; counts as own until")
	approver.get("/approvals/" + p.OrderNo).says("You declared the account that this goes to as your own")
	other.get("/approvals/" + p.OrderNo).says("Account of " + approver.person.Name)
	a.town.Sound()
	a.town.Pass(models.OwnLingers)
	again := a.nobody()
	again.signIn(approver.person)
	again.get("/profile").says("counted as own until")
	again.get("/approvals/" + p.OrderNo).keepsQuiet("You declared the account")
	again.post("/profile/accounts", url.Values{"number": {"4088748280272397"}}).leadsTo("/profile")
	again.get("/approvals/" + p.OrderNo).says("You declared the account that this goes to as your own")
}
