package demo_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/demo"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
	"countersign/services/journal"
)

func (h *house) accounts() *services.Accounts {
	return &services.Accounts{Core: h.Core, LoopbackOnly: true, Exchange: h.exchange}
}

func (h *house) sender() *services.Sender {
	accounts := h.accounts()
	return &services.Sender{
		Core: h.Core, Accounts: accounts, Payouts: &services.Payouts{Core: h.Core, Accounts: accounts}, Holder: "test", AtOnce: 1, Journal: journal.Discard(),
	}
}

// exchange goes to the running sandbox.
func (h *house) exchange(ctx context.Context, _ gateway.Account, r gateway.Request) gateway.Response {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return gateway.Response{Fault: gateway.FaultNotSent}
	}
	request.Header = r.Header.Clone()
	answer, err := h.Sandbox.Transport().RoundTrip(request)
	if err != nil {
		return gateway.Response{Fault: gateway.FaultCut, Detail: gateway.DetailReset}
	}
	body, _ := io.ReadAll(answer.Body)
	return gateway.Response{Status: answer.StatusCode, Header: answer.Header, Body: body, Started: h.now}
}

// inbox is our end of the sandbox's notices.
type inbox struct{ h *house }

func (i inbox) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	notices := &services.Notices{Core: i.h.Core, Accounts: i.h.accounts()}
	good, err := notices.Receive(r.Context(), services.Arrival{Slug: path.Base(r.URL.Path), Header: r.Header, Body: body})
	if err != nil {
		return &http.Response{StatusCode: http.StatusUnprocessableEntity, Body: http.NoBody, Request: r}, nil
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(good.Body)), Request: r}, nil
}

// live lets the program run for a while.
func (h *house) live(t *testing.T, sender *services.Sender, length time.Duration) {
	t.Helper()
	for end := h.now.Add(length); h.now.Before(end); h.now = h.now.Add(5 * time.Second) {
		if held, err := sender.Lead(context.Background()); err != nil || !held {
			t.Fatalf("nobody leads: %v", err)
		}
		h.Sandbox.RunDue(h.now)
		sender.SweepAll(context.Background())
	}
}

func TestAVisitorFindsTimeToLook(t *testing.T) {
	t.Parallel()
	h := seeded(t)
	before := h.payouts(t, "outcome = 'unclear'")
	h.live(t, h.sender(), 8*time.Minute)
	if after := h.payouts(t, "outcome = 'unclear'"); len(after) != len(before) {
		t.Errorf("%d orders were unclear, %d are after eight minutes", len(before), len(after))
	}
	h.live(t, h.sender(), 40*time.Minute)
	// What was sent a moment ago is settled; the list of what the gateway works on has
	// not run empty.
	lately := models.Millis(thursday.Add(-7 * time.Minute))
	if pending := h.payouts(t, "outcome = 'pending' AND sent_at > ?", lately); len(pending) > 0 {
		t.Errorf("the gateway still works on %s", pending[0].OrderNo)
	}
	if pending := h.payouts(t, "outcome = 'pending'"); len(pending) < 5 {
		t.Errorf("the gateway works on %d orders only", len(pending))
	}
	h.verify(t)
}

func TestTheGatewayAnswersAsItWas(t *testing.T) {
	t.Parallel()
	h := seeded(t)
	ask := func(where, want string) {
		t.Helper()
		found := h.payouts(t, where)
		q, err := h.sender().AskNow(context.Background(), h.person(t, "ortega"), found[0].OrderNo)
		if err != nil || q.Says != want || q.Problem != "" {
			t.Errorf("%s: says %q, problem %q: %v", where, q.Says, q.Problem, err)
		}
	}
	all := func() {
		t.Helper()
		ask("outcome = 'unclear' AND unclear_reason = 'timeout'", "not_found")
		ask("outcome = 'unclear' AND unclear_reason = 'overdue'", "working")
		ask("outcome = 'pending'", "working")
		ask("outcome = 'paid' AND by_hand = 0", "paid")
		ask("outcome = 'failed' AND grade = 3", "failed")
		ask("contradicted = 1", "paid")
	}
	all()

	// The program starts again, the sandbox elsewhere and without a memory.
	h.openSandbox(t)
	h.now = h.now.Add(time.Minute)
	h.Gateways = "http://127.0.0.1:9555"
	if err := demo.Begin(context.Background(), h.Config); err != nil {
		t.Fatal(err)
	}
	all()
	accounts, err := models.Accounts(h.Core.Store.Read(context.Background()))
	if err != nil || !strings.HasPrefix(accounts[0].BaseURL, h.Gateways) {
		t.Errorf("%s is at %s: %v", accounts[0].Name, accounts[0].BaseURL, err)
	}
	h.verify(t)
}

func TestAnUnclearOrderIsSettledOnDemand(t *testing.T) {
	t.Parallel()
	h := seeded(t)
	p := h.payouts(t, "outcome = 'unclear' AND currency = 'PEN'")[0]
	if err := h.Sandbox.Push(p.OrderNo, sandbox.PushPaid); err != nil {
		t.Fatal(err)
	}
	h.live(t, h.sender(), time.Minute)
	if p = h.payouts(t, "id = ?", p.ID)[0]; p.Outcome != models.Paid || p.Grade != models.E3 {
		t.Errorf("it is %s, grade %d", p.Outcome, p.Grade)
	}
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	t.Parallel()
	first, second := seeded(t).plot(t), told(t).plot(t)
	if len(first) != len(second) {
		t.Fatalf("%d and %d events", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("event %d: %s and %s", i+1, first[i], second[i])
		}
	}
}

// plot is what happened, without what is random in every house.
func (h *house) plot(t *testing.T) (lines []string) {
	t.Helper()
	var events []models.Event
	if err := h.Core.Store.Read(context.Background()).Order("seq").Find(&events).Error; err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		lines = append(lines, fmt.Sprint(e.At, e.Verb, e.Actor, e.PayoutID, e.After, e.Details["amount"], e.Details["payee"], e.Details["gateway_no"]))
	}
	return lines
}

func TestAStoryThatIsBrokenOffLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, cancel := context.WithCancel(context.Background())
	began := h.Core.Now
	h.Core.Now = func() time.Time { cancel(); return began() } // the first look at the clock is inside
	if err := demo.Seed(ctx, h.Config); err == nil {
		t.Fatal("it was told")
	}
	if people, err := models.People(h.Core.Store.Read(context.Background())); err != nil || len(people) > 0 {
		t.Errorf("%d people came: %v", len(people), err)
	}
}

func TestItStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*demo.Config){
		func(c *demo.Config) { c.Gateways = "https://api.apay.example" },
		func(c *demo.Config) { c.PublicURL = "https://pay.example.com" },
	} {
		h := newHouse(t)
		change(&h.Config)
		if err := demo.Seed(context.Background(), h.Config); err == nil {
			t.Errorf("it went out to %s and %s", h.Gateways, h.PublicURL)
		}
	}
}
