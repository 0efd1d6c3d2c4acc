package demo

import (
	"net/http"
	"time"

	"countersign/services/gateway/sandbox"
)

// How the platform treats the orders of the story. Times count from the moment
// in which it books an order.

const begins = 12 * time.Second // until it works on an order

// pays is the usual end: paid, and told.
func pays(after time.Duration) sandbox.Scenario {
	return sandbox.Scenario{ID: "pays", Fate: []sandbox.Turn{{After: begins, Word: sandbox.Paying}, {After: after, Word: sandbox.Paid}}}
}

// quiet pays without a notice: only asking finds out.
func quiet(after time.Duration) sandbox.Scenario {
	play := pays(after)
	play.Quiet = true
	return play
}

// fails ends badly after the order was accepted.
func fails(after time.Duration, word sandbox.Word) sandbox.Scenario {
	return sandbox.Scenario{ID: "fails", Fate: []sandbox.Turn{{After: begins, Word: sandbox.Paying}, {After: after, Word: word}}}
}

// refuses turns the order away with a code.
func refuses(apay, cashy string) sandbox.Scenario {
	return sandbox.Scenario{ID: "refuses", Create: sandbox.Create{Refuse: sandbox.Refusal{Apay: apay, Cashy: cashy}}}
}

// answers takes the order, answers in a way that proves nothing, and is not to
// be found by questions for as long as it says nothing itself.
func answers(reply sandbox.Reply, found time.Duration) sandbox.Scenario {
	play := pays(found)
	play.ID, play.Create.Reply = "answers", reply
	play.Query = []sandbox.Phase{{Until: found, Hidden: true}}
	return play
}

// silent is an order of which the platform never says anything.
func silent(reply sandbox.Reply) sandbox.Scenario {
	return sandbox.Scenario{ID: "silent", Create: sandbox.Create{Reply: reply}, Query: []sandbox.Phase{{Hidden: true}}, Quiet: true}
}

// works never comes to an end.
func works() sandbox.Scenario {
	return sandbox.Scenario{ID: "works", Fate: []sandbox.Turn{{After: begins, Word: sandbox.Paying}}}
}

// returns pays, and takes the payment back later.
func returns(after, back time.Duration) sandbox.Scenario {
	play := pays(after)
	play.Fate = append(play.Fate, sandbox.Turn{After: back, Word: sandbox.Reversed})
	return play
}

var unheardOf = sandbox.ReplySays(sandbox.Refusal{Apay: "9031", Cashy: "Channel_rule_57"})

// doubts are answers to a create call that prove nothing. The last one, nil, is
// a good answer that comes too late.
var doubts = []sandbox.Reply{
	sandbox.ReplyStatus(http.StatusBadGateway), nil, sandbox.ReplyEmpty, sandbox.ReplyCut,
	sandbox.ReplyStatus(http.StatusGatewayTimeout), nil, sandbox.ReplyPage, unheardOf,
	sandbox.ReplyStatus(http.StatusServiceUnavailable), nil, sandbox.ReplyReset, sandbox.ReplyBroken,
}
