package models

import (
	"slices"
	"testing"
	"time"
)

func TestWorkingHoursPassOnWorkingDays(t *testing.T) {
	t.Parallel()
	taipei, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	h := Hours{Zone: "Asia/Taipei", Opens: 9, Closes: 18}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, taipei) }
	for name, c := range map[string]struct {
		from  time.Time
		hours int
		want  time.Time
	}{
		"in the morning":    {at(17, 10, 0), 4, at(17, 14, 0)},
		"to the very end":   {at(17, 14, 0), 4, at(17, 18, 0)},
		"into the next day": {at(17, 16, 30), 4, at(18, 11, 30)},
		"at night":          {at(17, 22, 0), 4, at(18, 13, 0)},
		"before work":       {at(17, 6, 0), 4, at(17, 13, 0)},
		"over the weekend":  {at(20, 17, 0), 4, at(23, 12, 0)},
		"on a Sunday":       {at(22, 12, 0), 4, at(23, 13, 0)},
		"more than a day":   {at(17, 9, 0), 20, at(19, 11, 0)},
	} {
		if got := h.After(c.from, c.hours); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got.In(taipei), c.want)
		}
	}
}

func TestE10_WhoIsRemindedAfterWhom(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 17, 9, 0, 0, 0, time.UTC)
	person := func(id PersonID, roles ...Role) Person { return Person{ID: id, Active: true, Roles: roles} }
	people := []Person{person(1, Maker, Approver), person(2, Approver), person(3, Approver), person(4, Controller), person(5, Resolver)}
	order := Payout{ID: 3, MakerID: 1, State: State{Stage: AwaitingApproval, Outcome: None, Version: 1, Needed: 1}}
	standing := []StandIn{{Delegation{PersonID: 2, DelegateID: 4, Role: Approver, FromAt: now.Add(-time.Hour), UntilAt: now.Add(time.Hour)}, people[1], person(4, Approver)}}
	for name, c := range map[string]struct {
		signed   []PersonID
		standing []StandIn
		left     []HandOn
		want     []PersonID
	}{
		"by turns, never the maker":       {nil, nil, nil, []PersonID{2, 3, 4}},
		"who stands in comes next":        {nil, standing, nil, []PersonID{2, 4, 3}},
		"who has signed is not reminded":  {[]PersonID{2}, nil, nil, []PersonID{4, 3}},
		"to whom it was left comes first": {nil, nil, []HandOn{{FromID: 2, ToID: 4}}, []PersonID{4, 3}},
	} {
		if got := order.InLine(people, c.signed, c.standing, c.left, now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestE10_EachIsToldOnceAndThenTheControllers(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 17, 9, 0, 0, 0, time.UTC)
	h := Hours{Zone: "UTC", Opens: 9, Closes: 18}
	order := Payout{ID: 3, State: State{Stage: AwaitingApproval, Version: 2}, StateSince: now}
	var r Reminder
	if due := r.Due(order, h); !due.Equal(now.Add(4 * time.Hour)) {
		t.Fatalf("first due %s", due)
	}
	var told []PersonID
	for range 5 {
		r = r.Next(order, []PersonID{2, 12, 3, 4}, h, now.Add(5*time.Hour))
		told = append(told, r.PersonID)
		if r.PersonID == 0 {
			break
		}
	}
	if !slices.Equal(told, []PersonID{2, 12, 3, 0}) || !r.Due(order, h).IsZero() || !slices.Equal(r.ToldTo(), []PersonID{2, 12, 3}) {
		t.Errorf("told were %v, then due %s", told, r.Due(order, h))
	}
	if none := (Reminder{}).Next(order, nil, h, now); none.PersonID != 0 || !none.NextAt.IsZero() {
		t.Errorf("with nobody to sign: %+v", none)
	}
	edited := order
	edited.Version++
	if edited.StateSince = now.Add(24 * time.Hour); !r.Due(edited, h).Equal(now.Add(28*time.Hour)) || len(r.Next(edited, []PersonID{2}, h, now.Add(30*time.Hour)).ToldTo()) != 1 {
		t.Error("what is submitted again begins anew")
	}
}
