package demo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
)

// exchange carries a request to the story's platform without a network. The
// bytes and their signatures are the real ones; only time is made up.
func (s *story) exchange(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
	response := gateway.Response{Started: s.clock.now()}
	response.Took = s.latency()
	late := s.isLate(r)
	if late {
		response.Took = a.Timeout
	}
	answer, err := s.carry(ctx, r)
	s.clock.pass(response.Took)
	switch {
	case late:
		response.Fault, response.Detail = gateway.FaultTimeout, gateway.DetailDeadline
		return response
	case err != nil:
		response.Fault, response.Detail = gateway.FaultCut, gateway.DetailReset
		return response
	}
	defer answer.Body.Close()
	response.Status, response.Header = answer.StatusCode, answer.Header
	if response.Body, err = io.ReadAll(answer.Body); err != nil {
		response.Fault, response.Detail = gateway.FaultCut, gateway.DetailReset
	}
	return response
}

func (s *story) carry(ctx context.Context, r gateway.Request) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	request.Header = r.Header.Clone()
	return s.wire.RoundTrip(request)
}

// isLate says whether the answer to this create call comes too late, once.
func (s *story) isLate(r gateway.Request) bool {
	for number := range s.late {
		if bytes.Contains(r.Body, []byte(number)) {
			delete(s.late, number)
			return true
		}
	}
	return false
}

// latency is what an exchange usually takes.
func (s *story) latency() time.Duration {
	return time.Duration(140+s.random.ExpFloat64()*260) * time.Millisecond
}

// inbox takes the platform's notices in, as the web server does.
type inbox struct{ s *story }

// RoundTrip answers a notice.
func (i inbox) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	i.s.clock.pass(i.s.latency() / 4)
	good, err := i.s.notices.Receive(r.Context(), services.Arrival{
		Slug: path.Base(r.URL.Path), Header: r.Header, Body: body, Address: "127.0.0.1",
	})
	answer := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(good.Body)), Request: r}
	var no models.Refusal
	switch {
	case errors.As(err, &no):
		answer.StatusCode = http.StatusUnprocessableEntity
	case err != nil:
		i.s.fault = err
		return nil, err
	}
	return answer, nil
}
