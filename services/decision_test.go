package services_test

import (
	"testing"

	"countersign/models"
	"countersign/services/servicestest"
)

func TestE13_EveryDecisionNamesThePolicyThatItWasMadeUnder(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	rejected, held := town.Submitted(town.Form("apay.taiwan", 1)), town.Submitted(town.Form("cashy.peru", 2))
	why := models.Rejection{For: models.RejectPapers, Text: "the invoice is missing"}
	town.Must(town.Payouts.Reject(ctx, town.Approver, rejected.OrderNo, why, rejected.Digest, servicestest.Click(town.Core, town.Approver)))
	town.Must(town.Payouts.Hold(ctx, town.Controller, held.OrderNo, "let me look"))
	town.Must(town.Payouts.Resume(ctx, town.Controller, held.OrderNo, "all is well", servicestest.Click(town.Core, town.Controller)))
	town.Moved(town.Other, town.Sent(town.Form("apay.taiwan", 3)), movedTo)
	for _, verb := range []string{"rejected", "held", "resumed", "change_proposed"} {
		var e models.Event
		town.Must(town.Store.Read(ctx).Where("verb = ?", verb).Take(&e).Error)
		if e.Details[models.AtPolicy] != "1" {
			t.Errorf("%s names policy %q", verb, e.Details[models.AtPolicy])
		}
	}
	town.Sound()
}
