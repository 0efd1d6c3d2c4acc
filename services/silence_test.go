package services_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// quiet sends orders of which the gateway tells nothing by itself, and lets asking
// settle them.
func quiet(t *testing.T, town *servicestest.Town, many, from int) {
	t.Helper()
	for i := range many {
		p := town.Approved(town.Form("apay.taiwan", from+i))
		town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true, Fate: sandbox.FatePaid})
		town.Must(town.Sender.Send(t.Context(), p.ID))
	}
	town.Live(10*time.Minute, 30*time.Second)
}

func taipei(town *servicestest.Town) models.GatewayAccount {
	a, err := models.FindAccount(town.Store.Read(town.T.Context()), town.Taipei.ID)
	town.Must(err)
	return a
}

func accountEvents(town *servicestest.Town, verb string) (count int64) {
	town.Must(town.Store.Read(town.T.Context()).Model(&models.Event{}).Where("verb = ?", verb).Count(&count).Error)
	return count
}

// A gateway whose notices stop is told from one that had nothing to tell: after three
// orders that asking alone has settled, once, and once more when it is heard (G7).
func TestAGatewayThatFallsSilentIsTold(t *testing.T) {
	town := servicestest.New(t)
	told := town.Approved(town.Form("apay.taiwan", 90))
	town.Must(town.Sender.Send(t.Context(), told.ID))
	town.Live(10*time.Minute, 30*time.Second)
	heard := taipei(town).LastNoticeAt
	if heard.IsZero() {
		t.Fatal("the town's gateway sends no notices")
	}
	quiet(t, town, 4, 1)
	town.Must(town.Accounts.MindSilence(t.Context()))
	if !taipei(town).SilentAt.IsZero() {
		t.Error("it is called silent while a notice may still come")
	}
	town.Pass(time.Hour)
	for range 3 {
		town.Must(town.Accounts.MindSilence(t.Context()))
	}
	a := taipei(town)
	if a.SilentAt.IsZero() || !a.SilentSince.Equal(heard) || a.SilentOrders != 4 || accountEvents(town, "notices_missing") != 1 {
		t.Errorf("silent at %s since %s, %d orders, %d events", a.SilentAt, a.SilentSince, a.SilentOrders, accountEvents(town, "notices_missing"))
	}
	quiet(t, town, 2, 10)
	town.Pass(time.Hour)
	town.Must(town.Accounts.MindSilence(t.Context()))
	if a = taipei(town); a.SilentOrders != 6 || accountEvents(town, "notices_missing") != 1 {
		t.Errorf("%d orders, %d events", a.SilentOrders, accountEvents(town, "notices_missing"))
	}
	again := town.Approved(town.Form("apay.taiwan", 91))
	town.Must(town.Sender.Send(t.Context(), again.ID))
	town.Live(10*time.Minute, 30*time.Second)
	for range 2 {
		town.Must(town.Accounts.MindSilence(t.Context()))
	}
	if a = taipei(town); !a.SilentAt.IsZero() || a.SilentOrders != 0 || accountEvents(town, "notices_back") != 1 {
		t.Errorf("it was heard: silent at %s, %d events", a.SilentAt, accountEvents(town, "notices_back"))
	}
	town.Sound()
}

// Two are an accident; and what was lost because nobody was here says nothing about
// the gateway.
func TestASilenceOfOurOwnIsNotTheGateways(t *testing.T) {
	town := servicestest.New(t)
	quiet(t, town, 2, 1)
	town.Pass(2 * time.Hour)
	town.Must(town.Accounts.MindSilence(t.Context()))
	if a := taipei(town); !a.SilentAt.IsZero() {
		t.Errorf("two orders are enough: %d", a.SilentOrders)
	}
	alive(town)
	for i := range 5 {
		p := town.Approved(town.Form("apay.taiwan", 20+i))
		town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true, Fate: sandbox.FatePaid})
		town.Must(town.Sender.Send(t.Context(), p.ID))
	}
	away(town, 2*time.Hour)
	town.Sender.SweepAll(t.Context())
	town.Pass(2 * time.Hour)
	town.Must(town.Accounts.MindSilence(t.Context()))
	if a := taipei(town); !a.SilentAt.IsZero() {
		t.Errorf("orders that told nobody while we were away: %d", a.SilentOrders)
	}
}

// The known-bad variant: without the outage on record the same five orders call the
// gateway silent.
func TestWithoutTheOutageOnRecordTheGatewayIsBlamed(t *testing.T) {
	town := servicestest.New(t)
	quiet(t, town, 5, 1)
	town.Pass(2 * time.Hour)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec("UPDATE gateway_accounts SET last_notice_at = 0").Error }))
	town.Must(town.Accounts.MindSilence(t.Context()))
	if a := taipei(town); a.SilentOrders != 5 || !a.SilentSince.IsZero() {
		t.Errorf("%d orders since %s", a.SilentOrders, a.SilentSince)
	}
}
