package models_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"

	"countersign/models"
)

// longPast is a store with a past of three spans and a bit, in texts that are hard to
// tell from what is around them, and with its tree. Nothing keeps it from being edited.
func longPast(t *testing.T) (store *models.Store, length int64) {
	t.Helper()
	store, length = open(t), 3*models.SpanLength+100
	write(t, store, func(tx *gorm.DB) error {
		for n := range length {
			err := models.Append(tx, models.Event{
				At: time.UnixMilli(1_700_000_000_000 + n), Verb: "noted", Actor: "12 \x00 7 Añez", Role: " ", Subject: "settings", SubjectID: "3 abc",
				Details: models.Details{"n": fmt.Sprint(n), "text": "4 ☃ \" '"},
			})
			if err != nil {
				return err
			}
		}
		growth, err := models.NextGrowth(tx, int(length))
		if err != nil {
			return err
		}
		return models.GrowTree(tx, growth)
	})
	for _, trigger := range []string{"events_keep", "events_stay", "tree_hashes_keep", "tree_hashes_stay"} {
		change(t, store, "DROP TRIGGER "+trigger)
	}
	return store, length
}

func write(t *testing.T, store *models.Store, work func(tx *gorm.DB) error) {
	t.Helper()
	if err := store.Write(t.Context(), work); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, store *models.Store, statement string, values ...any) {
	t.Helper()
	write(t, store, func(tx *gorm.DB) error { return tx.Exec(statement, values...).Error })
}

// findingsAlone are the findings of a check that has but one connection.
func findingsAlone(t *testing.T, store *models.Store) (found string) {
	t.Helper()
	err := store.Read(t.Context()).Transaction(func(tx *gorm.DB) error {
		report, err := models.Verify(tx)
		for _, f := range report.Findings {
			if f.Check != "schema" {
				found += f.String() + "\n"
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(found, "\n")
}

// The known-bad variants at every border between what is read apart, and within.
func TestI19_VerifyFindsAnEditInEverySpanAndAtItsBorders(t *testing.T) {
	store, last := longPast(t)
	if found := findings(t, store); found != "" {
		t.Fatal(found)
	}
	var places []int64
	for border := int64(0); border <= last; border += models.SpanLength {
		places = append(places, border, border+1, border+2, border+models.SpanLength/2)
	}
	for _, seq := range append(places[1:], last) {
		if seq > last {
			continue
		}
		change(t, store, "UPDATE events SET at = at + 1 WHERE seq = ?", seq)
		want := fmt.Sprintf("chain: %d: does not fit the one before it", seq)
		if found := findings(t, store); found != want {
			t.Errorf("event %d was edited, found %q", seq, found)
		}
		change(t, store, "UPDATE events SET at = at - 1 WHERE seq = ?", seq)
	}
	if found := findings(t, store); found != "" {
		t.Error(found)
	}
}

// What is found does not hang on how many read at once.
func TestI19_VerifyFindsTheSameOnOneConnection(t *testing.T) {
	for name, statement := range map[string]string{
		"a hash":          fmt.Sprintf("UPDATE events SET hash = zeroblob(32) WHERE seq = %d", models.SpanLength),
		"a short hash":    fmt.Sprintf("UPDATE events SET hash = x'01' WHERE seq = %d", models.SpanLength+1),
		"a cut at begin":  "DELETE FROM events WHERE seq < 3",
		"a span":          fmt.Sprintf("DELETE FROM events WHERE seq BETWEEN %d AND %d", models.SpanLength, 2*models.SpanLength),
		"before all":      "UPDATE events SET seq = -5 WHERE seq = 7",
		"beyond all":      "UPDATE events SET seq = 9223372036854775807 WHERE seq = 7",
		"a node":          "UPDATE tree_hashes SET hash = zeroblob(32) WHERE idx = 2500",
		"the last number": "UPDATE events SET seq = seq + 1000000000000 WHERE seq = (SELECT max(seq) FROM events)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, _ := longPast(t)
			change(t, store, statement)
			found := findings(t, store)
			if found == "" {
				t.Fatal("nothing was found")
			}
			if alone := findingsAlone(t, store); alone != found {
				t.Errorf("%q alone, %q together", alone, found)
			}
		})
	}
}

// The tree grows as the library that others check it with would grow it.
func TestI19_TheTreeGrowsAsTheTransparencyLogSays(t *testing.T) {
	var tree models.Tree
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (hashes []tlog.Hash, err error) {
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	for n := range int64(300) {
		leaf := fmt.Append(nil, "event ", n)
		want, err := tlog.StoredHashes(n, leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Add(leaf); !slices.Equal(got, want) {
			t.Fatalf("leaf %d: %v, not %v", n, got, want)
		}
		stored = append(stored, want...)
		root, err := tree.Root()
		if whole, other := tlog.TreeHash(n+1, reader); err != nil || other != nil || root != whole {
			t.Fatalf("root of %d: %v, not %v (%v, %v)", n+1, root, whole, err, other)
		}
	}
}

// The sent order need not be part of the ring, where the file's own rules are gone too.
func TestI14_AChainThatEndsInARingIsFollowedToItsEnd(t *testing.T) {
	ring := map[models.PayoutID]models.PayoutID{1: 2, 2: 3, 3: 2}
	if found := models.SentInChain(ring, 1); len(found) != len(ring) {
		t.Errorf("found %v", found)
	}
}

// Details are read in a short way where they are plain; it says what the long one says.
func TestAMovesEffectIsReadAsJSONSaysIt(t *testing.T) {
	for _, details := range []string{
		`{}`, ``, `{`, `{"grade":"3"}`, `{"grade":"3","needed":"2","reason":"timeout"}`, `{"grade":"12"}`, `{"needed":"010"}`, `{"grade":""}`,
		`{"reason":"cut","reason":"crash"}`, `{"grade":"1",}`, `{"grade":"1"`, `{"grade":"1"}}`, `{"grade":"1"} `, `{ "grade": "1" }`, `{"grade":1}`,
		`{"note":"\"grade\":\"2\"","grade":"1"}`, `{"note":"Añez","reason":"overdue"}`, `{"gr\u0061de":"4","needed":"1"}`, `{"grade":"x"}`,
		`{"Grade":"2","needed":"1"}`, `{"grade":"1" "needed":"2"}`, `{"grade","1"}`, `["grade"]`, `{"reason":"a	b"}`, `{"grade":"1","needed":null}`,
	} {
		var d map[string]string
		var want models.Effect
		if json.Unmarshal([]byte(details), &d) == nil {
			var grade int
			fmt.Sscan(d["grade"], &grade)
			fmt.Sscan(d["needed"], &want.Needed)
			want.Grade, want.Reason = models.Grade(grade), models.UnclearReason(d["reason"])
		}
		if got := models.EffectIn(details); got != want {
			t.Errorf("%s: %+v, not %+v", details, got, want)
		}
	}
}
