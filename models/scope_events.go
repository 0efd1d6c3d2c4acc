package models

import (
	"fmt"
	"slices"
	"strings"
)

// This file says which events and changes belong to a scope. What is about no order is read
// by what it is about: a payee as the book is, a change by its subject, a limit by its
// currency. What names something outside of the scope is outside itself.

// ofEvent reads an event by its order, and one that is about no order by its subject.
func ofEvent(s Scope, t string) string {
	return "(" + t + ".payout_id > 0 AND " + ofOrder(s, t) + " OR " + t + ".payout_id = 0 AND " + choice(t+".subject", eventSubjects(s, t)) + ")"
}

// eventSubjects are the conditions of the subjects of events. A subject that is not here
// names nothing that a scope narrows.
func eventSubjects(s Scope, t string) map[string]string {
	numbered := "CAST(" + t + ".subject_id AS INTEGER)"
	return map[string]string{
		"payout":  some("payouts seen WHERE seen.order_no = " + t + ".subject_id AND " + s.ofSeen()), // a proof that was refused
		"account": some("gateway_accounts named WHERE named.name = " + t + ".subject_id AND " + s.exists("own.id = named.id")),
		"notice":  some("notices told WHERE told.id = " + numbered + " AND " + s.exists("own.id = told.account_id")),
		"send":    some("restored_sends sent WHERE sent.order_no = " + t + ".subject_id AND " + s.exists("own.slug = sent.account_slug")),
		"payee":   t + ".verb NOT IN ('payee_found', 'payee_find_seen') AND " + s.ofPayee(numbered), // a find tells of two: it is for those who see all
		"change":  some("changes about WHERE about.id = " + numbered + " AND " + ofChange(s, "about")),
		"limits":  s.limitsIn(t + ".details"),
		"person":  s.refusedIn(t),
		"settings": "NOT " + some("gateway_accounts other WHERE NOT ("+s.sql("other.id", "other.currency")+
			") AND instr("+t+".details ->> 'outlasted', other.name) > 0"),
		"list": s.listIn(t + ".details"),
	}
}

// ofChange reads a change by its subject.
func ofChange(s Scope, t string) string {
	numbered := "CAST(" + t + ".subject AS INTEGER)"
	account := s.exists("own.id = " + numbered)
	return choice(t+".kind", map[string]string{
		string(ChangePayee):    s.ofPayee(numbered),
		string(ChangeRests):    some("payee_versions rested WHERE rested.id = " + numbered + " AND " + s.ofPayee("rested.payee_id")),
		string(ChangeKeys):     account,
		string(ChangeCalendar): account,
		string(ChangeNewPayee): s.enteringIn(t),
		string(ChangeSending):  "(" + t + ".subject = '" + AllSending + "' OR " + account + ")",
		string(ChangeLimits):   s.exists("own.currency = substr(" + t + ".subject, -3)"),
		string(ChangeRoles):    s.grantIn(t+".before") + " AND " + s.grantIn(t+".content"),
	})
}

// ofPayee is the condition of the payee book.
func (s Scope) ofPayee(id string) string { return fmt.Sprintf(byHistory, id, s.ofSeen()) }

// enteringIn reads somebody who is to be entered by an account of their rail, and somebody
// who was by the payee.
func (s Scope) enteringIn(t string) string {
	made := "payee_versions made WHERE made.change_id = " + t + ".id"
	rail := "',' || substr(" + t + ".subject, 1, instr(" + t + ".subject, ' ') - 1) || ','"
	return "CASE WHEN " + some(made) + " THEN " + some(made+" AND "+s.ofPayee("made.payee_id")) + " ELSE " + s.exists("instr(',' || own.rails || ',', "+rail+") > 0") + " END"
}

// limitsIn says that every currency of the limits in an event is within.
func (s Scope) limitsIn(details string) string {
	hidden := "NOT " + s.exists("own.currency = one.value ->> 'currency'")
	var parts []string
	for _, list := range []string{"limits", "windows"} {
		parts = append(parts, "NOT "+some("json_each("+details+" ->> 'content', '$."+list+"') one WHERE "+hidden))
	}
	return details + " ->> 'content' IS NOT NULL AND " + strings.Join(parts, " AND ")
}

// grantIn says that a grant names no account outside.
func (s Scope) grantIn(grant string) string {
	return "NOT " + some("json_each("+grant+", '$.scope.accounts') one WHERE NOT "+s.exists("own.id = one.value"))
}

// refusedIn says that a refused attempt was at nothing outside.
func (s Scope) refusedIn(t string) string {
	named := func(name, condition string) string {
		return "(" + t + ".details ->> '" + name + "' IS NULL OR " + condition + ")"
	}
	number := func(name string) string { return "CAST(" + t + ".details ->> '" + name + "' AS INTEGER)" }
	return "(" + t + ".verb <> 'refused' OR " + strings.Join([]string{
		t + ".details ->> '" + AtOrders + "' IS NULL", // may name any order: it is for those who see all
		named(AtOrder, "NOT "+some("payouts seen WHERE seen.order_no = "+t+".details ->> '"+AtOrder+"' AND NOT ("+s.ofSeen()+")")),
		named(AtPayee, s.ofPayee(number(AtPayee))),
		named(AtAccount, s.exists("own.id = "+number(AtAccount))),
		named(AtChange, some("changes about WHERE about.id = "+number(AtChange)+" AND "+ofChange(s, "about"))),
		named(AtNotice, some("notices told WHERE told.id = "+number(AtNotice)+" AND "+s.exists("own.id = told.account_id"))),
		named(AtSend, some("restored_sends sent WHERE sent.order_no = "+t+".details ->> '"+AtSend+"' AND "+s.exists("own.slug = sent.account_slug"))),
	}, " AND ") + ")"
}

// listIn says that the filter of a list that was taken out names no account outside, and
// nothing that was searched for.
func (s Scope) listIn(details string) string {
	filter := "coalesce(" + details + " ->> 'filter', '')"
	return "instr('&' || " + filter + ", '&q=') = 0 AND instr('&' || " + filter + ", '&order=') = 0 AND NOT " +
		some("gateway_accounts other WHERE NOT ("+s.sql("other.id", "other.currency")+") AND (instr("+filter+", other.name) > 0 OR instr('&' || "+filter+" || '&', '&account=' || other.id || '&') > 0)")
}

func some(rows string) string { return "EXISTS (SELECT 1 FROM " + rows + ")" }

// choice is the condition of what a column says, and true for everything else.
func choice(column string, conditions map[string]string) string {
	names := make([]string, 0, len(conditions))
	for name := range conditions {
		names = append(names, name)
	}
	slices.Sort(names)
	text := "CASE " + column
	for _, name := range names {
		text += " WHEN '" + name + "' THEN (" + conditions[name] + ")"
	}
	return text + " ELSE 1 END"
}
