package handlers

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
)

// acks are the exact good answers of both families.
var acks = map[string]struct{ contentType, body string }{
	"apay.taiwan":   {"application/json; charset=utf-8", `{"error_code":"0000"}`},
	"apay.unionpay": {"application/json; charset=utf-8", `{"error_code":"0000"}`},
	"cashy.peru":    {"text/plain; charset=utf-8", "SUCCESS"},
}

var webhookRails = []string{"apay.taiwan", "apay.unionpay", "cashy.peru"}

const unaccepted = "not accepted"

func (a *townApp) acknowledges(rail string, n sandbox.Sent) {
	a.t.Helper()
	status, kind, body := a.posted(n)
	if status != http.StatusOK || kind != acks[rail].contentType || body != acks[rail].body {
		a.t.Fatalf("answered %d %s %q", status, kind, body)
	}
}

func (a *townApp) refuses(want int, n sandbox.Sent) {
	a.t.Helper()
	if status, _, body := a.posted(n); status != want || body != unaccepted {
		a.t.Fatalf("answered %d %q, want %d %q", status, body, want, unaccepted)
	}
}

func TestI15_ANoticeIsKeptAppliedAndThenAcknowledged(t *testing.T) {
	for _, rail := range webhookRails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			a := newTown(t)
			p := a.sent(rail, 1)
			n := a.written(p, sandbox.Tell{Say: sandbox.Paid})
			a.acknowledges(rail, n)
			kept := a.notices()
			if len(kept) != 1 || !bytes.Equal(kept[0].Body, n.Body) || kept[0].Verified != "good" || kept[0].Applied != "paid" {
				t.Fatalf("kept %+v", kept)
			}
			if p = a.town.Look(p); p.Outcome != models.Paid || p.Grade != models.E2 {
				t.Fatalf("the order is %+v", p.State)
			}
			a.town.Sound()
		})
	}
}

func TestM21_TheSameNoticeTenTimesIsOneEvent(t *testing.T) {
	for _, rail := range webhookRails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			a := newTown(t)
			p, q := a.sent(rail, 1), a.sent(rail, 2)
			one, other := a.written(p, sandbox.Tell{Say: sandbox.Paid}), a.written(q, sandbox.Tell{Say: sandbox.Paid})
			var all sync.WaitGroup
			for range 10 {
				a.acknowledges(rail, one)
				all.Go(func() {
					if status, _, body := a.posted(other); status != http.StatusOK || body != acks[rail].body {
						t.Errorf("answered %d %q", status, body)
					}
				})
			}
			all.Wait()
			kept := a.notices()
			if len(kept) != 2 || kept[0].Seen != 10 || kept[1].Seen != 10 {
				t.Fatalf("kept %d, seen %d and %d times", len(kept), kept[0].Seen, kept[len(kept)-1].Seen)
			}
			if moved := a.events("paid"); len(moved) != 2 {
				t.Fatalf("%d events", len(moved))
			}
			a.town.Sound()
		})
	}
}

func TestI17_WhatIsNotBelievedIsKeptAndRefusedInTheSameWords(t *testing.T) {
	for _, rail := range webhookRails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			a := newTown(t)
			p := a.sent(rail, 1)
			draft := a.town.Draft(a.town.Form(rail, 2))
			for why, alter := range map[string]sandbox.Alter{
				"bad_signature": sandbox.AlterBadSign, "missing_signature": sandbox.AlterNoSign, "unknown_order": sandbox.AlterOtherOrder,
				"other_merchant": sandbox.AlterOtherMerchant, "unreadable": sandbox.AlterTwice,
			} {
				a.refuses(http.StatusBadRequest, a.written(p, sandbox.Tell{Say: sandbox.Paid, Alter: alter}))
				kept := a.notices()
				if last := kept[len(kept)-1]; last.Quarantine != "quarantine."+why {
					t.Fatalf("%s is kept as %q", why, last.Quarantine)
				}
			}
			if p = a.town.Look(p); p.Outcome != models.Pending {
				t.Fatalf("the order moved: %+v", p.State)
			}
			if draft = a.town.Look(draft); draft.Stage != models.Draft {
				t.Fatalf("the draft moved: %+v", draft.State)
			}
			a.town.Sound()
		})
	}
}

// A signature of family cashy stands in a header, so a forged notice may carry the
// very bytes of the true one.
func TestI17_AForgedCopyNeitherPassesNorKeepsTheTrueNoticeOut(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("cashy.peru", 1)
	n := a.written(p, sandbox.Tell{Say: sandbox.Paid})
	forged := n
	forged.Header = n.Header.Clone()
	forged.Header.Set("Sign", strings.Repeat("0", 32))
	a.refuses(http.StatusBadRequest, forged)
	a.acknowledges("cashy.peru", n)
	a.refuses(http.StatusBadRequest, forged)
	kept := a.notices()
	if len(kept) != 2 || kept[0].Seen != 2 || kept[1].Seen != 1 || kept[1].Applied != "paid" {
		t.Fatalf("kept %+v", kept)
	}
}

// brokenDisk makes every write of a notice fail, as a full disk would, until mended.
func brokenDisk(t *testing.T, a *townApp) (mend func()) {
	t.Helper()
	var file string
	must(t, a.Store.Read(t.Context()).Raw("SELECT file FROM pragma_database_list").Scan(&file).Error)
	other, err := gorm.Open(sqlite.Open(file + "?_busy_timeout=10000"))
	must(t, err)
	pool, err := other.DB()
	must(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	must(t, other.Exec("CREATE TRIGGER broken BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'no room'); END").Error)
	return func() { must(t, other.Exec("DROP TRIGGER broken").Error) }
}

// acknowledgedUnkept posts a notice to a webhook whose disk is broken, and says
// whether it was acknowledged although nothing was kept.
func acknowledgedUnkept(t *testing.T, a *townApp, rail string, webhook http.Handler) bool {
	t.Helper()
	n := a.written(a.sent(rail, 1), sandbox.Tell{Say: sandbox.Paid})
	brokenDisk(t, a)
	r := httptest.NewRequest(http.MethodPost, n.URL, bytes.NewReader(n.Body))
	r.Header = n.Header
	answer := httptest.NewRecorder()
	webhook.ServeHTTP(answer, r)
	if len(a.notices()) != 0 {
		t.Fatal("the disk is not broken")
	}
	return answer.Code == http.StatusOK || answer.Body.String() == acks[rail].body
}

func TestI15_NothingIsAcknowledgedThatIsNotOnTheDisk(t *testing.T) {
	for _, rail := range webhookRails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			a := newTown(t)
			if acknowledgedUnkept(t, a, rail, a.Handlers) {
				t.Fatal("acknowledged and lost")
			}
		})
	}
}

// The test above has to see a webhook that answers before it has written.
func TestI15_AnEarlyAcknowledgementWouldBeSeen(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	early := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, acks["cashy.peru"].body)
		_, _ = a.Notices.Receive(context.Background(), services.Arrival{Slug: a.town.Lima.Slug, Header: r.Header, Body: body})
	})
	if !acknowledgedUnkept(t, a, "cashy.peru", early) {
		t.Fatal("the test would not see it")
	}
}

func TestAFaultOfOursIsNeverTheGatewaysFault(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	n := a.written(a.sent("cashy.peru", 1), sandbox.Tell{Say: sandbox.Paid})
	mend := brokenDisk(t, a)
	status, _, _ := a.posted(n)
	if status != http.StatusServiceUnavailable {
		t.Fatalf("answered %d", status)
	}
	mend()
	a.acknowledges("cashy.peru", n)
	notices := a.Notices
	a.Handlers.Notices = nil // whatever it is that nobody foresaw
	a.refuses(http.StatusServiceUnavailable, n)
	a.Handlers.Notices = notices
}

func TestAStoppedStoreTellsGatewaysToComeAgain(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	n := a.written(a.sent("apay.taiwan", 1), sandbox.Tell{Say: sandbox.Paid})
	must(t, a.Store.Close())
	a.refuses(http.StatusServiceUnavailable, n)
	if noticeStatus(models.Refuse(models.Stopped, "store.stopped")) != http.StatusServiceUnavailable {
		t.Fatal("a store that stopped writing is no fault of the gateway's")
	}
}

// TestTheSandboxIsAnsweredAsItWants lets both platforms tell what became of their
// orders over the network, with their own tries.
func TestTheSandboxIsAnsweredAsItWants(t *testing.T) {
	for _, rail := range webhookRails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			a := newTown(t)
			p := a.sent(rail, 1)
			a.town.Live(5*time.Minute, 10*time.Second)
			sent := a.town.Sandbox.Notices(p.OrderNo)
			if len(sent) != 1 || !sent[0].Good {
				t.Fatalf("notices %+v", sent)
			}
			if p = a.town.Look(p); p.Outcome != models.Paid || p.Grade != models.E3 {
				t.Fatalf("the order is %+v", p.State)
			}
			a.town.Sound()
		})
	}
}

// After a failed write nothing more may be promised: gateways come again later, and
// every page says that nothing is sent (I29).
func TestI29_AfterAFullDiskGatewaysComeAgainAndPagesSaySo(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	n := a.written(a.sent("cashy.peru", 1), sandbox.Tell{Say: sandbox.Paid})
	b := a.as(models.Controller)
	full := a.Store.Write(t.Context(), func(*gorm.DB) error { return sqlite3.Error{Code: sqlite3.ErrFull} })
	if full == nil || a.Store.Broken() == nil {
		t.Fatal("the store goes on writing")
	}
	a.refuses(http.StatusServiceUnavailable, n)
	for _, page := range []string{"/gateways", "/notices", "/profile"} {
		if got := b.get(page).is(http.StatusOK); !strings.Contains(got.body, "Nothing is being sent") || !strings.Contains(got.body, "The disk refused a write") {
			t.Errorf("%s does not say that nothing is sent", page)
		}
	}
}
