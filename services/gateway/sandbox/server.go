package sandbox

import (
	"bytes"
	"net/http"

	"countersign/services/gateway"
)

// Handler is both platforms under one address: /gateway/api/v2/… for family apay,
// and the base path with /api/… for family cashy.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /gateway/api/v2/payouts", s.apayCreate)
	mux.HandleFunc("GET /gateway/api/v2/payouts", s.apayList)
	mux.HandleFunc("GET /gateway/api/v2/payouts/{number}", s.apayShow)
	mux.HandleFunc("GET /gateway/api/v2/platforms/balance", s.apayBalance)
	mux.HandleFunc(s.base+"/api/{call}", s.cashyCall)
	return mux
}

// open begins an exchange with a body; false if it was answered already.
func (s *Sandbox) open(family string, w http.ResponseWriter, r *http.Request) (*exchange, []byte, bool) {
	e := &exchange{s: s, w: w, r: r, family: family}
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, gateway.MaxBody)); err != nil {
		ReplyStatus(http.StatusRequestEntityTooLarge)(e)
		return nil, nil, false
	}
	return e, body.Bytes(), true
}
