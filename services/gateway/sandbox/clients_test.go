package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/cashy"
	"countersign/services/gateway/sandbox"
)

// The real clients meet every scenario here: what they make of an answer is what
// the product will believe.

var clients = map[string]gateway.Family{sandbox.Apay: apay.New(), sandbox.Cashy: cashy.New()}

func (s *stage) account(family string) gateway.Account {
	a := gateway.Account{
		Name: "test", MerchantID: "PF0002", Key: apayKey, Authorization: token, Currency: "CNY", Algorithm: apay.HMAC,
		QueryShape: sandbox.ShapeList, BaseURL: s.url, NotifyURL: s.inbox.url, Zone: time.UTC,
		Timeout: s.deadline, AllowLoopback: true,
	}
	if family == sandbox.Cashy {
		a.MerchantID, a.Key, a.Currency, a.Algorithm, a.BaseURL = "100001", cashyKey, "PEN", cashy.MD5, s.url+"/stage-api"
	}
	return a
}

func orderOf(family string) gateway.Order {
	if family == sandbox.Apay {
		return gateway.Order{
			OrderNo: "N1", Rail: "apay.unionpay", Amount: models.Money{Minor: 100_000, Currency: "CNY"}, Algorithm: apay.HMAC,
			Fields: map[string]string{"name": "王建国", "number": "6222021234567899036"},
		}
	}
	return gateway.Order{
		OrderNo: "N1", Rail: "cashy.peru", Amount: models.Money{Minor: 100_000, Currency: "PEN"}, Algorithm: cashy.MD5,
		Fields: map[string]string{
			"accountName": "John", "bankId": "4", "accountType": "1", "accountNo": "0037651234",
			"idType": "1", "idCard": "12345678", "remark": "remark",
		},
	}
}

func (s *stage) send(family string) gateway.Receipt {
	s.Helper()
	client, a, o := clients[family], s.account(family), orderOf(family)
	request, err := client.Create(a, o, s.clock(), "1628381288000")
	if err != nil {
		s.Fatal(err)
	}
	return client.ReadCreate(a, o, gateway.Exchange(s.Context(), a, request, s.clock))
}

func (s *stage) ask(family string) gateway.Answer {
	s.Helper()
	client, a, o := clients[family], s.account(family), orderOf(family)
	request, err := client.Query(a, o, s.clock(), "1628381288001")
	if err != nil {
		s.Fatal(err)
	}
	return client.ReadQuery(a, o, gateway.Exchange(s.Context(), a, request, s.clock))
}

// believed is what an outcome is worth beside its facts: nothing, if they are not
// those of the order.
func (s *stage) believed(family string, says gateway.Outcome, facts gateway.Facts) gateway.Outcome {
	if facts.Differs(s.account(family), orderOf(family)) != "" {
		return gateway.Unknown
	}
	return says
}

// eachScenario plays every scenario that a family can play.
func eachScenario(t *testing.T, run func(*stage, string, sandbox.Scenario), groups ...sandbox.Group) {
	for _, family := range families {
		for _, c := range play(t).Scenarios() {
			if !c.PlayedBy(family) || !slices.Contains(groups, c.Group) {
				continue
			}
			t.Run(family+" "+c.ID, func(t *testing.T) {
				t.Parallel()
				s := play(t)
				s.Script("N1", c)
				s.meet(c.ID)
				run(s, family, c)
			})
		}
	}
}

func TestClientsReadEveryAnswerToACreateCall(t *testing.T) {
	t.Parallel()
	want := map[string]gateway.ReceiptKind{
		"refuses": gateway.Refused, "refuses_400": gateway.Refused, "refuses_sign": gateway.Refused,
		"refuses_poor": gateway.Refused, "says_refused": gateway.Refused,
		"silent": gateway.Doubt, "empty": gateway.Doubt, "accepts_502": gateway.Doubt,
		"lost_accepted": gateway.Accepted,
	}
	eachScenario(t, func(s *stage, family string, c sandbox.Scenario) {
		kind, ok := want[c.ID]
		switch {
		case ok:
		case c.Group == sandbox.Replies:
			kind = gateway.Doubt
		default:
			kind = gateway.Accepted
		}
		if receipt := s.send(family); receipt.Kind != kind || s.Deliveries("N1") != 1 {
			s.Errorf("%+v after %d deliveries", receipt, s.Deliveries("N1"))
		}
	}, sandbox.Usual, sandbox.Replies, sandbox.Queries, sandbox.Notices)
}

func TestClientsReadEveryAnswerToAQuery(t *testing.T) {
	t.Parallel()
	// Five minutes after the order and in the end.
	want := map[string][2]gateway.Outcome{
		"fails": {gateway.Failed, gateway.Failed}, "refuses": {gateway.NotFound, gateway.NotFound},
		"fails_then_pays": {gateway.Failed, gateway.Paid}, "pays_less": {gateway.Unknown, gateway.Unknown},
		"hidden_then_paid": {gateway.NotFound, gateway.Paid}, "stays_working": {gateway.Working, gateway.Paid},
		"query_bad_sign": {gateway.Unknown, gateway.Paid}, "query_trap": {gateway.Working, gateway.Paid},
		"query_reply_sign": {gateway.Unknown, gateway.Paid},
		"query_undefined":  {gateway.Unknown, gateway.Paid}, "query_hidden": {gateway.NotFound, gateway.NotFound},
		"query_502": {gateway.Unknown, gateway.Paid}, "query_empty": {gateway.Unknown, gateway.Paid},
		"query_silent": {gateway.Unknown, gateway.Paid}, "query_other_order": {gateway.Unknown, gateway.Paid},
		"query_less": {gateway.Unknown, gateway.Unknown}, "query_contradicts": {gateway.Failed, gateway.Failed},
		"quiet_failure": {gateway.Failed, gateway.Failed}, "cancels": {gateway.Failed, gateway.Failed},
	}
	eachScenario(t, func(s *stage, family string, c sandbox.Scenario) {
		outcomes, ok := want[c.ID]
		if !ok {
			outcomes = [2]gateway.Outcome{gateway.Paid, gateway.Paid}
		}
		s.send(family)
		for i, after := range []time.Duration{5 * time.Minute, 24 * time.Hour} {
			s.pass(after)
			if answer := s.ask(family); s.believed(family, answer.Outcome, answer.Facts) != outcomes[i] {
				s.Errorf("after %v: %+v", after, answer)
			}
		}
	}, sandbox.Usual, sandbox.Queries)
}

func TestClientsReadEveryNotice(t *testing.T) {
	t.Parallel()
	type read struct {
		check   gateway.Check
		outcome gateway.Outcome
	}
	paid, failed := read{gateway.CheckGood, gateway.Paid}, read{gateway.CheckGood, gateway.Failed}
	nothing, working := read{gateway.CheckGood, gateway.Unknown}, read{gateway.CheckGood, gateway.Working}
	bad, unreadable := read{gateway.CheckBad, gateway.Unknown}, read{gateway.CheckUnreadable, gateway.Unknown}
	// Whole cents only at apay (gateways.md 1.2); a decimal is a decimal at cashy.
	respelled := map[string]read{sandbox.Apay: nothing, sandbox.Cashy: paid}
	reversed := map[string]read{sandbox.Apay: failed, sandbox.Cashy: {gateway.CheckGood, gateway.Reversed}}
	for _, family := range families {
		want := map[string][]read{
			"fails": {failed}, "fails_then_pays": {failed, paid}, "pays_less": {nothing}, "bad_sign": {bad}, "cancels": {failed},
			"same_ten": slices.Repeat([]read{paid}, 20), "unknown_number": {paid, nothing}, "query_contradicts": {paid},
			"paid_then_working": {paid, working}, "failed_then_working": {failed, working}, "paid_says_failed": {paid, failed},
			"paid_then_reversed": {paid, reversed[family]}, "failed_query_working": {failed, paid}, "failed_query_502": {failed},
			"notice_less": {nothing}, "notice_real_less": {nothing}, "sign_missing": {{gateway.CheckMissing, gateway.Unknown}},
			"sign_other_key": {bad}, "sign_other_body": {bad}, "sign_other_algorithm": {{gateway.CheckAlgorithm, gateway.Unknown}},
			"other_merchant": {{gateway.CheckOtherMerchant, gateway.Unknown}}, "name_twice": {unreadable}, "letter_case": {unreadable},
			"trailing": {unreadable}, "splits": {{gateway.CheckSplit, gateway.Unknown}},
			"splits_line": {{gateway.CheckSplit, gateway.Unknown}}, "notice_storm": slices.Repeat([]read{paid}, 300),
			"amount_point": {respelled[family]}, "amount_exponent": {respelled[family]},
			"notice_trap": {working}, "notice_undefined": {nothing}, "notice_huge": {unreadable},
		}
		for _, c := range play(t).Scenarios() {
			if !c.PlayedBy(family) || c.Quiet || c.Group == sandbox.Replies || c.ID == "refuses" {
				continue
			}
			expected, ok := want[c.ID]
			if !ok {
				expected = []read{paid}
			}
			t.Run(family+" "+c.ID, func(t *testing.T) {
				t.Parallel()
				s := play(t, func(config *sandbox.Config) { config.Late = 50 * time.Millisecond })
				s.Script("N1", c)
				s.meet(c.ID)
				s.create(family, "N1", 0)
				s.pass(24 * time.Hour)
				var got []read
				for _, m := range s.inbox.messages() {
					n := clients[family].ReadNotice(s.account(family), orderOf(family), m.header, []byte(m.body))
					got = append(got, read{n.Check, s.believed(family, n.Outcome, n.Facts)})
				}
				if !slices.Equal(got, expected) {
					t.Errorf("read as %v, want %v\n%s", got, expected, first(s.inbox.messages()))
				}
			})
		}
	}
}

func first(all []message) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.ToValidUTF8(all[0].body[:min(len(all[0].body), 600)], "?")
}
