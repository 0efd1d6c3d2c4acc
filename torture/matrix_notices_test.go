package torture

import (
	"net/http"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

// notices plays notices while the reply is held back, at the same time as it is let go,
// and after it.
func notices(name string, play sandbox.Scenario, then, end want, tells ...sandbox.Tell) map[moment][]act {
	return noticesAnd(name, play, then, end, func(*stand) {}, tells...)
}

// noticesAnd goes on once the reply is there.
func noticesAnd(name string, play sandbox.Scenario, then, end want, goOn func(*stand), tells ...sandbox.Tell) map[moment][]act {
	one := func(send func(*stand)) []act {
		return []act{{name: name, then: then, end: end, do: func(c *stand) {
			c.script(play)
			send(c)
			goOn(c)
		}}}
	}
	return map[moment][]act{
		before: one(func(c *stand) { c.sendWith(func() { c.tell(tells...) }) }),
		during: one(func(c *stand) { c.sendRacing(func() { c.tell(tells...) }) }),
		after:  one(func(c *stand) { c.send(); c.tell(tells...) }),
	}
}

// of lets one family alone play the acts.
func of(family string, acts map[moment][]act) map[moment][]act {
	for _, all := range acts {
		for i := range all {
			all[i].family = family
		}
	}
	return acts
}

// joined puts variants of a row together.
func joined(variants ...map[moment][]act) map[moment][]act {
	all := map[moment][]act{}
	for _, variant := range variants {
		for when, acts := range variant {
			all[when] = append(all[when], acts...)
		}
	}
	return all
}

// noticeRows are M19 to M30: what a notice says, and how it is signed.
func noticeRows() []row {
	truePaid, trueFailed, later := sandbox.Scenario{Fate: paidAtOnce}, sandbox.Scenario{Fate: failedAtOnce}, sandbox.Scenario{Fate: sandbox.FatePaid}
	tellFailed, tellPaying := sandbox.Tell{Say: sandbox.Failed}, sandbox.Tell{Say: sandbox.Paying}
	ask := func(c *stand) { c.ask() }
	reversed := sandbox.Scenario{Fate: []sandbox.Turn{{Word: sandbox.Paid}, {Word: sandbox.Reversed}}}
	first := notices("paid", truePaid, paid(), want{}, tellPaid)
	delete(first, after)
	return []row{
		{m: 19, does: "notice before the create reply", must: "applied; the reply cannot undo it", acts: first,
			none: map[moment]string{after: "a notice after the reply is any notice: M22 to M36"}},
		{m: 20, does: "notice for a draft, approved or unknown number", must: "quarantine, alarm", acts: map[moment][]act{
			before: {
				{name: "a draft", then: unsent(models.Draft).keeping("not_sent"), end: unsent(models.Draft), do: func(c *stand) {
					c.p = c.town.Draft(c.town.Form(c.rail, c.serial*4+1))
					c.spokenOf()
				}},
				{name: "an approved order", then: unsent(models.Approved).keeping("not_sent"), do: (*stand).spokenOf},
			},
			during: {{name: "an unknown number", then: pending().keeping("unknown_order"), do: func(c *stand) {
				c.script(later)
				c.sendRacing(func() { c.tell(sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterOtherOrder}) })
			}}},
			after: {{name: "an unknown number", then: pending().keeping("unknown_order"), do: func(c *stand) {
				c.script(later)
				c.send()
				c.tell(sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterOtherOrder})
			}}},
		}},
		{m: 21, does: "same notice 10 times in a row, 10 times at once", must: "one event, all answered as success",
			acts: noticesAnd("paid", truePaid, paid(), want{}, (*stand).heardOnce,
				sandbox.Tell{Say: sandbox.Paid, Times: 10}, sandbox.Tell{Say: sandbox.Paid, Times: 10, Together: true})},
		{m: 22, does: "SUCCESS, then processing", must: "paid stays", acts: notices("paid, paying", truePaid, paid(), want{}, tellPaid, tellPaying)},
		workAfterFailureRow(),
		{m: 24, does: "SUCCESS, then FAIL or reversal", must: "contradiction or returned", acts: joined(
			notices("paid, failed", truePaid, clashed(), clashed(), tellPaid, tellFailed),
			notices("paid, reversed", reversed, clashed(), clashed(), tellPaid, sandbox.Tell{Say: sandbox.Reversed}))},
		{m: 25, does: "FAIL, then SUCCESS", must: "paid + contradiction", acts: notices("failed, paid", truePaid, clashed(), clashed(), tellFailed, tellPaid)},
		{m: 26, does: "FAIL notice, query says working", must: "pending, ask", acts: noticesAnd("failed", later, pending(), want{}, ask, tellFailed)},
		{m: 27, does: "FAIL notice, query says failed", must: "failed (b)", acts: noticesAnd("failed", trueFailed, failed(), want{}, (*stand).askedAtOnce, tellFailed)},
		{m: 28, does: "FAIL notice, query broken", must: "unclear, ask", acts: noticesAnd("failed",
			sandbox.Scenario{Fate: failedAtOnce, Query: []sandbox.Phase{{Until: afterwards, Reply: sandbox.ReplyStatus(http.StatusBadGateway)}}},
			unclear(models.ReasonFailedNotice), want{}, ask, tellFailed)},
		{m: 29, does: "amount, currency or real amount differs", must: "no outcome; unclear or contradiction", acts: amountsDiffer()},
		{m: 30, does: "sign wrong, missing, of another body, key, algorithm", must: "quarantine, ask", acts: badSigns()},
	}
}

// spokenOf lets the gateway speak, signed well, of an order that never left.
func (c *stand) spokenOf() {
	carrier := c.town.Approved(c.town.Form(c.rail, c.serial*4+2))
	c.town.Sandbox.Script(carrier.OrderNo, sandbox.Scenario{Quiet: true, Fate: sandbox.FatePaid})
	c.lead()
	c.town.Must(c.town.Sender.Send(c.t.Context(), carrier.ID))
	c.town.Must(c.town.Sandbox.Tell(carrier.OrderNo, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterNumber(c.p.OrderNo), Once: true}))
}

// heardOnce looks at what became of twenty posts.
func (c *stand) heardOnce() {
	var events int64
	c.town.Must(c.town.Store.Read(c.t.Context()).Model(&models.Event{}).Where("payout_id = ? AND verb = ?", c.p.ID, models.MovePaid).Count(&events).Error)
	notices, err := models.NoticesOf(c.town.Store.Read(c.t.Context()), c.p.ID)
	c.town.Must(err)
	good := 0
	for _, sent := range c.town.Sandbox.Notices(c.p.OrderNo) {
		if sent.Good {
			good++
		}
	}
	if events != 1 || len(notices) != 1 || notices[0].Seen != 20 || good != 20 {
		c.t.Errorf("%s: %d events, %d notices, %d answered as success", c.name(), events, len(notices), good)
	}
}

// askedAtOnce wants the question that a FAIL notice calls for to be due now (I11),
// and lets the sender put it.
func (c *stand) askedAtOnce() {
	if p := c.town.Look(c.p); p.Outcome != models.Pending || p.NextActionAt.After(c.town.Now()) {
		c.t.Errorf("%s: %s, asked only at %s", c.name(), p.Outcome, p.NextActionAt)
	}
	c.ask()
}

// workAfterFailureRow is M23. Before the reply nothing can be failed yet: a FAIL notice
// alone decides nothing.
func workAfterFailureRow() row {
	trueFailed := sandbox.Scenario{Fate: failedAtOnce}
	acts := notices("failed, paying", trueFailed, pending().asking(), want{}, sandbox.Tell{Say: sandbox.Failed}, sandbox.Tell{Say: sandbox.Paying})
	acts[after] = []act{{name: "failed by a query, paying", then: failed().asking(), do: func(c *stand) {
		c.script(trueFailed)
		c.send()
		c.ask()
		c.tell(sandbox.Tell{Say: sandbox.Paying})
	}}}
	return row{m: 23, does: "processing after failed", must: "failed stays, ask", acts: acts}
}

// amountsDiffer are a notice of less where all was paid, and one of less where less
// was paid.
func amountsDiffer() map[moment][]act {
	differs := unclear(models.ReasonAmount)
	return joined(
		notices("notice_less", sandbox.Scenario{Fate: paidAtOnce}, differs, clashed(), sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterLess}),
		of(sandbox.Apay, notices("notice_real_less", sandbox.Scenario{Fate: paidAtOnce}, differs, clashed(), sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterRealLess})),
		notices("pays_less", sandbox.Scenario{Fate: []sandbox.Turn{{Word: sandbox.Paid, Less: true}}}, differs, differs, tellPaid),
		asked("query_less", paidAtOnce, sandbox.Phase{Alter: sandbox.AlterLess}, [3]want{differs, differs, differs}, differs),
	)
}

// badSigns are forged claims; where the order is with the gateway, they make us ask.
func badSigns() map[moment][]act {
	forged := func(name, why string, alter sandbox.Alter) map[moment][]act {
		acts := notices(name, sandbox.Scenario{Fate: sandbox.FatePaid}, pending().keeping(why), want{}, sandbox.Tell{Say: sandbox.Paid, Alter: alter})
		acts[after][0].then.atOnce = true
		return acts
	}
	return joined(
		forged("bad_sign", "bad_signature", sandbox.AlterBadSign), forged("sign_missing", "missing_signature", sandbox.AlterNoSign),
		forged("sign_other_key", "bad_signature", sandbox.AlterOtherKey), forged("sign_other_body", "bad_signature", sandbox.AlterOtherBody),
		forged("other_merchant", "other_merchant", sandbox.AlterOtherMerchant),
		of(sandbox.Apay, forged("sign_other_algorithm", "other_algorithm", sandbox.AlterOtherAlgorithm)),
		notices("sign_upper_case", sandbox.Scenario{Fate: paidAtOnce}, paid(), want{}, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterUpperSign}),
	)
}
