package demo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/demo"
	"countersign/services/gateway/sandbox"
)

func TestTheStoryHolds(t *testing.T) {
	t.Parallel()
	h := told(t)
	for name, look := range map[string]func(*testing.T, *house){
		"the past is whole":                    pastIsWhole,
		"every state is there":                 everyStateIsThere,
		"every week has its turnover":          everyWeekHasItsTurnover,
		"orders wait for signatures":           ordersWait,
		"orders are unclear, each in its way":  ordersAreUnclear,
		"a contradiction holds its successor":  contradictionHolds,
		"strangers are in quarantine":          strangersAreInQuarantine,
		"everybody can be picked":              everybodyCanBePicked,
		"balances are known":                   balancesAreKnown,
		"nobody may tell it a second time":     notTwice,
		"the sandbox knows what we know of it": sandboxKnows,
	} {
		t.Run(name, func(t *testing.T) { look(t, h) })
	}
}

func pastIsWhole(t *testing.T, h *house) {
	report := h.verify(t)
	if report.Orders < 500 || report.Orders > 750 {
		t.Errorf("%d orders", report.Orders)
	}
	var backward, ahead int64
	db := h.Core.Store.Read(context.Background())
	err := errors.Join(
		db.Raw("SELECT count(*) FROM events a JOIN events b ON b.seq = a.seq + 1 WHERE b.at < a.at").Scan(&backward).Error,
		db.Model(&models.Event{}).Where("at > ?", models.Millis(thursday)).Count(&ahead).Error)
	if err != nil || backward > 0 || ahead > 0 {
		t.Errorf("%d events go back in time, %d are ahead of it: %v", backward, ahead, err)
	}
}

func everyStateIsThere(t *testing.T, h *house) {
	for _, want := range []struct {
		stage   models.Stage
		outcome models.Outcome
		least   int
	}{
		{models.Draft, models.None, 3}, {models.AwaitingApproval, models.None, 5}, {models.Held, models.None, 2},
		{models.Rejected, models.None, 4}, {models.Withdrawn, models.None, 4}, {models.Sent, models.Pending, 4},
		{models.Sent, models.Unclear, 5}, {models.Sent, models.Paid, 400}, {models.Sent, models.Failed, 10},
		{models.Sent, models.Returned, 1},
	} {
		if have := len(h.payouts(t, "stage = ? AND outcome = ?", want.stage, want.outcome)); have < want.least {
			t.Errorf("%d orders are %s and %s", have, want.stage, want.outcome)
		}
	}
	if between := h.payouts(t, "stage IN ('approved', 'sending') AND room <> ''"); len(between) > 0 {
		t.Errorf("%s is left on its way", between[0].OrderNo)
	}
	if waiting := h.payouts(t, "stage = 'approved' AND room = ''"); len(waiting) != 1 {
		t.Errorf("%d orders wait for room under the limits", len(waiting))
	}
	for _, outcome := range []models.Outcome{models.Paid, models.Failed, models.Returned} {
		if len(h.payouts(t, "by_hand = 1 AND outcome = ?", outcome)) == 0 {
			t.Errorf("no two people said %s", outcome)
		}
	}
	if chains := h.payouts(t, "replaces_id IS NOT NULL AND outcome = 'paid'"); len(chains) < 3 {
		t.Errorf("%d failed orders were made again and paid", len(chains))
	}
}

func everyWeekHasItsTurnover(t *testing.T, h *house) {
	paid := map[string]int64{}
	for _, p := range h.payouts(t, "outcome = 'paid'") {
		week := int(thursday.Sub(p.SentAt) / (7 * 24 * time.Hour))
		paid[fmt.Sprint(p.Currency, week)] += p.AmountMinor
	}
	for _, currency := range []string{"TWD", "CNY", "PEN"} {
		for week := range 6 {
			if paid[fmt.Sprint(currency, week)] == 0 {
				t.Errorf("nothing was paid in %s %d weeks ago", currency, week)
			}
		}
	}
}

func ordersWait(t *testing.T, h *house) {
	waiting := h.payouts(t, "stage = 'awaiting_approval'")
	has := func(what string, fits func(models.Payout) bool) {
		if !slices.ContainsFunc(waiting, fits) {
			t.Errorf("none of %d orders that wait %s", len(waiting), what)
		}
	}
	has("has one signature of two", func(p models.Payout) bool { return p.Needed == 2 && p.Approvals == 1 })
	has("resembles another", func(p models.Payout) bool { return p.TwinReason != "" })
	has("was changed", func(p models.Payout) bool { return p.Version == 2 })
	has("is over a sum that is never answered", func(p models.Payout) bool { return p.AmountMinor%100 == 2 })
	has("lacks more people than are left", func(p models.Payout) bool {
		free := 0
		for _, login := range []string{"lin", "ortega", "tsai", "ho", "wu"} {
			if p.CheckDecide(h.person(t, login), h.signers(t, p)) == nil {
				free++
			}
		}
		return free < p.Needed-p.Approvals
	})
	quiet := 0
	for _, p := range waiting {
		if _, err := (models.List{{OrderNo: p.OrderNo, Digest: p.Digest}}).Open(h.Core.Store.Read(context.Background()), h.person(t, "lin"), h.Core.Now()); err == nil {
			quiet++
		}
	}
	if quiet < 4 {
		t.Errorf("%d orders can be approved at one go", quiet)
	}
	changed := waiting[slices.IndexFunc(waiting, func(p models.Payout) bool { return p.Version == 2 })]
	version, err := models.FindPayeeVersion(h.Core.Store.Read(context.Background()), changed.PayeeVersionID)
	if err != nil || version.Number < 2 {
		t.Errorf("its payee has version %d: %v", version.Number, err)
	}
}

func (h *house) signers(t *testing.T, p models.Payout) []models.PersonID {
	t.Helper()
	signed, err := models.Approvers(h.Core.Store.Read(context.Background()), p)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func ordersAreUnclear(t *testing.T, h *house) {
	reasons, open := map[models.UnclearReason]bool{}, 0
	for _, p := range h.payouts(t, "outcome = 'unclear'") {
		reasons[p.Unclear] = true
		v, ok, err := models.OpenVerdict(h.Core.Store.Read(context.Background()), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			continue
		}
		open++
		for _, login := range []string{"zhao", "wang", "tsai"} {
			if err := p.CheckConfirm(h.person(t, login), v, h.signers(t, p)); err != nil {
				t.Errorf("%s may not judge it: %v", login, err)
			}
		}
	}
	if len(reasons) < 5 || open != 1 {
		t.Errorf("%d reasons and %d open verdicts", len(reasons), open)
	}
}

func contradictionHolds(t *testing.T, h *house) {
	clash := h.payouts(t, "contradicted = 1")
	if len(clash) != 1 {
		t.Fatalf("%d contradictions", len(clash))
	}
	p := clash[0]
	if p.Outcome != models.Paid || !p.ByHand {
		t.Errorf("it is %s, by hand %v", p.Outcome, p.ByHand)
	}
	next, ok, err := models.SuccessorOf(h.Core.Store.Read(context.Background()), p.ID)
	if err != nil || !ok || next.Stage != models.Held || next.HeldWhy != "held.predecessor" {
		t.Errorf("its successor is %s because of %q: %v", next.Stage, next.HeldWhy, err)
	}
	if err := p.CheckPropose(h.person(t, "tsai")); err != nil {
		t.Errorf("the controller may not close it: %v", err)
	}
}

func strangersAreInQuarantine(t *testing.T, h *house) {
	var kept []models.Notice
	if err := h.Core.Store.Read(context.Background()).Where("quarantine <> ''").Find(&kept).Error; err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, n := range kept {
		seen[fmt.Sprint(n.Quarantine, n.LookedBy != 0)]++
		if n.Says != "paid" && n.Verified == "good" {
			t.Errorf("notice %d says %s", n.ID, n.Says)
		}
	}
	for _, why := range []string{"quarantine.bad_signaturefalse", "quarantine.bad_signaturetrue", "quarantine.unknown_orderfalse"} {
		if seen[why] != 1 {
			t.Errorf("%d of %s in %v", seen[why], why, seen)
		}
	}
}

func everybodyCanBePicked(t *testing.T, h *house) {
	roles := map[models.Role]bool{}
	for _, guest := range demo.People() {
		p, err := models.FindPersonByLogin(h.Core.Store.Read(context.Background()), guest.Login)
		if err != nil || !p.Active || p.Name != guest.Name || p.PasswordChangedAt.IsZero() {
			t.Errorf("%s: %+v, %v", guest.Login, p, err)
		}
		for _, role := range p.Roles {
			roles[role] = true
		}
	}
	if len(roles) != len(models.Roles) {
		t.Errorf("only %v", roles)
	}
}

func balancesAreKnown(t *testing.T, h *house) {
	accounts, err := models.Accounts(h.Core.Store.Read(context.Background()))
	if err != nil || len(accounts) != 3 {
		t.Fatalf("%d accounts: %v", len(accounts), err)
	}
	for _, a := range accounts {
		if a.BalanceMinor == 0 || a.FrozenMinor == 0 || a.BalanceAt.IsZero() || a.Paused != "" {
			t.Errorf("%s: %+v", a.Name, a)
		}
	}
}

func notTwice(t *testing.T, h *house) {
	if err := demo.Seed(context.Background(), h.Config); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("got %v", err)
	}
}

func sandboxKnows(t *testing.T, h *house) {
	words := map[models.Outcome][]sandbox.Word{
		models.Pending: {sandbox.Paying}, models.Unclear: {sandbox.Waiting, sandbox.Paying}, models.Returned: {sandbox.Reversed},
	}
	for _, p := range h.payouts(t, "stage = 'sent'") {
		order, _ := h.Sandbox.Order(p.OrderNo)
		switch {
		case p.Outcome == models.Failed && p.Grade == models.E1:
			if order.Exists {
				t.Errorf("%s was refused and is there", p.OrderNo)
			}
		case !order.Exists, order.Amount != p.Amount(), p.GatewayNo != "" && order.GatewayNo != p.GatewayNo:
			t.Errorf("%s: %+v", p.OrderNo, order)
		case words[p.Outcome] != nil && !slices.Contains(words[p.Outcome], order.Word):
			t.Errorf("%s is %s here and %s there", p.OrderNo, p.Outcome, order.Word)
		}
	}
}
