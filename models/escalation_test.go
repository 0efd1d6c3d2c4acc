package models_test

import (
	"testing"
	"time"

	"countersign/models"
)

// judged are verdicts about an order, one after another: "disagreed", "cancelled",
// "open" or what was confirmed.
func judged(about models.Doubt, ends ...string) (past []models.Verdict) {
	for i, end := range ends {
		v := models.Verdict{ID: int64(i + 1), About: about, Says: "paid", State: models.VerdictState(end)}
		if end != "disagreed" && end != "cancelled" && end != "open" {
			v.Says, v.State = models.Said(end), models.VerdictConfirmed
		}
		past = append(past, v)
	}
	return past
}

func TestWhichCasesAreTheControllers(t *testing.T) {
	t.Parallel()
	unclear := models.State{Stage: models.Sent, Outcome: models.Unclear}
	clash := models.State{Stage: models.Sent, Outcome: models.Paid, Clash: true}
	again := []string{"look_again", "look_again", "look_again"}
	for name, c := range map[string]struct {
		state models.State
		past  []models.Verdict
		want  models.Escalation
	}{
		"nothing proposed":                      {unclear, nil, ""},
		"two looked again":                      {unclear, judged("unclear", again[:2]...), ""},
		"three looked again":                    {unclear, judged("unclear", again...), models.EscalatedAgain},
		"four looked again":                     {unclear, judged("unclear", append(again, "look_again")...), models.EscalatedAgain},
		"the third is not confirmed":            {unclear, judged("unclear", "look_again", "look_again", "open"), ""},
		"the third was made void":               {unclear, judged("unclear", "look_again", "look_again", "cancelled"), ""},
		"they disagreed":                        {unclear, judged("unclear", "disagreed"), models.EscalatedDisagreed},
		"they disagreed, a new one waits":       {unclear, judged("unclear", "disagreed", "open"), models.EscalatedDisagreed},
		"they disagreed, a new one was void":    {unclear, judged("unclear", "disagreed", "cancelled"), models.EscalatedDisagreed},
		"they disagreed, then agreed":           {unclear, judged("unclear", "disagreed", "look_again"), ""},
		"three looked again, and they disagree": {unclear, judged("unclear", append(again, "disagreed")...), models.EscalatedDisagreed},
		"they disagreed about something else":   {clash, judged("unclear", "disagreed"), ""},
		"they disagreed about a contradiction":  {clash, judged("contradiction", "disagreed"), models.EscalatedDisagreed},
		"it was settled since":                  {models.State{Stage: models.Sent, Outcome: models.Paid}, judged("unclear", "disagreed"), ""},
	} {
		if got := models.EscalationOf(models.Payout{State: c.state}, c.past); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAfterADisagreementOnlyAControllerProposes(t *testing.T) {
	t.Parallel()
	p := models.Payout{State: models.State{Stage: models.Sent, Outcome: models.Unclear}, MakerID: 9}
	person := func(id models.PersonID, roles ...models.Role) models.Person {
		return models.Person{ID: id, Active: true, Roles: roles}
	}
	for name, c := range map[string]struct {
		by   models.Person
		past []models.Verdict
		may  bool
	}{
		"a resolver at first":                  {person(1, models.Resolver), nil, true},
		"a resolver afterwards":                {person(1, models.Resolver), judged("unclear", "disagreed"), false},
		"a controller afterwards":              {person(2, models.Controller), judged("unclear", "disagreed"), true},
		"a controller who made it":             {person(9, models.Controller), judged("unclear", "disagreed"), false},
		"a resolver after looking again three": {person(1, models.Resolver), judged("unclear", "look_again", "look_again", "look_again"), true},
		"an auditor":                           {person(3, models.Auditor), nil, false},
	} {
		if err := p.CheckProposal(c.by, c.past); (err == nil) != c.may {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhenACaseHasComeBack(t *testing.T) {
	t.Parallel()
	at := stoppedAt.Add(time.Hour)
	promised := models.Verdict{ID: 1, Says: "look_again", State: "confirmed", LookAgainAt: at}
	back := promised
	back.ReturnedAt = at.Add(time.Second)
	for name, c := range map[string]struct {
		past []models.Verdict
		want time.Time
	}{
		"nothing promised":       {nil, time.Time{}},
		"promised for later":     {[]models.Verdict{promised}, time.Time{}},
		"back":                   {[]models.Verdict{back}, at},
		"back, proposed anew":    {[]models.Verdict{{ID: 2, State: "open"}, back}, time.Time{}},
		"back, and that is void": {[]models.Verdict{{ID: 2, State: "cancelled"}, back}, at},
	} {
		if got := models.CameBack(c.past); !got.Equal(c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
