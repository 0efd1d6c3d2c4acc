package models_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

func TestE6_TheSumsOfADayAreAnsweredByAnIndex(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 40)
	for by, index := range map[models.Cumulation]string{models.ToAccount: "payouts_handed_by_number (account_hash=? AND", models.ByMaker: "payouts_handed_by_maker (maker_id=? AND"} {
		var sum int64
		asked := models.DayBefore(c.db().Session(&gorm.Session{DryRun: true}), c.payout(1), by, c.began).Select("sum(amount_minor)").Scan(&sum).Statement
		var plan []struct{ Detail string }
		if err := c.db().Raw("EXPLAIN QUERY PLAN "+asked.SQL.String(), asked.Vars...).Scan(&plan).Error; err != nil {
			t.Fatal(err)
		}
		if len(plan) != 1 || !strings.HasPrefix(plan[0].Detail, "SEARCH payouts USING INDEX "+index+" currency=? AND submitted_at>?") {
			t.Errorf("%q is answered by %+v", by, plan)
		}
	}
}
