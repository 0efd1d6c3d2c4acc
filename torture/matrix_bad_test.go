package torture

import (
	"context"
	"net/http"
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

// The matrix has to see readers that read wrongly: each of these towns breaks one rule
// and must be found out by the same comparison.
func TestTheMatrixSeesAWrongReader(t *testing.T) {
	for _, rail := range []string{"apay.taiwan", "cashy.peru"} {
		for name, spoiled := range map[string]func(*testing.T, string) (*servicestest.Town, models.Payout){
			"a 5xx is read as refused":        serverErrorIsRefusal,
			"not found is read as failed":     notFoundIsFailure,
			"a FAIL notice is read as failed": failNoticeIsFailure,
		} {
			t.Run(rail+" "+name, func(t *testing.T) {
				t.Parallel()
				town, p := spoiled(t, rail)
				if found := judge(town, town.Look(p)); !slices.Contains(found, calledFailed) {
					t.Errorf("the comparison says only %v", found)
				}
			})
		}
	}
}

// rewritten lets every answer of the gateways pass through a wrong reader.
func rewritten(town *servicestest.Town, read func(gateway.Request, gateway.Response) gateway.Response) {
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		return read(r, carry(ctx, a, r))
	}
}

// listedRefusal is what both families say before there is an order.
func listedRefusal(rail string) []byte {
	if strings.HasPrefix(rail, "apay") {
		return []byte(`{"error_code":"0004","error_msg":"no"}`)
	}
	return []byte(`{"code":500,"msg":"Sign_verify_error"}`)
}

func serverErrorIsRefusal(t *testing.T, rail string) (*servicestest.Town, models.Payout) {
	town := servicestest.New(t)
	rewritten(town, func(_ gateway.Request, answer gateway.Response) gateway.Response {
		if answer.Status >= http.StatusInternalServerError {
			return gateway.Response{Status: http.StatusOK, Body: listedRefusal(rail)}
		}
		return answer
	})
	play := found("accepts_502")
	play.Quiet = true
	return town, lived(town, rail, play)
}

func notFoundIsFailure(t *testing.T, rail string) (*servicestest.Town, models.Payout) {
	town := servicestest.New(t)
	var p models.Payout
	rewritten(town, func(r gateway.Request, answer gateway.Response) gateway.Response {
		text := string(answer.Body)
		if strings.Contains(text, `"data":[]`) || strings.Contains(text, "Order_not_exist") {
			answer.Body = finalFailure(rail, p)
		}
		return answer
	})
	p = town.Approved(town.Form(rail, 1))
	town.Sandbox.Script(p.OrderNo, found("query_hidden"))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(2*time.Hour, time.Minute)
	return town, p
}

// finalFailure is an answer to a question that says failed, equal in every field.
func finalFailure(rail string, p models.Payout) []byte {
	if strings.HasPrefix(rail, "apay") {
		return []byte(`{"error_code":"0000","data":[{"payout_cl_id":"` + p.OrderNo + `","status":5}],"total":1}`)
	}
	return []byte(`{"code":200,"msg":"SUCCESS","data":{"mchOrderNo":"` + p.OrderNo + `","orderStatus":"FAIL"}}`)
}

func failNoticeIsFailure(t *testing.T, rail string) (*servicestest.Town, models.Payout) {
	town := servicestest.New(t)
	p := town.Approved(town.Form(rail, 1))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true, Fate: paidAtOnce})
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Sandbox.RunDue(town.Now())
	town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed, Once: true}))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		now := town.Look(p)
		now.NextActionAt = time.Time{}
		return models.Record(tx, &now, models.MoveFail, models.Effect{Grade: models.E2}, models.Machine("gateway"), town.Now(), models.Details{})
	}))
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	if len(report.Findings) == 0 {
		t.Error("verify finds nothing wrong with a failure that stands on a notice alone")
	}
	return town, p
}

// lived is an order of a scenario, two hours later.
func lived(town *servicestest.Town, rail string, play sandbox.Scenario) models.Payout {
	p := town.Approved(town.Form(rail, 1))
	town.Sandbox.Script(p.OrderNo, play)
	town.Must(town.Sender.Send(context.Background(), p.ID))
	town.Live(2*time.Hour, time.Minute)
	return p
}
