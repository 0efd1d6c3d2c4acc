package models_test

import (
	"maps"
	"testing"

	"countersign/models"
)

func TestWhichWordMakesAProposalVoid(t *testing.T) {
	for _, c := range []struct {
		about models.Doubt
		says  models.Said
		said  models.Outcome
		void  bool
	}{
		{"unclear", "paid", models.Paid, true}, // the word settles the order
		{"unclear", "paid", models.Failed, true},
		{"unclear", "not_paid", models.Paid, true},
		{"unclear", "not_paid", models.Failed, true},
		{"unclear", "look_again", models.Paid, true},
		{"unclear", "not_paid", models.Pending, true}, // the gateway works on it

		{"contradiction", "paid", models.Paid, false},
		{"contradiction", "returned", models.Paid, false}, // it was paid before it came back
		{"contradiction", "not_paid", models.Paid, true},
		{"contradiction", "paid", models.Failed, true},
		{"contradiction", "returned", models.Failed, true},
		{"contradiction", "not_paid", models.Failed, false},
	} {
		if void := (models.Verdict{About: c.about, Says: c.says}).OvertakenBy(c.said); void != c.void {
			t.Errorf("a proposal %q about %s, and the gateway says %s: void is %v", c.says, c.about, c.said, void)
		}
	}
}

// whoCloses lists who may be the second of the two by a rule, of an order in doubt and of a
// contradiction.
func whoCloses(check func(models.Payout, models.Person, models.Verdict) error) map[string]string {
	letters := map[models.Role]string{models.Maker: "M", models.Approver: "A", models.Resolver: "R", models.Controller: "C", models.Auditor: "U", models.GatewayAdmin: "G", models.PeopleAdmin: "P"}
	cases := map[string]models.Payout{
		"unclear":       {State: models.State{Stage: models.Sent, Outcome: models.Unclear}, MakerID: 1},
		"contradiction": {State: models.State{Stage: models.Sent, Outcome: models.Paid, Clash: true}, MakerID: 1},
	}
	found := map[string]string{}
	for about, p := range cases {
		for _, role := range models.Roles {
			by := models.Person{ID: 9, Active: true, Roles: []models.Role{role}}
			if check(p, by, models.Verdict{About: models.Doubt(about), State: "open", ProposerID: 8}) == nil {
				found[about] += letters[role]
			}
		}
	}
	return found
}

// The second on a contradiction is another controller, on an order in doubt a resolver or a
// controller (invariants.md 3).
func TestI04_TheSecondOnAContradictionIsAController(t *testing.T) {
	want := map[string]string{"unclear": "RC", "contradiction": "C"}
	got := whoCloses(func(p models.Payout, by models.Person, v models.Verdict) error { return p.CheckConfirm(by, v, nil) })
	if !maps.Equal(got, want) {
		t.Errorf("confirm: %v, want %v", got, want)
	}
	if got := whoCloses(func(p models.Payout, by models.Person, _ models.Verdict) error { return p.CheckPropose(by) }); !maps.Equal(got, want) {
		t.Errorf("propose: %v, want %v", got, want)
	}
	own := models.Verdict{State: "open", ProposerID: 9}
	clash := models.Payout{State: models.State{Stage: models.Sent, Outcome: models.Paid, Clash: true}, MakerID: 1}
	if clash.CheckConfirm(models.Person{ID: 9, Active: true, Roles: []models.Role{models.Controller}}, own, nil) == nil {
		t.Error("a controller confirms their own proposal")
	}
}

// The known-bad variant: the rule as it was, by which a resolver was second on both.
func TestI04_AResolverWhoClosesAContradictionIsFound(t *testing.T) {
	got := whoCloses(func(p models.Payout, by models.Person, v models.Verdict) error {
		p.Clash, p.Outcome = false, models.Unclear
		return p.CheckConfirm(by, v, nil)
	})
	if got["contradiction"] != "RC" {
		t.Errorf("found: %v", got)
	}
}
