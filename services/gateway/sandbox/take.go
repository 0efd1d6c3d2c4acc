package sandbox

import (
	"crypto/sha256"
	"time"
)

// want is a create call, read and found to be in order.
type want struct {
	cents     int64
	algorithm string
	notifyURL string
}

// arrived writes down that a create call for a number reached us, whatever comes
// of it. The merchant is the one it names, known or not.
func (e *exchange) arrived(merchantID, number string, body []byte) {
	e.s.mu.Lock()
	defer e.s.mu.Unlock()
	m := e.m
	if m == nil {
		m = newMerchant(Merchant{Family: e.family, MerchantID: merchantID})
	}
	e.rec = e.s.record(m, number)
	e.rec.Deliveries = append(e.rec.Deliveries, Delivery{
		At: e.s.now(), Body: body, Digest: sha256.Sum256(body), Answer: "accepted",
	})
	e.nth = len(e.rec.Deliveries) - 1
}

// refuse answers a call with a code. The delivery, if it was one, is marked.
func (e *exchange) refuse(code string) {
	if e.rec != nil {
		e.s.mu.Lock()
		e.rec.Deliveries[e.nth].Answer = code
		e.s.mu.Unlock()
	}
	e.answerRefusal(code, nil)
}

func (e *exchange) answerRefusal(code string, reply Reply) {
	e.body = speaks(e.family).refusal(code)
	e.answer(reply)
}

// create takes an order as its scenario wants and answers.
func (e *exchange) create(w want) {
	e.cents = w.cents
	play, code := e.take(w)
	e.first(play)
	e.s.pass(e.rec.Number, e.r.Context().Done())
	if code != "" {
		e.answerRefusal(code, play.Create.Reply)
		return
	}
	e.body = speaks(e.family).envelope(e.data)
	e.answer(play.Create.Reply)
}

// first posts the notices that overtake the answer (M19).
func (e *exchange) first(play Scenario) {
	for _, t := range play.Tell {
		if t.First && !play.Quiet && play.books() {
			e.s.tell(e.rec, t, e.s.at(e.s.now()))
		}
	}
}

// take decides about an order and books it. A code is a refusal.
func (e *exchange) take(w want) (play Scenario, code string) {
	e.s.mu.Lock()
	defer e.s.mu.Unlock()
	play, code = e.s.judge(e.rec, w)
	if code != "" {
		e.rec.Deliveries[e.nth].Answer = code
		return play, code
	}
	e.rec.GatewayNo = e.s.newNumber(e.family)
	if play.books() {
		e.s.book(e.rec)
	}
	e.data = speaks(e.family).accepted(e.rec)
	return play, ""
}

// judge chooses the order's scenario and says whether it is refused. Under the
// lock.
func (s *Sandbox) judge(r *record, w want) (play Scenario, code string) {
	if r.Exists {
		return Scenario{}, speaks(r.Family).duplicate()
	}
	play = s.choose(r, w.cents)
	r.play, r.cents, r.Algorithm, r.NotifyURL = play, w.cents, w.algorithm, w.notifyURL
	r.born, r.GatewayNo = s.at(s.now()), ""
	switch {
	case play.Create.Refuse != Refusal{}:
		return play, play.Create.Refuse.code(r.Family)
	case r.m.cents-r.m.frozen < w.cents+r.m.fee():
		return Scenario{}, speaks(r.Family).poor()
	}
	return play, ""
}

// book makes the order exist and plans its fate. Under the lock.
func (s *Sandbox) book(r *record) {
	now := s.real(r.born)
	r.Exists, r.Created = true, now
	s.booked = append(s.booked, r)
	s.turn(r, Waiting, now)
	s.unfold(r)
}

// unfold plans the fate and the notices of the order's scenario, from now on
// instead of those of an earlier one. Under the lock.
func (s *Sandbox) unfold(r *record) {
	r.plans++
	plan := r.plans
	for _, t := range r.play.Fate {
		s.clock.plan(r.born+t.After, func(due time.Duration) { s.befall(r, plan, t, due) })
	}
	for _, t := range r.play.Tell {
		if !t.First && !r.play.Quiet {
			s.clock.planPost(r.born+t.After, func(due time.Duration) { s.due(r, plan, t, due) })
		}
	}
}

// befall lets the order's fate take a turn, and tells it where the scenario has
// no notices of its own.
func (s *Sandbox) befall(r *record, plan int, t Turn, due time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if plan != r.plans {
		return
	}
	if t.Less {
		r.short = r.cents - less(r.cents)
	}
	r.reason = t.Reason
	s.turn(r, t.Word, s.real(due))
	if t.Word.final() && r.play.Tell == nil && !r.play.Quiet {
		s.clock.planPost(due, func(due time.Duration) { s.tell(r, Tell{Say: t.Word}, due) })
	}
}

// due sends a planned notice, unless another scenario has begun since.
func (s *Sandbox) due(r *record, plan int, t Tell, due time.Duration) {
	s.mu.Lock()
	current := plan == r.plans
	s.mu.Unlock()
	if current {
		s.tell(r, t, due)
	}
}
