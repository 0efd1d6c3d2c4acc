package models

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// This file asks whether orders needed what their policy says, and whether those who
// signed meet it.

// policiesByVersion are all there are.
func policiesByVersion(db *gorm.DB) (map[string]Policy, error) {
	all, err := Policies(db)
	found := map[string]Policy{}
	for _, p := range all {
		found[strconv.Itoa(p.Version)] = p
	}
	return found, err
}

// checkNeed holds what a submission asked for against its policy and its facts. Those
// from before facts were kept name none.
func (w *walk) checkNeed(e *eventRow) {
	var facts, version string
	plain := eachPlain(e.text, func(name, value string) {
		switch name {
		case "facts":
			facts = value
		case "policy":
			version = value
		}
	})
	if !plain {
		var d Details
		if json.Unmarshal([]byte(e.text), &d) != nil {
			return // the state that it carries is compared all the same
		}
		facts, version = d["facts"], d["policy"]
	}
	if facts == "" {
		return
	}
	if wrong := needOfSubmission(w.policies[version], facts, FromMillis(e.at), e.carried); wrong != "" {
		w.report.find("I4", e.subjectID, "event %d: %s", e.seq, wrong)
	}
}

// NeedOfSubmission says what is wrong with what a submission asked for under this
// policy; "" is nothing.
func NeedOfSubmission(p Policy, e Event, carried Effect) string {
	return needOfSubmission(p, e.Details["facts"], e.At, carried)
}

func needOfSubmission(p Policy, text string, at time.Time, carried Effect) string {
	facts, ok := readFacts(text, at)
	if !ok {
		return "the facts of the submission cannot be read"
	}
	answer, err := p.Need(facts)
	switch asked := Asking(answer.Need); {
	case err != nil:
		return "the policy has no band for the sum"
	case asked.Need != carried.Need || asked.Needed != carried.Needed || asked.Wants != carried.Wants:
		return "the policy asks for " + answer.Need.String() + ", the submission does not"
	}
	return ""
}

// departed is true of orders that may have left us on their own signatures; those of an
// order that was restored went with the newer database.
const departed = "stage IN ('approved', 'sending', 'sent') AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.payout_id = payouts.id AND t.restored = 1)"

// unmetNeeds finds orders that needed roles and left without them (I4).
func unmetNeeds(tx *gorm.DB) (r Report, err error) {
	var orders []Payout
	err = tx.Select("id, order_no, need, version").Where("need <> ''").Where(departed).FindInBatches(&orders, spanLength, func(batch *gorm.DB, _ int) error {
		return unmetAmong(tx.Session(&gorm.Session{NewDB: true}), orders, &r)
	}).Error
	return r, err
}

func unmetAmong(tx *gorm.DB, orders []Payout, r *Report) error {
	var approvals []Approval
	first, last := orders[0].ID, orders[len(orders)-1].ID
	if err := tx.Select("payout_id, version, person_id, roles").Where("payout_id BETWEEN ? AND ?", first, last).Find(&approvals).Error; err != nil {
		return err
	}
	signed := map[PayoutID][]Approval{}
	for _, a := range approvals {
		signed[a.PayoutID] = append(signed[a.PayoutID], a)
	}
	for _, p := range orders {
		own := slices.DeleteFunc(signed[p.ID], func(a Approval) bool { return a.Version != p.Version })
		if !p.Asks().Met(SignersOf(own)) {
			r.find("I4", p.OrderNo, "it left without the signatures of %s", p.Asks())
		}
	}
	return nil
}
