package models

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// friday is noon of a working day in UTC, which is the evening in Taipei.
var friday = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// strict is a policy with everything in it.
func strict(t *testing.T) Policy {
	return Policy{
		Version: 3,
		Bands: Bands{
			{"PEN", 1, Anybody(1)}, {"PEN", 1_500_00, mustRead(t, "1 approver + 1 controller")}, {"PEN", 9_000_00, mustRead(t, "2 approver + 1 controller or 2 controller")},
		},
		Rules: Rules{
			Sums: []Cumulation{ToAccount, ByMaker}, Hours: Hours{Zone: "America/Lima", Opens: 7, Closes: 20},
			Conditions: []Condition{
				{When: NewAccount, Add: Step{1, Controller}}, {When: TwinOverride, Add: Step{1, Controller}}, {When: NoFile, Add: Step{1, Anyone}},
				{When: OutOfHours, Next: true}, {When: OnRail, Of: "apay.alipay", Next: true}, {When: ThroughGateway, Of: "7", Add: Step{2, Approver}},
			},
		},
	}
}

func TestThePolicyAnswersFromTheFacts(t *testing.T) {
	t.Parallel()
	p := strict(t)
	pen := func(minor int64) Facts {
		return Facts{Sum: Money{minor, "PEN"}, ToAccount: minor, ByMaker: minor, Gateway: 1, Rail: "cashy.peru", At: friday.Add(4 * time.Hour)}
	}
	for _, c := range []struct {
		name  string
		facts func(*Facts)
		sum   int64
		need  string
		by    Cumulation
		met   int
	}{
		{"a small sum", func(*Facts) {}, 100_00, "1 anyone", OwnSum, 0},
		{"the first of a band", func(*Facts) {}, 1_500_00, "1 approver + 1 controller", OwnSum, 0},
		{"the last below it", func(*Facts) {}, 1_499_99, "1 anyone", OwnSum, 0},
		{"small ones to one account", func(f *Facts) { f.ToAccount = 1_500_00 }, 150_00, "1 approver + 1 controller", ToAccount, 0},
		{"small ones of one maker", func(f *Facts) { f.ByMaker = 9_000_00 }, 150_00, "2 approver + 1 controller or 2 controller", ByMaker, 0},
		{"the larger of both", func(f *Facts) { f.ToAccount, f.ByMaker = 9_000_00, 1_500_00 }, 150_00, "2 approver + 1 controller or 2 controller", ToAccount, 0},
		{"a new account", func(f *Facts) { f.Marks = []Trigger{NewAccount} }, 100_00, "1 anyone + 1 controller", OwnSum, 1},
		{"two reasons for one controller", func(f *Facts) { f.Marks = []Trigger{NewAccount, TwinOverride} }, 100_00, "1 anyone + 1 controller", OwnSum, 2},
		{"one more of the same", func(f *Facts) { f.Marks = []Trigger{NoFile} }, 100_00, "2 anyone", OwnSum, 1},
		{"at night", func(f *Facts) { f.At = friday.Add(16 * time.Hour) }, 100_00, "1 approver + 1 controller", OwnSum, 1},
		{"at the weekend", func(f *Facts) { f.At = friday.Add(28 * time.Hour) }, 100_00, "1 approver + 1 controller", OwnSum, 1},
		{"twice raised", func(f *Facts) { f.At, f.Rail = friday.Add(28*time.Hour), "apay.alipay" }, 100_00, "2 approver + 1 controller or 2 controller", OwnSum, 2},
		{"the highest stays", func(f *Facts) { f.Rail = "apay.alipay" }, 9_000_00, "2 approver + 1 controller or 2 controller", OwnSum, 1},
		{"a gateway, in each way", func(f *Facts) { f.Gateway = 7 }, 9_000_00, "4 approver + 1 controller or 2 controller + 2 approver", OwnSum, 1},
	} {
		facts := pen(c.sum)
		c.facts(&facts)
		a, err := p.Need(facts)
		if err != nil || a.Need.String() != c.need || a.By != c.by || len(a.Met) != c.met {
			t.Errorf("%s: %s by %q, %d met, %v; want %s", c.name, a.Need, a.By, len(a.Met), err, c.need)
		}
	}
	if _, err := p.Need(Facts{Sum: Money{1, "TWD"}}); err == nil {
		t.Error("a currency without a band has a need")
	}
}

func TestAPolicyOfBefore_KeepsItsMeaning(t *testing.T) {
	t.Parallel()
	var old Policy
	if err := old.Bands.Scan(`[{"currency":"PEN","from_minor":1,"approvers":1},{"currency":"PEN","from_minor":150000,"approvers":2}]`); err != nil {
		t.Fatal(err)
	}
	if err := old.Rules.Scan("{}"); err != nil {
		t.Fatal(err)
	}
	facts := Facts{Sum: Money{1_500_00, "PEN"}, ToAccount: 9_999_99, ByMaker: 9_999_99, Marks: Triggers, At: friday}
	a, err := old.Need(facts)
	if count, plain := a.Need.Plain(); err != nil || !plain || count != 2 || a.By != OwnSum || len(a.Met) > 0 {
		t.Errorf("it needs %s by %q: %v", a.Need, a.By, err)
	}
	if e := Asking(a.Need); e != (Effect{Needed: 2}) {
		t.Errorf("it is submitted as %+v", e)
	}
	order := State{Stage: AwaitingApproval, Needed: 2}
	if order.Asks().Met([]Signer{{ID: 1}}) || !order.Asks().Met([]Signer{{ID: 1}, {ID: 2}}) {
		t.Error("an order of before is not approved by any two")
	}
}

func TestAPolicyIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	p := strict(t)
	bands, wrong := p.Bands.Value()
	rules, err := p.Rules.Value()
	if err != nil || wrong != nil {
		t.Fatal(err, wrong)
	}
	var read Policy
	if err := read.Bands.Scan(bands); err != nil {
		t.Fatal(err)
	}
	if err := read.Rules.Scan(rules); err != nil {
		t.Fatal(err)
	}
	if string(read.Digest()) != string(p.Digest()) || read.Terms() != p.Terms() {
		t.Errorf("%s is read as %s", p.Terms(), read.Terms())
	}
	read.Rules.Conditions[0].Add.Count++
	if string(read.Digest()) == string(p.Digest()) {
		t.Error("another policy has the same digest")
	}
}

func TestAPolicyThatCannotBeObeyedIsRefused(t *testing.T) {
	t.Parallel()
	if err := strict(t).Check(); err != nil {
		t.Fatal(err)
	}
	if err := DefaultPolicy().Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Policy){
		"policy.empty":          func(p *Policy) { p.Bands = nil },
		"policy.currency":       func(p *Policy) { p.Bands = Bands{{"XXX", 1, Anybody(1)}} },
		"policy.gap":            func(p *Policy) { p.Bands[0].FromMinor = 2 },
		"policy.band":           func(p *Policy) { p.Bands[1].Need = nil },
		"policy.sums":           func(p *Policy) { p.Rules.Sums = []Cumulation{ToAccount, ToAccount} },
		"policy.zone":           func(p *Policy) { p.Rules.Hours.Zone = "Lima/Lima" },
		"policy.hours":          func(p *Policy) { p.Rules.Hours.Closes = 7 },
		"policy.no_hours":       func(p *Policy) { p.Rules.Hours = Hours{} },
		"policy.condition":      func(p *Policy) { p.Rules.Conditions[0].Of = "something" },
		"policy.condition_step": func(p *Policy) { p.Rules.Conditions[0].Add.Count = 0 },
	} {
		p := strict(t)
		spoil(&p)
		if err := p.Check(); err == nil || err.Error() != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	var band Band
	if err := json.Unmarshal([]byte(`{"currency":"PEN","from_minor":1,"need":"1 auditor"}`), &band); err == nil || !strings.Contains(err.Error(), "policy.need") {
		t.Errorf("a band that needs an auditor is read: %v", err)
	}
}
