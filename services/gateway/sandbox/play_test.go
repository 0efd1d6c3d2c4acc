package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/sandbox"
)

func TestTheAmountChoosesTheScenario(t *testing.T) {
	t.Parallel()
	// How the create call ends, whether the order exists, its word and the
	// notices after a day, and what a query says after five minutes.
	cases := []struct {
		ends        int64
		id          string
		answer      func(family string, r reply) bool
		exists      bool
		word        sandbox.Word
		notices     int
		fiveMinutes sandbox.Word
	}{
		{0, "pays", well, true, sandbox.Paid, 1, sandbox.Paid},
		{1, "refuses", refused, false, "", 0, ""},
		{2, "silent", silent, true, sandbox.Paid, 1, sandbox.Paid},
		{3, "accepts_502", badGateway, true, sandbox.Paid, 1, sandbox.Paid},
		{4, "fails_then_pays", well, true, sandbox.Paid, 2, sandbox.Failed},
		{5, "empty", empty, true, sandbox.Paid, 1, sandbox.Paid},
		{6, "bad_sign", well, true, sandbox.Paid, 1, sandbox.Paid},
		{7, "pays_less", well, true, sandbox.Paid, 1, sandbox.Paid},
		{8, "hidden_then_paid", well, true, sandbox.Paid, 1, ""},
		{9, "same_ten", well, true, sandbox.Paid, 20, sandbox.Paid},
		{10, "stays_working", well, true, sandbox.Paid, 1, sandbox.Paying},
		{11, "pays", well, true, sandbox.Paid, 1, sandbox.Paid},
	}
	for _, family := range families {
		for _, c := range cases {
			t.Run(family+" "+c.id, func(t *testing.T) {
				t.Parallel()
				s := play(t)
				s.meet(c.id)
				if r := s.create(family, "N1", c.ends); !c.answer(family, r) {
					t.Errorf("answer: %+v", r)
				}
				s.pass(5 * time.Minute)
				if c.fiveMinutes != "" {
					s.wants("query", s.query(family, "N1"), status(family, c.fiveMinutes))
				} else if got := s.query(family, "N1"); strings.Contains(got, `tatus"`) {
					t.Errorf("query finds %s", got)
				}
				s.pass(24 * time.Hour)
				order, _ := s.Order("N1")
				if order.Scenario != c.id || order.Exists != c.exists || order.Word != c.word || len(order.Notices) != c.notices || s.Deliveries("N1") != 1 {
					t.Errorf("%s: exists %v, %s, %d notices, %d deliveries", order.Scenario, order.Exists, order.Word, len(order.Notices), s.Deliveries("N1"))
				}
				if c.exists {
					s.wants("in the end", s.query(family, "N1"), status(family, sandbox.Paid))
				}
			})
		}
	}
}

func well(family string, r reply) bool {
	return r.status == http.StatusOK && strings.HasPrefix(r.body, accepted(family))
}

func refused(family string, r reply) bool {
	return strings.Contains(r.body, map[string]string{sandbox.Apay: `"0012"`, sandbox.Cashy: `"Params_accountNo_error"`}[family])
}

func silent(_ string, r reply) bool     { return r.err != nil }
func badGateway(_ string, r reply) bool { return r.status == http.StatusBadGateway }
func empty(_ string, r reply) bool      { return r.status == http.StatusOK && r.body == "" && r.err == nil }

func TestNoticesAreTriedOnTheTimetable(t *testing.T) {
	t.Parallel()
	minutes := map[string][]int{
		sandbox.Apay:  {0, 6, 12, 18, 24, 30, 36, 42, 48, 54},
		sandbox.Cashy: {0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023},
	}
	for _, family := range families {
		for _, speed := range []int{1, 60} {
			s := play(t, func(c *sandbox.Config) { c.Speed = speed })
			s.inbox.answers(http.StatusInternalServerError, "")
			s.create(family, "N1", 0)
			s.pass(48 * time.Hour)
			sent := s.Notices("N1")
			if len(sent) != len(minutes[family]) || len(s.inbox.messages()) != len(sent) {
				t.Fatalf("%s: %d notices", family, len(sent))
			}
			for i, after := range minutes[family] {
				at := noon.Add((2*time.Minute + time.Duration(after)*time.Minute) / time.Duration(speed))
				if !sent[i].At.Equal(at) || sent[i].Try != i+1 || sent[i].Good {
					t.Errorf("%s at speed %d: try %d at %v, want %v", family, speed, sent[i].Try, sent[i].At, at)
				}
			}
			same := sent[0].Header.Get("Sign") == sent[1].Header.Get("Sign") && string(sent[0].Body) == string(sent[1].Body)
			if same != (family == sandbox.Apay) {
				t.Errorf("%s: the second try has the same bytes: %v", family, same)
			}
		}
	}
}

func TestOnlyTheExactAnswerEndsTheTries(t *testing.T) {
	t.Parallel()
	cases := []struct {
		family string
		status int
		answer string
		good   bool
	}{
		{sandbox.Apay, 200, `{"error_code":"0000"}`, true},
		{sandbox.Apay, 200, ` { "error_code" : "0000" } `, true},
		{sandbox.Apay, 200, `{"error_code":0}`, false},
		{sandbox.Apay, 200, `{"error_code":"0000","error_msg":""}`, false},
		{sandbox.Apay, 200, `SUCCESS`, false},
		{sandbox.Apay, 200, ``, false},
		{sandbox.Apay, 201, `{"error_code":"0000"}`, false},
		{sandbox.Cashy, 200, `SUCCESS`, true},
		{sandbox.Cashy, 200, `success`, false},
		{sandbox.Cashy, 200, `"SUCCESS"`, false},
		{sandbox.Cashy, 200, "SUCCESS\n", false},
		{sandbox.Cashy, 500, `SUCCESS`, false},
	}
	for _, c := range cases {
		s := play(t)
		s.inbox.answers(c.status, c.answer)
		s.create(c.family, "N1", 0)
		s.pass(3 * time.Minute)
		s.inbox.answers(http.StatusOK, map[string]string{sandbox.Apay: `{"error_code":"0000"}`, sandbox.Cashy: "SUCCESS"}[c.family])
		s.pass(24 * time.Hour)
		sent := s.Notices("N1")
		if sent[0].Good != c.good || !sent[len(sent)-1].Good || c.good != (len(sent) == 1) {
			t.Errorf("%s %q: %d tries, the first good: %v", c.family, c.answer, len(sent), sent[0].Good)
		}
	}
}

func TestNoticesGoToThisMachineOnly(t *testing.T) {
	t.Parallel()
	s := play(t)
	for _, address := range []string{"https://merchant.example/n", "http://10.0.0.1/n", "http://localhost.example/n", "http://127.0.0.1.example/n"} {
		_, err := s.Seed(sandbox.Seeded{
			MerchantID: "PF0002", Number: address, Amount: models.Money{Minor: 1, Currency: "CNY"}, NotifyURL: address, Created: noon,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Tell(address, sandbox.Tell{Say: sandbox.Paid}); err != nil {
			t.Fatal(err)
		}
		if sent := s.Notices(address); len(sent) != 1 || !strings.Contains(sent[0].Fault, "loopback") {
			t.Errorf("%s: %+v", address, sent)
		}
	}
}

func TestAScriptGoesStepByStep(t *testing.T) {
	t.Parallel()
	s := play(t)
	lost, _ := sandbox.Find("lost_502")
	refuses, _ := sandbox.Find("refuses_sign")
	s.Script("N1", lost, refuses)
	if r := s.unionpay("N1", 100); r.status != http.StatusBadGateway {
		t.Errorf("first: %+v", r)
	}
	s.wants("second", s.unionpay("N1", 100).body, `"0004"`)
	s.wants("third", s.unionpay("N1", 100).body, `"0004"`)
	if order, _ := s.Order("N1"); order.Exists || len(order.Deliveries) != 3 {
		t.Errorf("%+v", order)
	}
}

func TestAScriptMayBeginAfterwards(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.unionpay("N1", 100)
	s.pass(time.Minute)
	s.Script("N1", sandbox.Scenario{Query: []sandbox.Phase{{Until: 10 * time.Minute, Hidden: true}}, Fate: sandbox.FateFailed})
	s.wants("hidden now", s.query(sandbox.Apay, "N1"), `"data":[]`)
	s.pass(10 * time.Minute)
	s.wants("failed in the end", s.query(sandbox.Apay, "N1"), `"status":5`)
	if n := len(s.Notices("N1")); n != 1 {
		t.Errorf("%d notices", n)
	}
}

func TestAGateHoldsTheAnswerOfABookedOrder(t *testing.T) {
	t.Parallel()
	s := play(t)
	gate := s.Hold("N1")
	answered := make(chan reply)
	go func() { answered <- s.unionpay("N1", 100) }()
	<-gate.Arrived()
	if order, _ := s.Order("N1"); !order.Exists {
		t.Error("the order is not booked yet")
	}
	if err := s.Push("N1", sandbox.PushPaid); err != nil {
		t.Error(err)
	}
	gate.Release()
	s.wants("answer", (<-answered).body, `"0000"`)
}

func TestAMerchantsNextOrdersArePlayedAsChosen(t *testing.T) {
	t.Parallel()
	s := play(t)
	if err := s.SetNext("PF0002", "accepts_503", 2); err != nil {
		t.Fatal(err)
	}
	s.peru("P1", 100_00, nil)
	if next := s.State().Merchants[0]; next.Next.ID != "accepts_503" || next.Remaining != 2 {
		t.Errorf("%+v", next)
	}
	for i, want := range []int{503, 503, 200} {
		if r := s.unionpay("N"+string(rune('1'+i)), 100); r.status != want {
			t.Errorf("order %d: %d", i+1, r.status)
		}
	}
	state := s.State().Merchants[0]
	if state.Remaining != 0 || len(state.Last) != 3 || state.Last[0].Number != "N3" || state.Frozen.Minor != 3*(100+2_00) {
		t.Errorf("%+v", state)
	}
	for id, merchant := range map[string]string{"splits": "100001", "no_such": "PF0002", "pays": "nobody"} {
		if err := s.SetNext(merchant, id, 1); err == nil {
			t.Errorf("%s for %s is allowed", id, merchant)
		}
	}
}

func TestTimeMayRunFasterFromNowOn(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.unionpay("N1", 100)
	s.pass(time.Minute)
	s.SetSpeed(60)
	if due, _ := s.NextDue(); !due.Equal(noon.Add(61 * time.Second)) {
		t.Errorf("due at %v", due)
	}
	s.pass(time.Second)
	if order, _ := s.Order("N1"); order.Word != sandbox.Paid || s.State().Speed != 60 {
		t.Errorf("%s at speed %d", order.Word, s.State().Speed)
	}
}

func TestAPushSaysAndWhatHappensHappens(t *testing.T) {
	t.Parallel()
	cases := []struct {
		push sandbox.Push
		word sandbox.Word // after it, of an order that was paid
		says sandbox.Word
	}{
		{sandbox.PushPaid, sandbox.Paid, sandbox.Paid},
		{sandbox.PushFailed, sandbox.Failed, sandbox.Failed},
		{sandbox.PushReversed, sandbox.Reversed, sandbox.Reversed},
		{sandbox.PushBadSign, sandbox.Paid, sandbox.Paid},
		{sandbox.PushLess, sandbox.Paid, sandbox.Paid},
		{sandbox.PushSame, sandbox.Paid, sandbox.Paid},
	}
	if len(cases) != len(sandbox.Pushes()) {
		t.Error("a push has no test")
	}
	for _, family := range families {
		for _, c := range cases {
			s := play(t)
			s.create(family, "N1", 0)
			if err := s.Push("N1", sandbox.PushSame); err != sandbox.ErrNothing {
				t.Errorf("before any notice: %v", err)
			}
			s.pass(2 * time.Minute)
			if err := s.Push("N1", c.push); err != nil {
				t.Fatal(err)
			}
			got := s.inbox.messages()
			order, _ := s.Order("N1")
			if len(got) != 2 || order.Word != c.word || (got[0].body == got[1].body) != (c.push == sandbox.PushSame || c.push == sandbox.PushPaid || c.push == sandbox.PushBadSign && family == sandbox.Cashy) {
				t.Errorf("%s %s: %d notices, %s\n%s", family, c.push, len(got), order.Word, got[1].body)
			}
			s.wants(string(c.push), got[1].body, status(family, c.says))
		}
	}
}

func TestASeededOrderIsKnownAndGoesOn(t *testing.T) {
	t.Parallel()
	s := play(t)
	sum := models.Money{Minor: 1_850_00, Currency: "PEN"}
	old := sandbox.Seeded{
		MerchantID: "100001", Number: "OLD", GatewayNo: "PAYOUT7", Amount: sum, NotifyURL: s.inbox.url,
		Word: sandbox.Paid, Created: noon.AddDate(0, 0, -40), Updated: noon.AddDate(0, 0, -40).Add(time.Minute),
	}
	if no, err := s.Seed(old); err != nil || no != "PAYOUT7" {
		t.Fatal(no, err)
	}
	if _, err := s.Seed(old); err != sandbox.ErrTaken {
		t.Errorf("twice: %v", err)
	}
	s.wants("query", s.query(sandbox.Cashy, "OLD"), `"orderNo":"PAYOUT7","channelOrderNo":null,"amount":1850.0,"fee":1.5,"orderStatus":"SUCCESS","completionTime":"2026-10-10 07:01:00"`)
	fails, _ := sandbox.Find("fails")
	if _, err := s.Seed(sandbox.Seeded{MerchantID: "100001", Number: "OPEN", Amount: sum, NotifyURL: s.inbox.url, Created: noon, Play: fails}); err != nil {
		t.Fatal(err)
	}
	if total, frozen := s.Balance("100001"); total.Minor != 1_000_000_00 || frozen.Minor != 1_851_50 {
		t.Errorf("%v of which %v", total, frozen)
	}
	s.pass(2 * time.Minute)
	s.wants("query", s.query(sandbox.Cashy, "OPEN"), `"orderStatus":"FAIL","completionTime":null,"resultDesc":"ACCOUNT_NOT_EXIST"`)
	if n := len(s.Notices("OPEN")); n != 1 {
		t.Errorf("%d notices", n)
	}
}

func TestOneNumberIsBookedOnceHoweverManyCall(t *testing.T) {
	t.Parallel()
	s := play(t)
	var all sync.WaitGroup
	var good atomic.Int32
	for range 20 {
		all.Go(func() {
			if strings.Contains(s.unionpay("N1", 100).body, `"0000"`) {
				good.Add(1)
			}
		})
	}
	all.Wait()
	if order, _ := s.Order("N1"); good.Load() != 1 || len(s.Orders()) != 1 || len(order.Deliveries) != 20 {
		t.Errorf("%d accepted, %d orders, %d deliveries", good.Load(), len(s.Orders()), len(order.Deliveries))
	}
}

func TestANoticeMayBeComposedWithoutBeingSent(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.create(sandbox.Cashy, "N1", 0)
	sent, err := s.Compose("N1", sandbox.Tell{Say: sandbox.Paid})
	if err != nil || len(s.Notices("N1")) != 0 || len(s.inbox.messages()) != 0 {
		t.Fatalf("%v, sent %d", err, len(s.inbox.messages()))
	}
	n := clients[sandbox.Cashy].ReadNotice(s.account(sandbox.Cashy), orderOf(sandbox.Cashy), sent.Header, sent.Body)
	if n.Check != gateway.CheckGood || n.Outcome != gateway.Paid || sent.URL != s.inbox.url {
		t.Errorf("%+v", n)
	}
	if _, err := s.Compose("N2", sandbox.Tell{}); err != sandbox.ErrNoOrder {
		t.Errorf("unknown: %v", err)
	}
}

func TestWhoFollowsARedirectDeliversTwice(t *testing.T) {
	t.Parallel()
	s := play(t)
	redirects, _ := sandbox.Find("redirect_307")
	s.Script("N1", redirects)
	if r := s.unionpay("N1", 100); r.status != http.StatusTemporaryRedirect || s.Deliveries("N1") != 1 {
		t.Fatalf("%+v, %d deliveries", r, s.Deliveries("N1"))
	}
	_, _ = http.Post(s.url+"/gateway/api/v2/payouts", "application/json", strings.NewReader(`{"platform_id":"PF0002","payout_cl_id":"N1"}`))
	order, _ := s.Order("N1")
	if len(order.Deliveries) != 2 || order.Deliveries[1].Answer != "0004" || string(order.Deliveries[1].Body) != `{"platform_id":"PF0002","payout_cl_id":"N1"}` {
		t.Errorf("%+v", order.Deliveries)
	}
}

func TestALateAnswerComesAfterTheDeadline(t *testing.T) {
	t.Parallel()
	s := play(t, func(c *sandbox.Config) { c.Speed = 60 })
	late, _ := sandbox.Find("late")
	s.Script("N1", late)
	gate := s.Hold("N1")
	answered := make(chan string)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { answered <- s.inProcess(ctx, "N1") }()
	<-gate.Arrived()
	gate.Release()
	s.pass(44 * time.Second) // 44 minutes on the platform's clock: all its tasks ran
	select {
	case text := <-answered:
		t.Errorf("answered too early: %s", text)
	default:
	}
	// The call plans its waking when it starts to wait, which we cannot see.
	for waiting := true; waiting; {
		select {
		case text := <-answered:
			s.wants("answer", text, `"0000"`)
			waiting = false
		default:
			s.pass(time.Minute)
		}
	}
}

// inProcess sends an order without a network and gives the answer's text.
func (s *stage) inProcess(ctx context.Context, number string) string {
	body := (&gateway.Object{}).Add("platform_id", "PF0002").Add("service_id", "SVC0062").Add("payout_cl_id", number).
		Add("amount", "100").Add("name", "n").Add("number", "1").Add("request_time", "1595504997")
	sign, _ := apay.Sign(apay.Canonical(body), apayKey, apay.MD5)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://sandbox/gateway/api/v2/payouts", strings.NewReader(string(body.Add("sign", sign).Encode())))
	if err != nil {
		return err.Error()
	}
	response, err := s.Transport().RoundTrip(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return string(text) + " " + err.Error()
	}
	return string(text)
}

func TestTheTransportBreaksOffAsAConnectionDoes(t *testing.T) {
	t.Parallel()
	s := play(t)
	for id, want := range map[string]string{"pays": `"0000"`, "resets": "cut", "cuts": "unexpected EOF"} {
		play, _ := sandbox.Find(id)
		s.Script(id, play)
		s.wants(id, s.inProcess(t.Context(), id), want)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	play, _ := sandbox.Find("silent")
	s.Script("N1", play)
	s.wants("silent", s.inProcess(gone, "N1"), "context canceled")
}

func TestTimePassesByItselfAndEndsWithClose(t *testing.T) {
	t.Parallel()
	told := make(chan struct{}, 1)
	s := play(t, func(c *sandbox.Config) { c.Now, c.Speed = time.Now, 12_000 })
	s.inbox.mu.Lock()
	s.inbox.answer = func(message) (int, string) {
		told <- struct{}{}
		return http.StatusOK, `{"error_code":"0000"}`
	}
	s.inbox.mu.Unlock()
	s.Start()
	s.unionpay("N1", 100)
	<-told
	silent, _ := sandbox.Find("silent")
	s.Script("N2", silent)
	gate := s.Hold("N2")
	ended := make(chan string)
	go func() { ended <- s.inProcess(context.WithoutCancel(t.Context()), "N2") }()
	<-gate.Arrived()
	gate.Release()
	s.Close()
	s.wants("a held call", <-ended, "cut")
}

func TestEveryScenarioHasItsWords(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../views/i18n/en/sandbox.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	keys := []string{sandbox.ErrNoMerchant.Key, sandbox.ErrNoScenario.Key, sandbox.ErrNoOrder.Key, sandbox.ErrNothing.Key, sandbox.ErrNoAddress.Key, sandbox.ErrTaken.Key}
	seen := map[string]bool{}
	for _, c := range play(t).Scenarios() {
		if seen[c.ID] || len(c.Rows) == 0 {
			t.Errorf("%s: repeated, or plays no row", c.ID)
		}
		seen[c.ID] = true
		keys = append(keys, c.Key, c.HintKey, c.Group.Key())
	}
	for _, p := range sandbox.Pushes() {
		keys = append(keys, p.Key(), p.Key()+".hint")
	}
	for key := range words {
		if !slices.Contains(keys, key) {
			t.Errorf("words for nothing: %s", key)
		}
	}
	for _, key := range keys {
		if words[key] == "" {
			t.Errorf("no words for %s", key)
		}
	}
}
