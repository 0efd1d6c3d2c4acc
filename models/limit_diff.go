package models

import "slices"

// LimitDiff is what differs of the limit of one subject.
type LimitDiff struct {
	Subject string
	Lines   []ChangeLine
}

// DiffLimits are the limits that differ, in the order of the pages; of those that are
// common to all of them, the subject is "".
func DiffLimits(before, after Limits) (all []LimitDiff) {
	for _, subject := range subjectsOf(before, after) {
		was, _ := before.Part(subject) // of a subject that a limit has
		is, _ := after.Part(subject)
		if was != is {
			all = append(all, LimitDiff{subject, DiffLimitPart(subject, was, is)})
		}
	}
	var common []ChangeLine
	if before.Zone != after.Zone {
		common = append(common, ChangeLine{Name: "limits.line.zone", Before: before.Zone, After: after.Zone})
	}
	if before.WaitsFor() != after.WaitsFor() {
		common = append(common, ChangeLine{Name: "rules.line.expire", Before: before.WaitsFor(), After: after.WaitsFor()})
	}
	if len(common) > 0 {
		all = append(all, LimitDiff{Lines: common})
	}
	return all
}

// DiffLimitPart is the sum, and the raise with its last day; of a window from which sum
// upward, and how long.
func DiffLimitPart(subject string, before, after LimitPart) []ChangeLine {
	_, currency, err := ReadLimitSubject(subject)
	if err != nil {
		return nil
	}
	sum := func(minor int64) any {
		if minor == 0 {
			return nil
		}
		return Money{Minor: minor, Currency: currency}
	}
	if before.Minutes != after.Minutes || after.Minutes > 0 {
		return []ChangeLine{{"limits.line.from", sum(before.Minor), sum(after.Minor)}, {"limits.line.minutes", before.Minutes, after.Minutes}}
	}
	lines := []ChangeLine{{"limits.line.sum", sum(before.Minor), sum(after.Minor)}}
	if before.Until != after.Until || before.Raised != after.Raised {
		lines = append(lines, ChangeLine{"limits.line.raised", sum(before.Raised), sum(after.Raised)}, ChangeLine{"limits.line.until", before.Until, after.Until})
	}
	return lines
}

// subjectsOf are those that one of the two has a limit or a window for.
func subjectsOf(both ...Limits) (subjects []string) {
	currencies := slices.Concat(both[0].Currencies(), both[1].Currencies())
	slices.Sort(currencies)
	for _, currency := range slices.Compact(currencies) {
		for _, scope := range append(slices.Clone(LimitScopes), LimitWindow) {
			subjects = append(subjects, LimitSubject(scope, currency))
		}
	}
	return subjects
}
