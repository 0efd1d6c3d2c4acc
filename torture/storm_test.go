package torture

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// stormRate is how many notices come in a second (M39).
const stormRate = 300

// stormOrders is about how many orders of each family they speak.
const stormOrders = 30

// TestM39_AStormOfNotices posts 300 notices a second of both families to the real
// webhooks: about orders whose reply is still held back, about such that are being
// answered meanwhile, and about such that were answered before. All are kept, all are
// answered within a second, and somebody reads a list all the while.
func TestM39_AStormOfNotices(t *testing.T) {
	town := servicestest.New(t)
	web := newWeb(t, town)
	reader := signedIn(t, town, web)
	stormSlow(town)
	orders, release := stormed(t, town)
	letters := stormLetters(t, town, orders, stormRate*size(2, 60))
	answered, pages := storm(t, web, reader, letters, release)
	var kept int64
	town.Must(town.Store.Read(t.Context()).Model(&models.Notice{}).Where("verified = 'good'").Select("coalesce(sum(seen), 0)").Scan(&kept).Error)
	if kept != int64(len(letters)) {
		t.Errorf("%d of %d notices are on record", kept, len(letters))
	}
	if p99 := percentile(answered, 99); p99 > time.Second {
		t.Errorf("99 of 100 were answered within %v only", p99)
	}
	if len(pages) == 0 || percentile(pages, 99) > 2*time.Second {
		t.Errorf("%d pages, the slowest within %v", len(pages), percentile(pages, 100))
	}
	for _, p := range orders {
		if p = town.Look(p); p.Outcome != models.Paid || p.Clash {
			t.Errorf("%s: %+v", p.OrderNo, p.State)
		}
	}
	town.Sound()
	report(t, "storm of notices", "%d notices at %d a second about %d orders of 2 families at %d moments: on record %d, answered p50 %v p99 %v, %d pages read meanwhile p99 %v",
		len(letters), stormRate, len(orders), len(moments), kept, percentile(answered, 50), percentile(answered, 99), len(pages), percentile(pages, 99))
}

// stormSlow gives exchanges the time that a held reply needs.
func stormSlow(town *servicestest.Town) {
	for _, rail := range []string{"apay.taiwan", "cashy.peru"} {
		(&stand{t: town.T.(*testing.T), town: town, rail: rail}).timeout(100 * time.Second)
	}
}

// stormed are orders at three moments; release lets the replies go that are held.
func stormed(t *testing.T, town *servicestest.Town) (orders []models.Payout, release func(moment)) {
	gates := map[moment][]*sandbox.Gate{}
	var sending sync.WaitGroup
	for _, rail := range []string{"apay.taiwan", "cashy.peru"} {
		for i := range stormOrders {
			p := town.Approved(town.Form(rail, i))
			town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true, Fate: paidAtOnce})
			orders = append(orders, p)
			send := func() { town.Must(town.Sender.Send(t.Context(), p.ID)) }
			when := moments[i%len(moments)]
			if when == after {
				send()
				continue
			}
			gate := town.Sandbox.Hold(p.OrderNo)
			gates[when] = append(gates[when], gate)
			sending.Go(send)
			<-gate.Arrived()
		}
	}
	town.Sandbox.RunDue(town.Now())
	return orders, func(when moment) {
		for _, gate := range gates[when] {
			gate.Release()
		}
		if when == before {
			sending.Wait()
		}
	}
}

// stormLetters are signed notices; those of family cashy have a nonce of their own.
func stormLetters(t *testing.T, town *servicestest.Town, orders []models.Payout, count int) (letters []sandbox.Sent) {
	for i := range count {
		town.Pass(time.Millisecond)
		letter, err := town.Sandbox.Compose(orders[i%len(orders)].OrderNo, sandbox.Tell{Say: sandbox.Paid})
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, letter)
	}
	return letters
}

// storm posts the letters at their rate. In the middle of it replies arrive, at the
// end the last ones do.
func storm(t *testing.T, web *httptest.Server, reader *http.Client, letters []sandbox.Sent, release func(moment)) (answered, pages []time.Duration) {
	answered = make([]time.Duration, len(letters))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 30 * time.Second}
	over := make(chan struct{})
	var posting, reading sync.WaitGroup
	reading.Go(func() { pages = readPages(t, web, reader, over) })
	tick := time.NewTicker(time.Second / stormRate)
	defer tick.Stop()
	for i, letter := range letters {
		<-tick.C
		posting.Go(func() { answered[i] = postLetter(t, client, letter) })
		if i == len(letters)/2 {
			posting.Go(func() { release(during) })
		}
	}
	posting.Wait()
	close(over)
	reading.Wait()
	release(before)
	return answered, pages
}

func postLetter(t *testing.T, client *http.Client, letter sandbox.Sent) time.Duration {
	r, err := http.NewRequest(letter.Method, letter.URL, bytes.NewReader(letter.Body))
	if err != nil {
		t.Error(err)
		return 0
	}
	r.Header = letter.Header.Clone()
	began := time.Now()
	answer, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || string(text) != "SUCCESS" && string(text) != `{"error_code":"0000"}` {
		t.Errorf("answered %d %q, %v", answer.StatusCode, text, err)
	}
	return time.Since(began)
}

// readPages opens the list of orders again and again.
func readPages(t *testing.T, web *httptest.Server, reader *http.Client, over <-chan struct{}) (took []time.Duration) {
	for {
		select {
		case <-over:
			return took
		case <-time.After(50 * time.Millisecond):
		}
		began := time.Now()
		if status, text := fetch(t, reader, web.URL+"/payouts"); status != http.StatusOK || !strings.Contains(text, "/payouts/") {
			t.Errorf("the list of orders answers %d without its orders", status)
			return took
		}
		took = append(took, time.Since(began))
	}
}

func fetch(t *testing.T, client *http.Client, address string) (status int, text string) {
	answer, err := client.Get(address)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	return answer.StatusCode, string(body)
}

var formKey = regexp.MustCompile(`name="form_key" value="([^"]+)"`)

// signedIn is the browser of somebody who may see every order.
func signedIn(t *testing.T, town *servicestest.Town, web *httptest.Server) *http.Client {
	t.Helper()
	passwords, err := services.NewPasswords(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	town.Must(err)
	const password = "quiet lantern over harbour"
	_, err = (&services.People{Core: town.Core, Passwords: passwords}).Add(t.Context(), models.Machine("test"), services.NewPerson{
		Login: "reader", Name: "A reader", Password: password, Roles: []models.Role{models.Controller}}, services.Signed{})
	town.Must(err)
	jar, err := cookiejar.New(nil)
	town.Must(err)
	client := &http.Client{Jar: jar}
	_, door := fetch(t, client, web.URL+"/sign-in")
	key := formKey.FindStringSubmatch(door)
	if key == nil {
		t.Fatal("no form at the door")
	}
	answer, err := client.PostForm(web.URL+"/sign-in", url.Values{"form_key": {key[1]}, "login": {"reader"}, "password": {password}})
	town.Must(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || strings.HasSuffix(answer.Request.URL.Path, "/sign-in") {
		t.Fatal(fmt.Errorf("not signed in: %d %s", answer.StatusCode, answer.Request.URL))
	}
	return client
}

// percentile of durations; they need not be in order.
func percentile(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)*percent+99)/100-1].Round(100 * time.Microsecond)
}
