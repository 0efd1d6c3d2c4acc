package services_test

import (
	"path/filepath"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/journal"
	"countersign/services/servicestest"
)

// The first start on a backup puts back what has left and is cut off before the journal
// says so: the next one finds it done, keeps sending stopped and does nothing twice.
func TestI27_AStartThatWasCutOffIsTakenUpByTheNext(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	backup := filepath.Join(t.TempDir(), "restored.db")
	copyFile(t, town.Backup(), backup)
	town.Must(town.Sender.Send(t.Context(), p.ID))
	cutOffStart(town, backup)
	town.Restore(backup)
	if town.Cord() != services.StopRestored {
		t.Errorf("stopped for %q", town.Cord())
	}
	if p = town.Look(p); p.Stage != models.Sent || p.Unclear != models.ReasonRestored {
		t.Errorf("it stands at %+v", p.State)
	}
	attempts, err := models.Attempts(town.Store.Read(t.Context()), p.ID)
	if err != nil || len(attempts) != 1 {
		t.Errorf("%d attempts, %v", len(attempts), err)
	}
	town.Must(town.GoOn("we have looked"))
	town.Live(2*time.Hour, 5*time.Minute)
	if p = town.Look(p); town.Sandbox.Deliveries(p.OrderNo) != 1 || p.Outcome != models.Paid {
		t.Errorf("%d create requests, %+v", town.Sandbox.Deliveries(p.OrderNo), p.State)
	}
	town.Sound()
}

// cutOffStart ends when the journal takes no line any more.
func cutOffStart(town *servicestest.Town, file string) {
	town.T.Helper()
	store, err := models.Open(file)
	town.Must(err)
	core := *town.Core
	core.Store = store
	guard := services.Guard{Core: &core, Accounts: &services.Accounts{Core: &core}, Path: town.Guard.Path}
	closed, err := journal.Open(guard.Path)
	town.Must(err)
	town.Must(closed.Close())
	if guard.Check(town.T.Context(), closed) == nil {
		town.T.Error("the start was not cut off")
	}
	town.Must(store.Close())
}
