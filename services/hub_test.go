package services

import (
	"testing"

	"countersign/models"
)

func TestAHubCallsThoseWhoWatchAndNobodyElse(t *testing.T) {
	t.Parallel()
	hub := NewHub()
	one, leave := hub.Subscribe(1)
	all, _ := hub.Subscribe()
	hub.Wake([]models.PayoutID{2, 3})
	called(t, all, true)
	called(t, one, false)
	hub.Wake([]models.PayoutID{3, 1})
	hub.Wake([]models.PayoutID{1})
	called(t, one, true)
	called(t, one, false) // several writes are one reason to look
	hub.Wake(nil)
	called(t, one, true) // what every page shows
	leave()
	hub.Wake([]models.PayoutID{1})
	called(t, one, false)
	if hub.Watching() != 1 {
		t.Fatalf("%d watch", hub.Watching())
	}
	hub.Close()
	hub.Close()
	<-hub.Done()
}

func called(t *testing.T, calls <-chan struct{}, want bool) {
	t.Helper()
	got := false
	select {
	case <-calls:
		got = true
	default:
	}
	if got != want {
		t.Fatalf("called %v, want %v", got, want)
	}
}
