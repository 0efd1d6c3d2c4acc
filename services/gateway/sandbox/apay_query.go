package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// apayList handles GET /gateway/api/v2/payouts: the query in its list form.
func (s *Sandbox) apayList(w http.ResponseWriter, r *http.Request) {
	e := s.asked(w, r, ShapeList)
	if e == nil {
		return
	}
	asked := r.URL.Query()
	phase := s.ask(e.m, asked.Get("payout_cl_id"))
	rows, total := s.rows(e.m, asked, phase)
	e.body = []byte(fields{}.text("error_code", codeOK).
		raw("data", "["+strings.Join(rows, ",")+"]").number("total", int64(total)).json())
	e.answer(phase.Reply)
}

// apayShow handles GET /gateway/api/v2/payouts/{number}: the single form.
func (s *Sandbox) apayShow(w http.ResponseWriter, r *http.Request) {
	e := s.asked(w, r, ShapeSingle)
	if e == nil {
		return
	}
	number := r.PathValue("number")
	phase := s.ask(e.m, number)
	e.body = s.single(e.m, number, phase)
	e.answer(phase.Reply)
}

// asked begins a query in one of its forms. A merchant has one form; the other
// address is not there for him.
func (s *Sandbox) asked(w http.ResponseWriter, r *http.Request, shape string) *exchange {
	e := &exchange{s: s, w: w, r: r, family: Apay, m: s.bearer(r)}
	switch {
	case e.m == nil:
		e.refuse(codeToken)
		return nil
	case (e.m.QueryShape == ShapeSingle) != (shape == ShapeSingle):
		ReplyStatus(http.StatusNotFound)(e)
		return nil
	}
	return e
}

// ask counts a question about a number and says how it is to be answered.
func (s *Sandbox) ask(m *merchant, number string) Phase {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.known(m, number)
	if !ok {
		return Phase{}
	}
	r.Queries++
	return r.play.phase(s.at(s.now()) - r.born)
}

// rows are the orders that the filters name, newest first, one page of them.
func (s *Sandbox) rows(m *merchant, asked url.Values, phase Phase) (rows []string, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	offset, limit := count(asked, "offset", 0), min(count(asked, "limit", 25), 500)
	for i := len(s.booked) - 1; i >= 0; i-- {
		r := s.booked[i]
		if r.m != m || phase.Hidden || !filtered(r, asked) {
			continue
		}
		if total >= offset && len(rows) < limit {
			rows = append(rows, r.row(phase))
		}
		total++
	}
	return rows, total
}

// filtered says whether an order passes the filters of a list query.
func filtered(r *record, asked url.Values) bool {
	created := r.Created.Unix()
	from, to := count(asked, "create_time__gte", 0), count(asked, "create_time__lte", 1<<62)
	number, theirs := asked.Get("payout_cl_id"), asked.Get("payout_id")
	return (number == "" || number == r.Number) && (theirs == "" || theirs == r.GatewayNo) &&
		int64(from) <= created && created <= int64(to)
}

func count(asked url.Values, name string, unless int) int {
	if n, err := strconv.Atoi(asked.Get(name)); err == nil && n >= 0 {
		return n
	}
	return unless
}

// says is the word that a question gets.
func (r *record) says(phase Phase) Word {
	if phase.Say != "" {
		return phase.Say
	}
	return r.Word
}

// row is an order in a list, signed by itself (1.5). While it is not final it
// carries no update_time.
func (r *record) row(phase Phase) string {
	word, updated := r.says(phase), int64(0)
	if word.final() {
		updated = r.Updated.Unix()
	}
	l := letter{family: Apay, key: r.m.Key, algorithm: r.Algorithm}
	l.fields = fields{}.
		raw("amount", apay{}.amount(r.cents-r.short)).
		raw("fee", apay{}.amount(r.m.fee())).
		text("payout_id", r.GatewayNo).
		text("payout_cl_id", r.Number).
		text("platform_id", r.MerchantID).
		text("platform_channel_id", "PFC00000017").
		raw("status", apayStatus[word]).
		text("memo", "").
		number("create_time", r.Created.Unix()).
		number("update_time", updated)
	phase.Alter.apply(&l)
	l.fields = l.signedFields()
	return string(l.spelled(l.fields.json()))
}

// single is the answer in the single form, which carries no signature.
func (s *Sandbox) single(m *merchant, number string, phase Phase) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.known(m, number)
	if !ok || !r.Exists || phase.Hidden {
		return apay{}.refusal(codeNoOrder)
	}
	word := r.says(phase)
	l := letter{family: Apay}
	l.fields = fields{}.
		text("payout_id", r.GatewayNo).text("payout_cl_id", r.Number).
		raw("amount", apay{}.amount(r.cents-r.short)).raw("fee", apay{}.amount(r.m.fee())).
		raw("status", apayStatus[word]).text("error_msg", r.why(word, apayReason)).
		number("create_time", r.Created.Unix())
	if word == Paid {
		l.fields = l.fields.number("success_time", r.Updated.Unix())
	}
	phase.Alter.apply(&l)
	return apay{}.envelope(l.fields)
}
