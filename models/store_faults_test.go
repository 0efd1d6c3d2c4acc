package models_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"countersign/models"
)

// set is a unit that writes one setting.
func set(name string) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error { return models.WriteSetting(tx, name, "1") }
}

func stopped(err error) bool {
	var no models.Refusal
	return errors.As(err, &no) && no.Kind == models.Stopped
}

func TestAWriteAfterCloseIsRefused(t *testing.T) {
	store, err := models.Open(filepath.Join(t.TempDir(), "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if err := store.Write(t.Context(), set("late")); !stopped(err) {
			t.Fatalf("got %v", err)
		}
	}
}

// Whoever writes while the store closes is told the truth: durable, or refused.
func TestWritersThatRaceWithCloseAreToldTheTruth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "countersign.db")
	store, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	const writers, each = 16, 40
	answers := make([][each]error, writers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				answers[w][i] = store.Write(context.Background(), set(fmt.Sprintf("%d.%d", w, i)))
			}
		})
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	group.Wait()
	again, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for w := range writers {
		for i, answer := range answers[w] {
			value, err := models.ReadSetting(again.Read(t.Context()), fmt.Sprintf("%d.%d", w, i))
			if err != nil || answer == nil != (value == "1") || answer != nil && !stopped(answer) {
				t.Errorf("writer %d.%d was told %v, the file holds %q, %v", w, i, answer, value, err)
			}
		}
	}
}

func TestAPanicInAUnitIsAnErrorAndUndoesOnlyItself(t *testing.T) {
	store := open(t)
	err := store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := set("half")(tx); err != nil {
			return err
		}
		panic("a unit fell over")
	})
	if err == nil || !strings.Contains(err.Error(), "a unit fell over") {
		t.Errorf("got %v", err)
	}
	if err := store.Write(t.Context(), set("next")); err != nil {
		t.Errorf("the next unit: %v", err)
	}
	if half, _ := models.ReadSetting(store.Read(t.Context()), "half"); half != "" {
		t.Error("the unit that panicked left something behind")
	}
}

// Many writers at once share commits; each that was told yes is on the disk, each
// that failed is not, and the chain is one.
func TestI15_OfManyWritersAtOnceEachIsToldTheTruth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "countersign.db")
	store, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	const writers = 600
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			err := store.Write(context.Background(), func(tx *gorm.DB) error {
				if err := appendNote(tx, fmt.Sprintf("n%d", w)); err != nil {
					return err
				}
				if w%5 == 0 {
					return boom
				}
				return set(fmt.Sprint(w))(tx)
			})
			if (w%5 == 0) != errors.Is(err, boom) || w%5 != 0 && err != nil {
				t.Errorf("writer %d: %v", w, err)
			}
		})
	}
	group.Wait()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for w := range writers {
		if value, _ := models.ReadSetting(again.Read(t.Context()), fmt.Sprint(w)); (value == "1") == (w%5 == 0) {
			t.Errorf("writer %d left %q", w, value)
		}
	}
	report, err := models.Verify(again.Read(t.Context()))
	if err != nil || report.Events != writers-writers/5 || len(report.Findings) > 0 {
		t.Errorf("%d events, %v, %v", report.Events, report.Findings, err)
	}
}

func appendNote(tx *gorm.DB, verb string) error {
	return models.Append(tx, models.Event{At: time.UnixMilli(1), Verb: verb, Actor: "test", Subject: "settings", SubjectID: "x"})
}

// After an I/O error a later commit may seem to succeed and still be lost with the
// one before it: what waited in the queue is refused as well.
func TestI29_WhatWaitedBehindAFaultOfTheDiskIsNotWritten(t *testing.T) {
	store := open(t)
	began, answers := make(chan struct{}), make(chan error, 3)
	go func() {
		answers <- store.Write(context.Background(), func(*gorm.DB) error {
			close(began)
			for store.Waiting() < 2 {
				runtime.Gosched()
			}
			return sqlite3.Error{Code: sqlite3.ErrIoErr}
		})
	}()
	<-began
	for range 2 {
		go func() { answers <- store.Write(context.Background(), set("behind")) }()
	}
	for range 3 {
		if err := <-answers; err == nil {
			t.Error("a write was confirmed behind a fault of the disk")
		}
	}
	if value, _ := models.ReadSetting(store.Read(t.Context()), "behind"); value != "" {
		t.Error("a write was carried out behind a fault of the disk")
	}
	if err := store.Write(t.Context(), set("later")); !stopped(err) || store.Broken() == nil {
		t.Errorf("the store goes on: %v", err)
	}
}

// fill writes until the file may not grow any more.
func fill(tx *gorm.DB) error {
	var pages int64
	if err := tx.Raw("PRAGMA page_count").Scan(&pages).Error; err != nil {
		return err
	}
	if err := tx.Raw(fmt.Sprintf("PRAGMA max_page_count = %d", pages+2)).Scan(&pages).Error; err != nil {
		return err
	}
	return models.WriteSetting(tx, "large", strings.Repeat("x", 1<<20))
}

func TestI29_AFullDiskStopsTheStore(t *testing.T) {
	for name, unit := range map[string]func(tx *gorm.DB) error{
		"told":      fill,
		"swallowed": func(tx *gorm.DB) error { _ = models.Within(tx, fill); return nil },
	} {
		store := open(t)
		if err := store.Write(t.Context(), set("before")); err != nil {
			t.Fatal(err)
		}
		if err := store.Write(t.Context(), unit); err == nil {
			t.Errorf("%s: a write was confirmed on a full disk", name)
		}
		if err := store.Write(t.Context(), set("after")); !stopped(err) || store.Broken() == nil {
			t.Errorf("%s: the store goes on: %v", name, err)
		}
		if value, err := models.ReadSetting(store.Read(t.Context()), "before"); err != nil || value != "1" {
			t.Errorf("%s: what was there is gone: %q, %v", name, value, err)
		}
	}
}

// Two programs on one file: the chain stays one and no event is lost (I19).
func TestI19_TwoProgramsOnOneFileWriteOneChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "countersign.db")
	var programs [2]*models.Store
	for i := range programs {
		var err error
		if programs[i], err = models.Open(path); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { programs[i].Close() })
	}
	const each = 50
	var group sync.WaitGroup
	for _, store := range programs {
		group.Go(func() {
			for i := range each {
				if err := store.Write(context.Background(), func(tx *gorm.DB) error { return appendNote(tx, fmt.Sprint(i)) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	again, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	report, err := models.Verify(again.Read(t.Context()))
	if err != nil || report.Events != int64(len(programs)*each) || len(report.Findings) > 0 {
		t.Errorf("%d events, %v, %v", report.Events, report.Findings, err)
	}
}

// What a stranger's program calls itself is kept in events: bytes that are no text
// must not make the chain look edited.
func TestI19_BytesThatAreNoTextDoNotBreakTheChain(t *testing.T) {
	store := open(t)
	err := store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.Append(tx, models.Event{
			At: time.UnixMilli(1), Verb: "signed_in", Actor: "a\xffb", Subject: "session\x00", SubjectID: "\xc3",
			Details: models.Details{"device": "Mozilla\xff\x00\xed\xa0\x80<&>\u2028", "bad\xfename": "x"},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := findings(t, store); found != "" {
		t.Error(found)
	}
}
