package servicestest

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
)

// Answers are values that every rail takes.
var Answers = map[string]map[string]string{
	"apay.unionpay": {"name": "王建国", "number": "6222021234567899036"},
	"apay.alipay":   {"payee_name": "周丽", "alipay_account_name": "li@163.com", "alipay_surname": "周"},
	"apay.taiwan":   {"bank_code": "822", "number": "4088748280272397", "name": "陳怡君"},
	"cashy.peru": {"accountName": "Rosa Quispe", "bankId": "4", "accountType": "1", "accountNo": "0037651234",
		"idType": "1", "idCard": "12345678", "remark": "remark"},
}

// Rails lists the rails of Answers in a fixed order.
var Rails = []string{"apay.unionpay", "apay.alipay", "apay.taiwan", "cashy.peru"}

// Shapes are rails of the protocols' three shapes: apay asked as a list, apay asked
// singly, cashy.
var Shapes = []string{"apay.taiwan", "apay.unionpay", "cashy.peru"}

// Account is the town's account for a rail.
func (t *Town) Account(rail string) models.GatewayAccount {
	switch rail {
	case "apay.taiwan":
		return t.Taipei
	case "cashy.peru":
		return t.Lima
	}
	return t.Shanghai
}

// Form is a good form for a rail. Forms of different serials are no twins.
func (t *Town) Form(rail string, serial int) services.PayoutForm {
	values := map[string]string{}
	for name, value := range Answers[rail] {
		values[name] = value
	}
	return services.PayoutForm{
		AccountID: t.Account(rail).ID, Rail: rail, Amount: fmt.Sprintf("%d.50", 100+serial), Values: values,
		Reference: fmt.Sprintf("INV-%s-%d", rail, serial), Purpose: "October freight",
	}
}

// Draft makes a draft by the maker.
func (t *Town) Draft(form services.PayoutForm) models.Payout {
	t.T.Helper()
	p, err := t.Payouts.Draft(context.Background(), t.Maker, form, nil)
	t.Must(err)
	return p
}

// Submitted makes a draft and hands it to the approvers.
func (t *Town) Submitted(form services.PayoutForm) models.Payout {
	t.T.Helper()
	p := t.Draft(form)
	t.Must(t.Payouts.Submit(context.Background(), t.Maker, p.OrderNo, p.Digest))
	return t.Look(p)
}

// Approved makes an order that waits to be sent.
func (t *Town) Approved(form services.PayoutForm) models.Payout {
	t.T.Helper()
	p := t.Submitted(form)
	t.Must(t.Approve(t.Approver, p.OrderNo, p.Digest))
	if p.Needed > 1 {
		t.Must(t.Approve(t.Second, p.OrderNo, p.Digest))
	}
	return t.Look(p)
}

// Approve signs the content with this digest and approves it.
func (t *Town) Approve(by models.Person, orderNo string, digest []byte) error {
	return Approve(context.Background(), t.Payouts, by, orderNo, digest)
}

// Approve signs by a click and approves.
func Approve(ctx context.Context, payouts *services.Payouts, by models.Person, orderNo string, digest []byte) error {
	return payouts.Approve(ctx, by, orderNo, digest, Click(payouts.Core, by))
}

// Signature keeps a signature of the person over an order, for tests that write an approval
// past the verbs.
func (t *Town) Signature(tx *gorm.DB, by models.Person, p models.Payout) *int64 {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	s := models.SignatureOver(p.Act(models.ActApprove, p.Digest), by.ID, models.FactorDemo, t.Now(), nonce)
	s.MadeAt = t.Now()
	_, err := models.KeepSignature(tx, &s)
	t.Must(err)
	return &s.ID
}

// Reject signs by a click and rejects.
func Reject(ctx context.Context, payouts *services.Payouts, by models.Person, p models.Payout, reason string) error {
	return payouts.Reject(ctx, by, p.OrderNo, models.Rejection{For: models.RejectOther, Text: reason}, p.Digest, Click(payouts.Core, by))
}

// Click is how people of tests sign whatever they do, as those of a demonstration.
func Click(core *services.Core, by models.Person) services.Signed {
	return (&services.StepUp{Core: core, Demo: true}).Click(by)
}

// Quiet are submitted orders about which nothing carries a flag: to somebody who was paid
// before, at a time of work.
func (t *Town) Quiet(rail string, orders int) (all []models.Payout) {
	t.T.Helper()
	before := t.Sent(t.Form(rail, 1))
	t.Live(10*time.Minute, 10*time.Second)
	if before = t.Look(before); before.Outcome != models.Paid {
		t.T.Fatalf("the order before is %+v", before.State)
	}
	for serial := range orders {
		all = append(all, t.Submitted(t.Picked(before, 10+serial)))
	}
	return all
}

// Sent makes an order and sends it.
func (t *Town) Sent(form services.PayoutForm) models.Payout {
	t.T.Helper()
	p := t.Approved(form)
	t.Must(t.Sender.Send(context.Background(), p.ID))
	return t.Look(p)
}

// Unclear makes an order to which the gateway gave no answer.
func (t *Town) Unclear(form services.PayoutForm) models.Payout {
	t.T.Helper()
	exchange := t.Accounts.Exchange
	t.Accounts.Exchange = Silence
	defer func() { t.Accounts.Exchange = exchange }()
	return t.Sent(form)
}

// Reopen lets the rail's account send again if the sender has paused it.
func (t *Town) Reopen(rail string) {
	t.T.Helper()
	ctx := context.Background()
	a, err := models.FindAccount(t.Store.Read(ctx), t.Account(rail).ID)
	t.Must(err)
	if a.Paused != "" {
		t.Must(t.LetSend(t.Accounts, services.AccountSubject(a.ID), "the test goes on"))
	}
}

// Silence is an exchange in which the gateway reads and never answers.
func Silence(_ context.Context, a gateway.Account, _ gateway.Request) gateway.Response {
	return gateway.Response{Fault: gateway.FaultTimeout, Detail: "timeout", Took: a.Timeout}
}

// Look reads the order again.
func (t *Town) Look(p models.Payout) models.Payout {
	t.T.Helper()
	p, err := models.FindPayout(t.Store.Read(context.Background()), p.ID)
	t.Must(err)
	return p
}

// Live lets time pass in steps: the sandbox does what is due, then the sender.
func (t *Town) Live(whole, step time.Duration) {
	t.T.Helper()
	ctx := context.Background()
	for end := t.Now().Add(whole); t.Now().Before(end); t.Pass(step) {
		t.Sandbox.RunDue(t.Now())
		if _, err := t.Sender.Lead(ctx); err != nil {
			t.T.Fatal(err)
		}
		for worked := 1; worked > 0; {
			var err error
			worked, err = t.Sender.Sweep(ctx)
			t.Must(err)
		}
	}
}

// Sound ends the test if anything that must always hold does not.
func (t *Town) Sound() {
	t.T.Helper()
	report, err := models.Verify(t.Store.Read(context.Background()))
	t.Must(err)
	for _, finding := range report.Findings {
		t.T.Error(finding)
	}
}
