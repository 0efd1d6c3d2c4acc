package services_test

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/notary"
	"countersign/services/servicestest"
)

// keptHeads are the files that have left, by their names' order.
func keptHeads(t *testing.T, town *servicestest.Town) (files []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(town.HeadsFolder(), "*.txt"))
	town.Must(err)
	return files
}

func TestI19_AHeadLeavesEveryHourAndTheFirstOfADayIsTheDays(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	for range 26 * 4 { // a day and two hours, from 1 o'clock
		town.Must(town.Heads.Round(t.Context()))
		town.Pass(15 * time.Minute)
	}
	var days, hours int
	for _, file := range keptHeads(t, town) {
		if strings.HasPrefix(filepath.Base(file), "day-") {
			days++
		} else {
			hours++
		}
	}
	if days != 2 || hours != 24 {
		t.Errorf("%d of the day and %d of the hour", days, hours)
	}
	town.Sound()
}

func TestI19_AHeadThatWasKeptHoldsWhileTheLogGrows(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	for i := range 5 {
		town.Draft(town.Form("apay.taiwan", i))
		_, err := town.Heads.Sign(t.Context(), "asked")
		town.Must(err)
		town.Pass(time.Second)
	}
	town.Must(town.Heads.Leave(t.Context()))
	verifier, err := town.Heads.Verifier(t.Context())
	town.Must(err)
	for _, file := range keptHeads(t, town) {
		signed, err := os.ReadFile(file)
		town.Must(err)
		check, err := town.Heads.CheckHead(t.Context(), signed, verifier)
		town.Must(err)
		if check.Wrong != "" || check.Head.Size == 0 || check.Events < check.Head.Size {
			t.Errorf("%s: %+v", file, check)
		}
		if check, err = town.Heads.CheckHead(t.Context(), []byte(strings.Replace(string(signed), "time 2", "time 3", 1)), verifier); err != nil || check.Wrong == "" {
			t.Errorf("an altered head was believed: %+v %v", check, err)
		}
	}
	if len(keptHeads(t, town)) != 5 {
		t.Error(keptHeads(t, town))
	}
	town.Sound()
}

// rewriteAll writes the whole chain anew after one event was changed, hashes, stored
// tree and all, as somebody would who has the database and this program's source. It
// fixes the heads on record too: only what has left cannot be reached.
func rewriteAll(tx *gorm.DB, change string) error {
	return servicestest.Unguarded(tx, func(tx *gorm.DB) error { return rewriteLog(tx, change) })
}

func rewriteLog(tx *gorm.DB, change string) error {
	for _, statement := range []string{
		change, "DELETE FROM tree_hashes", "DELETE FROM head_departures", "DELETE FROM heads",
	} {
		if err := tx.Exec(statement).Error; err != nil {
			return err
		}
	}
	var all []models.Event
	if err := tx.Order("seq").Find(&all).Error; err != nil {
		return err
	}
	var before []byte
	for _, e := range all {
		before = chained(e, before)
		if err := tx.Exec("UPDATE events SET hash = ? WHERE seq = ?", before, e.Seq).Error; err != nil {
			return err
		}
	}
	growth, err := models.NextGrowth(tx, len(all))
	if err != nil {
		return err
	}
	return models.GrowTree(tx, growth)
}

// chained is the hash of an event as docs describe it, computed apart from the product.
func chained(e models.Event, before []byte) []byte {
	h := sha256.New()
	frame := func(field []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(field))))
		h.Write(field)
	}
	number := func(n int64) { frame(binary.BigEndian.AppendUint64(nil, uint64(n))) }
	details, err := e.Details.Value()
	if err != nil {
		panic(err)
	}
	frame(before)
	number(e.Seq)
	number(e.At.UnixMilli())
	frame([]byte(e.Verb))
	number(int64(e.ActorID))
	for _, field := range []string{e.Actor, e.Role, e.Subject, e.SubjectID} {
		frame([]byte(field))
	}
	number(int64(e.PayoutID))
	for _, field := range []string{e.Before, e.After, details.(string)} {
		frame([]byte(field))
	}
	if e.Binds != "" {
		frame([]byte(e.Binds))
	}
	return h.Sum(nil)
}

// The known-bad variants: verify alone is content with a past that was written anew
// as a whole; a head that left is not.
func TestI19_APastWrittenAnewIsFoundByAHeadThatLeft(t *testing.T) {
	for name, change := range map[string]string{
		"another person": "UPDATE events SET actor = 'somebody else' WHERE verb = 'drafted' AND seq = (SELECT min(seq) FROM events WHERE verb = 'drafted')",
		"the last one":   "UPDATE events SET at = at + 1 WHERE seq = (SELECT max(seq) FROM events)",
		"a cut tail":     "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events WHERE verb = 'noted') AND verb = 'noted'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			p := town.Draft(town.Form("apay.taiwan", 1))
			town.Draft(town.Form("apay.taiwan", 2))
			town.Must(town.Payouts.Note(t.Context(), town.Maker, p.OrderNo, "as agreed", nil))
			verifier, err := town.Heads.Verifier(t.Context())
			town.Must(err)
			if name == "a cut tail" {
				town.Must(town.Payouts.Note(t.Context(), town.Maker, p.OrderNo, "and again", nil))
			}
			signed, err := town.Heads.Sign(t.Context(), "asked")
			town.Must(err)
			town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return rewriteAll(tx, change) }))
			town.Sound() // nothing inside the database is wrong
			check, err := town.Heads.CheckHead(t.Context(), []byte(signed.Note), verifier)
			town.Must(err)
			if !strings.HasPrefix(check.Wrong, "The past was ") {
				t.Errorf("not found: %+v", check)
			}
		})
	}
}

func TestI19_VerifyHoldsTheStoredTreeAndHeadsAgainstTheEvents(t *testing.T) {
	for name, change := range map[string]string{
		"a node":      "UPDATE tree_hashes SET hash = zeroblob(32) WHERE idx = 3",
		"a cut tree":  "DELETE FROM tree_hashes WHERE idx > 4",
		"a gap":       "DELETE FROM tree_hashes WHERE idx = 2",
		"a root":      "UPDATE heads SET root = zeroblob(32)",
		"a long head": "UPDATE heads SET size = size + 1000",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			town.Draft(town.Form("apay.taiwan", 1))
			_, err := town.Heads.Sign(t.Context(), "asked")
			town.Must(err)
			town.Sound()
			err = town.Store.Write(t.Context(), func(tx *gorm.DB) error {
				for _, s := range []string{"DROP TRIGGER tree_hashes_keep", "DROP TRIGGER tree_hashes_stay", "DROP TRIGGER heads_keep", change} {
					if err := tx.Exec(s).Error; err != nil {
						return err
					}
				}
				return nil
			})
			town.Must(err)
			report, err := models.Verify(town.Store.Read(t.Context()))
			town.Must(err)
			if len(report.Findings) == 0 || report.Findings[0].Check != "tree" {
				t.Errorf("found %v", report.Findings)
			}
		})
	}
}

func TestI19_TheTreeAndTheHeadsRefuseUpdateAndDelete(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	town.Must(town.Heads.Round(t.Context()))
	for _, statement := range []string{
		"UPDATE tree_hashes SET hash = zeroblob(32)", "DELETE FROM tree_hashes", "REPLACE INTO tree_hashes SELECT * FROM tree_hashes",
		"UPDATE heads SET note = ''", "DELETE FROM heads", "REPLACE INTO heads SELECT * FROM heads",
		"UPDATE head_departures SET left_at = 0", "DELETE FROM head_departures",
	} {
		if err := town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(statement).Error }); err == nil {
			t.Errorf("%q was carried out", statement)
		}
	}
}

func TestWhatCouldNotLeaveIsTriedAgainAndNeverWrittenTwice(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	var taken []string
	open := false
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !open {
			http.Error(w, "closed", http.StatusServiceUnavailable)
			return
		}
		taken = append(taken, string(body))
	}))
	t.Cleanup(receiver.Close)
	webhook, err := services.WebhookOutlet(receiver.URL, town.Now)
	town.Must(err)
	town.Heads.Outlets = append(town.Heads.Outlets, webhook)
	for range 3 {
		if err := town.Heads.Round(t.Context()); err == nil {
			t.Error("nobody was told that a head could not leave")
		}
		town.Pass(time.Hour)
	}
	waiting, oldest, err := models.StuckHeads(town.Store.Read(t.Context()))
	town.Must(err)
	if waiting != 3 || oldest.Problem != "HTTP 503" || oldest.Tries != 3 || len(keptHeads(t, town)) != 3 {
		t.Errorf("%d wait, %+v", waiting, oldest)
	}
	open = true
	town.Must(town.Heads.Leave(t.Context()))
	town.Must(town.Heads.Leave(t.Context()))
	if len(taken) != 3 {
		t.Fatalf("%d were taken", len(taken))
	}
	verifier, err := town.Heads.Verifier(t.Context())
	town.Must(err)
	for _, note := range taken {
		if _, err := notary.Open([]byte(note), verifier); err != nil {
			t.Error(err)
		}
	}
	files := keptHeads(t, town)
	town.Must(os.WriteFile(files[0], []byte("another"), 0o600))
	head, err := models.FindHead(town.Store.Read(t.Context()), 1)
	town.Must(err)
	if err := town.Heads.Outlets[0].Leave(t.Context(), head); err == nil {
		t.Error("a file that was there was taken for ours")
	}
	if content, err := os.ReadFile(files[0]); err != nil || string(content) != "another" {
		t.Errorf("a file that was there was written over: %q %v", content, err)
	}
}

func TestS13_HeadsGoToHTTPSOrThisMachineAlone(t *testing.T) {
	for address, good := range map[string]bool{
		"https://heads.example/in?t=x": true, "http://127.0.0.1:9/": true, "http://heads.example": false, "ftp://heads.example": false,
		"https://a:b@heads.example": false, "heads.example": false, "": false,
	} {
		outlet, err := services.WebhookOutlet(address, time.Now)
		if (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
		if strings.Contains(outlet.Place, "?") {
			t.Errorf("the place tells more than it should: %s", outlet.Place)
		}
	}
}
