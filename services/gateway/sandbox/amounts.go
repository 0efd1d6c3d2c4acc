package sandbox

// AmountRule is a scenario chosen by the last two digits of an amount.
type AmountRule struct {
	Cents    int64 // 1 for amounts that end in .01
	Scenario Scenario
}

// byCents are the scenarios of amounts that end in .01, .02 and so on.
var byCents = []string{
	"refuses", "silent", "accepts_502", "fails_then_pays", "empty",
	"bad_sign", "pays_less", "hidden_then_paid", "same_ten", "stays_working",
}

// ByAmount are the rules by which an amount alone chooses what happens. Every
// other amount is paid.
func ByAmount() []AmountRule {
	rules := make([]AmountRule, len(byCents))
	for i, id := range byCents {
		play, _ := Find(id)
		rules[i] = AmountRule{Cents: int64(i + 1), Scenario: play}
	}
	return rules
}

// ofAmount is the scenario that an amount chooses.
func ofAmount(cents int64) Scenario {
	id := pays
	if ends := cents % 100; ends >= 1 && ends <= int64(len(byCents)) {
		id = byCents[ends-1]
	}
	play, _ := Find(id)
	return play
}
