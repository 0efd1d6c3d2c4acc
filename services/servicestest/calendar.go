package servicestest

import (
	"context"

	"countersign/models"
	"countersign/services"
)

// Pays sets when a gateway pays: a gateway admin proposes it, the controller confirms.
func (t *Town) Pays(account models.GatewayAccount, c models.Calendar) {
	t.T.Helper()
	ctx := context.Background()
	admin := t.AddPerson("calendars of "+account.Name, models.GatewayAdmin)
	proposed, err := t.Changes.Propose(ctx, admin.As(models.VerbGateway), models.ChangeCalendar, services.AccountSubject(account.ID), c, "the gateway wrote", Click(t.Core, admin))
	t.Must(err)
	_, err = t.Changes.Confirm(ctx, t.Controller.As(models.VerbKeys), proposed.ID, proposed.Digest, Click(t.Core, t.Controller))
	t.Must(err)
}
