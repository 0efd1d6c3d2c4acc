package sandbox

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"countersign/services/gateway"
)

// cashyCall handles all of {base}/api/: it checks what every call has to have
// and gives it to the one who knows it.
func (s *Sandbox) cashyCall(w http.ResponseWriter, r *http.Request) {
	e, body, ok := s.open(Cashy, w, r)
	if !ok {
		return
	}
	call, known := map[string]func(*exchange, *gateway.Object){
		"payOut": s.cashyCreate, "payOutQuery": s.cashyQuery, "getBalance": s.cashyBalance,
		"bankListQuery": s.cashyBanks,
	}[r.PathValue("call")]
	if !known {
		ReplyStatus(http.StatusNotFound)(e)
		return
	}
	object, msg := s.cashyOpen(e, body)
	if msg != "" {
		e.refuse(msg)
		return
	}
	call(e, object)
}

// cashyOpen checks method, type, caller, JSON and signature, in that order.
func (s *Sandbox) cashyOpen(e *exchange, body []byte) (*gateway.Object, string) {
	kind, _, _ := mime.ParseMediaType(e.r.Header.Get("Content-Type"))
	switch {
	case e.r.Method != http.MethodPost:
		return nil, "RequestMethod_not_post"
	case kind != "application/json":
		return nil, "RequestContentType_not_json"
	case len(body) == 0:
		return nil, "RequestBody_is_null"
	}
	object, err := gateway.ReadObject(body)
	if err != nil {
		return nil, "Params_jsonFormat_error"
	}
	e.m = s.customer(Cashy, e.r.Header.Get("MerchantId"))
	if strings.HasSuffix(e.r.URL.Path, "/payOut") {
		e.arrived(e.r.Header.Get("MerchantId"), object.Get("mchOrderNo").Scalar(), body)
	}
	return object, s.cashyCaller(e, object, body)
}

func (s *Sandbox) cashyCaller(e *exchange, object *gateway.Object, body []byte) (msg string) {
	id := e.r.Header.Get("MerchantId")
	_, err := strconv.ParseInt(id, 10, 64)
	switch {
	case id == "":
		return "MerchantId_is_null"
	case err != nil:
		return "MerchantId_not_Number"
	case e.m == nil:
		return "MerchantId_is_error"
	case !same(signCashy(body, e.m.Key), e.r.Header.Get("Sign")):
		return msgSign
	case object.Get("nonceStr").Scalar() == "":
		return "Params_nonceStr_Required"
	}
	return ""
}

func (s *Sandbox) cashyCreate(e *exchange, object *gateway.Object) {
	if msg := checkCashy(e.m, object); msg != "" {
		e.refuse(msg)
		return
	}
	e.create(want{
		cents:     cashy{}.cents(object.Get("amount").Scalar()),
		notifyURL: object.Get("notifyUrl").Scalar(), algorithm: MD5,
	})
}

// cashyQuery prefers the platform's number, as its document does.
func (s *Sandbox) cashyQuery(e *exchange, object *gateway.Object) {
	number, theirs := object.Get("mchOrderNo").Scalar(), object.Get("orderNo").Scalar()
	if number == "" && theirs == "" {
		e.refuse("Params_mchOrderNo_Required")
		return
	}
	if theirs != "" {
		number = s.numberOf(e.m, theirs)
	}
	phase := s.ask(e.m, number)
	e.body = s.cashyShow(e.m, number, phase)
	e.answer(phase.Reply)
}

// numberOf finds our number by theirs.
func (s *Sandbox) numberOf(m *merchant, theirs string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.booked {
		if r.m == m && r.GatewayNo == theirs {
			return r.Number
		}
	}
	return ""
}

func (s *Sandbox) cashyShow(m *merchant, number string, phase Phase) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.known(m, number)
	if !ok || !r.Exists || phase.Hidden {
		return cashy{}.refusal(msgNoOrder)
	}
	word, fee := r.says(phase), "null"
	if word == Paid {
		fee = cashy{}.amount(m.fee())
	}
	l := letter{family: Cashy}
	l.fields = fields{}.
		text("merchantId", r.MerchantID).text("mchOrderNo", r.Number).text("orderNo", r.GatewayNo).
		orNull("channelOrderNo", "").raw("amount", cashy{}.amount(r.cents-r.short)).raw("fee", fee).
		text("orderStatus", cashyStatus[word]).orNull("completionTime", r.completed(word)).
		orNull("resultDesc", r.why(word, cashyReason))
	phase.Alter.apply(&l)
	return cashyAnswer(string(l.spelled(l.fields.json())))
}

func (s *Sandbox) cashyBalance(e *exchange, _ *gateway.Object) {
	s.mu.Lock()
	data := fields{}.text("mchId", e.m.MerchantID).
		raw("balance", cashy{}.amount(e.m.cents-e.m.frozen)).raw("unBalance", cashy{}.amount(e.m.frozen))
	s.mu.Unlock()
	e.body = cashy{}.envelope(data)
	e.answer(nil)
}

func (s *Sandbox) cashyBanks(e *exchange, _ *gateway.Object) {
	var rows []string
	for _, bank := range peruBanks {
		rows = append(rows, fields{}.number("bankId", int64(bank.id)).
			text("bankCode", bank.name).text("bankName", bank.name).json())
	}
	e.body = cashyAnswer("[" + strings.Join(rows, ",") + "]")
	e.answer(nil)
}
