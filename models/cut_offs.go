package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// CutOffs are the next cut-offs of the accounts that have a calendar.
type CutOffs map[AccountID]CutOff

// CutOffsOf are those of some accounts.
func CutOffsOf(accounts []GatewayAccount, now time.Time) CutOffs {
	all := CutOffs{}
	for _, a := range accounts {
		if next := NextCutOff(a.Calendar(), now); !next.None() {
			all[a.ID] = next
		}
	}
	return all
}

// ReadCutOffs are those of every account that the reader sees.
func ReadCutOffs(db *gorm.DB, now time.Time) (CutOffs, error) {
	accounts, err := Accounts(db)
	return CutOffsOf(accounts, now), err
}

// Next is the first of them; none where there is none.
func (all CutOffs) Next() CutOff {
	if len(all) == 0 {
		return CutOff{}
	}
	return all[all.inLine()[0]]
}

// inLine are the accounts, the next cut-off first.
func (all CutOffs) inLine() []AccountID {
	var line []AccountID
	for id := range all {
		line = append(line, id)
	}
	slices.SortFunc(line, func(a, b AccountID) int { return cmp.Or(all.compare(a, b), cmp.Compare(a, b)) })
	return line
}

// compare tells cut-offs apart as people do: by their moment, and by whose clock it is.
func (all CutOffs) compare(a, b AccountID) int {
	return cmp.Or(all[a].At.Compare(all[b].At), strings.Compare(all[a].Zone.String(), all[b].Zone.String()))
}

// ranks are how many cut-offs come before that of each account; accounts that share one share
// their rank.
func (all CutOffs) ranks() map[AccountID]int {
	ranks, line := map[AccountID]int{}, all.inLine()
	for i, id := range line {
		if ranks[id] = i; i > 0 && all.compare(line[i-1], id) == 0 {
			ranks[id] = ranks[line[i-1]]
		}
	}
	return ranks
}

// rank is that of one account; one without a cut-off comes last.
func (all CutOffs) rank(id AccountID) int {
	if at, known := all.ranks()[id]; known {
		return at
	}
	return len(all)
}

// rankSQL is the same as an expression. What is written into it are numbers of ours, never
// text from a request (S9).
func (all CutOffs) rankSQL() string {
	ranks := all.ranks()
	if len(ranks) == 0 {
		return "0"
	}
	var text strings.Builder
	text.WriteString("CASE account_id")
	for _, id := range all.inLine() {
		fmt.Fprintf(&text, " WHEN %d THEN %d", int64(id), ranks[id])
	}
	fmt.Fprintf(&text, " ELSE %d END", len(ranks))
	return text.String()
}
