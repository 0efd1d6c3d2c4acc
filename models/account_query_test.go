package models

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
)

// bare is a store with one account and no rules between its tables, for queries
// that only count.
func bare(t *testing.T) (*Store, GatewayAccount) {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	a := GatewayAccount{Name: "Lima", Family: "cashy", Slug: "slug", SealedKeys: []byte{}, Rails: "cashy.peru", QuestionsS: "30"}
	if err := s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&a).Error }); err != nil {
		t.Fatal(err)
	}
	return s, a
}

func TestAnAccountIsUnusualWhenItsShareOfDoubtDoubles(t *testing.T) {
	for _, c := range []struct {
		h    AccountHealth
		want bool
	}{
		{AccountHealth{}, false},
		{AccountHealth{Sent: 100, Unclear: 2}, false},
		{AccountHealth{Sent: 100, Unclear: 3, UsualSent: 700, UsualUnclear: 10}, true},
		{AccountHealth{Sent: 100, Unclear: 3, UsualSent: 700, UsualUnclear: 11}, false},
		{AccountHealth{Sent: 3, Unclear: 3}, false}, // nothing to compare with
	} {
		if got := c.h.Unusual(); got != c.want {
			t.Errorf("%+v: %v", c.h, got)
		}
	}
}

func TestHealthCountsTheLastDay(t *testing.T) {
	t.Parallel()
	s, a := bare(t)
	now := time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)
	err := s.Write(t.Context(), func(tx *gorm.DB) error {
		for i := range 100 {
			q := Question{AccountID: a.ID, AskedAt: now.Add(-time.Hour), TookMS: int64(i+1) * 10}
			if err := tx.Create(&q).Error; err != nil {
				return err
			}
		}
		for i, n := range []Notice{
			{Verified: "bad_signature", Quarantine: "quarantine.bad_signature", ReceivedAt: now.Add(-time.Hour)},
			{Verified: "good", Quarantine: "quarantine.unknown_order", ReceivedAt: now.Add(-2 * time.Hour)},
			{Verified: "bad_signature", Quarantine: "quarantine.bad_signature", ReceivedAt: now.Add(-25 * time.Hour)},
			{Verified: "good", ReceivedAt: now.Add(-time.Hour)},
		} {
			n.AccountID, n.Body, n.BodyDigest, n.SameDigest = a.ID, []byte{}, []byte{byte(i)}, []byte{}
			if err := KeepNotice(tx, &n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := HealthOf(s.Read(t.Context()), a.ID, now)
	if err != nil {
		t.Fatal(err)
	}
	if h.Slowest != 950*time.Millisecond || h.Quarantined != 2 || h.BadlySigned != 1 || h.Sent != 0 {
		t.Fatalf("%+v", h)
	}
	if waiting, err := NoticesToLookAt(s.Read(t.Context())); err != nil || waiting != 3 {
		t.Fatalf("%d wait, %v", waiting, err)
	}
}

// The questions of every page must not grow with the past.
func TestCountsAndListsAreReadByAnIndex(t *testing.T) {
	t.Parallel()
	s, a := bare(t)
	db := s.Read(t.Context())
	for name, query := range map[string]string{
		"waiting":  "SELECT count(*) FROM notices WHERE quarantine <> '' AND looked_by = 0",
		"account":  fmt.Sprintf("SELECT * FROM notices WHERE account_id = %d AND id < 900 ORDER BY id DESC LIMIT 51", a.ID),
		"attempts": fmt.Sprintf("SELECT count(*), sum(read_as NOT IN ('', 'accepted')) FROM attempts WHERE account_id = %d AND started_at >= 5 AND started_at < 9 AND read_as <> 'not_sent'", a.ID),
		"answers":  fmt.Sprintf("SELECT took_ms FROM questions WHERE account_id = %d AND asked_at >= 5 AND fault = '' ORDER BY asked_at DESC LIMIT 500", a.ID),
	} {
		var plan []struct{ Detail string }
		if err := db.Raw("EXPLAIN QUERY PLAN " + query).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		for _, step := range plan {
			if step.Detail == "SCAN notices" || step.Detail == "SCAN attempts" || step.Detail == "SCAN questions" || step.Detail == "USE TEMP B-TREE FOR ORDER BY" {
				t.Errorf("%s: %s", name, step.Detail)
			}
		}
	}
}

func TestExpectedNoticesAreReadByAnIndex(t *testing.T) {
	t.Parallel()
	s, a := bare(t)
	plan := PlanOfExpected(s.Read(t.Context()), a, func(sql string, values []any) string {
		var steps []struct{ Detail string }
		if err := s.Read(t.Context()).Raw("EXPLAIN QUERY PLAN "+sql, values...).Scan(&steps).Error; err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(steps)
	})
	if !strings.Contains(plan, "questions_by_account (account_id=? AND asked_at>?)") || !strings.Contains(plan, "notices_by_payout") || strings.Contains(plan, "SCAN") {
		t.Error(plan)
	}
}
