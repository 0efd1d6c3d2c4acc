package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func (a *townApp) account(rail string) models.GatewayAccount {
	a.t.Helper()
	account, err := models.FindAccount(a.Store.Read(a.t.Context()), a.town.Account(rail).ID)
	must(a.t, err)
	return account
}

func path(a models.GatewayAccount, act string) string {
	return "/gateways/" + strconv.FormatInt(int64(a.ID), 10) + "/" + act
}

func TestTheGatewaysPageTellsHowEachAccountDoes(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("cashy.peru", 1)
	a.acknowledges("cashy.peru", a.written(p, sandbox.Tell{Say: sandbox.Paid}))
	a.refuses(http.StatusBadRequest, a.written(p, sandbox.Tell{Say: sandbox.Failed, Alter: sandbox.AlterBadSign}))
	a.town.Unclear(a.town.Form("apay.taiwan", 2))
	b := a.as(models.Controller)
	b.post(path(a.account("apay.taiwan"), "test"), nil).leadsTo("/gateways")
	got := b.get("/gateways").is(http.StatusOK)
	got.says("APAY Taipei works apay, TWD", "Unclear, 24 h 100.0 %, 1 of 1", "CASHY Lima needs a look cashy, PEN", "1 with a bad signature",
		"after 30 s, 1 min, 2 min, 5 min, 15 min, 30 min, 1 h ×23, then every 4 h",
		"may be proposed 17 h 03 min after the last sign of life, and after 3 questions",
		"fingerprint "+a.account("cashy.peru").Fingerprint[:4], a.web.URL+"/webhooks/"+a.account("cashy.peru").Slug, "Stop all sending")
	got.keepsQuiet("key-of-lima", "key-of-taipei", "token-of-taipei", "Add an account")
}

func TestAnEmptyGatewaysPageSaysWhatToDo(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.as(models.GatewayAdmin).get("/gateways").is(http.StatusOK).says("No gateway account is connected", "Add an account")
	a.as(models.Auditor).get("/gateways").is(http.StatusOK).says("A gateway admin connects it").keepsQuiet("/gateways/new", "/cord")
}

func TestA6_AnAccountIsTestedWithAQuery(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.GatewayAdmin)
	b.post(path(a.account("apay.taiwan"), "test"), nil).leadsTo("/gateways")
	b.get("/gateways").says("APAY Taipei answered within", "Balance")
	a.write(func(tx *gorm.DB) error {
		account := a.account("cashy.peru")
		account.BaseURL = "http://127.0.0.1:1/stage-api"
		return models.UpdateAccount(tx, &account, "base_url")
	})
	b.post(path(a.account("cashy.peru"), "test"), nil).leadsTo("/gateways")
	b.get("/gateways").says("CASHY Lima could not be tested. The question did not leave us. No order was touched.")
	b.post("/gateways/999/test", nil).is(http.StatusNotFound)
	if len(a.events("account_tested")) != 2 {
		t.Fatal("the tests are not on record")
	}
}

func TestAnAccountIsPausedAndReopenedWithReasons(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	account := a.account("cashy.peru")
	maker, controller := a.as(models.Maker), a.as(models.Controller)
	maker.get(path(account, "pause")).is(http.StatusOK).says("Pause CASHY Lima", "What a gateway has already is not touched")
	maker.post(path(account, "pause"), url.Values{"reason": {" "}}).is(http.StatusUnprocessableEntity).says("1 answer needs another look")
	maker.post(path(account, "pause"), url.Values{"reason": {"answers look odd"}}).leadsTo("/gateways")
	if a.account("cashy.peru").Paused != "paused.by_person" {
		t.Fatal("not paused")
	}
	maker.get("/gateways").says("CASHY Lima is paused", "CASHY Lima paused", "By a person answers look odd").keepsQuiet(path(account, "reopening"))
	maker.post(path(account, "reopening"), url.Values{"reason": {"fine again"}}).is(http.StatusForbidden)
	controller.post(path(account, "pause"), url.Values{"reason": {"me too"}}).is(http.StatusConflict)
	controller.get("/gateways").says("Reopen")
	controller.post(path(account, "reopening"), url.Values{"reason": {"fine again"}}).leadsTo("/gateways")
	maker.get("/gateways").says(controller.person.Name+" asked at ", "to let it send again; another controller confirms.")
	a.as(models.Controller).confirms(1)
	if a.account("cashy.peru").Paused != "" {
		t.Fatal("still paused")
	}
}

func TestE15_TheCordStopsEverythingAndEveryPageSaysSo(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Approved(a.town.Form("apay.taiwan", 1))
	maker, controller := a.as(models.Maker), a.as(models.Controller)
	maker.get("/cord").is(http.StatusOK).says("1 approved order waits to leave and will stay here", "Two controllers let sending go on")
	maker.post("/cord", nil).is(http.StatusUnprocessableEntity)
	maker.post("/cord", url.Values{"reason": {"wrong bank file"}}).leadsTo("/gateways")
	for _, page := range []string{"/gateways", "/profile"} {
		if body := maker.get(page).body; !strings.Contains(body, "Nothing is being sent") || !strings.Contains(body, "wrong bank file") {
			t.Errorf("%s does not say that sending is stopped", page)
		}
	}
	if err := a.Sender.Send(t.Context(), p.ID); err == nil || a.town.Sandbox.Deliveries(p.OrderNo) != 0 {
		t.Fatal("it left all the same")
	}
	maker.post("/cord", url.Values{"reason": {"again"}}).is(http.StatusConflict)
	maker.get("/cord/release").is(http.StatusForbidden)
	maker.get("/gateways").keepsQuiet("/cord/release")
	controller.get("/gateways").says("All sending is stopped", "Let sending go on")
	controller.post("/cord/release", url.Values{"reason": {"file withdrawn"}}).leadsTo("/gateways")
	for _, words := range []string{"Nothing is being sent", controller.person.Name + " asked at ", "to let sending go on; another controller confirms."} {
		if body := maker.get("/profile").body; !strings.Contains(body, words) {
			t.Errorf("while it waits the strip does not say %q", words)
		}
	}
	if err := a.Sender.Send(t.Context(), p.ID); err == nil {
		t.Fatal("it left before a second person agreed")
	}
	controller.get("/cord/release").says("file withdrawn").keepsQuiet("Ask another controller")
	controller.confirm(1).is(http.StatusForbidden)
	second := a.as(models.Controller)
	second.get("/changes").says("All sending goes on")
	second.confirms(1)
	if body := maker.get("/profile").body; strings.Contains(body, "Nothing is being sent") {
		t.Fatal("the strip stays")
	}
	must(t, a.Sender.Send(t.Context(), p.ID))
}

func newAccountForm(change func(url.Values)) url.Values {
	form := url.Values{
		"family": {"cashy"}, "name": {"CASHY Bogota"}, "base_url": {"https://pay.example.com/prod-api"}, "zone": {"America/Bogota"},
		"merchant_id": {"30111"}, "key": {"a-key-nobody-may-see"}, "algorithm": {"MD5"}, "rails": {"cashy.peru"}, "timeout": {"30"},
		"questions": {"30,60,3600"}, "verdict_wait": {"1023"}, "verdict_questions": {"3"}, "reason": {"Bogota begins"},
	}
	change(form)
	return form
}

func TestAnAccountIsAddedWithItsKeysSealed(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.GatewayAdmin)
	b.get("/gateways/new").is(http.StatusOK).says("UnionPay, China CNY", "Token for queries")
	b.get("/gateways/new?family=cashy").is(http.StatusOK).says("This gateway’s notices may come for 17 h 03 min").keepsQuiet("Token for queries")
	b.post("/gateways/new", newAccountForm(func(url.Values) {})).leadsTo("/changes/1")
	if accounts, err := models.Accounts(a.Store.Read(t.Context())); err != nil || len(accounts) > 0 {
		t.Fatalf("one person connected %+v, %v", accounts, err)
	}
	b.get("/changes/1").says("Gateway account CASHY Bogota", "https://pay.example.com/prod-api", "30111", "30,60,3600", "17 h 03 min").keepsQuiet("a-key-nobody-may-see", "instead of")
	b.confirm(1).is(http.StatusForbidden)
	a.as(models.Controller).confirms(1)
	accounts, err := models.Accounts(a.Store.Read(t.Context()))
	must(t, err)
	if len(accounts) != 1 || accounts[0].AllowLoopback || strings.Contains(string(accounts[0].SealedKeys), "nobody-may-see") {
		t.Fatalf("stored %+v", accounts)
	}
	b.get("/gateways").says("CASHY Bogota", "none yet", "every 1 h").keepsQuiet("a-key-nobody-may-see")
	added := a.events("account_added")
	if len(added) != 1 || added[0].Role != "controller" || added[0].Details["proposed_by"] != b.person.Name || strings.Contains(added[0].Details["keys"], "nobody") {
		t.Fatalf("on record: %+v", added)
	}
}

func TestAllErrorsOfANewAccountAreSaidAtOnceAndNoKeyComesBack(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.GatewayAdmin)
	got := b.post("/gateways/new", newAccountForm(func(form url.Values) {
		for name, value := range map[string]string{
			"name": "", "base_url": "http://10.0.0.1/", "zone": "Mars/Olympus", "merchant_id": "", "algorithm": "ROT13", "timeout": "soon",
			"questions": "now", "verdict_wait": "5", "verdict_questions": "0",
		} {
			form.Set(name, value)
		}
		form.Set("rails", "apay.taiwan")
	})).is(http.StatusUnprocessableEntity)
	got.says("11 answers need another look", "The account needs a name", "The address needs https", "The time zone is not known",
		"The merchant id is missing", "Enter the signing key again", "does not sign like that", "have to be of this gateway",
		"between 0.1 and 120 seconds", "Write the gaps as whole seconds", "Wait at least 17 h 03 min", "Between 1 and 100 questions")
	got.keepsQuiet("a-key-nobody-may-see")
	if !strings.Contains(got.body, "<title>Error: ") || !strings.Contains(got.body, `value="Mars/Olympus"`) {
		t.Fatal("the form is not as it was typed")
	}
	b.post("/gateways/new", newAccountForm(func(form url.Values) { form.Set("family", "paper") })).is(http.StatusUnprocessableEntity)
	b.post("/gateways/new", newAccountForm(func(form url.Values) { form.Set("slug", "mine") })).is(http.StatusUnprocessableEntity)
	accounts, err := models.Accounts(a.Store.Read(t.Context()))
	must(t, err)
	if len(accounts) != 0 {
		t.Fatalf("stored %+v", accounts)
	}
}

func TestS13_OnlyToTryThingsOutIsAGatewayOnThisMachine(t *testing.T) {
	t.Parallel()
	here := newAccountForm(func(form url.Values) { form.Set("here", "on"); form.Set("base_url", "http://127.0.0.1:9/stage-api") })
	newApp(t).as(models.GatewayAdmin).post("/gateways/new", here).is(http.StatusUnprocessableEntity).says("The address needs https")
	newTown(t).as(models.GatewayAdmin).post("/gateways/new", here).leadsTo("/changes/1")
	only := newApp(t, func(c *Config) { c.Accounts.LoopbackOnly = true }).as(models.GatewayAdmin)
	only.post("/gateways/new", newAccountForm(func(url.Values) {})).is(http.StatusUnprocessableEntity).says("talks to this machine only")
}

func TestTheAddressForNoticesIsChanged(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.GatewayAdmin)
	b.get("/gateways/address").is(http.StatusOK).says(a.web.URL + "/webhooks/")
	b.post("/gateways/address", url.Values{"public_url": {"pay.example.com"}, "reason": {""}}).is(http.StatusUnprocessableEntity).says("Write the address as https://host", "Say why")
	b.post("/gateways/address", url.Values{"public_url": {"https://pay.example.com/in/"}, "reason": {"a new name"}}).leadsTo("/changes/1")
	b.get("/gateways").keepsQuiet("pay.example.com")
	b.get("/gateways/address").says("a new name").keepsQuiet("Propose the address")
	b.confirm(1).is(http.StatusForbidden)
	a.as(models.Controller).confirms(1)
	b.get("/gateways").says("Gateways reach us at https://pay.example.com/in", "https://pay.example.com/in/webhooks/"+a.account("apay.taiwan").Slug)
	if len(a.events("setting_changed")) == 0 {
		t.Fatal("not on record")
	}
	newApp(t).as(models.Controller).get("/gateways/address").is(http.StatusForbidden)
}

func TestAnAccountWithoutAnAddressForNoticesSaysSo(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.write(func(tx *gorm.DB) error { return models.WriteSetting(tx, models.SettingPublicURL, "") })
	a.as(models.Auditor).get("/gateways").says("Gateways cannot reach us with their notices", "no address yet")
}
