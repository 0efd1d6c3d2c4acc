package models

import (
	"slices"
	"strings"
	"testing"
)

var letters = map[rune]Role{'M': Maker, 'A': Approver, 'R': Resolver, 'C': Controller, 'U': Auditor, 'G': GatewayAdmin, 'P': PeopleAdmin}

// row is one of invariants.md 3: who may, whether it takes a fresh proof (↑), and which
// changes of two people (²) it is. That one's own and the second person's are apart is in
// the rules of each verb.
type row struct {
	name  string
	verb  Verb
	may   string
	fresh bool
	two   []ChangeKind // that this verb proposes
	yes   []ChangeKind // that this verb confirms
}

var table = []row{
	{"see orders in scope", VerbSee, "MARCU", false, nil, nil},
	{"reveal an account number", VerbReveal, "MARC", false, nil, nil},
	{"draft, edit, submit; reissue", VerbDraft, "M", false, nil, nil},
	{"withdraw: states.md lets an approver too", VerbStop, "MAC", false, nil, nil},
	{"approve, reject", VerbApprove, "AC", true, nil, nil},
	{"hold", VerbHold, "MARC", false, nil, nil},
	{"resume", VerbResume, "AC", true, []ChangeKind{ChangeRests}, []ChangeKind{ChangeRests}},
	{"stop all sending", VerbCord, "MARCG", false, nil, nil},
	{"start sending again", VerbRestart, "C", true, []ChangeKind{ChangeSending}, []ChangeKind{ChangeSending}},
	{"ask the gateway now", VerbAsk, "RCG", false, nil, nil},
	{"propose a verdict, confirm another's", VerbVerdict, "RC", true, nil, nil},
	{"close a contradiction, both of the two", VerbClose, "C", true, nil, nil},
	{"payee new, change", VerbPayee, "M", true, []ChangeKind{ChangePayee, ChangeNewPayee}, nil},
	{"payee: confirm another's", VerbPayeeOK, "AC", true, []ChangeKind{ChangeUnblock}, []ChangeKind{ChangePayee, ChangeNewPayee, ChangeUnblock}},
	{"policy", VerbSetPolicy, "C", true, []ChangeKind{ChangePolicy, ChangePayeeRules}, []ChangeKind{ChangePolicy, ChangePayeeRules}},
	{"limits", VerbLimits, "C", true, []ChangeKind{ChangeLimits}, []ChangeKind{ChangeLimits}},
	{"gateway address, keys, code lists", VerbGateway, "G", true, []ChangeKind{ChangeKeys, ChangeAccount, ChangeAddress, ChangeCalendar}, nil},
	{"gateway: confirm", VerbKeys, "C", true, nil, []ChangeKind{ChangeKeys, ChangeAccount, ChangeAddress, ChangeCalendar}},
	{"export lists", VerbExport, "MRCU", false, nil, nil},
	{"audit, chain check, evidence bundle", VerbAudit, "CU", false, nil, nil},
	{"people, roles", VerbPeople, "P", true, []ChangeKind{ChangeRoles, ChangeLink, ChangeOwnAccount}, nil},
	{"people, roles: confirm", VerbGrant, "C", true, nil, []ChangeKind{ChangeRoles, ChangeLink, ChangeOwnAccount}},
	{"factor reset: confirm", VerbFactors, "C", true, nil, nil},
}

func TestI23_WhoMayDoWhatIsTheTableOfTheReference(t *testing.T) {
	t.Parallel()
	for _, found := range compare(table, Allowed) {
		t.Error(found)
	}
}

// The known-bad variant: one role too many, and one too few, are found.
func TestI23_ARoleTooManyInTheTableIsFound(t *testing.T) {
	t.Parallel()
	bad := func(v Verb) []Role {
		switch v {
		case VerbKeys:
			return append(slices.Clone(Allowed(v)), GatewayAdmin)
		case VerbHold:
			return Allowed(v)[1:]
		}
		return Allowed(v)
	}
	if found := compare(table, bad); len(found) != 2 {
		t.Errorf("found: %v", found)
	}
}

// compare says what of the table is otherwise in the program.
func compare(table []row, allowed func(Verb) []Role) (found []string) {
	for _, r := range table {
		may := allowed(r.verb)
		for letter, role := range letters {
			if slices.Contains(may, role) != strings.ContainsRune(r.may, letter) {
				found = append(found, r.name+": "+string(role))
			}
		}
		if r.verb.Fresh() != r.fresh {
			found = append(found, r.name+": its proof")
		}
		for _, kind := range ChangeKinds() {
			if (kind.Proposing() == r.verb) != slices.Contains(r.two, kind) || (kind.Confirming() == r.verb) != slices.Contains(r.yes, kind) {
				found = append(found, r.name+": "+string(kind))
			}
		}
	}
	return found
}

// The two admins hold no verb about money, and nobody holds every verb.
func TestI23_AdminsMoveNoMoney(t *testing.T) {
	t.Parallel()
	for _, verb := range []Verb{VerbSee, VerbReveal, VerbDraft, VerbPayee, VerbPayeeOK, VerbApprove, VerbHold, VerbResume, VerbRestart, VerbVerdict, VerbClose, VerbLimits, VerbExport} {
		for _, admin := range []Role{GatewayAdmin, PeopleAdmin} {
			if slices.Contains(Allowed(verb), admin) {
				t.Errorf("a %s may %s", admin, verb)
			}
		}
	}
	for _, role := range Roles {
		all := true
		for _, r := range table {
			all = all && slices.Contains(Allowed(r.verb), role)
		}
		if all {
			t.Errorf("a %s holds every verb", role)
		}
	}
}
