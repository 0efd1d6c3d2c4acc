package sandbox_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func TestTheAmountChoosesTheScenario(t *testing.T) {
	t.Parallel()
	// How the create call ends, whether the order exists, its word and the
	// notices after a day, and what a query says after five minutes.
	cases := []struct {
		ends        int64
		id          string
		answer      func(family string, r reply) bool
		exists      bool
		word        sandbox.Word
		notices     int
		fiveMinutes sandbox.Word
	}{
		{0, "pays", well, true, sandbox.Paid, 1, sandbox.Paid},
		{1, "refuses", refused, false, "", 0, ""},
		{2, "silent", silent, true, sandbox.Paid, 1, sandbox.Paid},
		{3, "accepts_502", badGateway, true, sandbox.Paid, 1, sandbox.Paid},
		{4, "fails_then_pays", well, true, sandbox.Paid, 2, sandbox.Failed},
		{5, "empty", empty, true, sandbox.Paid, 1, sandbox.Paid},
		{6, "bad_sign", well, true, sandbox.Paid, 1, sandbox.Paid},
		{7, "pays_less", well, true, sandbox.Paid, 1, sandbox.Paid},
		{8, "hidden_then_paid", well, true, sandbox.Paid, 1, ""},
		{9, "same_ten", well, true, sandbox.Paid, 20, sandbox.Paid},
		{10, "stays_working", well, true, sandbox.Paid, 1, sandbox.Paying},
		{11, "pays", well, true, sandbox.Paid, 1, sandbox.Paid},
	}
	for _, family := range families {
		for _, c := range cases {
			t.Run(family+" "+c.id, func(t *testing.T) {
				t.Parallel()
				s := play(t)
				s.meet(c.id)
				if r := s.create(family, "N1", c.ends); !c.answer(family, r) {
					t.Errorf("answer: %+v", r)
				}
				s.pass(5 * time.Minute)
				if c.fiveMinutes != "" {
					s.wants("query", s.query(family, "N1"), status(family, c.fiveMinutes))
				} else if got := s.query(family, "N1"); strings.Contains(got, `tatus"`) {
					t.Errorf("query finds %s", got)
				}
				s.pass(24 * time.Hour)
				order, _ := s.Order("N1")
				if order.Scenario != c.id || order.Exists != c.exists || order.Word != c.word || len(order.Notices) != c.notices || s.Deliveries("N1") != 1 {
					t.Errorf("%s: exists %v, %s, %d notices, %d deliveries", order.Scenario, order.Exists, order.Word, len(order.Notices), s.Deliveries("N1"))
				}
				if c.exists {
					s.wants("in the end", s.query(family, "N1"), status(family, sandbox.Paid))
				}
			})
		}
	}
}

func well(family string, r reply) bool {
	return r.status == http.StatusOK && strings.HasPrefix(r.body, accepted(family))
}

func refused(family string, r reply) bool {
	return strings.Contains(r.body, map[string]string{sandbox.Apay: `"0012"`, sandbox.Cashy: `"Params_accountNo_error"`}[family])
}

func silent(_ string, r reply) bool     { return r.err != nil }
func badGateway(_ string, r reply) bool { return r.status == http.StatusBadGateway }
func empty(_ string, r reply) bool      { return r.status == http.StatusOK && r.body == "" && r.err == nil }

func TestNoticesAreTriedOnTheTimetable(t *testing.T) {
	t.Parallel()
	minutes := map[string][]int{
		sandbox.Apay:  {0, 6, 12, 18, 24, 30, 36, 42, 48, 54},
		sandbox.Cashy: {0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023},
	}
	for _, family := range families {
		for _, speed := range []int{1, 60} {
			s := play(t, func(c *sandbox.Config) { c.Speed = speed })
			s.inbox.answers(http.StatusInternalServerError, "")
			s.create(family, "N1", 0)
			s.pass(48 * time.Hour)
			sent := s.Notices("N1")
			if len(sent) != len(minutes[family]) || len(s.inbox.messages()) != len(sent) {
				t.Fatalf("%s: %d notices", family, len(sent))
			}
			for i, after := range minutes[family] {
				at := noon.Add((2*time.Minute + time.Duration(after)*time.Minute) / time.Duration(speed))
				if !sent[i].At.Equal(at) || sent[i].Try != i+1 || sent[i].Good {
					t.Errorf("%s at speed %d: try %d at %v, want %v", family, speed, sent[i].Try, sent[i].At, at)
				}
			}
			same := sent[0].Header.Get("Sign") == sent[1].Header.Get("Sign") && string(sent[0].Body) == string(sent[1].Body)
			if same != (family == sandbox.Apay) {
				t.Errorf("%s: the second try has the same bytes: %v", family, same)
			}
		}
	}
}

func TestOnlyTheExactAnswerEndsTheTries(t *testing.T) {
	t.Parallel()
	cases := []struct {
		family string
		status int
		answer string
		good   bool
	}{
		{sandbox.Apay, 200, `{"error_code":"0000"}`, true},
		{sandbox.Apay, 200, ` { "error_code" : "0000" } `, true},
		{sandbox.Apay, 200, `{"error_code":0}`, false},
		{sandbox.Apay, 200, `{"error_code":"0000","error_msg":""}`, false},
		{sandbox.Apay, 200, `SUCCESS`, false},
		{sandbox.Apay, 200, ``, false},
		{sandbox.Apay, 201, `{"error_code":"0000"}`, false},
		{sandbox.Cashy, 200, `SUCCESS`, true},
		{sandbox.Cashy, 200, `success`, false},
		{sandbox.Cashy, 200, `"SUCCESS"`, false},
		{sandbox.Cashy, 200, "SUCCESS\n", false},
		{sandbox.Cashy, 500, `SUCCESS`, false},
	}
	for _, c := range cases {
		s := play(t)
		s.inbox.answers(c.status, c.answer)
		s.create(c.family, "N1", 0)
		s.pass(3 * time.Minute)
		s.inbox.answers(http.StatusOK, map[string]string{sandbox.Apay: `{"error_code":"0000"}`, sandbox.Cashy: "SUCCESS"}[c.family])
		s.pass(24 * time.Hour)
		sent := s.Notices("N1")
		if sent[0].Good != c.good || !sent[len(sent)-1].Good || c.good != (len(sent) == 1) {
			t.Errorf("%s %q: %d tries, the first good: %v", c.family, c.answer, len(sent), sent[0].Good)
		}
	}
}

func TestNoticesGoToThisMachineOnly(t *testing.T) {
	t.Parallel()
	s := play(t)
	for _, address := range []string{"https://merchant.example/n", "http://10.0.0.1/n", "http://localhost.example/n", "http://127.0.0.1.example/n"} {
		_, err := s.Seed(sandbox.Seeded{
			MerchantID: "PF0002", Number: address, Amount: models.Money{Minor: 1, Currency: "CNY"}, NotifyURL: address, Created: noon,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Tell(address, sandbox.Tell{Say: sandbox.Paid}); err != nil {
			t.Fatal(err)
		}
		if sent := s.Notices(address); len(sent) != 1 || !strings.Contains(sent[0].Fault, "loopback") {
			t.Errorf("%s: %+v", address, sent)
		}
	}
}

func TestEveryScenarioHasItsWords(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../views/i18n/en/sandbox.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	keys := []string{sandbox.ErrNoMerchant.Key, sandbox.ErrNoScenario.Key, sandbox.ErrNoOrder.Key, sandbox.ErrNothing.Key, sandbox.ErrNoAddress.Key, sandbox.ErrTaken.Key}
	seen := map[string]bool{}
	for _, c := range play(t).Scenarios() {
		if seen[c.ID] || len(c.Rows) == 0 {
			t.Errorf("%s: repeated, or plays no row", c.ID)
		}
		seen[c.ID] = true
		keys = append(keys, c.Key, c.HintKey, c.Group.Key())
	}
	for _, p := range sandbox.Pushes() {
		keys = append(keys, p.Key(), p.Key()+".hint")
	}
	for key := range words {
		if !slices.Contains(keys, key) {
			t.Errorf("words for nothing: %s", key)
		}
	}
	for _, key := range keys {
		if words[key] == "" {
			t.Errorf("no words for %s", key)
		}
	}
}
