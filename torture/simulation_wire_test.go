package torture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
)

// gone is the context of a caller who does not wait: a scenario that would keep
// him waiting ends at once, and no real time is spent.
var gone = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func isCreate(r gateway.Request) bool {
	return r.Method == http.MethodPost && (strings.HasSuffix(r.URL, "/payouts") || strings.HasSuffix(r.URL, "/payOut"))
}

// exchange carries a request to the gateway and lets everything go wrong on the
// way: nothing leaves, the answer is lost, and meanwhile other things happen.
func (w *world) exchange(p *instance, a gateway.Account, r gateway.Request) gateway.Response {
	if isCreate(r) {
		w.tally.sends++
		w.checkOnRecord(r)
	}
	luck := w.r.IntN(100)
	if w.calm {
		luck = 100
	}
	response := gateway.Response{Started: w.now(), Took: w.between(80*time.Millisecond, a.Timeout)}
	w.time = w.time.Add(response.Took)
	switch {
	case luck < 6:
		w.meanwhile()
		response.Fault, response.Detail = gateway.FaultNotSent, gateway.DetailRefused
		return response
	}
	w.carry(r, &response)
	w.meanwhile()
	if p.dead { // a notice that overtook the answer was its end
		panic(cutOff{})
	}
	if luck < 16 {
		w.lose(&response)
	}
	if w.broken.answer != nil {
		w.broken.answer(r, &response)
	}
	return response
}

// lose is an exchange whose answer did not come.
func (w *world) lose(r *gateway.Response) {
	fault := one(w.r, []gateway.Fault{gateway.FaultTimeout, gateway.FaultCut, gateway.FaultUncertain})
	*r = gateway.Response{Started: r.Started, Took: r.Took, Fault: fault, Detail: gateway.DetailReset}
}

// carry lets the sandbox answer, within this goroutine.
func (w *world) carry(r gateway.Request, response *gateway.Response) {
	request := httptest.NewRequestWithContext(gone, r.Method, r.URL, bytes.NewReader(r.Body))
	request.Header = r.Header.Clone()
	answer := httptest.NewRecorder()
	broken := w.answered(answer, request)
	if broken && answer.Body.Len() == 0 {
		w.lose(response)
		return
	}
	response.Status, response.Header, response.Body = answer.Code, answer.Header(), answer.Body.Bytes()
	switch {
	case broken:
		response.Fault, response.Detail = gateway.FaultCut, gateway.DetailReset
	case len(response.Body) > gateway.MaxBody:
		response.Fault, response.Detail = gateway.FaultTooLarge, gateway.DetailTooLarge
		response.Body = response.Body[:gateway.MaxBody]
	}
}

func (w *world) answered(answer http.ResponseWriter, request *http.Request) (broken bool) {
	defer func() {
		switch fault := recover(); fault {
		case nil:
		case http.ErrAbortHandler:
			broken = true
		default:
			panic(fault)
		}
	}()
	w.handler.ServeHTTP(answer, request)
	return false
}

// letter is a notice on its way.
type letter struct {
	slug   string
	header http.Header
	body   []byte
}

// post is the way of the gateway's notices to us. Some are lost, some come later,
// some twice, and of some the answer is lost.
type post struct{ w *world }

var errLost = errors.New("the simulation lost it")

// RoundTrip carries one notice.
func (p post) RoundTrip(r *http.Request) (*http.Response, error) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	l := letter{path.Base(r.URL.Path), r.Header.Clone(), body}
	luck := w.r.IntN(100)
	switch {
	case r.Method != http.MethodPost, len(body) > gateway.MaxBody:
		return reply(r, http.StatusNotFound, ""), nil // the page in front refuses it
	case w.calm:
	case luck < 12:
		w.late = append(w.late, l)
		return nil, errLost
	case luck < 20:
		return nil, errLost
	case luck < 30:
		w.receive(l)
	}
	status, words := w.receive(l)
	if luck >= 94 && !w.calm {
		return nil, errLost
	}
	return reply(r, status, words), nil
}

func reply(r *http.Request, status int, words string) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(words)), Request: r, Header: http.Header{}}
}

// receive hands a notice in, as the page for notices does. What is acknowledged
// must be on record by then (I15). A program that dies over it answers nothing.
func (w *world) receive(l letter) (status int, words string) {
	defer func() {
		switch fault := recover(); fault.(type) {
		case nil:
		case cutOff:
			status, words = http.StatusBadGateway, ""
		default:
			panic(fault)
		}
	}()
	arrival := services.Arrival{Slug: l.slug, Header: l.header, Body: l.body, Address: "127.0.0.1"}
	to := w.either()
	receive := to.notices.Receive
	if w.broken.receive != nil {
		receive = w.broken.receive
	}
	ack, err := receive(context.Background(), arrival)
	w.tally.notices++
	var no models.Refusal
	switch {
	case to.dead:
		return http.StatusBadGateway, ""
	case errors.As(err, &no):
		return http.StatusUnprocessableEntity, ""
	case err != nil:
		w.complain("fault", "a notice could not be taken in: %v", err)
		return http.StatusInternalServerError, ""
	}
	w.tally.acknowledged++
	digest := sha256.Sum256(l.body)
	var kept int64
	w.must(w.db().Model(&models.Notice{}).Where("body_digest = ? AND quarantine = ''", digest[:]).Count(&kept).Error)
	if kept == 0 {
		w.complain("I15", "a notice was acknowledged and is not on record: %s", l.body)
	}
	return http.StatusOK, ack.Body
}
