package models_test

import (
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
