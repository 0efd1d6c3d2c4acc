package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/sandbox"
)

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
