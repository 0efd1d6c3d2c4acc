package services_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// deed is one verb of a person, called with the person as they were when the request began.
type deed struct {
	name string
	by   models.Person
	act  func(ctx context.Context, by models.Person) error
}

// deeds are the verbs that people write with. Where the order would have to be in some other
// state the verb is refused for that, and only for that, while the person may.
func deeds(town *servicestest.Town, p models.Payout) []deed {
	t, no, form := town, p.OrderNo, town.Form("apay.taiwan", 7)
	admin := gatewayAdmin(town.T.(*testing.T), town)
	return []deed{
		{"Payouts.Draft", t.Maker, func(ctx context.Context, by models.Person) error {
			_, err := t.Payouts.Draft(ctx, by, form, nil)
			return err
		}},
		{"Payouts.Edit", t.Maker, func(ctx context.Context, by models.Person) error { return t.Payouts.Edit(ctx, by, no, form) }},
		{"Payouts.Submit", t.Maker, func(ctx context.Context, by models.Person) error { return t.Payouts.Submit(ctx, by, no, p.Digest) }},
		{"Payouts.Withdraw", t.Maker, func(ctx context.Context, by models.Person) error { return t.Payouts.Withdraw(ctx, by, no, "why") }},
		{"Payouts.Approve", t.Approver, func(ctx context.Context, by models.Person) error {
			return servicestest.Approve(ctx, t.Payouts, by, no, p.Digest)
		}},
		{"Payouts.ApproveList", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payouts.ApproveList(ctx, by, models.List{{OrderNo: no, Digest: p.Digest}}, servicestest.Click(t.Payouts.Core, by))
		}},
		{"Payouts.Reject", t.Approver, func(ctx context.Context, by models.Person) error {
			return servicestest.Reject(ctx, t.Payouts, by, p, "why")
		}},
		{"Payouts.AskMaker", t.Approver, func(ctx context.Context, by models.Person) error { return t.Payouts.AskMaker(ctx, by, no, "why") }},
		{"Payouts.Stop", t.Approver, func(ctx context.Context, by models.Person) error { return t.Payouts.Stop(ctx, by, no) }},
		{"Payouts.HandOn", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payouts.HandOn(ctx, by, no, t.Second.ID, "why")
		}},
		{"Payouts.Hold", t.Approver, func(ctx context.Context, by models.Person) error { return t.Payouts.Hold(ctx, by, no, "why") }},
		{"Payouts.Resume", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payouts.Resume(ctx, by, no, "why", servicestest.Click(t.Payouts.Core, by))
		}},
		{"Payouts.Note", t.Approver, func(ctx context.Context, by models.Person) error { return t.Payouts.Note(ctx, by, no, "why", nil) }},
		{"Payouts.Claim", t.Resolver, func(ctx context.Context, by models.Person) error { return t.Payouts.Claim(ctx, by, no) }},
		{"Payouts.Reveal", t.Approver, func(ctx context.Context, by models.Person) error {
			_, err := t.Payouts.Reveal(ctx, by, no)
			return err
		}},
		{"Payees.Reveal", t.Approver, func(ctx context.Context, by models.Person) error {
			_, err := t.Payees.Reveal(ctx, by, p.PayeeVersionID)
			return err
		}},
		{"Payees.Change", t.Maker, func(ctx context.Context, by models.Person) error {
			_, err := t.Payees.Change(ctx, by, p.PayeeID, services.NewDetails{Reason: "why"}, servicestest.Click(t.Core, by))
			return err
		}},
		{"Payees.KeepCall", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payees.KeepCall(ctx, by, 1, services.NewCall{})
		}},
		{"Payees.RevealChange", t.Approver, func(ctx context.Context, by models.Person) error {
			_, _, err := t.Payees.RevealChange(ctx, by, 1)
			return err
		}},
		{"Payees.Block", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payees.Block(ctx, by, services.NewBlock{})
		}},
		{"Payees.LookAtFind", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payees.LookAtFind(ctx, by, 1, "two branches")
		}},
		{"Payees.Enter", t.Maker, func(ctx context.Context, by models.Person) error {
			_, err := t.Payees.Enter(ctx, by, services.NewPayee{Rail: "cashy.peru", Values: servicestest.Answers["cashy.peru"], Seen: true, Reason: "why"}, servicestest.Click(t.Core, by))
			return err
		}},
		{"Payees.DeclareAccount", t.Approver, func(ctx context.Context, by models.Person) error {
			return t.Payees.DeclareAccount(ctx, by, by.ID, "0037651234")
		}},
		{"Payees.EndAccount", t.Approver, func(ctx context.Context, by models.Person) error {
			_, err := t.Payees.EndAccount(ctx, by, by.ID, 1, "closed", servicestest.Click(t.Core, by))
			return err
		}},
		{"Verdicts.Propose", t.Resolver, func(ctx context.Context, by models.Person) error {
			return t.Verdicts.Propose(ctx, by, no, services.Proposal{}, servicestest.Click(t.Verdicts.Core, by))
		}},
		{"Verdicts.Confirm", t.Resolver, func(ctx context.Context, by models.Person) error {
			_, err := t.Verdicts.Confirm(ctx, by, no, 1, "paid", "why", servicestest.Click(t.Verdicts.Core, by))
			return err
		}},
		{"Verdicts.Enquire", t.Resolver, func(ctx context.Context, by models.Person) error {
			return t.Verdicts.Enquire(ctx, by, no, services.SentEnquiry{})
		}},
		{"Verdicts.FileReply", t.Resolver, func(ctx context.Context, by models.Person) error {
			return t.Verdicts.FileReply(ctx, by, no, 1, services.EnquiryReply{Text: "no", Person: "Wu"})
		}},
		{"Verdicts.LookAtSend", t.Resolver, func(ctx context.Context, by models.Person) error {
			return t.Verdicts.LookAtSend(ctx, by, no, "why", servicestest.Click(t.Core, by))
		}},
		{"Verdicts.AgreeOnSend", t.Resolver, func(ctx context.Context, by models.Person) error {
			return t.Verdicts.AgreeOnSend(ctx, by, no, "why", servicestest.Click(t.Core, by))
		}},
		{"Accounts.Pause", t.Approver, func(ctx context.Context, by models.Person) error { return t.Accounts.Pause(ctx, by, t.Lima.ID, "why") }},
		{"Sender.ProposeKeys", admin, func(ctx context.Context, by models.Person) error {
			_, err := t.Sender.ProposeKeys(ctx, by, t.Lima.ID, services.NewKeys{Keys: services.Keys{Key: "another"}, Reason: "why"}, servicestest.Click(t.Core, by))
			return err
		}},
		{"Accounts.Propose", admin, func(ctx context.Context, by models.Person) error {
			_, err := t.Accounts.Propose(ctx, by, bogota(), "why", servicestest.Click(t.Core, by))
			return err
		}},
		{"Accounts.ProposeAddress", admin, func(ctx context.Context, by models.Person) error {
			_, err := t.Accounts.ProposeAddress(ctx, by, "https://pay.example.com", "why", servicestest.Click(t.Core, by))
			return err
		}},
		{"Accounts.ProposeReopening", t.Controller, func(ctx context.Context, by models.Person) error {
			_, err := t.Accounts.ProposeReopening(ctx, by, t.Lima.ID, "why", servicestest.Click(t.Core, by))
			return err
		}},
		{"Accounts.PullCord", t.Approver, func(ctx context.Context, by models.Person) error { return t.Accounts.PullCord(ctx, by, "why") }},
		{"Accounts.ProposeRestart", t.Controller, func(ctx context.Context, by models.Person) error {
			_, err := t.Accounts.ProposeRestart(ctx, by, "why", servicestest.Click(t.Core, by))
			return err
		}},
		{"Notices.LookedAt", t.Resolver, func(ctx context.Context, by models.Person) error { return t.Notices.LookedAt(ctx, by, 1, "why") }},
		{"Proof.Exported", t.Auditor, func(ctx context.Context, by models.Person) error { return t.Proof.Exported(ctx, by, "payouts", nil) }},
		{"Evidence.Take", t.Auditor, func(ctx context.Context, by models.Person) error {
			_, err := t.Evidence.Take(ctx, by, no, func(context.Context, models.Dossier, []models.Event) (map[string][]byte, error) { return nil, nil })
			return err
		}},
	}
}

// readers are verbs of people that write nothing in their name but what they asked.
var readers = map[string]bool{
	"Payouts.Beginning": true, "Payouts.Answers": true, "Evidence.Read": true, "Proof.Ask": true, "Proof.Verify": true,
	"Sender.AskNow": true, "Sender.TestAccount": true,
}

func TestS19_WhoeverIsDeactivatedWhileTheirRequestIsUnderWayChangesNothing(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	before := town.Look(p)
	for _, d := range deeds(town, p) {
		active(town, d.by, false)
		if err := d.act(t.Context(), d.by); !refused(err, "role.changed") {
			t.Errorf("%s by somebody who is gone: %v", d.name, err)
		}
		active(town, d.by, true)
	}
	if after := town.Look(p); after.State != before.State || after.OwnerID != 0 {
		t.Errorf("the order went from %+v to %+v", before.State, after.State)
	}
	town.Sound()
}

// Without this the test above could pass because the verbs refuse everybody.
func TestS19_TheSameVerbsAreNotRefusedForThatWhileThePersonIsThere(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	for _, d := range deeds(town, p) {
		if err := d.act(t.Context(), d.by); refused(err, "role.changed") {
			t.Errorf("%s by somebody who is there: %v", d.name, err)
		}
	}
}

func TestS19_ARoleThatIsGoneSignsNothingWithinTheRequest(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.SetRoles(tx, town.Approver.ID, []models.Role{models.Maker})
	}))
	stale := town.Approver
	if err := p.CheckApproval(stale, nil, p.Digest); err != nil {
		t.Fatalf("the person as the request found them could not have signed anyway: %v", err)
	}
	if err := servicestest.Approve(t.Context(), town.Payouts, stale, p.OrderNo, p.Digest); !refused(err, "role.approve") {
		t.Errorf("a signature under a role that is gone: %v", err)
	}
	if after := town.Look(p); after.Approvals != 0 {
		t.Errorf("%d signatures", after.Approvals)
	}
}

// A new verb of a person belongs into deeds, and reads the person inside its write.
func TestS19_EveryVerbOfAPersonIsTried(t *testing.T) {
	town := servicestest.New(t)
	tried := map[string]bool{}
	for _, d := range deeds(town, models.Payout{}) {
		tried[d.name] = true
	}
	person := reflect.TypeFor[models.Person]()
	for _, service := range []any{town.Payouts, town.Payees, town.Verdicts, town.Accounts, town.Notices, town.Sender, town.Proof, town.Evidence} {
		kind := reflect.TypeOf(service)
		for m := range kind.NumMethod() {
			method := kind.Method(m)
			name := kind.Elem().Name() + "." + method.Name
			if method.Type.NumIn() > 2 && method.Type.In(2) == person && !tried[name] && !readers[name] {
				t.Errorf("%s takes a person and is not tried with one who was deactivated meanwhile", name)
			}
		}
	}
}

// noDeeds write about a person who does nothing: who is let in or not, and what was refused.
var noDeeds = map[string]bool{"SignIn.refuse": true, "SignIn.end": true, "SignIn.Refused": true, "SignIn.Open": true, "SignIn.Halfway": true, "StepUp.refuse": true}

// rereads are the ways to read a person again inside a write.
var rereads = regexp.MustCompile(`\b(asNow|mayNow|stillMay|activePerson|FindPerson)\(`)

// The same for what is not in the town: whatever opens a write
// of its own with a person in hand reads them again there.
func TestS19_EveryWriteOfAPersonReadsThemAgain(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		looked += checkWrites(t, file, string(source))
	}
	if looked < 5 {
		t.Errorf("only %d writes were looked at", looked)
	}
	probe := &testing.T{}
	checkWrites(probe, "bad.go", "package services\n\nfunc (s *Payouts) Bad(by models.Person) error {\n\treturn s.Store.Write(ctx, nothing)\n}\n")
	if !probe.Failed() {
		t.Error("a write that believes the request is not seen")
	}
}

func checkWrites(t *testing.T, file, source string) (looked int) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Body == nil {
			continue
		}
		head, body := source[f.Pos()-1:f.Body.Pos()-1], source[f.Body.Pos()-1:f.Body.End()-1]
		receiver, _ := strings.CutPrefix(source[f.Recv.List[0].Type.Pos()-1:f.Recv.List[0].Type.End()-1], "*")
		name := receiver + "." + f.Name.Name
		if !personIn.MatchString(head) || !strings.Contains(body, "Store.Write(") || noDeeds[name] {
			continue
		}
		if looked++; !rereads.MatchString(body) {
			t.Errorf("%s: %s writes for a person as the request found them", file, name)
		}
	}
	return looked
}

var personIn = regexp.MustCompile(`\b(by|p|owner|who) \*?models\.Person\b`)

func active(town *servicestest.Town, p models.Person, is bool) {
	town.Must(town.Store.Write(context.Background(), func(tx *gorm.DB) error { return models.SetActive(tx, p.ID, is) }))
}
