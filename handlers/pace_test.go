package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

func TestS14_ListsAreNotTakenOutWithoutEnd(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Auditor)
	for range 10 {
		b.get("/payouts.csv").is(http.StatusOK)
	}
	b.get("/payouts.csv").is(http.StatusTooManyRequests).says("more often in one minute")
	a.as(models.Auditor).get("/payouts.csv").is(http.StatusOK)
	b.get("/audit.csv").is(http.StatusOK)
	a.clock.pass(time.Minute)
	b.get("/payouts.csv").is(http.StatusOK)
	if taken := a.events("exported"); len(taken) != 13 {
		t.Errorf("%d on record", len(taken))
	}
}

// What takes secrets out or keeps the machine busy has a pace; whoever adds such a route
// finds it here by its verb or its name.
func TestS14_EveryCostlyRouteHasAPace(t *testing.T) {
	t.Parallel()
	costly := func(r Route) bool {
		return r.Verb == models.VerbReveal || strings.HasSuffix(r.Path, ".csv") || strings.HasSuffix(r.Path, "/evidence") ||
			r.Method == http.MethodPost && (strings.HasSuffix(r.Path, "/verification") || r.asks)
	}
	seen := 0
	for _, r := range newApp(t).Routes() {
		if !costly(r) {
			continue
		}
		if seen++; r.pace == nil {
			t.Errorf("%s %s may be asked for without end", r.Method, r.Path)
		}
	}
	if seen < 6 {
		t.Errorf("only %d costly routes were found", seen)
	}
}

func TestS14_NobodyTakesTheRoomOfAllStreams(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	greedy, other := a.as(models.Maker), a.as(models.Maker)
	a.streams.of[greedy.person.ID] = streamsOwn
	server := startServer(t, a)
	if _, status := greedy.stream(server, "/stream"); status != http.StatusTooManyRequests {
		t.Errorf("status %d", status)
	}
	lines, status := other.stream(server, "/stream")
	if status != http.StatusOK || !until(t, lines, "rail-count-unclear") {
		t.Errorf("status %d", status)
	}
	leave, ok := a.streams.enter(other.person.ID)
	if !ok {
		t.Fatal("the second page of somebody is refused")
	}
	leave()
}
