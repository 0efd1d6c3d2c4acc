package models_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// verbsInTurn are the acts of newLog, one a minute, in turn.
var verbsInTurn = []string{
	"drafted", "submitted", "signed_in", "paid", "refused", "revealed", "exported", "roles_changed", "policy_changed", "setting_changed", "verdict_paid",
}

// newLog writes so many acts about ten orders, by two people and the machine.
func newLog(t *testing.T, many int) *crowd {
	t.Helper()
	c := newCrowd(t, 10)
	c.write(func(tx *gorm.DB) error {
		for i := range many {
			verb := verbsInTurn[i%len(verbsInTurn)]
			e := models.Event{At: c.began.Add(time.Duration(i) * time.Minute), Verb: verb, Actor: "sender", Subject: "settings", SubjectID: "x"}
			if i%3 > 0 {
				e.ActorID, e.Actor, e.Role = models.PersonID(i%3), fmt.Sprint("person ", i%3), "maker"
			}
			if verb == "drafted" || verb == "submitted" || verb == "paid" || verb == "verdict_paid" {
				e.Subject, e.PayoutID = "payout", models.PayoutID(i%10+1)
			}
			if verb == "refused" && i%2 == 0 {
				e.Subject = "person"
			}
			if i%22 == 0 {
				e.Details = models.Details{"twin_reason": "two invoices"}
			}
			if err := models.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	return c
}

func (c *crowd) eventFilter(address string) models.EventFilter {
	c.t.Helper()
	values, err := url.ParseQuery(address)
	if err != nil {
		c.t.Fatal(err)
	}
	f, refused := models.ParseEventFilter(values, time.UTC, c.began.Add(12*time.Hour))
	if len(refused) > 0 {
		c.t.Fatalf("%s: %v", address, refused)
	}
	return f
}

// trail walks the log to its end.
func (c *crowd) trail(f models.EventFilter, size int) (seqs []int64) {
	c.t.Helper()
	page := models.EventPage{Size: size}
	for {
		list, err := models.ListEvents(c.db(), f, page)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range list.Events {
			seqs = append(seqs, e.Seq)
		}
		if !list.Older {
			return seqs
		}
		page.Before = seqs[len(seqs)-1]
	}
}

// questionsAsked are addresses of the audit browser and how many of 220 acts they find,
// and of 4 entries that bind what nobody's act wrote.
var questionsAsked = map[string]int{
	"": 224, "question=verdicts": 20, "question=overrides": 10, "question=refused": 10, "question=reveals": 20, "question=exports": 20,
	"question=sign_ins": 20, "question=roles": 20, "question=policy": 20, "question=settings": 20, "verb=paid": 20, "actor=1": 73, "subject=payout": 80,
	"order=01M7QZKNR3T3ZZJH6W00000003": 8, "order=01M7QZKNR3T3ZZJH6W99999999": 0, "q=000003": 8, "q=mak": 73, "q=nobody+of+that+name": 0,
	"from=2026-11-01&to=2026-11-01": 224, "when=today&verb=refused": 20, "to=2026-10-31": 0, "q=maker&verb=paid": 6, "q=other&question=verdicts": 6,
}

func TestTheLogIsFoundByItsFilters(t *testing.T) {
	t.Parallel()
	c := newLog(t, 220)
	for address, want := range questionsAsked {
		f := c.eventFilter(address)
		whole := c.trail(f, 500)
		if len(whole) != want {
			t.Errorf("%q finds %d acts, want %d", address, len(whole), want)
		}
		if paged := c.trail(f, 6); !slices.Equal(whole, paged) {
			t.Errorf("%q: pages of 6 show other acts than one page", address)
		}
		if count, capped, err := models.CountEvents(c.db(), f); count != int64(len(whole)) || capped || err != nil {
			t.Errorf("%q counts %d (%v, %v)", address, count, capped, err)
		}
		if again := c.eventFilter(f.Values().Encode()); again != f {
			t.Errorf("%q became %+v", address, again)
		}
	}
}

func TestTheLogIsReadBackwardsToo(t *testing.T) {
	t.Parallel()
	c := newLog(t, 60)
	list, err := models.ListEvents(c.db(), c.eventFilter(""), models.EventPage{After: 40, Size: 5})
	if err != nil || len(list.Events) != 5 || list.Events[0].Seq != 45 || list.Events[4].Seq != 41 || !list.Newer || !list.Older {
		t.Errorf("after 40 come %+v, %v", list, err)
	}
}

func TestTheLogIsReadAlongItsIndexes(t *testing.T) {
	t.Parallel()
	c := newLog(t, 2000)
	for address := range questionsAsked {
		plans, err := models.PlansOfEvents(c.db(), c.eventFilter(address), 1900, c.explain)
		if err != nil {
			t.Fatal(err)
		}
		for _, plan := range plans {
			if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%q is answered by %s", address, plan)
			}
			if strings.Contains(address, "order=") != strings.Contains(plan, "events_by_payout") && !strings.Contains(address, "q=") {
				t.Errorf("%q is answered by %s", address, plan)
			}
		}
	}
}

func TestANumberJumpsIntoTheLog(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"184,207": 184207, "12": 12, "0": 0, "000003": 3, "chen": 0, "": 0, "-4": 0} {
		if got, ok := models.EntryMentions(text); got != want || ok != (want > 0) {
			t.Errorf("%q is entry %d, want %d", text, got, want)
		}
	}
}
