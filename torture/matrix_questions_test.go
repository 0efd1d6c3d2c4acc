package torture

import (
	"net/http"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

// sentInDoubt sends so that the question comes before the gateway has answered the
// create, with an answer that proves nothing, and after a good one.
func sentInDoubt(c *stand, play sandbox.Scenario) {
	switch c.when {
	case before:
		play.Create.Reply = sandbox.ReplySilent
		c.script(play)
		c.slow()
	case during:
		play.Create.Reply = sandbox.ReplyStatus(http.StatusBadGateway)
		c.script(play)
	default:
		c.script(play)
	}
	c.send()
	c.timeout(easyTimeout)
}

// doubts is what stands before, during and after if a question tells nothing.
var doubts = [3]want{unclear(models.ReasonTimeout), unclear(models.ReasonServerError), pending()}

// asked plays a question at each moment.
func asked(name string, fate []sandbox.Turn, phase sandbox.Phase, then [3]want, end want) map[moment][]act {
	return askedAnd(name, sandbox.Scenario{Fate: fate, Query: []sandbox.Phase{phase}}, then, end, (*stand).ask)
}

func askedAnd(name string, play sandbox.Scenario, then [3]want, end want, goOn func(*stand)) map[moment][]act {
	acts := map[moment][]act{}
	for i, when := range moments {
		acts[when] = []act{{name: name, then: then[i], end: end, do: func(c *stand) {
			sentInDoubt(c, play)
			goOn(c)
		}}}
	}
	return acts
}

func thrice(w want) [3]want { return [3]want{w, w, w} }

// questionRows are M35 to M38: what a gateway answers when it is asked.
func questionRows() []row {
	nothing := func(name string, phase sandbox.Phase) map[moment][]act {
		phase.Until = afterwards
		return asked(name, sandbox.FatePaid, phase, doubts, want{})
	}
	cancelled := []sandbox.Turn{{Word: sandbox.Cancelled}}
	return []row{
		{m: 35, does: "query: not found, empty list, 5xx, other order's row", must: "no information; never failed", acts: joined(
			nothing("query_hidden", sandbox.Phase{Hidden: true}), nothing("query_502", sandbox.Phase{Reply: sandbox.ReplyStatus(http.StatusBadGateway)}),
			nothing("query_empty", sandbox.Phase{Reply: sandbox.ReplyEmpty}), nothing("query_other_order", sandbox.Phase{Alter: sandbox.AlterOtherOrder}),
			neverBooked())},
		{m: 36, does: "query: final paid / failed, all equal", must: "paid / failed (b)", acts: joined(
			asked("paid", paidAtOnce, sandbox.Phase{}, thrice(paid()), want{}), asked("failed", failedAtOnce, sandbox.Phase{}, thrice(failed()), want{}),
			asked("cancelled", cancelled, sandbox.Phase{}, thrice(failed()), want{}))},
		{m: 37, does: "query contradicts a final outcome", must: "contradiction", acts: joined(
			noticesAnd("paid, then failed", sandbox.Scenario{Fate: paidAtOnce, Query: []sandbox.Phase{{Say: sandbox.Failed}}},
				clashed(), clashed(), func(c *stand) { c.ask() }, tellPaid),
			askedAnd("failed, then paid", sandbox.Scenario{Fate: []sandbox.Turn{{Word: sandbox.Failed}, {After: time.Minute, Word: sandbox.Paid}}},
				thrice(clashed()), clashed(), func(c *stand) { c.ask(); c.town.Pass(time.Minute); c.ask() }))},
		{m: 38, does: "notices stop", must: "asking alone settles every order", acts: joined(
			askedAnd("quiet", sandbox.Scenario{Fate: sandbox.FatePaid}, doubts, want{}, func(*stand) {}),
			askedAnd("quiet_failure", sandbox.Scenario{Fate: sandbox.FateFailed}, doubts, want{}, func(*stand) {}))},
	}
}

// neverBooked is an order that the gateway accepted in words alone: nobody but a
// person can end it.
func neverBooked() map[moment][]act {
	acts := askedAnd("lost_accepted", sandbox.Scenario{Create: sandbox.Create{Lost: true}}, doubts, want{}, (*stand).ask)
	for i, why := range []models.UnclearReason{models.ReasonTimeout, models.ReasonServerError, models.ReasonOverdue} {
		acts[moments[i]][0].end = unclear(why)
	}
	return acts
}
