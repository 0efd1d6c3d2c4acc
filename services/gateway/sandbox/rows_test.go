package sandbox_test

import (
	"slices"
	"testing"
	"time"

	"countersign/services/gateway/sandbox"
)

// Every row of the table of misbehaviour can be chosen on the control page, for both
// families; each exception has its reason.
func TestEveryRowOfMisbehaviourCanBePlayed(t *testing.T) {
	t.Parallel()
	without := map[string][]int{
		// 14 and 15: a call that never arrives cannot be answered wrongly. 32 is about a
		// text that only family apay puts together.
		sandbox.Apay: {14, 15}, sandbox.Cashy: {14, 15, 32},
	}
	for _, family := range families {
		played := map[int]bool{}
		for _, c := range play(t).Scenarios() {
			for _, row := range c.Rows {
				played[row] = played[row] || c.PlayedBy(family)
			}
		}
		for row := 1; row <= 40; row++ {
			if played[row] == slices.Contains(without[family], row) {
				t.Errorf("%s: M%d is played: %v", family, row, played[row])
			}
		}
	}
}

// A notice may speak of any number, signed well (M20).
func TestANoticeMaySpeakOfAnotherNumber(t *testing.T) {
	t.Parallel()
	for _, family := range families {
		s := play(t)
		s.create(family, "N1", 0)
		n, err := s.Compose("N1", sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterNumber("N2")})
		if err != nil {
			t.Fatal(err)
		}
		if read := clients[family].ReadNotice(s.account(family), orderOf(family), n.Header, n.Body); read.Check != "good" || read.Facts.OrderNo != "N2" {
			t.Errorf("%s: %+v", family, read)
		}
	}
}

// A slow notice is one that did not arrive, so it is told again later (M40).
func TestASlowNoticeDoesNotArrive(t *testing.T) {
	t.Parallel()
	s := play(t, func(c *sandbox.Config) { c.Late = 20 * time.Millisecond })
	s.create(sandbox.Cashy, "N1", 0)
	if err := s.Tell("N1", sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterSlow}); err != nil {
		t.Fatal(err)
	}
	if sent := s.Notices("N1"); len(sent) != 1 || sent[0].Fault == "" || len(s.inbox.messages()) != 0 {
		t.Errorf("%+v", sent)
	}
}
