package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/views"
	"countersign/views/i18n"
)

func TestQuarantineWaitsUntilSomebodyHasLooked(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("cashy.peru", 1)
	a.refuses(http.StatusBadRequest, a.written(p, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterBadSign}))
	a.acknowledges("cashy.peru", a.written(p, sandbox.Tell{Say: sandbox.Paid}))
	b := a.as(models.Resolver)
	got := b.get("/notices").is(http.StatusOK)
	got.says("To look at 1", "Quarantine 1", "All 2", "Signature wrong", "claims: paid", "nothing: in quarantine", p.OrderNo, "1 of 1 in this filter")
	if !strings.Contains(b.get("/profile").body, `id="rail-count-notices"`) {
		t.Fatal("the rail has no count")
	}
	got = b.get("/notices/1").is(http.StatusOK)
	got.says("A message to CASHY Lima claims of an order: paid. It was not believed.", "Signature wrong", "Nothing was changed",
		"What to do:", "ask the operator", "SHA-256 of the bytes as they came", "01M", "Mark as looked at")
	b.post("/notices/1/look", url.Values{"reason": {""}}).is(http.StatusUnprocessableEntity).says("1 answer needs another look")
	b.post("/notices/1/look", url.Values{"reason": {"our old key, operator told"}}).leadsTo("/notices")
	b.get("/notices").says("Notice 1 is marked as looked at", "To look at 0", "Quarantine 1", "Nothing in quarantine waits", "CASHY Lima last notice")
	b.get("/notices/1").says("Looked at our old key, operator told", b.person.Name).keepsQuiet("Mark as looked at")
	b.post("/notices/1/look", url.Values{"reason": {"me too"}}).is(http.StatusConflict)
	b.post("/notices/2/look", url.Values{"reason": {"why not"}}).is(http.StatusConflict)
	if done := a.events("quarantine_looked_at"); len(done) != 1 || done[0].SubjectID != "1" {
		t.Fatalf("on record: %+v", done)
	}
}

func TestANoticeIsShownAsItCameWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	for _, rail := range webhookRails {
		a := newTown(t)
		p := a.sent(rail, 1)
		n := a.written(p, sandbox.Tell{Say: sandbox.Paid})
		a.acknowledges(rail, n)
		a.acknowledges(rail, n)
		got := a.as(models.Controller).get("/notices/1").is(http.StatusOK)
		got.says("says that an order was paid", "Signature right", "the order became paid", "once more, at", p.Amount().String(),
			fmt.Sprintf("Notice, %d bytes", len(n.Body)), "Content-Type: application/json")
		if !strings.Contains(got.body, "/payouts/"+p.OrderNo) {
			t.Fatal("the order is not linked")
		}
		if sign := n.Header.Get("Sign"); sign != "" {
			got.keepsQuiet(sign)
		}
		got.keepsQuiet("key-of-")
		a.as(models.GatewayAdmin).get("/notices/1").is(http.StatusOK).says(p.OrderNo).keepsQuiet("/payouts/" + p.OrderNo)
	}
}

func TestWhatIsNoTextIsShownHarmlessly(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	bad := `<script>alert(1)</script> account 4088748280272397 "Sign": "00112233445566778899aabbccddeeff"`
	n := sandbox.Sent{URL: a.web.URL + "/webhooks/" + a.town.Lima.Slug, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(bad)}
	a.refuses(http.StatusBadRequest, n)
	a.refuses(http.StatusBadRequest, n)
	got := a.as(models.Auditor).get("/notices/1").is(http.StatusOK)
	got.says("nothing of an order that we know how to read", "No signature", "names no order", "once more, at")
	got.keepsQuiet("<script>alert", "4088748280272397", "00112233445566778899aabbccddeeff", "Mark as looked at")
}

func TestTheListIsNarrowedByTheAddressAlone(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p, q := a.sent("cashy.peru", 1), a.sent("apay.taiwan", 1)
	a.acknowledges("cashy.peru", a.written(p, sandbox.Tell{Say: sandbox.Paid}))
	a.acknowledges("apay.taiwan", a.written(q, sandbox.Tell{Say: sandbox.Failed}))
	a.refuses(http.StatusBadRequest, a.written(q, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterNoSign}))
	b := a.as(models.Auditor)
	lima := fmt.Sprint(a.town.Lima.ID)
	for query, want := range map[string]struct{ is, not string }{
		"list=all&account=" + lima:            {p.OrderNo, q.OrderNo},
		"list=all&q=" + q.OrderNo:             {q.OrderNo, p.OrderNo},
		"list=all&says=failed":                {q.OrderNo, p.OrderNo},
		"list=all&check=missing_signature":    {"No signature", p.OrderNo},
		"list=quarantine&account=" + lima:     {"No notice fits these filters", p.OrderNo},
		"list=all&says=<b>&check=x&account=-": {p.OrderNo, "<b>"},
	} {
		page := b.get("/notices?" + query).is(http.StatusOK).says(want.is)
		if rows := strings.Count(page.body, want.not); strings.Contains(page.body, "/notices/") && strings.Contains(page.text(), want.not) {
			t.Errorf("%s also finds %s, %d times", query, want.not, rows)
		}
	}
	b.get("/notices?list=all&says=failed").says("Says failed")
}

func TestTheListIsReadPageByPage(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.write(func(tx *gorm.DB) error {
		for i := range 2*noticesShown + 7 {
			n := models.Notice{
				AccountID: a.town.Lima.ID, Body: []byte{}, BodyDigest: []byte{byte(i)}, SameDigest: []byte{}, Verified: "good",
				OrderNo: fmt.Sprintf("N%03d", i+1), Says: "paid", Word: "SUCCESS", Applied: "none", ReceivedAt: a.town.Now(),
			}
			if err := models.KeepNotice(tx, &n); err != nil {
				return err
			}
		}
		return nil
	})
	b := a.as(models.Auditor)
	first := b.get("/notices?list=all").says("N107", "N058", "50 of 107 in this filter").keepsQuiet("N057", "after=")
	second := b.get(link(t, first, "before")).says("N057", "N008").keepsQuiet("N058", "N007")
	third := b.get(link(t, second, "before")).says("N007", "N001").keepsQuiet("before=")
	back := b.get(link(t, third, "after")).says("N057", "N008").keepsQuiet("N058", "N007")
	b.get(link(t, back, "after")).says("N107", "N058").keepsQuiet("N057", "after=")
}

// link is where a page's older or newer rows are.
func link(t *testing.T, p page, turn string) string {
	t.Helper()
	for _, part := range strings.Split(p.body, `href="`) {
		if address, _, _ := strings.Cut(part, `"`); strings.Contains(address, turn+"=") {
			return strings.ReplaceAll(address, "&amp;", "&")
		}
	}
	t.Fatalf("nothing leads on: %s", p.text())
	return ""
}

func TestWithoutNoticesThePageSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.GatewayAdmin)
	b.get("/notices").says("No gateway has told us anything yet", "APAY Shanghai none yet")
	b.get("/notices/1").is(http.StatusNotFound)
	b.get("/notices/x").is(http.StatusNotFound)
	b.post("/notices/1/look", url.Values{"reason": {"x"}}).is(http.StatusForbidden)
}

// Keys that are put together from a word have words for each of them.
func TestEveryWordOfANoticeIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, check := range views.NoticeChecks {
		keys = append(keys, "check."+check)
		if check != "good" {
			keys = append(keys, "quarantine."+check, "quarantine."+check+".means", "quarantine."+check+".do")
		}
	}
	for _, why := range []string{"unknown_order", "not_sent"} {
		keys = append(keys, "quarantine."+why, "quarantine."+why+".means", "quarantine."+why+".do")
	}
	for _, says := range append(views.NoticeSays, "not_found") {
		keys = append(keys, "notice.says."+says, "notice.sentence."+says)
	}
	for _, did := range []models.Move{"none", models.MovePaid, models.MoveFail, models.MoveWorking, models.MoveProve, models.MoveMistrust, models.MoveClash} {
		keys = append(keys, "notice.did."+string(did))
	}
	for _, word := range []sandbox.Word{sandbox.Waiting, sandbox.Paying, sandbox.Paid, sandbox.Failed, sandbox.Cancelled, sandbox.Reversed, sandbox.Undefined, sandbox.Trap} {
		keys = append(keys, "theirs."+string(word))
	}
	keys = append(keys, "theirs.never", "control.agree_yes", "control.agree_no", "control.agree_open", "account.light.green", "account.light.amber",
		"account.light.red", "paused.by_person", "paused.unreachable", "paused.turned_away",
		"paused.keys_unreadable", "paused.not_set_up", "verb."+string(models.VerbSandbox))
	for _, key := range keys {
		if words := i18n.T(t.Context(), key); words == "["+key+"]" {
			t.Errorf("%s has no words", key)
		}
	}
}
