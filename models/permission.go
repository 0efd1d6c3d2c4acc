package models

import "slices"

// Role is one of the seven things a person can be.
type Role string

// The seven roles (invariants.md 3).
const (
	Maker        Role = "maker"
	Approver     Role = "approver"
	Resolver     Role = "resolver"
	Controller   Role = "controller"
	Auditor      Role = "auditor"
	GatewayAdmin Role = "gateway_admin"
	PeopleAdmin  Role = "people_admin"
)

// Roles lists them all.
var Roles = []Role{Maker, Approver, Resolver, Controller, Auditor, GatewayAdmin, PeopleAdmin}

// Verb is something that a role may or may not do. Each route declares one.
type Verb string

// The verbs of the table in invariants.md 3, and three that everybody has.
const (
	VerbPublic    Verb = "public"  // nobody has to be signed in
	VerbNotify    Verb = "notify"  // a gateway's signed notice
	VerbSignIn    Verb = "sign_in" // any signed-in person, about themselves
	VerbSee       Verb = "see"
	VerbReveal    Verb = "reveal"
	VerbDraft     Verb = "draft" // draft, edit, submit; own only
	VerbPayee     Verb = "payee" // ask for other details of a payee
	VerbPayeeOK   Verb = "payee_confirm"
	VerbCall      Verb = "call" // a payee, about a change of their details
	VerbApprove   Verb = "approve"
	VerbStop      Verb = "stop" // withdraw before sending: own, or by an approver
	VerbHold      Verb = "hold"
	VerbResume    Verb = "resume"
	VerbCord      Verb = "cord" // stop all sending, pause an account
	VerbRestart   Verb = "restart"
	VerbAsk       Verb = "ask"
	VerbNote      Verb = "note"
	VerbVerdict   Verb = "verdict"    // propose, confirm another's
	VerbClose     Verb = "close"      // a contradiction
	VerbPolicy    Verb = "policy"     // read it
	VerbSetPolicy Verb = "set_policy" // propose another; confirm another's
	VerbLimits    Verb = "limits"     // change them
	VerbGateway   Verb = "gateway"    // accounts, keys, calendar, address for notices: propose
	VerbKeys      Verb = "keys"       // confirm the account, keys, calendar or address that a gateway admin proposes
	VerbHealth    Verb = "health"     // see accounts and their health
	VerbPeople    Verb = "people"     // add people, propose their roles
	VerbGrant     Verb = "grant"      // confirm the roles that a people admin proposes
	VerbChanges   Verb = "changes"    // see changes that two people make, take one's own back
	VerbDecide    Verb = "decide"     // confirm or refuse another's change, each kind by its own verb
	VerbRoster    Verb = "roster"     // see who holds which role
	VerbFactors   Verb = "factors"    // confirm that a lost second factor is taken away
	VerbExport    Verb = "export"
	VerbAudit     Verb = "audit"
	VerbNotices   Verb = "notices" // see notices and the quarantine
	VerbSort      Verb = "sort"    // mark a quarantined notice as looked at
	VerbSandbox   Verb = "sandbox" // in a demonstration: choose what its gateways do
)

// permissions say which roles may do what. What is not listed is refused. No
// role holds every verb; the two admins hold none about money.
var permissions = map[Verb][]Role{
	VerbSignIn:    Roles,
	VerbSee:       {Maker, Approver, Resolver, Controller, Auditor},
	VerbReveal:    {Maker, Approver, Resolver, Controller},
	VerbDraft:     {Maker},
	VerbPayee:     {Maker},
	VerbPayeeOK:   {Approver, Controller},
	VerbCall:      {Maker, Approver, Resolver, Controller},
	VerbApprove:   {Approver, Controller},
	VerbStop:      {Maker, Approver, Controller},
	VerbHold:      {Maker, Approver, Resolver, Controller},
	VerbResume:    {Approver, Controller},
	VerbCord:      {Maker, Approver, Resolver, Controller, GatewayAdmin},
	VerbRestart:   {Controller},
	VerbAsk:       {Resolver, Controller, GatewayAdmin},
	VerbNote:      {Maker, Approver, Resolver, Controller},
	VerbVerdict:   {Resolver, Controller},
	VerbClose:     {Controller},
	VerbPolicy:    {Maker, Approver, Resolver, Controller, Auditor, PeopleAdmin},
	VerbSetPolicy: {Controller},
	VerbLimits:    {Controller},
	VerbGateway:   {GatewayAdmin},
	VerbKeys:      {Controller},
	VerbHealth:    {Maker, Approver, Resolver, Controller, Auditor, GatewayAdmin},
	VerbPeople:    {PeopleAdmin},
	VerbGrant:     {Controller},
	VerbChanges:   Roles,
	VerbDecide:    {Approver, Controller},
	VerbRoster:    {Controller, Auditor, PeopleAdmin},
	VerbFactors:   {Controller},
	VerbExport:    {Maker, Resolver, Controller, Auditor},
	VerbAudit:     {Controller, Auditor},
	VerbNotices:   {Resolver, Controller, Auditor, GatewayAdmin},
	VerbSort:      {Resolver, Controller},
	VerbSandbox:   Roles,
}

// fresh are the verbs whose deeds take a fresh proof of their person (invariants.md 3, ↑).
var fresh = []Verb{
	VerbApprove, VerbResume, VerbRestart, VerbVerdict, VerbClose, VerbPayee, VerbPayeeOK, VerbSetPolicy, VerbLimits,
	VerbGateway, VerbKeys, VerbPeople, VerbGrant, VerbFactors, VerbDecide,
}

// Fresh says whether deeds of the verb take a fresh proof.
func (v Verb) Fresh() bool { return slices.Contains(fresh, v) }

// Allowed lists the roles that a verb is open to, for the page that shows the table.
func Allowed(v Verb) []Role { return permissions[v] }
