package models

import (
	"maps"
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// AtPolicy names, in the details of a decision, the version of the policy that it was made
// under (E13).
const AtPolicy = "policy"

// decisions are what people decide about an order, besides submitting and signing it, which
// name their policy themselves.
var decisions = []Move{
	MoveReject, MoveAskMaker, MoveHold, MoveStop, MoveResume, MoveVerdictPaid, MoveVerdictFailed, MoveSettlePaid, MoveSettleFailed, MoveSettleReturned,
	"verdict_proposed", "verdict_disagreed", "verdict_cancelled", "look_again",
}

// decided adds by which version of the policy a person decided: the one that the order is
// held to.
func (p *Payout) decided(verb Move, by Actor, details Details) Details {
	if by.ID == 0 || p.PolicyVersion == 0 || !slices.Contains(decisions, verb) || details[AtPolicy] != "" {
		return details
	}
	all := Details{AtPolicy: strconv.Itoa(p.PolicyVersion)}
	maps.Copy(all, details)
	return all
}

// UnderPolicy adds the version of the policy that is in force to the details of a decision
// of people about something else than an order; nothing where there is none yet.
func UnderPolicy(db *gorm.DB, by Actor, details Details) error {
	if by.ID == 0 {
		return nil
	}
	var version int
	err := db.Model(&Policy{}).Select("coalesce(max(version), 0)").Scan(&version).Error
	if err == nil && version > 0 {
		details[AtPolicy] = strconv.Itoa(version)
	}
	return err
}
