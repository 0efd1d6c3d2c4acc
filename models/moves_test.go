package models_test

import (
	"errors"
	"slices"
	"testing"

	"countersign/models"
)

// everywhere calls f with every combination of the two axes.
func everywhere(f func(models.State)) {
	for _, stage := range models.Stages {
		for _, outcome := range models.Outcomes {
			for _, clash := range []bool{false, true} {
				f(models.State{Stage: stage, Outcome: outcome, Clash: clash, HeldFrom: models.Approved, Needed: 2, Version: 1})
			}
		}
	}
}

// leading lists the moves that change the outcome to the given one.
func leading(to models.Outcome) []models.Move {
	var found []models.Move
	for _, m := range models.Moves {
		everywhere(func(s models.State) {
			next, err := s.After(m, models.Effect{Reason: models.ReasonTimeout})
			if err == nil && next.Outcome == to && s.Outcome != to && !slices.Contains(found, m) {
				found = append(found, m)
			}
		})
	}
	return found
}

func TestI05_AMoveIsInTheTableOrIsRefused(t *testing.T) {
	for _, m := range models.Moves {
		everywhere(func(s models.State) {
			next, err := s.After(m, models.Effect{})
			var no models.Refusal
			if err != nil && (!errors.As(err, &no) || next != s) {
				t.Errorf("%s from %s/%s: %v changed %+v", m, s.Stage, s.Outcome, err, next)
			}
			if (err == nil) != s.Can(m) {
				t.Errorf("%s from %s/%s: Can and After disagree", m, s.Stage, s.Outcome)
			}
		})
	}
}

func TestI06_NothingLeadsBackFromSentOrFromDoubt(t *testing.T) {
	for _, m := range models.Moves {
		everywhere(func(s models.State) {
			next, err := s.After(m, models.Effect{})
			if err != nil || s.Stage != models.Sent {
				return
			}
			if next.Stage != models.Sent {
				t.Errorf("%s leads from sent back to %s", m, next.Stage)
			}
		})
	}
}

func TestI06_OnlyAnAttemptOfWhichNothingLeftGoesBackToApproved(t *testing.T) {
	for _, m := range models.Moves {
		everywhere(func(s models.State) {
			next, err := s.After(m, models.Effect{})
			if err == nil && s.Stage == models.Sending && next.Stage != models.Sent && m != models.MoveNotSent {
				t.Errorf("%s leads from sending to %s", m, next.Stage)
			}
		})
	}
}

func TestI09_OnlyEvidenceLeadsToFailed(t *testing.T) {
	want := []models.Move{models.MoveRefuse, models.MoveFail, models.MoveVerdictFailed, models.MoveSettleFailed}
	if got := leading(models.Failed); !slices.Equal(got, want) {
		t.Errorf("to failed lead %v, want %v", got, want)
	}
}

func TestI10_OnlyEvidenceLeadsToPaid(t *testing.T) {
	want := []models.Move{models.MovePaid, models.MoveClash, models.MoveVerdictPaid, models.MoveSettlePaid}
	if got := leading(models.Paid); !slices.Equal(got, want) {
		t.Errorf("to paid lead %v, want %v", got, want)
	}
}

func TestI12_AnOpenContradictionIsClosedByTwoPeopleAlone(t *testing.T) {
	closing := []models.Move{models.MoveSettlePaid, models.MoveSettleFailed, models.MoveSettleReturned}
	for _, m := range models.Moves {
		everywhere(func(s models.State) {
			next, err := s.After(m, models.Effect{})
			if err == nil && s.Clash && !next.Clash && !slices.Contains(closing, m) {
				t.Errorf("%s closes a contradiction", m)
			}
			if err == nil && s.Clash && next.Outcome != s.Outcome && m != models.MoveClash && !slices.Contains(closing, m) {
				t.Errorf("%s moves a contradicted order from %s to %s", m, s.Outcome, next.Outcome)
			}
		})
	}
}

func TestAStateThatIsUnclearAlwaysSaysWhy(t *testing.T) {
	for _, m := range models.Moves {
		everywhere(func(s models.State) {
			if s.Outcome == models.Unclear {
				s.Unclear = models.ReasonCut
			}
			next, err := s.After(m, models.Effect{Reason: models.ReasonTimeout})
			if err == nil && (next.Outcome == models.Unclear) != (next.Unclear != models.ReasonNone) {
				t.Errorf("%s from %s/%s leads to %s with reason %q", m, s.Stage, s.Outcome, next.Outcome, next.Unclear)
			}
		})
	}
}

func TestAHeldOrderReturnsToWhereItWas(t *testing.T) {
	for _, from := range []models.Stage{models.AwaitingApproval, models.Approved} {
		s := models.State{Stage: from, Outcome: models.None, Needed: 1, Version: 1}
		held, err := s.After(models.MoveHold, models.Effect{})
		if err != nil {
			t.Fatal(err)
		}
		back, err := held.After(models.MoveResume, models.Effect{})
		if err != nil || back != s {
			t.Errorf("held from %+v came back as %+v, %v", s, back, err)
		}
	}
}

func TestAnEditVoidsEverySignature(t *testing.T) {
	s := models.State{Stage: models.AwaitingApproval, Outcome: models.None, Approvals: 1, Needed: 2, Version: 3}
	next, err := s.After(models.MoveEdit, models.Effect{})
	if err != nil || next.Approvals != 0 || next.Version != 4 || next.Stage != models.Draft {
		t.Errorf("after the edit %+v, %v", next, err)
	}
}

func TestContraryEvidenceDoesNotStrengthenWhatItDenies(t *testing.T) {
	s := models.State{Stage: models.Sent, Outcome: models.Paid, Grade: models.E2, Version: 1}
	next, err := s.After(models.MoveClash, models.Effect{Grade: models.E3})
	if err != nil || next.Grade != models.E2 || !next.Clash {
		t.Errorf("after the contradiction %+v, %v", next, err)
	}
}

func TestTheBadgeIsTotal(t *testing.T) {
	everywhere(func(s models.State) {
		for _, flags := range []models.Flags{{}, {Blocked: true}, {HeldWhy: "held.by_person"}} {
			b := s.Badge(flags)
			if b.Key == "" || b.Shape == "" || b.Tone == "" || b.Form == "" {
				t.Errorf("%s/%s has the badge %+v", s.Stage, s.Outcome, b)
			}
			doubt := s.Stage == models.Sent && (s.Outcome == models.Unclear || s.Outcome == models.None)
			if (b.Tone == "violet") != doubt {
				t.Errorf("%s/%s is %s: violet is doubt and nothing else", s.Stage, s.Outcome, b.Tone)
			}
			if b.Key == "badge.failed" && s.Outcome != models.Failed {
				t.Errorf("%s/%s is shown as failed", s.Stage, s.Outcome)
			}
		}
	})
}

func TestThePairsAreTheTable(t *testing.T) {
	pairs := models.Pairs()
	everywhere(func(s models.State) {
		for _, m := range models.Moves {
			listed := slices.Contains(pairs, models.Pair{Move: m, Stage: s.Stage, Outcome: s.Outcome})
			if s.Can(m) && !listed {
				t.Errorf("%s from %s/%s can happen and is not listed", m, s.Stage, s.Outcome)
			}
		}
	})
	if unique := slices.CompactFunc(slices.Clone(pairs), func(a, b models.Pair) bool { return a == b }); len(unique) != len(pairs) {
		t.Error("a pair is listed twice")
	}
}
