package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// PayeeTerms are what two people change about new and changed details of payees, and about
// how long an order waits for signatures: the content of such a change.
type PayeeTerms struct {
	PayeeRules
	ExpireDays int `json:"expire_days"` // business days (E10)
}

// The bounds of what may be asked for.
const (
	coolingMost = 30 * 24 * 60 // minutes
	knownMost   = 365          // days
	expireMost  = 60           // business days
)

// ReadPayeeTerms reads those in force.
func ReadPayeeTerms(db *gorm.DB) (t PayeeTerms, err error) {
	if t.PayeeRules, err = ReadPayeeRules(db); err != nil {
		return t, err
	}
	limits, err := CurrentLimits(db)
	t.ExpireDays = limits.Content.WaitsFor()
	return t.InOrder(), err
}

// InOrder is the same, written in one way.
func (t PayeeTerms) InOrder() PayeeTerms {
	t.KnownDays = t.knownDays()
	for _, sums := range []*map[string]int64{&t.SecondCall, &t.Starter} {
		if len(*sums) == 0 {
			*sums = nil
		}
	}
	return t
}

// Check refuses what cannot be kept; all of it at once.
func (t PayeeTerms) Check() error {
	var wrong Refusals
	refuse := func(key, field string) { wrong = append(wrong, Refuse(Invalid, key).On(field)) }
	if t.Cooling < 0 || t.Cooling > coolingMost {
		refuse("rules.cooling_range", "cooling")
	}
	if t.KnownDays < 1 || t.KnownDays > knownMost {
		refuse("rules.known_range", "known_days")
	}
	if t.ExpireDays < 1 || t.ExpireDays > expireMost {
		refuse("rules.expire_range", "expire_days")
	}
	for field, sums := range map[string]map[string]int64{"second": t.SecondCall, "starter": t.Starter} {
		for currency, minor := range sums {
			if _, known := Scale(currency); !known || minor < 1 || minor > MaxLimitMinor {
				refuse("rules.sum_range", field+"."+currency)
			}
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// DiffPayeeTerms are what differs, line by line.
func DiffPayeeTerms(before, after PayeeTerms) (lines []ChangeLine) {
	add := func(differs bool, name string, was, is any) {
		if differs {
			lines = append(lines, ChangeLine{Name: "rules.line." + name, Before: was, After: is})
		}
	}
	add(before.Calls != after.Calls, "calls", yesOrNo(before.Calls), yesOrNo(after.Calls))
	add(before.KnownDays != after.KnownDays, "known", before.KnownDays, after.KnownDays)
	add(!maps.Equal(before.SecondCall, after.SecondCall), "second", sumsText(before.SecondCall), sumsText(after.SecondCall))
	add(before.Cooling != after.Cooling, "cooling", before.CoolingTime(), after.CoolingTime())
	add(!maps.Equal(before.Starter, after.Starter), "starter", sumsText(before.Starter), sumsText(after.Starter))
	add(before.AfterFail != after.AfterFail, "after_fail", yesOrNo(before.AfterFail), yesOrNo(after.AfterFail))
	add(before.ExpireDays != after.ExpireDays, "expire", before.ExpireDays, after.ExpireDays)
	return lines
}

// DiffPayeeRules are what differs between two texts of SettingPayeeRules, line by line; an
// empty one is what stands where nobody has said anything.
func DiffPayeeRules(before, after string) ([]ChangeLine, error) {
	was, err := readPayeeRules(before)
	if err != nil {
		return nil, err
	}
	is, err := readPayeeRules(after)
	return DiffPayeeTerms(PayeeTerms{PayeeRules: was}.InOrder(), PayeeTerms{PayeeRules: is}.InOrder()), err
}

func yesOrNo(on bool) Word {
	if on {
		return "rules.yes"
	}
	return "rules.no"
}

// sumsText writes a sum of each currency: 20,000.00 CNY, 100,000.00 TWD; nil for none.
func sumsText(sums map[string]int64) any {
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		parts = append(parts, Money{sums[currency], currency}.String())
	}
	if len(parts) == 0 {
		return nil
	}
	return fmt.Sprint(strings.Join(parts, ", "))
}

// CurrenciesOf are those that the rules name, in order.
func CurrenciesOf(t PayeeTerms) []string {
	all := slices.Collect(maps.Keys(t.SecondCall))
	return slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(all, maps.Keys(t.Starter)))))
}
