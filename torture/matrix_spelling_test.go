package torture

import (
	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
)

// spellingRows are M31 to M34 and M40: how a notice is written and posted.
func spellingRows() []row {
	later := sandbox.Scenario{Fate: sandbox.FatePaid}
	refused := func(name, why string, alter sandbox.Alter) map[moment][]act {
		return notices(name, later, pending().keeping(why), want{}, sandbox.Tell{Say: sandbox.Paid, Alter: alter})
	}
	taken := func(name string, alter sandbox.Alter) map[moment][]act {
		return notices(name, sandbox.Scenario{Fate: paidAtOnce}, paid(), want{}, sandbox.Tell{Say: sandbox.Paid, Alter: alter})
	}
	// 50000.0 and 5e4 are no cents; to family cashy they are sums like any other.
	notCents := func(name string, alter sandbox.Alter) map[moment][]act {
		return joined(of(sandbox.Cashy, taken(name, alter)), of(sandbox.Apay, notices(name, sandbox.Scenario{Fate: paidAtOnce},
			unclear(models.ReasonAmount), clashed(), sandbox.Tell{Say: sandbox.Paid, Alter: alter})))
	}
	undecided := func(name string, word sandbox.Word) map[moment][]act {
		return notices(name, later, pending(), want{}, sandbox.Tell{Say: word})
	}
	waiting := pending()
	unheard := waiting.alarmed(gateway.AlarmUnmapped)
	return []row{
		{m: 31, does: "duplicate keys, letter case, trailing data, 1e5, \"100\", 100.0, null", must: "strict reader; amounts by rule", acts: joined(
			refused("name_twice", "unreadable", sandbox.AlterTwice), refused("letter_case", "unreadable", sandbox.AlterLetterCase),
			refused("trailing", "unreadable", sandbox.AlterTrailing), taken("amount_quoted", sandbox.AlterQuoted), taken("amount_null", sandbox.AlterNull),
			notCents("amount_point", sandbox.AlterPoint), notCents("amount_exponent", sandbox.AlterExponent))},
		{m: 32, does: "&, control bytes in a signed value", must: "quarantine, ask", only: sandbox.Apay, acts: joined(
			refused("splits", "ambiguous_text", sandbox.AlterSplit), refused("splits_line", "ambiguous_text", sandbox.AlterLine))},
		{m: 33, does: "new fields, missing optional fields", must: "accepted", acts: joined(
			taken("more_fields", sandbox.AlterMoreFields), taken("fewer_fields", sandbox.AlterFewerFields))},
		{m: 34, does: "unknown status; A 2; B SUCCESS while PAYING", must: "not final, ask", acts: joined(
			undecided("notice_trap", sandbox.Trap), undecided("notice_undefined", sandbox.Undefined),
			asked("query_trap", sandbox.FatePaid, sandbox.Phase{Until: afterwards, Say: sandbox.Trap}, [3]want{waiting, waiting, waiting}, want{}),
			asked("query_undefined", sandbox.FatePaid, sandbox.Phase{Until: afterwards, Say: sandbox.Undefined},
				[3]want{unclear(models.ReasonTimeout).alarmed(unheard.alarm), unclear(models.ReasonServerError).alarmed(unheard.alarm), unheard}, want{}))},
		{m: 40, does: "huge notice, slow body, unknown content type, GET", must: "refused before storing", acts: joined(
			turnedAway("notice_huge", sandbox.AlterHuge), turnedAway("notice_slow", sandbox.AlterSlow),
			turnedAway("notice_text", sandbox.AlterText), turnedAway("notice_get", sandbox.AlterGet))},
	}
}

// turnedAway is a notice of which nothing may be kept.
func turnedAway(name string, alter sandbox.Alter) map[moment][]act {
	return noticesAnd(name, sandbox.Scenario{Fate: sandbox.FatePaid}, pending(), want{}, func(c *stand) {
		var kept int64
		c.town.Must(c.town.Store.Read(c.t.Context()).Model(&models.Notice{}).
			Where("account_id = ? AND id > ?", c.town.Account(c.rail).ID, c.mark).Count(&kept).Error)
		for _, sent := range c.town.Sandbox.Notices(c.p.OrderNo) {
			if kept > 0 || sent.Good || sent.Status < 400 && sent.Fault == "" {
				c.t.Errorf("%s: answered %d, %d kept", c.name(), sent.Status, kept)
			}
		}
	}, sandbox.Tell{Say: sandbox.Paid, Alter: alter})
}
