package torture

import (
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// networkSeed makes the same network again.
const networkSeed = 20261102

// weather is what a bad network does to one connection, by chance.
func weather(r *rand.Rand) wire {
	w := wire{up: -1, down: -1}
	bytes := func(most int) int { return r.IntN(most) }
	switch kind := r.IntN(20); kind {
	case 0, 1:
		w.name, w.up, w.end = "reset within the request", bytes(1000), reset
	case 2, 3:
		w.name, w.down, w.end = "reset within the answer", bytes(300), reset
	case 4:
		w.name, w.up, w.end = "request cut", bytes(1000), goodbye
	case 5, 6:
		w.name, w.down, w.end = "answer cut", bytes(300), goodbye
	case 7:
		w.name, w.up, w.end = "silent within the request", bytes(1000), silence
	case 8:
		w.name, w.down, w.end = "silent within the answer", bytes(300), silence
	case 9, 10:
		w.name, w.delay, w.jitter = "latency and jitter", 5*time.Millisecond, 40*time.Millisecond
	case 11:
		w.name, w.rate = "little bandwidth", 10_000+bytes(100_000)
	case 12:
		w.name, w.linger = "closed slowly", 50*time.Millisecond
	case 13:
		w.name, w.up, w.end = "reset at once", 0, reset
	default:
		return whole
	}
	return w
}

// plays are the scenarios of the orders that travel through the bad network.
var plays = []string{"pays", "pays", "pays", "fails", "cancels", "accepts_502", "refuses", "same_ten", "notice_first", "hidden_then_paid", "quiet", "resets"}

// city is a town whose wires to and from the gateways go through proxies.
type city struct {
	*servicestest.Town
	out, in *proxy
}

func newCity(t *testing.T, seed uint64) *city {
	t.Helper()
	town := servicestest.New(t)
	webhooks := httptest.NewUnstartedServer(http.HandlerFunc(town.Webhook))
	webhooks.Config.SetKeepAlivesEnabled(false) // each notice has a wire of its own
	webhooks.Start()
	t.Cleanup(webhooks.Close)
	c := &city{Town: town,
		out: newProxy(t, hostOf(t, town.Taipei.BaseURL), seed, 10*time.Second),
		in:  newProxy(t, hostOf(t, webhooks.URL), seed+1, 100*time.Millisecond)}
	town.Must(town.Accounts.SetPublicURL(t.Context(), models.Machine("test"), "http://"+c.in.address()))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE gateway_accounts SET base_url = replace(base_url, ?, ?)", hostOf(t, town.Taipei.BaseURL), c.out.address()).Error
	}))
	return c
}

func hostOf(t *testing.T, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Host
}

func (c *city) suffer(pick func(*rand.Rand) wire) { c.out.suffer(pick); c.in.suffer(pick) }

// wave approves some orders and lets a while pass.
func (c *city) wave(from, count int) (orders []models.Payout) {
	chance := rand.New(rand.NewPCG(networkSeed, uint64(from)))
	for i := range count {
		serial := from + i
		rail := servicestest.Shapes[serial%len(servicestest.Shapes)]
		p := c.Approved(c.Form(rail, serial/len(servicestest.Shapes)))
		c.Sandbox.Script(p.OrderNo, found(plays[chance.IntN(len(plays))]))
		orders = append(orders, p)
	}
	return orders
}

// hours lets time pass; accounts that were paused are opened each time.
func (c *city) hours(whole, step time.Duration) {
	for end := c.Now().Add(whole); c.Now().Before(end); {
		for _, rail := range servicestest.Shapes {
			c.Reopen(rail)
		}
		c.Live(step, step)
	}
}

// TestI06_I09_ABadNetworkNeitherDoublesNorDeniesAPayment sends orders through a network
// that delays, throttles, cuts, resets, falls silent and goes down, in both directions
// and for creates, questions and notices alike. Then the network is whole, and asking
// settles every order that the gateway has.
func TestI06_I09_ABadNetworkNeitherDoublesNorDeniesAPayment(t *testing.T) {
	c := newCity(t, networkSeed)
	c.suffer(weather)
	const atOnce = 30
	var orders []models.Payout
	for from := 0; from < size(180, 3000); from += atOnce {
		down := from/atOnce%4 == 2 // now and then nothing gets through at all
		if down {
			c.out.goDown()
			c.in.goDown()
		}
		orders = append(orders, c.wave(from, atOnce)...)
		c.hours(2*time.Minute, 30*time.Second)
		if down {
			c.out.comeUp(t)
			c.in.comeUp(t)
		}
		c.hours(3*time.Minute, time.Minute)
	}
	doubt := c.count(orders)[models.Unclear]
	c.suffer(func(*rand.Rand) wire { return whole })
	c.hours(2*time.Hour, 5*time.Minute)
	c.hours(34*time.Hour, time.Hour)
	n := c.settled(t, orders)
	c.Sound()
	through, cut := c.harm(t)
	report(t, "bad network", "%d orders over %d connections, %d of them harmed (seed %d): called failed wrongly %d, most deliveries of one %d; "+
		"%d unclear in the storm, in the end %d as the ledger says, %d never reached it and stay unclear, %d refused with the refusal lost",
		len(orders), through, cut, networkSeed, n.falseFailed, n.deliveries, doubt, n.ends[endSettled], n.ends[endNeverArrived], n.ends[endRefusalLost])
}

// harm counts the connections, and those to which something was done.
func (c *city) harm(t *testing.T) (through, cut int) {
	out, in := c.out.counted(), c.in.counted()
	for _, kind := range slices.Sorted(maps.Keys(out)) {
		through += out[kind] + in[kind]
		if kind != whole.name {
			cut += out[kind] + in[kind]
		}
		t.Logf("%-26s %5d to the gateway, %5d from it", kind, out[kind], in[kind])
	}
	return through, cut
}

// count says how many orders have each outcome.
func (c *city) count(orders []models.Payout) map[models.Outcome]int {
	n := map[models.Outcome]int{}
	for _, p := range orders {
		n[c.Look(p).Outcome]++
	}
	return n
}

// networkCounts are what was found, and how the orders ended.
type networkCounts struct {
	falseFailed, deliveries int
	ends                    map[string]int
}

// settled wants every order where the ledger has it.
func (c *city) settled(t *testing.T, orders []models.Payout) networkCounts {
	n := networkCounts{ends: map[string]int{}}
	for _, p := range orders {
		p = c.Look(p)
		truth, _ := c.Sandbox.Order(p.OrderNo)
		for _, what := range judge(c.Town, p) {
			t.Errorf("%s %s: %s", p.OrderNo, truth.Scenario, what)
			if what == calledFailed {
				n.falseFailed++
			}
		}
		end := endOf(p, truth)
		if end == "" {
			t.Errorf("%s %s: %+v, the ledger says %q", p.OrderNo, truth.Scenario, p.State, truth.Word)
		}
		n.ends[end]++
		n.deliveries = max(n.deliveries, len(truth.Deliveries))
	}
	return n
}

// How an order that was approved may end, held against the gateway's ledger.
const (
	endSettled      = "settled"
	endNeverArrived = "never arrived"
	endRefusalLost  = "refusal lost"
)

// endOf says how it ended; "" is as none may. One that the gateway does not have stays
// unclear, for nobody but people may end it.
func endOf(p models.Payout, truth sandbox.Order) string {
	want := settledBy(truth)
	switch {
	case want != "" && p.Outcome == want, truth.Scenario == "refuses" && p.Outcome == models.Failed:
		return endSettled
	case want != "" || p.Outcome != models.Unclear:
		return ""
	case len(truth.Deliveries) > 0:
		return endRefusalLost
	}
	return endNeverArrived
}

// afterTheRequest resets the first connection once the gateway has the request whole.
func afterTheRequest() func(*rand.Rand) wire {
	first := true
	return func(*rand.Rand) wire {
		defer func() { first = false }()
		if first {
			return wire{name: "answer reset", up: -1, down: 0, end: reset}
		}
		return whole
	}
}

// The proof has to see what would send twice: a client that repeats a POST after a
// reset, and one that calls "not sent" what has left.
func TestTheNetworkProofSeesASecondDelivery(t *testing.T) {
	type exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response
	for name, spoil := range map[string]func(*city, exchange) exchange{
		"a client that repeats a POST": func(*city, exchange) exchange { return repeating },
		"a reset called not sent": func(_ *city, carry exchange) exchange {
			return func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
				answer := carry(ctx, a, r)
				if answer.Fault == gateway.FaultCut {
					return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailUnreachable}
				}
				return answer
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t, networkSeed)
			c.Accounts.Exchange = spoil(c, c.Accounts.Exchange)
			c.out.suffer(afterTheRequest())
			p := c.Approved(c.Form("cashy.peru", 1))
			c.Sandbox.Script(p.OrderNo, found("quiet"))
			c.hours(10*time.Minute, time.Minute)
			if found := judge(c.Town, c.Look(p)); !slices.Contains(found, "2 create requests") {
				t.Errorf("%d create requests, the comparison says only %v", c.Sandbox.Deliveries(p.OrderNo), found)
			}
		})
	}
}

// repeating is the usual client, which tries again when a connection breaks.
func repeating(ctx context.Context, _ gateway.Account, r gateway.Request) gateway.Response {
	client := &http.Client{Timeout: 5 * time.Second}
	var answer *http.Response
	for range 3 {
		request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, strings.NewReader(string(r.Body)))
		if err != nil {
			return gateway.Response{Fault: gateway.FaultUncertain}
		}
		request.Header = r.Header.Clone()
		if answer, err = client.Do(request); err == nil {
			break
		}
	}
	if answer == nil {
		return gateway.Response{Fault: gateway.FaultCut}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return gateway.Response{Fault: gateway.FaultCut}
	}
	return gateway.Response{Status: answer.StatusCode, Header: answer.Header, Body: body}
}
