package sandbox

import (
	"net/http"
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
