package models

// ChangeKind is what sort of thing two people change.
type ChangeKind string

// The kinds of change.
const (
	ChangePayee      ChangeKind = "payee"       // where a payee is paid
	ChangeRoles      ChangeKind = "roles"       // what a person may do, and whether they sign in at all
	ChangeLink       ChangeKind = "link"        // by which somebody comes in and chooses their password (decision 17)
	ChangeLimits     ChangeKind = "limits"      // how much may be released
	ChangePolicy     ChangeKind = "policy"      // who must sign
	ChangeKeys       ChangeKind = "keys"        // what a gateway account signs with (A6)
	ChangeAccount    ChangeKind = "account"     // that a gateway account is connected
	ChangeAddress    ChangeKind = "address"     // where gateways reach us with their notices
	ChangeRests      ChangeKind = "rests"       // new details that need not rest, nor begin small
	ChangePayeeRules ChangeKind = "payee_rules" // what is asked of new details, and how long orders wait
	ChangeNewPayee   ChangeKind = "new_payee"   // somebody who is entered before there is a payout to them
	ChangeUnblock    ChangeKind = "unblock"     // what comes off the block list (D7)
	ChangeOwnAccount ChangeKind = "own_account" // that a declared account is somebody's no longer (D7)
	ChangeSending    ChangeKind = "sending"     // that sending goes on which was stopped
	ChangeCalendar   ChangeKind = "calendar"    // when a gateway pays, and its cut-off (B5)
)

// changeKinds say who proposes a change of each kind, and who confirms another's
// (invariants.md 3). A kind that is not here can be neither.
var changeKinds = map[ChangeKind]struct{ propose, confirm Verb }{
	ChangeRests:      {VerbResume, VerbResume},
	ChangePayeeRules: {VerbSetPolicy, VerbSetPolicy},
	ChangeNewPayee:   {VerbPayee, VerbPayeeOK},
	ChangeUnblock:    {VerbPayeeOK, VerbPayeeOK},
	ChangePayee:      {VerbPayee, VerbPayeeOK},
	ChangeRoles:      {VerbPeople, VerbGrant},
	ChangeLink:       {VerbPeople, VerbGrant},
	ChangeLimits:     {VerbLimits, VerbLimits},
	ChangePolicy:     {VerbSetPolicy, VerbSetPolicy},
	ChangeKeys:       {VerbGateway, VerbKeys},
	ChangeAccount:    {VerbGateway, VerbKeys},
	ChangeAddress:    {VerbGateway, VerbKeys},
	ChangeOwnAccount: {VerbPeople, VerbGrant}, // and whose account it is asks too
	ChangeSending:    {VerbRestart, VerbRestart},
	ChangeCalendar:   {VerbGateway, VerbKeys},
}

// partKinds are those that concern a part of the installation, so that a limited scope is
// enough for them.
var partKinds = []ChangeKind{ChangePayee, ChangeNewPayee}

// OfDetails says whether such a change is about the details of a payee: they lie sealed in
// it, and the payee is called before it is confirmed.
func (k ChangeKind) OfDetails() bool { return k == ChangePayee || k == ChangeNewPayee }

// ChangeKinds lists them in the order of the words on a page.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{
		ChangePayee, ChangeNewPayee, ChangeRests, ChangeUnblock, ChangeOwnAccount, ChangeRoles, ChangeLink, ChangePolicy, ChangePayeeRules, ChangeLimits,
		ChangeKeys, ChangeAccount, ChangeAddress, ChangeCalendar, ChangeSending,
	}
}

// Proposing is what one must be allowed to do to propose such a change.
func (k ChangeKind) Proposing() Verb { return changeKinds[k].propose }

// Confirming is what one must be allowed to do to decide on another's.
func (k ChangeKind) Confirming() Verb { return changeKinds[k].confirm }
