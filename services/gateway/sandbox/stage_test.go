package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/cashy"
	"countersign/services/gateway/sandbox"
)

const (
	apayKey  = "ThisIsYourSecretKey123"
	cashyKey = "TestApiKey0123456789abcdefABCDEF"
	token    = "opaque-token"
)

var noon = time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)

// stage is a sandbox on a clock of the test's, and a merchant who listens.
type stage struct {
	*testing.T
	*sandbox.Sandbox
	url   string
	inbox *inbox
	// deadline of a call: long enough for a busy machine, but short where the
	// scenario is never to answer.
	deadline time.Duration

	mu  sync.Mutex
	now time.Time
}

func merchants() []sandbox.Merchant {
	return []sandbox.Merchant{
		{Family: sandbox.Apay, MerchantID: "PF0002", Key: apayKey, Authorization: token, Currency: "CNY", Balance: 1_000_000_00, Fee: 2_00},
		{Family: sandbox.Apay, MerchantID: "PF0014", Key: "k14", Authorization: "t14", Currency: "TWD", Balance: 500_00, MD5Retired: true, QueryShape: sandbox.ShapeSingle},
		{Family: sandbox.Cashy, MerchantID: "100001", Key: cashyKey, Currency: "PEN", Balance: 1_000_000_00, Fee: 1_50},
	}
}

func play(t *testing.T, change ...func(*sandbox.Config)) *stage {
	t.Helper()
	s := &stage{T: t, now: noon, inbox: newInbox(t), deadline: 30 * time.Second}
	config := sandbox.Config{Now: s.clock, Merchants: merchants(), Seed: 1}
	for _, c := range change {
		c(&config)
	}
	s.Sandbox = sandbox.New(config)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	s.url = server.URL
	return s
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// pass lets time pass on both sides.
func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	s.now = s.now.Add(d)
	s.mu.Unlock()
	s.RunDue(s.clock())
}

// meet shortens the deadline for a scenario that outlasts any.
func (s *stage) meet(id string) {
	if slices.Contains([]string{"silent", "late", "lost", "drips", "headers", "query_silent"}, id) {
		s.deadline = 400 * time.Millisecond
	}
}

// inbox is the address for notices.
type inbox struct {
	url string

	mu     sync.Mutex
	got    []message
	answer func(message) (int, string)
}

type message struct {
	method string
	header http.Header
	body   string
}

func newInbox(t *testing.T) *inbox {
	box := &inbox{}
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	box.url = server.URL + "/notices"
	return box
}

// answers sets what the merchant says to every notice from now on.
func (b *inbox) answers(status int, body string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = func(message) (int, string) { return status, body }
}

// ServeHTTP answers as the gateway wants it unless the test says otherwise.
func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // it did not come whole
	}
	m := message{r.Method, r.Header, string(body)}
	b.mu.Lock()
	b.got = append(b.got, m)
	answer := b.answer
	b.mu.Unlock()
	status, text := http.StatusOK, `{"error_code":"0000"}`
	if r.Header.Get("MerchantId") != "" {
		text = "SUCCESS"
	}
	if answer != nil {
		status, text = answer(m)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func (b *inbox) messages() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]message(nil), b.got...)
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   string
	err    error
}

func (s *stage) do(method, path, body string, header ...string) reply {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	client := http.Client{
		Timeout:       s.deadline,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return reply{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(text), err}
}

// unionpay is a create call of family apay, signed with HMAC-SHA256.
func (s *stage) unionpay(number string, cents int64, change ...func(*gateway.Object)) reply {
	s.Helper()
	body := (&gateway.Object{}).
		Add("platform_id", "PF0002").Add("service_id", "SVC0062").Add("payout_cl_id", number).
		AddNumber("amount", fmt.Sprint(cents)).Add("notify_url", s.inbox.url).
		Add("name", "王建国").Add("number", "6222021234567899036").Add("request_time", "1595504997")
	for _, c := range change {
		c(body)
	}
	return s.sendApay(body, apayKey, apay.HMAC)
}

func (s *stage) sendApay(body *gateway.Object, key, algorithm string) reply {
	s.Helper()
	sign, err := apay.Sign(apay.Canonical(body), key, algorithm)
	if err != nil {
		s.Fatal(err)
	}
	body.Add("sign_type", algorithm).Add("sign", sign)
	return s.do(http.MethodPost, "/gateway/api/v2/payouts", string(body.Encode()), "Content-Type", "application/json;charset=utf-8")
}

// peru is a create call of family cashy. Values of change replace what is there;
// "" leaves a field out.
func (s *stage) peru(number string, cents int64, change map[string]string) reply {
	s.Helper()
	literals := []struct{ name, literal string }{
		{"accountName", `"John"`}, {"accountNo", `"0037651234"`}, {"cciAccountNo", ""}, {"accountType", "1"},
		{"currency", `"PEN"`}, {"amount", fmt.Sprintf("%d.%02d", cents/100, cents%100)}, {"bankId", "4"},
		{"mchOrderNo", `"` + number + `"`}, {"notifyUrl", `"` + s.inbox.url + `"`}, {"nonceStr", `"1628381288000"`},
		{"idType", `"1"`}, {"idCard", `"12345678"`}, {"remark", `"remark"`},
	}
	var members []string
	for _, l := range literals {
		if changed, ok := change[l.name]; ok {
			l.literal = changed
		}
		if l.literal != "" {
			members = append(members, `"`+l.name+`":`+l.literal)
		}
	}
	return s.cashy("payOut", "{"+strings.Join(members, ",")+"}")
}

// cashy is a well-signed call of that family.
func (s *stage) cashy(call, body string) reply {
	s.Helper()
	sign, err := cashy.Sign([]byte(body), cashyKey)
	if err != nil {
		s.Fatal(err)
	}
	return s.do(http.MethodPost, "/stage-api/api/"+call, body,
		"Content-Type", "application/json", "MerchantId", "100001", "Sign", sign)
}

// create sends an ordinary order of 1,000 units and some cents by either family.
func (s *stage) create(family, number string, ends int64) reply {
	s.Helper()
	if family == sandbox.Apay {
		return s.unionpay(number, 100_000+ends)
	}
	return s.peru(number, 100_000+ends, nil)
}

// query asks for an order by either family, with what the platform then says.
func (s *stage) query(family, number string) string {
	s.Helper()
	if family == sandbox.Apay {
		return s.do(http.MethodGet, "/gateway/api/v2/payouts?payout_cl_id="+number, "", "Authorization", token).body
	}
	return s.cashy("payOutQuery", `{"mchOrderNo":"`+number+`","nonceStr":"1"}`).body
}

var families = []string{sandbox.Apay, sandbox.Cashy}

// accepted is what a good answer to a create call begins with.
func accepted(family string) string {
	if family == sandbox.Apay {
		return `{"error_code":"0000","data":{"payout_id":"POT`
	}
	return `{"msg":"SUCCESS","code":200,"data":{"merchantId":"100001","mchOrderNo":"`
}

// status is how a family spells a word.
func status(family string, word sandbox.Word) string {
	if family == sandbox.Apay {
		return `"status":` + map[sandbox.Word]string{sandbox.Waiting: "1", sandbox.Paying: "2", sandbox.Paid: "3", sandbox.Failed: "5", sandbox.Reversed: "4"}[word]
	}
	return `"orderStatus":"` + map[sandbox.Word]string{sandbox.Waiting: "PROCESSING", sandbox.Paying: "PAYING", sandbox.Paid: "SUCCESS", sandbox.Failed: "FAIL", sandbox.Reversed: "FAIL"}[word] + `"`
}

func (s *stage) wants(what, got, part string) {
	s.Helper()
	if !strings.Contains(got, part) {
		s.Errorf("%s: got %q, want %q in it", what, got, part)
	}
}
