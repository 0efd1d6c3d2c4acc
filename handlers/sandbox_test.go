package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func (a *townApp) choice(rail, scenario string, count int) url.Values {
	return url.Values{
		"account": {strconv.FormatInt(int64(a.account(rail).ID), 10)}, "scenario": {scenario}, "count": {strconv.Itoa(count)}, "speed": {"60"},
	}
}

func TestTheSandboxIsToldWhatToDoNext(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.GatewayAdmin)
	b.get("/gateways").is(http.StatusOK).says("Sandbox: what the gateway does next", "Accepts, then HTTP 502", "Or by amount: .01 refuses")
	b.get("/gateways/sandbox").is(http.StatusOK).says("Answers to a query", "No order has left us yet")
	b.post("/gateways/sandbox", a.choice("cashy.peru", "accepts_502", 2)).leadsTo("/gateways/sandbox")
	b.get("/gateways/sandbox").says("Chosen and not yet used up", "CASHY Lima, next 2 orders: Accepts, then HTTP 502", "60 times faster")
	p := a.sent("cashy.peru", 1)
	if p.Outcome != models.Unclear || p.Unclear != models.ReasonServerError {
		t.Fatalf("the order is %+v", p.State)
	}
	a.as(models.GatewayAdmin, models.Auditor).get("/gateways/sandbox").says("Unclear: gateway error waiting Accepts, then HTTP 502 open 1 0 0", "next order: Accepts")
	b.post("/gateways/sandbox", a.choice("cashy.peru", "", 0)).leadsTo("/gateways/sandbox")
	b.get("/gateways/sandbox").keepsQuiet("Chosen and not yet used up")
}

func TestTheSandboxRefusesWhatItCannotPlay(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.GatewayAdmin)
	b.post("/gateways/sandbox", a.choice("cashy.peru", "refuses_poor", 1)).is(http.StatusUnprocessableEntity).says("cannot play that scenario")
	slow := a.choice("cashy.peru", "pays", 1)
	slow.Set("speed", "0")
	b.post("/gateways/sandbox", slow).is(http.StatusUnprocessableEntity).says("Choose how fast time runs")
	b.post("/gateways/sandbox", a.choice("cashy.peru", "pays", -1)).is(http.StatusUnprocessableEntity).says("Choose how many orders")
	if a.town.Sandbox.State().Speed != 1 {
		t.Fatal("the speed was set by a form that was refused")
	}
}

func TestTheSandboxSaysSomethingOfAnOrderOnDemand(t *testing.T) {
	for _, rail := range webhookRails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			a := newTown(t)
			p := a.sent(rail, 1)
			b := a.as(models.GatewayAdmin)
			push := func(what sandbox.Push) page {
				return b.post("/gateways/sandbox/"+p.OrderNo+"/push", url.Values{"push": {string(what)}})
			}
			push(sandbox.PushSame).is(http.StatusConflict).says("No notice was sent for this order yet")
			push(sandbox.PushBadSign).leadsTo("/gateways/sandbox")
			push(sandbox.PushPaid).leadsTo("/gateways/sandbox")
			push(sandbox.PushSame).leadsTo("/gateways/sandbox")
			b.get("/gateways/sandbox").says("Send the last notice again", "Paid", "yes")
			kept := a.notices()
			if len(kept) != 2 || kept[0].Quarantine != "quarantine.bad_signature" || kept[1].Seen != 2 {
				t.Fatalf("kept %+v", kept)
			}
			if got := a.town.Look(p); got.Outcome != models.Paid {
				t.Fatalf("the order is %+v", got.State)
			}
			push(sandbox.PushReversed).leadsTo("/gateways/sandbox")
			if got := a.town.Look(p); !got.Clash {
				t.Fatalf("the order is %+v", got.State)
			}
			push("weather").is(http.StatusConflict)
			b.post("/gateways/sandbox/NOBODY/push", url.Values{"push": {"paid"}}).is(http.StatusConflict).says("The gateway does not know this order")
			a.town.Sound()
		})
	}
}

func TestBothSidesOfAnOrderAreCompared(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	for i, id := range []string{"pays", "refuses", "pays_less"} {
		play, _ := sandbox.Find(id)
		p := a.town.Approved(a.town.Form("cashy.peru", i))
		a.town.Sandbox.Script(p.OrderNo, play)
		must(t, a.Sender.Send(t.Context(), p.ID))
	}
	a.town.Live(5*time.Minute, 10*time.Second)
	got := a.as(models.GatewayAdmin).get("/gateways/sandbox")
	got.says("never came to exist Refuses: bank or account yes", "Pays less open", "Accepts, pays, tells yes")
	got.keepsQuiet("/payouts/", "Rosa Quispe")
	seeing := a.as(models.GatewayAdmin, models.Auditor).get("/gateways/sandbox")
	if !strings.Contains(seeing.body, "/payouts/") {
		t.Fatal("no order is linked")
	}
}

func TestOnlyADemonstrationLetsEverybodyPlayTheGateways(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.as(models.Maker).get("/gateways/sandbox").is(http.StatusForbidden)
	a.as(models.Maker).get("/gateways").is(http.StatusOK).keepsQuiet("what the gateway does next")
	demo := newTown(t, func(c *Config) { c.Demo = true })
	for _, role := range models.Roles {
		b := demo.as(role)
		b.get("/gateways/sandbox").is(http.StatusOK)
		b.post("/gateways/sandbox", demo.choice("apay.taiwan", "silent", 1)).leadsTo("/gateways/sandbox")
	}
	demo.nobody().get("/gateways/sandbox").is(http.StatusSeeOther)
	newApp(t).as(models.GatewayAdmin).get("/gateways/sandbox").is(http.StatusNotFound)
}
