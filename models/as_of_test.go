package models_test

import (
	"encoding/json"
	"testing"
	"time"

	"countersign/models"
)

func TestAnOrderIsShownAsItStood(t *testing.T) {
	began := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	state := models.Begin()
	text := func(s models.State) string {
		written, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(written)
	}
	events := []models.Event{{Seq: 4, At: began, Verb: "drafted", PayoutID: 1, After: text(state)}}
	for i, move := range []models.Move{models.MoveEdit, models.MoveWithdraw} {
		before := state
		next, err := state.After(move, models.Effect{})
		if err != nil {
			t.Fatal(err)
		}
		state = next
		events = append(events, models.Event{Seq: int64(7 + i), At: began.Add(time.Duration(i+1) * time.Hour), Verb: string(move), PayoutID: 1, Before: text(before), After: text(state)})
	}
	whole := models.Dossier{OrderNo: "01", State: state, Notices: []models.DossierNotice{{ID: 1, At: began.Add(90 * time.Minute)}}}
	for seq, want := range map[int64]struct {
		stage  models.Stage
		events int
		later  bool
	}{3: {"", 0, true}, 4: {models.Draft, 1, true}, 6: {models.Draft, 1, true}, 7: {models.Draft, 2, false}, 8: {models.Withdrawn, 3, false}, 99: {models.Withdrawn, 3, false}} {
		then, past, later := models.AsOf(whole, events, func(e models.Event) bool { return e.Seq <= seq })
		if then.State.Stage != want.stage || len(past) != want.events || later != want.later {
			t.Errorf("entry %d: %q, %d events, edited later %v", seq, then.State.Stage, len(past), later)
		}
		if seq < 8 && len(then.Notices) > 0 {
			t.Errorf("entry %d: it tells of a notice that came later", seq)
		}
	}
}
