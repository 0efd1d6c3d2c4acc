package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// The usual times of an order, on the platform's clock.
const (
	starts  = 10 * time.Second
	settles = 2 * time.Minute
	later   = 10 * time.Minute
	muchOn  = 30 * time.Minute
	longOn  = 4 * time.Hour
)

// Fates, for scenarios of one's own.
var (
	FatePaid      = []Turn{{After: starts, Word: Paying}, {After: settles, Word: Paid}}
	FateFailed    = []Turn{{After: starts, Word: Paying}, {After: settles, Word: Failed}}
	FateCancelled = []Turn{{After: settles, Word: Cancelled}}
)

// pays is the scenario of every order for which none was chosen.
const pays = "pays"

// catalogue is every scenario by name, the usual ones first, in the order in
// which the control page shows them.
var catalogue = named(slices.Concat(usual, replies, questions, tidings))

func named(all []Scenario) []Scenario {
	for i := range all {
		all[i].Key = "scenario." + all[i].ID
		all[i].HintKey = all[i].Key + ".hint"
	}
	return all
}

// Scenarios are all that have a name.
func (s *Sandbox) Scenarios() []Scenario { return slices.Clone(catalogue) }

// Find finds a scenario by its ID.
func Find(id string) (Scenario, bool) {
	at := slices.IndexFunc(catalogue, func(c Scenario) bool { return c.ID == id })
	if at < 0 {
		return Scenario{}, false
	}
	return catalogue[at], true
}

var (
	saysWrongAccount = Refusal{Apay: codeBank, Cashy: "Params_accountNo_error"}
	saysWrongSign    = Refusal{Apay: codeSign, Cashy: msgSign}
	saysDuplicate    = Refusal{Apay: codeDuplicate, Cashy: msgDuplicate}
	saysUnheardOf    = Refusal{Apay: "9031", Cashy: "Channel_rule_57"}
	onlyApay         = []string{Apay}
	onlyCashy        = []string{Cashy}
)

var usual = []Scenario{
	{ID: pays, Group: Usual, Rows: []int{1, 36}, Fate: FatePaid},
	{ID: "accepts_502", Group: Usual, Rows: []int{2}, Fate: FatePaid, Create: Create{Reply: ReplyStatus(http.StatusBadGateway)}},
	{ID: "silent", Group: Usual, Rows: []int{3}, Fate: FatePaid, Create: Create{Reply: ReplySilent}},
	{ID: "empty", Group: Usual, Rows: []int{6}, Fate: FatePaid, Create: Create{Reply: ReplyEmpty}},
	{ID: "refuses", Group: Usual, Rows: []int{9}, Create: Create{Refuse: saysWrongAccount}},
	{ID: "fails", Group: Usual, Rows: []int{27, 36}, Fate: FateFailed},
	{
		ID: "bad_sign", Group: Usual, Rows: []int{30, 38}, Fate: FatePaid,
		Tell: []Tell{{After: settles, Alter: AlterBadSign, Once: true}},
	},
	{
		ID: "same_ten", Group: Usual, Rows: []int{21}, Fate: FatePaid,
		Tell: []Tell{{After: settles, Times: 10, Together: true, Once: true}, {After: later, Times: 10, Once: true}},
	},
	{
		ID: "fails_then_pays", Group: Usual, Rows: []int{25},
		Fate: append(slices.Clone(FateFailed), Turn{After: later, Word: Paid}),
	},
	{ID: "pays_less", Group: Usual, Rows: []int{29}, Fate: []Turn{{After: settles, Word: Paid, Less: true}}},
	{
		ID: "hidden_then_paid", Group: Usual, Rows: []int{35}, Fate: []Turn{{After: muchOn, Word: Paid}},
		Query: []Phase{{Until: muchOn, Hidden: true}},
	},
	{ID: "stays_working", Group: Usual, Rows: []int{34}, Fate: []Turn{{After: starts, Word: Paying}, {After: longOn, Word: Paid}}},
}

// accepts is an order that is booked and paid, whatever its answer looks like.
func accepts(id string, row int, reply Reply) Scenario {
	return Scenario{ID: id, Group: Replies, Rows: []int{row}, Fate: FatePaid, Create: Create{Reply: reply}}
}

// loses is an order that never comes to exist.
func loses(id string, row int, reply Reply) Scenario {
	return Scenario{ID: id, Group: Replies, Rows: []int{row}, Create: Create{Lost: true, Reply: reply}}
}

var replies = []Scenario{
	accepts("accepts_500", 2, ReplyStatus(http.StatusInternalServerError)),
	accepts("accepts_503", 2, ReplyStatus(http.StatusServiceUnavailable)),
	accepts("accepts_504", 2, ReplyStatus(http.StatusGatewayTimeout)),
	accepts("late", 3, ReplyLate),
	accepts("resets", 4, ReplyReset),
	accepts("cuts", 5, ReplyCut),
	accepts("tears", 5, ReplyTear),
	accepts("no_content", 6, ReplyNoContent),
	accepts("page", 7, ReplyPage),
	accepts("broken", 7, ReplyBroken),
	accepts("charset", 7, ReplyCharset),
	accepts("bomb", 7, ReplyBomb),
	accepts("huge", 7, ReplyHuge),
	accepts("no_code", 8, ReplyNoCode),
	accepts("odd_code", 8, ReplyOddCode),
	accepts("two_codes", 8, ReplyTwoCodes),
	accepts("unheard_of", 8, ReplySays(saysUnheardOf)),
	{ID: "refuses_400", Group: Replies, Rows: []int{9}, Create: Create{Refuse: saysWrongAccount, Reply: ReplyWith(http.StatusBadRequest)}},
	{ID: "refuses_sign", Group: Replies, Rows: []int{9, 10}, Create: Create{Refuse: saysWrongSign}},
	{ID: "refuses_poor", Group: Replies, Rows: []int{9}, Families: onlyApay, Create: Create{Refuse: Refusal{Apay: codePoor}}},
	{ID: "refuses_busy", Group: Replies, Rows: []int{8}, Families: onlyCashy, Create: Create{Refuse: Refusal{Cashy: "System_busy"}}},
	accepts("says_exists", 11, ReplySays(saysDuplicate)),
	accepts("says_refused", 10, ReplySays(saysWrongSign)),
	loses("lost", 3, ReplySilent),
	loses("lost_502", 2, ReplyStatus(http.StatusBadGateway)),
	loses("lost_accepted", 35, nil),
	loses("status_401", 12, ReplyStatus(http.StatusUnauthorized)),
	loses("status_403", 12, ReplyStatus(http.StatusForbidden)),
	loses("status_404", 12, ReplyStatus(http.StatusNotFound)),
	loses("status_413", 12, ReplyStatus(http.StatusRequestEntityTooLarge)),
	loses("status_429", 12, ReplyStatus(http.StatusTooManyRequests)),
	loses("redirect_301", 13, ReplyRedirect(http.StatusMovedPermanently)),
	loses("redirect_302", 13, ReplyRedirect(http.StatusFound)),
	loses("redirect_307", 13, ReplyRedirect(http.StatusTemporaryRedirect)),
	loses("redirect_308", 13, ReplyRedirect(http.StatusPermanentRedirect)),
	accepts("drips", 16, ReplyDrip),
	accepts("headers", 16, ReplyHeaders),
	accepts("other_order", 17, ReplyOtherOrder),
	{ID: "other_amount", Group: Replies, Rows: []int{17}, Families: onlyCashy, Fate: FatePaid, Create: Create{Reply: ReplyOtherAmount}},
	accepts("reply_bad_sign", 18, ReplyBadSign),
}

// answers is an order that is paid in silence, and asked about in vain for some
// time; 0 is for ever.
func answers(id string, row int, phase Phase) Scenario {
	return Scenario{ID: id, Group: Queries, Rows: []int{row}, Fate: FatePaid, Quiet: true, Query: []Phase{phase}}
}

var questions = []Scenario{
	answers("query_bad_sign", 18, Phase{Until: muchOn, Alter: AlterBadSign}).by(onlyApay),
	answers("query_reply_sign", 18, Phase{Until: muchOn, Reply: ReplyBadSign}),
	answers("query_trap", 34, Phase{Until: muchOn, Say: Trap}),
	answers("query_undefined", 34, Phase{Until: muchOn, Say: Undefined}),
	answers("query_hidden", 35, Phase{Hidden: true}),
	answers("query_502", 35, Phase{Until: muchOn, Reply: ReplyStatus(http.StatusBadGateway)}),
	answers("query_empty", 35, Phase{Until: muchOn, Reply: ReplyEmpty}),
	answers("query_silent", 35, Phase{Until: muchOn, Reply: ReplySilent}),
	answers("query_other_order", 35, Phase{Until: muchOn, Alter: AlterOtherOrder}),
	answers("query_less", 29, Phase{Alter: AlterLess}),
	{ID: "query_contradicts", Group: Queries, Rows: []int{37}, Fate: FatePaid, Query: []Phase{{Until: settles}, {Say: Failed}}},
	{ID: "quiet", Group: Queries, Rows: []int{38}, Fate: FatePaid, Quiet: true},
	{ID: "quiet_failure", Group: Queries, Rows: []int{36, 38}, Fate: FateFailed, Quiet: true},
	{ID: "cancels", Group: Queries, Rows: []int{36}, Fate: FateCancelled},
}

func (c Scenario) by(families []string) Scenario {
	c.Families = families
	return c
}

// tells is an order that is paid, with notices of its own.
func tells(id string, row int, notices ...Tell) Scenario {
	return Scenario{ID: id, Group: Notices, Rows: []int{row}, Fate: FatePaid, Tell: notices}
}

// claims is a paid order whose one notice, tried again as usual, has something
// about it.
func claims(id string, row int, alter Alter) Scenario {
	return tells(id, row, Tell{After: settles, Alter: alter})
}

var tidings = []Scenario{
	{
		ID: "notice_first", Group: Notices, Rows: []int{19}, Fate: []Turn{{Word: Paid}},
		Tell: []Tell{{First: true, Say: Paid}},
	},
	tells("unknown_number", 20, Tell{After: settles}, Tell{After: settles, Alter: AlterOtherOrder, Once: true}),
	tells("paid_then_working", 22, Tell{After: settles}, Tell{After: later, Say: Paying}),
	{
		ID: "failed_then_working", Group: Notices, Rows: []int{23}, Fate: FateFailed,
		Tell: []Tell{{After: settles}, {After: later, Say: Paying}},
	},
	tells("paid_says_failed", 24, Tell{After: settles}, Tell{After: later, Say: Failed}),
	{
		ID: "paid_then_reversed", Group: Notices, Rows: []int{24},
		Fate: append(slices.Clone(FatePaid), Turn{After: later, Word: Reversed}),
	},
	{
		ID: "failed_query_working", Group: Notices, Rows: []int{26},
		Fate: []Turn{{After: starts, Word: Paying}, {After: muchOn, Word: Paid}},
		Tell: []Tell{{After: settles, Say: Failed}, {After: muchOn}},
	},
	{
		ID: "failed_query_502", Group: Notices, Rows: []int{28}, Fate: FateFailed,
		Query: []Phase{{Until: muchOn, Reply: ReplyStatus(http.StatusBadGateway)}},
	},
	claims("notice_less", 29, AlterLess),
	claims("notice_real_less", 29, AlterRealLess).by(onlyApay),
	claims("sign_missing", 30, AlterNoSign),
	claims("sign_other_key", 30, AlterOtherKey),
	claims("sign_other_body", 30, AlterOtherBody),
	claims("sign_other_algorithm", 30, AlterOtherAlgorithm).by(onlyApay),
	claims("sign_upper_case", 30, AlterUpperSign),
	claims("other_merchant", 30, AlterOtherMerchant),
	claims("name_twice", 31, AlterTwice),
	claims("letter_case", 31, AlterLetterCase),
	claims("trailing", 31, AlterTrailing),
	claims("amount_quoted", 31, AlterQuoted),
	claims("amount_point", 31, AlterPoint),
	claims("amount_null", 31, AlterNull),
	claims("amount_exponent", 31, AlterExponent),
	claims("splits", 32, AlterSplit).by(onlyApay),
	claims("splits_line", 32, AlterLine).by(onlyApay),
	claims("more_fields", 33, AlterMoreFields),
	claims("fewer_fields", 33, AlterFewerFields),
	tells("notice_trap", 34, Tell{After: settles, Say: Trap}),
	tells("notice_undefined", 34, Tell{After: settles, Say: Undefined}),
	claims("notice_huge", 40, AlterHuge),
	claims("notice_get", 40, AlterGet),
	claims("notice_text", 40, AlterText),
	tells("notice_storm", 39, Tell{After: settles, Times: 300, Together: true, Once: true}),
	tells("notice_slow", 40, Tell{After: settles, Alter: AlterSlow, Once: true}, Tell{After: later}),
}
