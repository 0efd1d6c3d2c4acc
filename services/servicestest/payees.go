package servicestest

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

// SetPayeeRules puts rules about new and changed details in force. A town begins with
// none, so that a story without a payee's change needs no call.
func (t *Town) SetPayeeRules(r models.PayeeRules) {
	t.T.Helper()
	t.Must(t.Store.Write(context.Background(), func(tx *gorm.DB) error { return models.WritePayeeRules(tx, r, models.Machine("test"), t.Now()) }))
}

// Moved is a change of the account of an order's payee that somebody has asked for.
func (t *Town) Moved(by models.Person, p models.Payout, number string) models.Change {
	t.T.Helper()
	c, err := t.Payees.Change(context.Background(), by, p.PayeeID, services.NewDetails{
		Values: map[string]string{"number": number}, Reason: "They wrote that they changed banks",
	}, Click(t.Core, by))
	t.Must(err)
	return c
}

// Confirmed is what a second person makes of a change.
func (t *Town) Confirmed(by models.Person, c models.Change) error {
	_, err := t.Changes.Confirm(context.Background(), by.As(models.VerbPayeeOK), c.ID, c.Digest, Click(t.Core, by))
	return err
}

// Picked is a form to the details that a payee has now.
func (t *Town) Picked(p models.Payout, serial int) services.PayoutForm {
	t.T.Helper()
	v, err := models.LatestVersion(t.Store.Read(context.Background()), p.PayeeID)
	t.Must(err)
	form := t.Form(v.Rail, serial)
	form.PayeeVersion = v.ID
	return form
}
