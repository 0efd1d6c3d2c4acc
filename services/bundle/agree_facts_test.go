package bundle

import (
	"testing"

	"countersign/models"
)

// A verified notice tells the gateway's number before the reply to the create does, and the
// reply another one: what was told first stays (M19).
func TestM19_TheGatewaysNumberIsTheOneThatWasToldFirst(t *testing.T) {
	told := func(verb, number string) models.Event {
		return models.Event{Verb: verb, Details: models.Details{"gateway_no": number}}
	}
	for _, c := range []struct {
		events []models.Event
		shown  string
		holds  bool
	}{
		{[]models.Event{told("paid", "A"), told("accepted", "B")}, "A", true},
		{[]models.Event{told("paid", "A"), told("accepted", "B")}, "B", false},
		{[]models.Event{told("accepted", "A"), told("paid", "")}, "A", true},
		{[]models.Event{told("accepted", "")}, "A", true}, // only a notice of an older program told it
	} {
		f := Found{Events: append([]models.Event{{Verb: "drafted"}}, c.events...), Dossier: models.Dossier{GatewayNo: c.shown}}
		if err := f.agreeOrder(nil); (err == nil) != c.holds {
			t.Errorf("%v shown as %q: %v", c.events, c.shown, err)
		}
	}
}
