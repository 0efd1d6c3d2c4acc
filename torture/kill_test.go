package torture

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/servicestest"
	"countersign/services/vault"
)

// The child of the kill test is told by its environment which file to work on, and
// what time it is.
const (
	childFile  = "COUNTERSIGN_TEST_FILE"
	childClock = "COUNTERSIGN_TEST_CLOCK"
)

// TestChildThatIsKilled is a whole sender in a process of its own, when the kill
// test starts it; by itself it is nothing.
func TestChildThatIsKilled(t *testing.T) {
	path := os.Getenv(childFile)
	if path == "" {
		return
	}
	start, err := strconv.ParseInt(os.Getenv(childClock), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	now := func() time.Time { return models.FromMillis(start).Add(time.Since(began)) }
	store, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	sealed, err := vault.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	core := &services.Core{Store: store, Now: now, Vault: sealed}
	accounts := &services.Accounts{Core: core, Exchange: func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		return gateway.Exchange(ctx, a, r, now)
	}}
	sender := &services.Sender{
		Core: core, Payouts: &services.Payouts{Core: core, Accounts: accounts}, Accounts: accounts, Holder: fmt.Sprint(os.Getpid()),
	}
	sender.SweepAll(context.Background())
}

// killer stands before the sandbox and kills the child at every sixth create: in
// turn before the gateway books it and before it answers.
type killer struct {
	http.Handler
	creates atomic.Int64
	child   atomic.Pointer[os.Process]
	kills   atomic.Int64
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fatal := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/payouts") && k.creates.Add(1)%6 == 0 && k.kills.Load() < 10
	if fatal && k.kills.Add(1)%2 == 0 {
		_ = k.child.Load().Kill()
		fatal = false
	}
	answer := httptest.NewRecorder()
	k.Handler.ServeHTTP(answer, r)
	if fatal {
		_ = k.child.Load().Kill()
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// I6, I7, I13 with kill -9: killed ten times in the middle of its sends and started
// again, the program sends each order once and loses none.
func TestI06_KilledTenTimesNothingLeavesTwice(t *testing.T) {
	town := servicestest.New(t)
	between := &killer{Handler: town.Sandbox.Handler()}
	server := httptest.NewServer(between)
	defer server.Close()
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE gateway_accounts SET base_url = ? WHERE id = ?", server.URL, town.Taipei.ID).Error
	}))
	var orders []models.Payout
	for i := range 90 {
		orders = append(orders, town.Approved(town.Form("apay.taiwan", i)))
	}
	town.Must(town.Sender.Resign(t.Context()))
	for round := 1; runChild(t, town, between, town.Now().Add(time.Duration(round)*10*time.Minute)); round++ {
		if round > 30 {
			t.Fatal("it does not come to an end")
		}
	}
	if kills := between.kills.Load(); kills != 10 {
		t.Errorf("it was killed %d times", kills)
	}
	town.Pass(6 * time.Hour)
	town.Live(24*time.Hour, 30*time.Minute)
	unclear := 0
	for _, p := range orders {
		p = town.Look(p)
		n := town.Sandbox.Deliveries(p.OrderNo)
		// What was killed before its first byte left stays in doubt: nobody but the
		// gateway knows that it did not.
		if n > 1 || n == 1 && p.Outcome != models.Paid || n == 0 && (p.Outcome != models.Unclear || p.Unclear != models.ReasonCrash) {
			t.Errorf("%s: %d create requests, %+v", p.OrderNo, n, p.State)
		}
		unclear += int(crashesFound(t, town, p))
	}
	if unclear < 10 {
		t.Errorf("only %d were found sending", unclear)
	}
	town.Sound()
}

// runChild starts the program and says whether it was killed.
func runChild(t *testing.T, town *servicestest.Town, between *killer, at time.Time) bool {
	t.Helper()
	var file string
	town.Must(town.Store.Read(t.Context()).Raw("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file).Error)
	child := exec.Command(os.Args[0], "-test.run=^TestChildThatIsKilled$")
	child.Env = append(os.Environ(), childFile+"="+file, childClock+"="+fmt.Sprint(models.Millis(at)))
	town.Must(child.Start())
	between.child.Store(child.Process)
	err := child.Wait()
	if err != nil && err.Error() != "signal: killed" {
		t.Fatalf("the child ended with %v", err)
	}
	return err != nil
}

// crashesFound counts how often the order was found sending.
func crashesFound(t *testing.T, town *servicestest.Town, p models.Payout) (count int64) {
	t.Helper()
	town.Must(town.Store.Read(t.Context()).Model(&models.Event{}).Where("payout_id = ? AND verb = ?", p.ID, models.MoveCrash).Count(&count).Error)
	return count
}
