package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
)

// errCut is the end of a call that the platform broke off.
var errCut = errors.New("sandbox: connection cut")

// Transport carries calls to the platform without a network, for those who
// replay weeks in seconds. A reset and a cut answer look alike on it.
func (s *Sandbox) Transport() http.RoundTripper { return inProcess{s.Handler()} }

type inProcess struct{ handler http.Handler }

// RoundTrip lets the platform handle the call until it answers or the caller
// gives up.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	a := &answer{header: http.Header{}}
	done := make(chan bool, 1)
	go func() {
		defer func() {
			fault := recover()
			if fault != nil && fault != http.ErrAbortHandler {
				panic(fault)
			}
			done <- fault == nil
		}()
		t.handler.ServeHTTP(a, r)
	}()
	select {
	case whole := <-done:
		return a.response(r, whole)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// answer collects what a handler writes.
type answer struct {
	mu     sync.Mutex
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.body.Write(p)
}

// response is what the caller gets; an answer that was broken off ends in an
// error, as it would on a connection.
func (a *answer) response(r *http.Request, whole bool) (*http.Response, error) {
	a.WriteHeader(http.StatusOK)
	var body io.Reader = &a.body
	if !whole {
		if a.body.Len() == 0 {
			return nil, errCut
		}
		body = io.MultiReader(body, broken{})
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(body), ContentLength: -1, Request: r,
	}, nil
}

// broken is a body that ends before its time.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
