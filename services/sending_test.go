package services_test

import (
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// Sending that was stopped goes on by two people: one asks, another confirms. Until then
// nothing leaves.
func TestSendingGoesOnByTwoPeople(t *testing.T) {
	for name, c := range map[string]struct {
		stop    func(*servicestest.Town) error
		propose func(*servicestest.Town, models.Person) (models.Change, error)
		done    string
	}{
		"all of it": {
			func(town *servicestest.Town) error {
				return town.Accounts.PullCord(town.T.Context(), town.Maker, "odd")
			},
			func(town *servicestest.Town, by models.Person) (models.Change, error) {
				return town.Accounts.ProposeRestart(town.T.Context(), by, "not odd", servicestest.Click(town.Core, by))
			}, "cord_released",
		},
		"one account": {
			func(town *servicestest.Town) error {
				return town.Accounts.Pause(town.T.Context(), town.Maker, town.Taipei.ID, "odd")
			},
			func(town *servicestest.Town, by models.Person) (models.Change, error) {
				return town.Accounts.ProposeReopening(town.T.Context(), by, town.Taipei.ID, "not odd", servicestest.Click(town.Core, by))
			}, "account_reopened",
		},
	} {
		t.Run(name, func(t *testing.T) {
			town := servicestest.New(t)
			p := town.Approved(town.Form("apay.taiwan", 1))
			if _, err := c.propose(town, town.Controller); !refused(err, "cord.already") && !refused(err, "account.open_already") {
				t.Errorf("asked for what goes on: %v", err)
			}
			town.Must(c.stop(town))
			_, err := c.propose(town, town.Approver)
			refusedAs(t, err, "role.restart")
			change, err := c.propose(town, town.Controller)
			town.Must(err)
			confirm := func(by models.Person) error {
				_, err := town.Changes.Confirm(t.Context(), by.As(models.VerbRestart), change.ID, change.Digest, servicestest.Click(town.Core, by))
				return err
			}
			refusedAs(t, confirm(town.Controller), "change.own_proposal")
			refusedAs(t, confirm(town.Approver), "change.missing")
			if err := town.Sender.Send(t.Context(), p.ID); err == nil || town.Sandbox.Deliveries(p.OrderNo) != 0 {
				t.Fatal("it left before a second person agreed")
			}
			town.Must(confirm(town.Deputy()))
			town.Must(town.Sender.Send(t.Context(), p.ID))
			var told models.Event
			town.Must(town.Store.Read(t.Context()).Take(&told, "verb = ?", c.done).Error)
			if told.ActorID != town.Deputy().ID || told.Details["proposed_by"] != town.Controller.Name || told.Details["reason_text"] != "not odd" {
				t.Errorf("on record: %+v", told)
			}
			town.Sound()
		})
	}
}

// Whatever stops sending again while somebody's request waits makes the request void:
// those who agreed to it agreed to end another stop.
func TestAStopAfterTheRequestMakesItVoid(t *testing.T) {
	for name, again := range map[string]func(*servicestest.Town) error{
		"somebody": func(town *servicestest.Town) error {
			return town.Accounts.PullCord(town.T.Context(), town.Maker, "odd")
		},
		"a restored database": func(town *servicestest.Town) error {
			backup := town.Backup()
			town.Must(town.GoOnAsAsked())
			town.Sent(town.Form("apay.taiwan", 2))
			town.Restore(backup)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			town := servicestest.New(t)
			deputy := town.Deputy()
			town.Must(town.Accounts.PullCord(t.Context(), town.Maker, "odd"))
			first, err := models.CordStands(town.Store.Read(t.Context()))
			town.Must(err)
			change, err := town.Accounts.ProposeRestart(t.Context(), town.Controller, "not odd", servicestest.Click(town.Core, town.Controller))
			town.Must(err)
			town.Must(again(town))
			_, err = (&services.Changes{Core: town.Core}).Confirm(t.Context(), deputy.As(models.VerbRestart), change.ID, change.Digest, servicestest.Click(town.Core, deputy))
			refusedAs(t, err, "change.decided")
			now, err := models.CordStands(town.Store.Read(t.Context()))
			if err != nil || now.Stopped == "" || now == first {
				t.Errorf("sending stands as %+v, before as %+v: %v", now, first, err)
			}
			if ended, err := models.FindChange(town.Store.Read(t.Context()), change.ID); err != nil || ended.State != models.ChangeOvertaken {
				t.Errorf("the request is %s: %v", ended.State, err)
			}
			town.Sound()
		})
	}
}

// The same words stop it twice: the ground of a request is the stop, and not its words.
// Were it the words, this would find nothing between two stops.
func TestTwoStopsWithTheSameWordsAreTwo(t *testing.T) {
	town := servicestest.New(t)
	var stood []models.Standstill
	for range 2 {
		town.Must(town.Accounts.PullCord(t.Context(), town.Maker, "odd"))
		s, err := models.CordStands(town.Store.Read(t.Context()))
		town.Must(err)
		stood = append(stood, s)
		town.Must(town.GoOn("not odd"))
	}
	if stood[0] == stood[1] || stood[0].Stopped != stood[1].Stopped {
		t.Errorf("%+v and %+v", stood[0], stood[1])
	}
}
