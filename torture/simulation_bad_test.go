package torture

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// breakage is a way in which the product is made worse than it is, to see that the
// simulation notices.
type breakage struct {
	expect  string // of all that is then wrong, only this is complained of
	answer  func(gateway.Request, *gateway.Response)
	receive func(context.Context, services.Arrival) (gateway.Acknowledgement, error)
	revived func(*world) // before what died is started again
	begin   func(*world) // after the prologue
}

// caught lets seeds live in a broken world until one of them complains of just that.
func caught(t *testing.T, b breakage) {
	t.Helper()
	hearFaults(t)
	g := newGround(t)
	for seed := uint64(1); seed <= 60; seed++ {
		if w := live(g, seed, nil, b); len(w.found) > 0 {
			t.Logf("seed %d: %s: %s", seed, w.found[0].check, w.found[0].what)
			return
		}
	}
	t.Errorf("sixty seeds did not notice: %s", b.expect)
}

// bend writes what no service would.
func (w *world) bend(statements ...string) {
	w.must(w.programs[0].store.Write(context.Background(), func(tx *gorm.DB) error {
		for _, statement := range statements {
			if err := tx.Exec(statement).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

// Known-bad: after a crash what was being sent waits to be sent again.
func TestSimulationCatchesASenderThatSendsAgainAfterACrash(t *testing.T) {
	caught(t, breakage{expect: "reached the gateway 2 times", revived: func(w *world) {
		w.bend("DROP TRIGGER IF EXISTS attempts_keep", "UPDATE attempts SET not_sent = 1 WHERE ended_at = 0",
			"UPDATE payouts SET stage = 'approved', outcome = 'none', next_action_at = 1 WHERE stage = 'sending'")
	}})
}

// Known-bad: no answer is read as a refusal.
func TestSimulationCatchesATimeoutThatIsReadAsFailed(t *testing.T) {
	refusal := func(r gateway.Request, response *gateway.Response) {
		if !isCreate(r) || response.Fault == gateway.FaultNone || response.Fault == gateway.FaultNotSent {
			return
		}
		response.Fault, response.Status, response.Header = gateway.FaultNone, http.StatusOK, http.Header{"Content-Type": {"application/json"}}
		response.Body = []byte(`{"msg":"Params_accountNo_error","code":500}`)
		if strings.HasSuffix(r.URL, "/payouts") {
			response.Body = []byte(`{"error_code":"0012","error_msg":"bank"}`)
		}
	}
	caught(t, breakage{expect: "called failed, and its money left", answer: refusal})
}

// Known-bad: a notice is acknowledged and not kept.
func TestSimulationCatchesAnAcknowledgementWithoutARecord(t *testing.T) {
	careless := func(context.Context, services.Arrival) (gateway.Acknowledgement, error) {
		return gateway.Acknowledgement{Body: "SUCCESS"}, nil
	}
	caught(t, breakage{expect: "is not on record", receive: careless})
}

// Known-bad: doubt counts as failed where an order is to be replaced.
func TestSimulationCatchesAReplacementOfAnOrderInDoubt(t *testing.T) {
	caught(t, breakage{expect: "which it replaces", begin: func(w *world) {
		p := w.sentAs("apay.taiwan", sandbox.Scenario{ID: "led", Create: sandbox.Create{Reply: sandbox.ReplyEmpty}, Quiet: true})
		if w.again(p).Outcome != models.Unclear {
			return
		}
		w.bend("UPDATE payouts SET outcome = 'failed', next_action_at = 0 WHERE outcome = 'unclear'")
		form := w.form(p.Rail)
		form.Replaces, form.TwinReason, form.WarningReason = p.OrderNo, "the one before did not arrive", "as before"
		next, err := w.programs[0].payouts.Draft(context.Background(), w.maker, form, nil)
		w.must(err)
		w.must(w.programs[0].payouts.Submit(context.Background(), w.maker, next.OrderNo, next.Digest))
		w.must(servicestest.Approve(context.Background(), w.programs[0].payouts, w.person("approver"), next.OrderNo, next.Digest))
		w.sweep(0)
	}})
}
