package services_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"countersign/services"
	"countersign/services/servicestest"
)

// The life of two orders passes every point that the kill proof stops the program
// at; one that nothing passes any more would prove nothing.
func TestAnOrdersLifePassesEveryPoint(t *testing.T) {
	town := servicestest.New(t)
	var mu sync.Mutex
	var passed []services.Point
	town.Core.Reach = func(p services.Point) {
		mu.Lock()
		defer mu.Unlock()
		passed = append(passed, p)
	}
	town.Approved(town.Form("apay.taiwan", 1))
	if _, err := town.Sender.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	town.Must(leftSending(t, town))
	if _, err := town.Sender.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	town.Live(10*time.Minute, time.Minute)
	for _, p := range services.Points {
		if !slices.Contains(passed, p) {
			t.Errorf("nothing passes %q", p)
		}
	}
	send := []services.Point{
		services.PointClaimed, services.PointAttempting, services.PointAttempted, services.PointLeaving,
		services.PointExchanged, services.PointConcluding, services.PointConcluded,
	}
	if at := slices.Index(passed, services.PointClaimed); !slices.Equal(passed[at:at+len(send)], send) {
		t.Errorf("a send passes %q", passed[at:at+len(send)])
	}
}

// leftSending leaves an order sending, as a crash does: its exchange never ends.
func leftSending(t *testing.T, town *servicestest.Town) error {
	p := town.Approved(town.Form("apay.taiwan", 2))
	reach := town.Core.Reach
	defer func() { town.Core.Reach = reach }()
	town.Core.Reach = func(at services.Point) {
		if at == services.PointLeaving {
			panic("cut off")
		}
	}
	defer func() { _ = recover() }()
	return town.Sender.Send(t.Context(), p.ID)
}
