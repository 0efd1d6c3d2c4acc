package servicestest

import (
	"context"
	"strconv"

	"countersign/models"
	"countersign/services"
)

// GoOn lets all sending go on: one controller asks, another confirms.
func (t *Town) GoOn(reason string) error { return t.LetSend(t.Accounts, models.AllSending, reason) }

// LetSend lets sending go on, all of it or an account's, with the controller of the town
// and a deputy.
func (t *Town) LetSend(accounts *services.Accounts, subject, reason string) error {
	return LetSend(context.Background(), accounts, t.Controller, t.Deputy(), subject, reason)
}

// Deputy is a second controller, who comes when one is needed.
func (t *Town) Deputy() models.Person {
	people, err := models.People(t.Store.Read(context.Background()))
	t.Must(err)
	for _, p := range people {
		if p.Login == "deputy" {
			return p
		}
	}
	return t.AddPerson("deputy", models.Controller)
}

// LetSend lets sending go on that was stopped: one asks, two confirms.
func LetSend(ctx context.Context, accounts *services.Accounts, one, two models.Person, subject, reason string) error {
	c, err := asked(ctx, accounts, one, subject, reason)
	if err != nil {
		return err
	}
	_, err = (&services.Changes{Core: accounts.Core}).Confirm(ctx, two.As(models.VerbRestart), c.ID, c.Digest, Click(accounts.Core, two))
	return err
}

// AskToSend is the first half of it.
func AskToSend(ctx context.Context, accounts *services.Accounts, by models.Person, subject, reason string) error {
	_, err := asked(ctx, accounts, by, subject, reason)
	return err
}

func asked(ctx context.Context, accounts *services.Accounts, by models.Person, subject, reason string) (models.Change, error) {
	if subject == models.AllSending {
		return accounts.ProposeRestart(ctx, by, reason, Click(accounts.Core, by))
	}
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return models.Change{}, err
	}
	return accounts.ProposeReopening(ctx, by, models.AccountID(id), reason, Click(accounts.Core, by))
}

// GoOnAsAsked lets the deputy confirm what the controller has asked for.
func (t *Town) GoOnAsAsked() error {
	ctx := context.Background()
	c, _, err := models.WaitingChange(t.Store.Read(ctx), models.ChangeSending, models.AllSending)
	if err == nil {
		_, err = t.Changes.Confirm(ctx, t.Deputy().As(models.VerbRestart), c.ID, c.Digest, Click(t.Core, t.Deputy()))
	}
	return err
}
