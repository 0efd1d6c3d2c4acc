package torture

import (
	"slices"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
)

// Fates that begin at once, so that what a notice says is also true.
var (
	paidAtOnce   = []sandbox.Turn{{Word: sandbox.Paid}}
	failedAtOnce = []sandbox.Turn{{Word: sandbox.Failed}}
)

var tellPaid = sandbox.Tell{Say: sandbox.Paid}

// unending are the replies that only a deadline ends.
var unending = []string{"silent", "late", "lost", "drips", "headers"}

// found is a scenario of the sandbox's catalogue.
func found(id string) sandbox.Scenario {
	play, ok := sandbox.Find(id)
	if !ok {
		panic("no scenario " + id)
	}
	return play
}

// familyOf is the family that alone can play a scenario.
func familyOf(play sandbox.Scenario) string {
	if len(play.Families) == 1 {
		return play.Families[0]
	}
	return ""
}

// badReply plays a bad reply: after a notice has told us that the order is paid, to
// the create itself, and to a question.
func badReply(m int, does, must string, why models.UnclearReason, alarm string, ids ...string) row {
	r := row{m: m, does: does, must: must, acts: map[moment][]act{}}
	for _, id := range ids {
		play := found(id)
		slow := slices.Contains(unending, id)
		then := unclear(why).alarmed(alarm)
		end := want{}
		if play.Create.Lost || familyOf(play) != "" && play.Create.Refuse != (sandbox.Refusal{}) {
			end = unclear(why) // no such order, and nobody but a person can say so
		}
		r.add(during, act{name: id, family: familyOf(play), then: then, end: end, do: func(c *stand) {
			c.script(play)
			if slow {
				c.slow()
			}
			c.send()
		}})
		if play.Create.Reply == nil {
			continue
		}
		r.add(before, act{name: id, family: familyOf(play), then: paid(), do: func(c *stand) {
			c.script(sandbox.Scenario{ID: id, Fate: paidAtOnce, Create: sandbox.Create{Reply: play.Create.Reply}})
			if slow {
				c.slow()
			}
			c.sendWith(func() { c.tell(tellPaid) })
		}})
		if m != 17 {
			r.add(after, badAnswer(id, familyOf(play), slow, alarm, sandbox.Phase{Reply: play.Create.Reply}))
		}
	}
	return r
}

func (r *row) add(when moment, a act) { r.acts[when] = append(r.acts[when], a) }

// badAnswer is an order that was accepted, and a question about it that goes wrong:
// no information, and asked again.
func badAnswer(name, family string, slow bool, alarm string, phase sandbox.Phase) act {
	phase.Until = afterwards
	return act{name: name + " to a question", family: family, then: pending().alarmed(alarm), do: func(c *stand) {
		c.script(sandbox.Scenario{ID: name, Fate: sandbox.FatePaid, Query: []sandbox.Phase{phase}})
		c.send()
		if slow {
			c.slow()
		}
		c.ask()
	}}
}

// replyRows are M1 to M13 and M16 to M18: what comes back from a create.
func replyRows() []row {
	otherOrder := badReply(17, "answers for another order, or another amount", "unclear, alarm", models.ReasonOtherOrder, gateway.AlarmOtherOrder,
		"other_order", "other_amount")
	otherOrder.add(after, badAnswer("other_order", "", false, gateway.AlarmOtherOrder, sandbox.Phase{Alter: sandbox.AlterOtherOrder}))
	signed := badReply(18, "accepted, but the sign of the reply fails", "unclear, ask", models.ReasonUnverified, "", "reply_bad_sign")
	signed.add(after, badAnswer("query_bad_sign", sandbox.Apay, false, "", sandbox.Phase{Alter: sandbox.AlterBadSign}))
	turned := badReply(12, "429; 401, 403, 404, 413 without a business code", "unclear, ask; paused after 3", models.ReasonHTTPStatus, "",
		"status_401", "status_403", "status_404", "status_413", "status_429")
	turned.add(during, act{name: "pauses after three", do: func(c *stand) { c.pausesAfterThree(found("status_401"), "paused.turned_away") },
		then: unclear(models.ReasonHTTPStatus), end: unclear(models.ReasonHTTPStatus)})
	return []row{
		acceptedRow(),
		badReply(2, "accepts, then 500, 502, 503, 504", "unclear, ask", models.ReasonServerError, "",
			"accepts_500", "accepts_502", "accepts_503", "accepts_504", "lost_502"),
		badReply(3, "accepts, answers after our time-out", "unclear, ask; the late answer is dropped", models.ReasonTimeout, "", "silent", "late", "lost"),
		badReply(4, "reads the request, resets the connection", "unclear, ask", models.ReasonCut, "", "resets"),
		badReply(5, "resets within the answer; fewer bytes than announced", "unclear, ask", models.ReasonCut, "", "cuts", "tears"),
		badReply(6, "empty body with 200; 204", "unclear, ask", models.ReasonEmpty, "", "empty", "no_content"),
		badReply(7, "HTML, broken JSON, wrong charset, bomb, too large", "unclear, ask", models.ReasonUnreadable, "",
			"page", "broken", "charset", "bomb", "huge"),
		badReply(8, "no code, code of another type, two codes, unknown code", "unclear, ask, alarm", models.ReasonUnmapped, gateway.AlarmUnmapped,
			"no_code", "odd_code", "two_codes", "unheard_of"),
		refusedRow(),
		refusedAfterDoubtRow(),
		badReply(11, "says the order number exists", "unclear, ask", models.ReasonDuplicate, "", "says_exists"),
		turned,
		badReply(13, "301, 302, 307, 308", "not followed; unclear; alarm", models.ReasonRedirect, gateway.AlarmRedirect,
			"redirect_301", "redirect_302", "redirect_307", "redirect_308"),
		badReply(16, "one byte per second, headers without end", "total deadline; unclear, ask", models.ReasonTimeout, "", "drips", "headers"),
		otherOrder,
		signed,
	}
}

func acceptedRow() row {
	play := sandbox.Scenario{ID: "accepts", Fate: sandbox.FatePaid}
	return row{m: 1, does: "accepts, number given", must: "pending, never paid", acts: map[moment][]act{
		before: {{name: "says working first", then: pending(), do: func(c *stand) {
			c.script(play)
			c.sendWith(func() { c.tell(sandbox.Tell{Say: sandbox.Paying}) })
		}}},
		during: {{name: "accepts", then: pending(), do: func(c *stand) { c.script(play); c.send() }}},
		after:  {{name: "asked", then: pending(), do: func(c *stand) { c.script(play); c.send(); c.ask() }}},
	}}
}

// refusals are the listed codes by scenario.
var refusals = []string{"refuses", "refuses_400", "refuses_sign", "refuses_poor"}

// refusedRow is M9: failed with evidence (a), unless the gateway has told us of the
// order already.
func refusedRow() row {
	r := row{m: 9, does: "refuses with a listed code in a 200 or 4xx", must: "failed with evidence (a)", acts: map[moment][]act{}}
	for _, id := range refusals {
		play := found(id)
		says := sandbox.ReplySays(play.Create.Refuse)
		family := familyOf(play)
		after9 := badAnswer(id, family, false, "", sandbox.Phase{Reply: says})
		r.add(during, act{name: id, family: family, then: failed(), end: failed(), do: func(c *stand) {
			c.script(play)
			c.send()
		}})
		r.add(before, act{name: id + " after paid", family: family, then: clashed(), end: clashed(), do: func(c *stand) {
			c.script(sandbox.Scenario{Fate: paidAtOnce, Create: sandbox.Create{Reply: says}})
			c.sendWith(func() { c.tell(tellPaid) })
		}})
		r.add(before, act{name: id + " after a word of work", family: family, then: unclear(models.ReasonDuplicate), do: func(c *stand) {
			c.script(sandbox.Scenario{Fate: sandbox.FatePaid, Create: sandbox.Create{Reply: says}})
			c.sendWith(func() { c.tell(sandbox.Tell{Say: sandbox.Paying}) })
		}})
		r.add(after, after9)
	}
	return r
}

// refusedAfterDoubtRow is M10: the code says nothing of what was in doubt before.
func refusedAfterDoubtRow() row {
	code := found("refuses_sign").Create.Refuse
	refusing := sandbox.Create{Reply: sandbox.ReplySays(code)}
	return row{m: 10, does: "the same code after any doubt about an earlier attempt", must: "unclear stays", acts: map[moment][]act{
		before: {{name: "after a notice of another sum", then: unclear(models.ReasonAmount), end: clashed(), do: func(c *stand) {
			c.script(sandbox.Scenario{Fate: paidAtOnce, Create: refusing})
			c.sendWith(func() { c.tell(sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterLess}) })
		}}},
		during: {{name: "after our own crash", then: unclear(models.ReasonCrash), do: func(c *stand) {
			c.script(sandbox.Scenario{Fate: sandbox.FatePaid, Create: refusing})
			c.sendWith(func() {
				_, err := c.town.Sender.Recover(c.t.Context())
				c.town.Must(err)
			})
		}}},
		after: {{name: "to a question after a 502", then: unclear(models.ReasonServerError), do: func(c *stand) {
			play := found("accepts_502")
			play.Query = []sandbox.Phase{{Until: afterwards, Reply: sandbox.ReplySays(code)}}
			c.script(play)
			c.send()
			c.ask()
		}}},
	}}
}
