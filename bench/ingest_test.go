//go:build bench

package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

const (
	connections = 64
	perCommit   = 32
	manyNotices = 1000 // a turn, from all connections
	fewNotices  = 200  // a turn, from one
	rawUnits    = 3000 // a turn of the yardstick
)

// TestIngest posts signed notices over HTTP to the product, each durable, verified
// and applied before it is acknowledged, and compares the rate with raw SQLite
// writing the same rows into a copy of the same file.
func TestIngest(t *testing.T) {
	town := newProduct(t)
	inProcess(town.Town)
	letters := book(t, town.Town, 1+turns*(manyNotices+fewNotices))
	server := httptest.NewServer(town.pages)
	defer server.Close()
	deliver(t, http.DefaultClient, server.URL, letters[0])
	letters = letters[1:]
	raw := newYardstick(t, town)

	var many, alone posts
	var grouped, single, toGrouped, toSingle []float64
	for range turns {
		rate := many.post(t, server.URL, letters[:manyNotices], connections)
		grouped = append(grouped, raw.rate(t, perCommit))
		alone.post(t, server.URL, letters[manyNotices:manyNotices+fewNotices], 1)
		single = append(single, raw.rate(t, 1))
		toGrouped = append(toGrouped, rate/grouped[len(grouped)-1])
		toSingle = append(toSingle, rate/single[len(single)-1])
		letters = letters[manyNotices+fewNotices:]
	}
	fmt.Printf("notices   %5.0f/s from %d connections (p50 %s, p99 %s), %5.0f/s from one (p50 %s)\n",
		median(many.rates), connections, many.p(50), many.p(99), median(alone.rates), alone.p(50))
	fmt.Printf("          raw SQLite, FULL, the same rows in the same file: %.0f/s at %d a commit (notices are %.2f of it), %.0f/s at one (%.2f)\n",
		median(grouped), perCommit, median(toGrouped), median(single), median(toSingle))
	town.Sound()
}

// inProcess lets orders leave without a network, so that making them is quick.
func inProcess(town *servicestest.Town) {
	transport := town.Sandbox.Transport()
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
		town.Must(err)
		request.Header = r.Header
		response, err := transport.RoundTrip(request)
		town.Must(err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		town.Must(err)
		return gateway.Response{Status: response.StatusCode, Header: response.Header, Body: body}
	}
}

// book makes orders that the gateway has, and the signed notice of each.
func book(t *testing.T, town *servicestest.Town, count int) []sandbox.Sent {
	t.Helper()
	letters := make([]sandbox.Sent, count)
	var next atomic.Int64
	var group sync.WaitGroup
	for range connections {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				p := town.Approved(town.Form("apay.taiwan", i))
				town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
				town.Must(town.Sender.Send(context.Background(), p.ID))
				letter, err := town.Sandbox.Compose(p.OrderNo, sandbox.Tell{Say: sandbox.Paid})
				town.Must(err)
				letters[i] = letter
			}
		})
	}
	group.Wait()
	return letters
}

// posts are the turns of one number of connections.
type posts struct {
	rates []float64 // a second, by turn
	times []time.Duration
}

func (p *posts) p(percent int) time.Duration {
	slices.Sort(p.times)
	return p.times[len(p.times)*percent/100].Round(10 * time.Microsecond)
}

// post delivers the letters and gives the rate.
func (p *posts) post(t *testing.T, base string, letters []sandbox.Sent, connections int) float64 {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	times := make([]time.Duration, len(letters))
	var next atomic.Int64
	var group sync.WaitGroup
	began := time.Now()
	for range connections {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(letters); i = int(next.Add(1)) - 1 {
				at := time.Now()
				deliver(t, client, base, letters[i])
				times[i] = time.Since(at)
			}
		})
	}
	group.Wait()
	rate := float64(len(letters)) / time.Since(began).Seconds()
	p.rates, p.times = append(p.rates, rate), append(p.times, times...)
	return rate
}

func deliver(t *testing.T, client *http.Client, base string, letter sandbox.Sent) {
	request, err := http.NewRequest(http.MethodPost, base+"/webhooks/"+slug(letter.URL), bytes.NewReader(letter.Body))
	if err != nil {
		t.Error(err)
		return
	}
	request.Header = letter.Header.Clone()
	response, err := client.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("HTTP %d, %v", response.StatusCode, err)
	}
}
