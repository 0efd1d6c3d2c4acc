package models_test

import (
	"errors"
	"testing"
	"time"

	"countersign/models"
)

// holder is somebody who works here, with these roles.
func holder(id models.PersonID, roles ...models.Role) models.Person {
	return models.Person{ID: id, Name: "somebody", Active: true, Roles: roles}
}

// refusal is why a rule refuses, "" where it does not.
func refusal(err error) string {
	if no := (models.Refusal{}); errors.As(err, &no) {
		return no.Key
	}
	return ""
}

func TestWhatTwoPeopleMayProposeIsBounded(t *testing.T) {
	t.Parallel()
	account := models.GatewayAccount{Fingerprint: "1f2e"}
	keys := func(overlap int, print string) error {
		return models.KeysContent{Overlap: overlap, Fingerprint: print}.Check(account)
	}
	most := int(models.MostOverlap / time.Hour)
	limits := func(change func(*models.Limits)) error {
		l := models.Limits{Zone: "America/Lima", ExpireDays: 60, Windows: []models.Window{{Currency: "PEN", Minor: 1, Minutes: models.MaxWindow}}}
		change(&l)
		return l.Check()
	}
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"keys that overlap as long as they may", keys(most, "2a"), ""},
		{"keys that overlap longer", keys(most+1, "2a"), "account.overlap_range"},
		{"keys that overlap less than nothing", keys(-1, "2a"), "account.overlap_range"},
		{"the keys that stand", keys(0, "1f2e"), "account.keys_same"},
		{"limits at their bounds", limits(func(*models.Limits) {}), ""},
		{"expiry beyond its bound", limits(func(l *models.Limits) { l.ExpireDays = 61 }), "limits.expire_days"},
		{"expiry before it begins", limits(func(l *models.Limits) { l.ExpireDays = -1 }), "limits.expire_days"},
		{"a window of an unknown currency", limits(func(l *models.Limits) { l.Windows[0].Currency = "XXX" }), "limits.currency"},
		{"a window of nothing", limits(func(l *models.Limits) { l.Windows[0].Minor = 0 }), "limits.window"},
		{"a window of no time", limits(func(l *models.Limits) { l.Windows[0].Minutes = 0 }), "limits.window"},
		{"a window of more than a day", limits(func(l *models.Limits) { l.Windows[0].Minutes++ }), "limits.window"},
		{"two windows of a currency", limits(func(l *models.Limits) { l.Windows = append(l.Windows, l.Windows[0]) }), "limits.twice"},
		{"a scope in what is no currency", models.Grant{Roles: []models.Role{models.Maker}, Scope: models.Scope{Currencies: []string{"tw"}}}.Check(), "scope.currency_unknown"},
		{"a delegation from no day on", models.Delegation{UntilAt: noon.Add(time.Hour)}.CheckDates(noon), "delegation.from"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestWhatIsInAnAddressAndCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-W45": "", "2026-W53": "", "2026-W54": "week.unreadable", "2026-W00": "week.unreadable", "1999-W52": "week.unreadable", "next": "week.unreadable", "2025-W53": "week.unreadable",
	} {
		if _, err := models.ReadWeek(text, noon, time.UTC); refusal(err) != want {
			t.Errorf("week %q: %v", text, err)
		}
	}
	for text, want := range map[string]string{"day TWD": "", "window TWD": "", "day XXX": "limits.no_such", "year TWD": "limits.no_such", "": "limits.no_such"} {
		if _, _, err := models.ReadLimitSubject(text); refusal(err) != want {
			t.Errorf("limit %q: %v", text, err)
		}
	}
	for text, want := range map[string]string{"2 approver": "", "1": "", "x approver": "policy.need", "1 magician": "policy.need", "1 maker": "policy.need", "": "policy.need"} {
		if _, err := models.ReadStep(text); refusal(err) != want {
			t.Errorf("step %q: %v", text, err)
		}
	}
}

func TestWhoMayDoWhatAboutAnOrderThatIsNotWhereItMustBe(t *testing.T) {
	t.Parallel()
	maker, other, resolver := holder(1, models.Maker), holder(2, models.Maker), holder(3, models.Resolver, models.Controller)
	draft := models.Payout{MakerID: 1, State: models.State{Stage: models.Draft}}
	failed := models.Payout{MakerID: 1, State: models.State{Stage: models.Sent, Outcome: models.Failed}}
	unclear := models.Payout{MakerID: 1, State: models.State{Stage: models.Sent, Outcome: models.Unclear}}
	proposed := models.Verdict{ProposerID: 9, State: models.VerdictOpen}
	judged := models.Verdict{ProposerID: 9, State: models.VerdictConfirmed}
	both := holder(1, models.Resolver)
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"asking about a draft", draft.CheckAsk(resolver), "payout.nothing_to_ask"},
		{"asking about what was sent", unclear.CheckAsk(resolver), ""},
		{"replacing one's own failed order", failed.CheckReplace(maker), ""},
		{"replacing a colleague's", failed.CheckReplace(other), "payout.not_yours"},
		{"replacing what is in doubt", unclear.CheckReplace(maker), "payout.not_replaceable"},
		{"proposing about what failed", failed.CheckPropose(resolver), "verdict.not_in_doubt"},
		{"proposing about what is unclear", unclear.CheckPropose(resolver), ""},
		{"confirming what waits", unclear.CheckConfirm(resolver, proposed, nil), ""},
		{"confirming what was judged", unclear.CheckConfirm(resolver, judged, nil), "verdict.closed"},
		{"confirming of an order that was settled meanwhile", failed.CheckConfirm(resolver, proposed, nil), "verdict.not_in_doubt"},
		{"filing the reply about one's own order", unclear.CheckReply(both, models.Enquiry{}), "verdict.maker"},
		{"filing a reply", unclear.CheckReply(resolver, models.Enquiry{}), ""},
		{"filing it twice", unclear.CheckReply(resolver, models.Enquiry{RepliedAt: noon}), "enquiry.answered"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestWhoMayTakeAwayAColleaguesFactors(t *testing.T) {
	t.Parallel()
	admin, controller, maker := holder(1, models.PeopleAdmin), holder(2, models.Controller), holder(3, models.Maker)
	has, none := models.Factors{Code: &models.CodeFactor{}}, models.Factors{}
	waits := models.FactorReset{PersonID: 3, ProposedBy: 1, State: models.ResetProposed}
	decided := models.FactorReset{PersonID: 3, ProposedBy: 1, State: models.ResetConfirmed}
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"a people admin asks", has.CheckReset(maker, admin), ""},
		{"a maker asks", has.CheckReset(admin, maker), "role.people"},
		{"for oneself", has.CheckReset(admin, admin), "factor.own_reset"},
		{"of who has none", none.CheckReset(maker, admin), "factor.none"},
		{"a controller confirms", waits.CheckDecision(controller), ""},
		{"a maker confirms", waits.CheckDecision(maker), "role.factors"},
		{"who asked confirms", models.FactorReset{PersonID: 3, ProposedBy: 2, State: models.ResetProposed}.CheckDecision(controller), "factor.own_proposal"},
		{"whose they are confirms", models.FactorReset{PersonID: 2, ProposedBy: 1, State: models.ResetProposed}.CheckDecision(controller), "factor.own_reset"},
		{"it was decided", decided.CheckDecision(controller), "factor.reset_decided"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestD3_ACallIsAfterTheRequestAndBeforeNow(t *testing.T) {
	t.Parallel()
	change := models.Change{ProposedAt: noon}
	for minutes, want := range map[int]string{-1: "call.too_early", 0: "", 30: "", 60: "", 61: "call.not_yet"} {
		call := models.CallBack{KnownSince: noon.AddDate(-1, 0, 0), CalledAt: noon.Add(time.Duration(minutes) * time.Minute)}
		wrong, got := call.Check(change, models.PayeeRules{}, noon.Add(time.Hour)), ""
		if len(wrong) > 0 {
			got = wrong[0].Key
		}
		if got != want {
			t.Errorf("called %d minutes after: %q, want %q", minutes, got, want)
		}
	}
}
