package models

import (
	"fmt"

	"gorm.io/gorm"
)

// This file holds what Verify asks in SQL.

// ask asks what SQL can answer, of each connection what it has time for.
func ask(on []*gorm.DB, counted *recount, r *Report) error {
	questions := []func(*gorm.DB) (Report, error){counted.limits, counted.totals, unmetNeeds, sumSignatures, compareSchema, checkHeads}
	for _, check := range invariantChecks {
		questions = append(questions, check.ask)
	}
	next := func(*gorm.DB) (question func(*gorm.DB) (Report, error), err error) {
		if len(questions) > 0 {
			question, questions = questions[0], questions[1:]
		}
		return question, nil
	}
	return share(on, next, func(answer Report) error {
		r.add(answer)
		return nil
	})
}

// compareTotals compares the kept counts with the rows they name (I30).
func compareTotals(kept []PayoutCount, counted map[PayoutCount]PayoutCount, r *Report) {
	cells := map[PayoutCount][2]PayoutCount{} // by what is counted there: as kept, and as it is
	for _, c := range kept {
		cells[c.cell()] = [2]PayoutCount{c, {Currency: c.Currency}}
	}
	for cell, c := range counted {
		was, ok := cells[cell]
		if !ok {
			was[0].Currency = c.Currency
		}
		cells[cell] = [2]PayoutCount{was[0], c}
	}
	for c, is := range cells {
		if kept, counted := is[0], is[1]; kept.Orders != counted.Orders || kept.SumMinor != counted.SumMinor {
			r.find("totals", fmt.Sprintf("%s %s/%s", c.Currency, c.Stage, c.Outcome), "kept as %d orders of %s; there are %d of %s",
				kept.Orders, kept.Sum(), counted.Orders, counted.Sum())
		}
	}
}

// cell is what is counted there, without the figures.
func (c PayoutCount) cell() PayoutCount {
	c.Orders, c.SumMinor = 0, 0
	return c
}

// CheckNames are the names that findings may bear. Each has words for people.
func CheckNames() []string {
	names := []string{"chain", "fold", "tree", "rows", "schema", "totals", "I14"}
	for _, check := range invariantChecks {
		names = append(names, check.name)
	}
	return names
}

// invariantCheck is one question, and what it means if anything answers.
type invariantCheck struct{ name, what, query string }

// invariantChecks are questions that must find nothing. Each gives the order
// number of what breaks it.
var invariantChecks = []invariantCheck{
	{"I3", "an approval names another content than the order", `
		SELECT p.order_no FROM approvals a JOIN payouts p ON p.id = a.payout_id
		WHERE a.version = p.version AND a.digest <> p.digest`},
	{"I3", "the attempt carries another digest than the order", `
		SELECT p.order_no FROM attempts t JOIN payouts p ON p.id = t.payout_id WHERE t.content_digest <> p.digest AND t.restored = 0`},
	{"I4", "the maker approved", `
		SELECT p.order_no FROM approvals a JOIN payouts p ON p.id = a.payout_id WHERE a.person_id = p.maker_id
		OR p.given_to <> '' AND a.version = p.version AND instr(p.given_to, ',' || a.person_id || ',') > 0`},
	{"I4", "a verdict was made by one person or by the maker", `
		SELECT p.order_no FROM verdicts v JOIN payouts p ON p.id = v.payout_id
		WHERE v.confirmer_id IS NOT NULL AND (v.confirmer_id = v.proposer_id OR v.confirmer_id = p.maker_id OR v.proposer_id = p.maker_id
			OR p.given_to <> '' AND (instr(p.given_to, ',' || v.confirmer_id || ',') > 0 OR instr(p.given_to, ',' || v.proposer_id || ',') > 0))`},
	{"I4", "it left with fewer signatures than the policy asked for", `
		SELECT p.order_no FROM payouts p WHERE p.stage IN ('sending', 'sent')
		AND (SELECT count(*) FROM approvals a WHERE a.payout_id = p.id AND a.version = p.version) < max(p.approvals_needed, 1)
		AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.payout_id = p.id AND t.restored = 1)`}, // its signatures went with the newer database
	{"S5", "the log does not name the signature of an approval", `
		SELECT p.order_no FROM approvals a JOIN payouts p ON p.id = a.payout_id JOIN signatures s ON s.id = a.signature_id
		WHERE s.person_id <> a.person_id OR NOT EXISTS (SELECT 1 FROM events e WHERE e.payout_id = a.payout_id AND e.payout_id > 0 AND e.actor_id = a.person_id
			AND e.verb IN ('signed', 'approved') AND json_extract(e.details, '$.signature') = lower(hex(s.digest)))`},
	{"S5", "what was signed is not the content that was approved", `
		SELECT p.order_no FROM approvals a JOIN payouts p ON p.id = a.payout_id JOIN signatures s ON s.id = a.signature_id
		WHERE NOT (s.act = 'approve' AND s.subject_id = p.order_no AND s.content_digest = a.digest
			OR s.act = 'approve_list' AND (coalesce(instr(s.list, a.digest), 0) - 1) % 32 = 0)`},
	{"S5", "the log tells of a change that its person did not sign", `
		SELECT e.verb || ' ' || e.subject_id FROM events e WHERE e.verb IN ('change_proposed', 'change_confirmed')
		AND e.seq >= (SELECT min(f.seq) FROM events f WHERE f.verb IN ('change_proposed', 'change_confirmed') AND json_extract(f.details, '$.signature') IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM signatures s WHERE s.digest = unhex(json_extract(e.details, '$.signature')) AND s.person_id = e.actor_id AND s.subject = 'change'
			AND (e.verb = 'change_proposed' AND s.act = 'propose_change'
				OR e.verb = 'change_confirmed' AND s.act = 'confirm_change' AND s.subject_id = e.subject_id
				AND s.content_digest = unhex(json_extract(e.details, '$.digest'))))`}, // those before changes were signed have none
	{"I25", "who entered the payee's details approved", `
		SELECT p.order_no FROM approvals a JOIN payouts p ON p.id = a.payout_id JOIN payee_versions v ON v.id = p.payee_version_id
		WHERE a.version = p.version AND a.person_id = v.created_by`},
	{"I25", "it is not known who entered the payee's details", `
		SELECT p.order_no FROM payouts p JOIN payee_versions v ON v.id = p.payee_version_id WHERE p.payee_by NOT IN (0, v.created_by)`},
	{"I25", "details that were agreed to were changed by one person", `
		SELECT p.order_no FROM payee_versions v JOIN payouts p ON p.payee_id = v.payee_id
		WHERE v.number > 1 AND p.approved_at > 0 AND p.approved_at < v.created_at
		AND (v.change_id IS NULL OR v.confirmed_by IS NULL OR v.confirmed_by = v.created_by
			OR NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = v.change_id AND c.kind = 'payee' AND c.state = 'confirmed'
				AND c.subject = CAST(v.payee_id AS TEXT) AND c.proposed_by = v.created_by AND c.decided_by = v.confirmed_by))`},
	{"I6", "more than one attempt may have left us", `
		SELECT p.order_no FROM payouts p WHERE (SELECT count(*) FROM attempts t WHERE t.payout_id = p.id AND t.not_sent = 0) > 1`},
	{"I7", "it is called sent without an attempt on record", `
		SELECT p.order_no FROM payouts p WHERE p.stage IN ('sending', 'sent')
		AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.payout_id = p.id AND t.not_sent = 0)`},
	{"I9", "it is called failed without evidence", `
		SELECT p.order_no FROM payouts p WHERE p.outcome = 'failed' AND p.by_hand = 0
		AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.payout_id = p.id AND t.read_as = 'refused')
		AND NOT EXISTS (SELECT 1 FROM questions q WHERE q.payout_id = p.id AND q.says = 'failed')`},
	{"I10", "it is called paid without evidence", `
		SELECT p.order_no FROM payouts p WHERE p.outcome = 'paid' AND p.by_hand = 0 AND p.contradicted = 0
		AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.payout_id = p.id AND n.verified = 'good' AND n.says = 'paid')
		AND NOT EXISTS (SELECT 1 FROM questions q WHERE q.payout_id = p.id AND q.says = 'paid')`},
	{"I12", "a contradiction is open and not on the order, or the other way round", `
		SELECT p.order_no FROM payouts p WHERE p.contradicted <>
		EXISTS (SELECT 1 FROM contradictions c WHERE c.payout_id = p.id AND c.closed_at = 0)`},
	{"I13", "nothing will happen to it", `
		SELECT p.order_no FROM payouts p WHERE p.next_action_at = 0
		AND (p.stage = 'approved' OR p.stage = 'sent' AND p.outcome IN ('pending', 'unclear'))`},
	{"I18", "it left, and its sum was never counted against the limits", `
		SELECT p.order_no FROM payouts p WHERE p.stage IN ('sending', 'sent') AND p.room = ''
		AND p.id > coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'limits_since'), 0)`}, // those before it were made without limits
	{"I18", "the limits of this version are not those that the log tells of", `
		SELECT CAST(v.version AS TEXT) FROM limit_versions v WHERE NOT EXISTS (
			SELECT 1 FROM events e WHERE e.verb = 'limits_changed' AND e.subject_id = v.version AND json_extract(e.details, '$.content') = v.content)`},
	{"I27", "its attempt is called restored, and no event tells of that", `
		SELECT p.order_no FROM attempts t JOIN payouts p ON p.id = t.payout_id WHERE t.restored = 1
		AND NOT EXISTS (SELECT 1 FROM events e WHERE e.payout_id = p.id AND e.verb = 'restored')`},
	{"I27", "it was sent after the backup, and may be sent again", `
		SELECT p.order_no FROM restored_sends r JOIN payouts p ON p.id = r.payout_id WHERE p.stage <> 'sent'`},
}

func (check invariantCheck) ask(tx *gorm.DB) (r Report, err error) {
	var orders []string
	if err := tx.Raw(check.query).Scan(&orders).Error; err != nil {
		return r, fmt.Errorf("check %s: %w", check.name, err)
	}
	for _, orderNo := range orders {
		r.find(check.name, orderNo, "%s", check.what)
	}
	return r, nil
}
