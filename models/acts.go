package models

import "slices"

// The acts that are no moves of an order. An event's verb is a Move or one of these.
var (
	ordersActs   = []string{"noted", "attached", "claimed", "handed_back", "handed_over", "draft_given", "handed_on", "revealed", "verdict_proposed", "verdict_disagreed", "verdict_cancelled", "verdict_left", "look_again", "enquiry_sent", "enquiry_answered"}
	gatewayActs  = []string{"heard_notice", "heard_query", "heard_reply", "late_reply", "quarantined", "quarantine_looked_at", "double_payment_feared"}
	recoveryActs = []string{"caught_up", "notices_missing", "notices_back", "came_back", "escalated", "reminded", "passed_on", "told_controllers"}
	sessionActs  = []string{"signed_in", "signed_out", "session_ended", "sign_in_refused", "factor_refused", "step_up_refused", "recovery_used"}
	peopleActs   = []string{"person_added", "invited", "link_refused", "password_chosen", "roles_changed", "person_deactivated", "delegated", "delegation_ended", "person_activated", "password_reset", "password_changed", "factor_added", "factor_removed", "recovery_made", "factor_reset_proposed", "factor_reset_confirmed", "factor_reset_refused"}
	payeeActs    = []string{"payee_revealed", "payee_changed", "payee_called", "payee_released", "payee_blocked", "payee_unblocked", "own_account_added", "own_account_ended", "payee_entered", "payee_found", "payee_find_seen"}
	changeActs   = []string{"change_proposed", "change_confirmed", "change_refused", "change_withdrawn", "change_overtaken"}
	settingsActs = []string{"setting_changed", "cord_pulled", "cord_released", "account_added", "keys_changed", "calendar_changed", "account_paused", "account_reopened", "account_tested"}
	journalActs  = []string{"journal_begun", "restore_found", "restored_send", "send_looked_at", "send_closed"}
	proofActs    = []string{"exported", "chain_checked", "head_key_made", "evidence_taken"}
	boundActs    = []string{VerbKept, VerbBound, VerbRotated}
)

// refused is a verb twice: a gateway refused an order, and we refused a person.
const refused = string(MoveRefuse)

// Acts lists every verb that the log knows, in the order in which a page offers them.
func Acts() (all []string) {
	for _, move := range Moves {
		all = append(all, string(move))
	}
	for _, group := range [][]string{
		ordersActs, gatewayActs, recoveryActs, sessionActs, peopleActs, changeActs, payeeActs, {"policy_changed", "limits_changed"}, settingsActs, journalActs, proofActs, boundActs,
	} {
		all = append(all, group...)
	}
	return all
}

// AuditQuestion is something that auditors ask again and again.
type AuditQuestion string

// The questions.
const (
	AskVerdicts  AuditQuestion = "verdicts"  // what people decided without the gateway's word
	AskOverrides AuditQuestion = "overrides" // a near-duplicate or an unusual answer, with a reason
	AskRefused   AuditQuestion = "refused"
	AskReveals   AuditQuestion = "reveals"
	AskExports   AuditQuestion = "exports"
	AskSignIns   AuditQuestion = "sign_ins"
	AskRoles     AuditQuestion = "roles"
	AskPolicy    AuditQuestion = "policy"
	AskSettings  AuditQuestion = "settings"
	AskOwn       AuditQuestion = "own"       // somebody tried to decide on what is their own, and was refused
	AskQuick     AuditQuestion = "quick"     // approved within a minute of the page being shown
	AskOffHours  AuditQuestion = "off_hours" // approved outside of the policy's hours
	AskLate      AuditQuestion = "late"      // the gateway said otherwise after the end
	AskRejected  AuditQuestion = "rejected"
	AskLetGo     AuditQuestion = "let_go" // what was held, and by whom it was let go on
	AskRestarts  AuditQuestion = "restarts"
	AskRights    AuditQuestion = "rights"
	AskDevices   AuditQuestion = "devices" // signed in from a device that was new to them
)

// AuditQuestions lists them in the order of the page.
var AuditQuestions = []AuditQuestion{
	AskVerdicts, AskOverrides, AskQuick, AskOffHours, AskRejected, AskLate, AskLetGo, AskRestarts, AskRefused, AskOwn, AskReveals, AskExports, AskSignIns, AskDevices,
	AskRoles, AskRights, AskPolicy, AskSettings,
}

// questionVerbs are the acts that answer each question; overrides have an index of
// their own.
var questionVerbs = map[AuditQuestion][]string{
	AskVerdicts: {
		"verdict_proposed", "verdict_disagreed", "look_again", string(MoveVerdictPaid), string(MoveVerdictFailed),
		string(MoveSettlePaid), string(MoveSettleFailed), string(MoveSettleReturned),
	},
	AskRefused:  {refused},
	AskReveals:  {"revealed", "payee_revealed"},
	AskExports:  proofActs,
	AskSignIns:  sessionActs,
	AskRoles:    peopleActs,
	AskPolicy:   {"policy_changed", "limits_changed"},
	AskSettings: slices.Concat(settingsActs, changeActs),
	AskOwn:      {refused},
	AskRejected: {string(MoveReject)},
	AskLate:     {string(MoveClash), "double_payment_feared"},
	AskLetGo:    {string(MoveResume), "payee_released"},
	AskRestarts: {"cord_released", "account_reopened"},
	AskRights:   {"roles_changed", "person_added", "person_activated", "factor_reset_confirmed"},
}

// questionConditions are what the acts of a question are beyond their verbs. The first of
// those that have no verb is the condition of an index.
var questionConditions = map[AuditQuestion][]string{
	AskOverrides: {overriding},
	AskRefused:   {byPerson},
	AskOwn:       {byPerson, `(instr(details, '.own_') > 0 OR instr(details, '.about_you') > 0)`},
	AskQuick:     {markedAct, `instr(details, '"quick"') > 0`},
	AskOffHours:  {markedAct, `instr(details, '"off_hours"') > 0`},
	AskDevices:   {markedAct, `instr(details, '"new_device"') > 0`},
}

// byPerson is a refusal of a person: else it was a gateway that refused.
const byPerson = "subject = 'person'"

// markedAct tells acts that carry a mark; it is the condition of an index, word for word.
const markedAct = `(instr(details, '"off_hours"') > 0 OR instr(details, '"quick"') > 0 OR instr(details, '"new_device"') > 0)`

// overriding tells acts that carry a reason against a warning; it is the condition
// of an index, word for word.
const overriding = `(instr(details, '"twin_reason"') > 0 OR instr(details, '"warning_reason"') > 0)`
