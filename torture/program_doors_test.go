package torture

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"gorm.io/gorm"

	"countersign/handlers"
	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// stopAt is the hook that kills the program at the n-th passing of a point.
func stopAt(at string) func(services.Point) {
	point, number, ok := strings.Cut(at, ":")
	if !ok {
		return nil
	}
	var n, passed int64
	fmt.Sscan(number, &n)
	return func(p services.Point) {
		if string(p) == point && atomic.AddInt64(&passed, 1) == n {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}

// The rules that a program can be made to break, to show that the proof sees it.
const (
	badResend   = "resend"    // what is found sending goes back to approved
	badAckFirst = "ack first" // a notice is acknowledged before it is kept
)

// breakRule does at the start what must never be done. The database itself would not
// take a second attempt, so that has to go too.
func breakRule(c handlers.Config, rule string) error {
	if rule != badResend {
		return nil
	}
	return c.Store.Write(context.Background(), func(tx *gorm.DB) error {
		if err := tx.Exec("DROP INDEX IF EXISTS attempts_once").Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE payouts SET stage = 'approved', outcome = 'none', next_action_at = ? WHERE stage = 'sending'",
			models.Millis(c.Now())).Error
	})
}

// programDoors are the program's own pages, and one where people's acts come in without a
// browser.
func programDoors(c handlers.Config, pages http.Handler, bad string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.HandleFunc("/act", func(w http.ResponseWriter, r *http.Request) { _ = json.NewEncoder(w).Encode(doAct(c, r)) })
	if bad == badAckFirst {
		mux.HandleFunc("POST /webhooks/", func(w http.ResponseWriter, r *http.Request) { ackFirst(w, r, pages) })
	}
	return mux
}

// ackFirst says yes to a notice, and only then has it kept.
func ackFirst(w http.ResponseWriter, r *http.Request, pages http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	yes := "SUCCESS"
	if bytes.Contains(body, []byte("platform_order_no")) || bytes.Contains(body, []byte("sign_type")) {
		yes = `{"error_code":"0000"}`
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, yes)
	_ = http.NewResponseController(w).Flush()
	late := r.Clone(context.WithoutCancel(r.Context()))
	late.Body = io.NopCloser(bytes.NewReader(body))
	go pages.ServeHTTP(httptest.NewRecorder(), late)
}

// humanAct is what somebody does.
type humanAct struct {
	Verb   string
	By     string // login
	Order  string
	Digest []byte
	Form   services.PayoutForm
	Number int64       // of a verdict; 0 is the one that is open
	Says   models.Said // a verdict
	Sum    string      // that arrived, by a verdict
}

// told is what they are told.
type told struct {
	Order  string
	Digest []byte
	Refuse string // catalogue key of a refusal
	Fault  string // anything else that went wrong
}

// won says whether the act was carried out.
func (a told) won() bool { return a.Refuse == "" && a.Fault == "" }

func doAct(c handlers.Config, r *http.Request) told {
	var a humanAct
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		return told{Fault: err.Error()}
	}
	by, err := personNamed(c.Store.Read(r.Context()), a.By)
	if err != nil {
		return told{Fault: err.Error()}
	}
	return verbs{c.Payouts, c.Verdicts, c.Sender}.do(r.Context(), by, a)
}

func personNamed(db *gorm.DB, login string) (models.Person, error) {
	people, err := models.People(db)
	if err != nil {
		return models.Person{}, err
	}
	for _, p := range people {
		if p.Login == login {
			return p, nil
		}
	}
	return models.Person{}, fmt.Errorf("nobody is called %s", login)
}

// verbs are what people can do, in this process or in another.
type verbs struct {
	payouts  *services.Payouts
	verdicts *services.Verdicts
	sender   *services.Sender
}

const actReason = "the proof wants it"

func (v verbs) do(ctx context.Context, by models.Person, a humanAct) told {
	var p models.Payout
	var err error
	switch a.Verb {
	case "draft":
		p, err = v.payouts.Draft(ctx, by, a.Form, nil)
	case "edit":
		err = v.payouts.Edit(ctx, by, a.Order, a.Form)
	case "submit":
		err = v.payouts.Submit(ctx, by, a.Order, a.Digest)
	case "approve":
		err = servicestest.Approve(ctx, v.payouts, by, a.Order, a.Digest)
	case "withdraw":
		err = v.payouts.Withdraw(ctx, by, a.Order, actReason)
	case "hold":
		err = v.payouts.Hold(ctx, by, a.Order, actReason)
	case "propose":
		err = v.verdicts.Propose(ctx, by, a.Order, services.Proposal{
			Says: a.Says, Reason: actReason, Evidence: "statement", Text: "line 12", Received: a.Sum, LookAgainAt: v.payouts.Now().Add(time.Hour),
		}, servicestest.Click(v.verdicts.Core, by))
	case "confirm":
		_, err = v.verdicts.Confirm(ctx, by, a.Order, cmp.Or(a.Number, v.open(ctx, a.Order)), a.Says, actReason, servicestest.Click(v.verdicts.Core, by))
	case "sweep":
		v.sender.SweepAll(ctx)
	case "send":
		if p, err = models.FindOrder(v.payouts.Store.Read(ctx), a.Order); err == nil {
			err = v.sender.Send(ctx, p.ID)
		}
	default:
		err = fmt.Errorf("nobody can %s", a.Verb)
	}
	return tellOf(p, err)
}

// open is the number of the verdict that waits for a second person, or 0.
func (v verbs) open(ctx context.Context, order string) int64 {
	p, err := models.FindOrder(v.payouts.Store.Read(ctx), order)
	if err != nil {
		return 0
	}
	waiting, _, err := models.OpenVerdict(v.payouts.Store.Read(ctx), p.ID)
	if err != nil {
		return 0
	}
	return waiting.ID
}

func tellOf(p models.Payout, err error) told {
	a := told{Order: p.OrderNo, Digest: p.Digest}
	var one models.Refusal
	var many models.Refusals
	switch {
	case errors.As(err, &one):
		a.Refuse = one.Key
	case errors.As(err, &many):
		a.Refuse = many[0].Key
	case err != nil:
		a.Fault = err.Error()
	}
	return a
}

// askProgram has a program at an address do it.
func askProgram(address string, a humanAct) told {
	text, err := json.Marshal(a)
	if err != nil {
		return told{Fault: err.Error()}
	}
	reply, err := programClient.Post("http://"+address+"/act", "application/json", bytes.NewReader(text))
	if err != nil {
		return told{Fault: err.Error()}
	}
	defer reply.Body.Close()
	var said told
	if err := json.NewDecoder(reply.Body).Decode(&said); err != nil {
		return told{Fault: err.Error()}
	}
	return said
}
