package gateway

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestI08_NothingRepeatsARequest(t *testing.T) {
	// A server that hangs up on an idle connection just before it answers is what
	// makes net/http try again.
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/close" {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.Close()
			return
		}
		_, _ = io.WriteString(w, `{"ok":1}`)
	}))
	var deliveries atomic.Int32
	inner := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { deliveries.Add(1); inner.ServeHTTP(w, r) })
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	for i, path := range []string{"/", "/", "/close", "/"} {
		_ = send(context.Background(), local, post(server.URL+path))
		if n := deliveries.Load(); n != int32(i+1) {
			t.Fatalf("after %d requests the gateway has seen %d", i+1, n)
		}
	}
	if n := connections.Load(); n != 4 {
		t.Errorf("%d connections for 4 requests", n)
	}
	get := Request{Method: "GET", URL: server.URL + "/close", Header: http.Header{"X-Idempotency-Key": {"1"}}}
	_ = send(context.Background(), local, get)
	if n := deliveries.Load(); n != 5 {
		t.Errorf("a GET was delivered %d times", n-4)
	}
}

func TestI08_WhatTheGatewaySees(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("ALL_PROXY", "http://127.0.0.1:1")
	seen := make(chan *http.Request, 1)
	body := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		body <- string(text)
		seen <- r
		w.Header().Set("X-Reply", "yes")
		_, _ = io.WriteString(w, `{"code":200}`)
	}))
	t.Cleanup(server.Close)
	got := send(context.Background(), local, post(server.URL+"/stage-api/api/payOut?a=b"))
	if got.Fault != FaultNone || got.Status != 200 || string(got.Body) != `{"code":200}` || got.Header.Get("X-Reply") != "yes" {
		t.Fatalf("%+v", got)
	}
	r := <-seen
	if r.Proto != "HTTP/1.1" || r.Method != "POST" || r.RequestURI != "/stage-api/api/payOut?a=b" || !r.Close {
		t.Errorf("%s %s %s, close %v", r.Proto, r.Method, r.RequestURI, r.Close)
	}
	if text := <-body; text != `{"n":1}` || r.ContentLength != 7 {
		t.Errorf("body %q, length %d", text, r.ContentLength)
	}
	want := map[string]string{
		"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "Countersign", "Content-Length": "7", "Connection": "close",
	}
	for name, values := range r.Header {
		if want[name] != strings.Join(values, ",") {
			t.Errorf("header %s: %q", name, values)
		}
	}
	if !got.Started.Equal(stopped()) || got.Took != 0 {
		t.Errorf("started %v, took %v: not by the clock that was given", got.Started, got.Took)
	}
}

func TestM13_RedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Int32
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				followed.Add(1)
			}
			http.Redirect(w, r, "/elsewhere", status)
		}))
		t.Cleanup(server.Close)
		if got := send(context.Background(), local, post(server.URL+"/")); got.Status != status || got.Fault != FaultNone {
			t.Errorf("%d: %+v", status, got)
		}
	}
	if followed.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestM07_ACompressedAnswerIsNotUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	packer := gzip.NewWriter(&bomb)
	_, _ = packer.Write(append([]byte(`{"error_code":"0004"}`), bytes.Repeat([]byte(" "), 8<<20)...))
	_ = packer.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	}))
	t.Cleanup(server.Close)
	got := send(context.Background(), local, post(server.URL))
	if got.Fault != FaultNone || !bytes.Equal(got.Body, bomb.Bytes()) {
		t.Fatalf("fault %q, %d bytes", got.Fault, len(got.Body))
	}
	if reply := ReadReply(got, "error_code", ShapeString); reply.Object != nil || reply.Reason != "unreadable" {
		t.Errorf("%+v", reply)
	}
}

func TestM06_NoBody(t *testing.T) {
	for name, text := range map[string]string{
		"204":              "HTTP/1.1 204 No Content\r\n\r\n",
		"200 of length 0":  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"200, just closed": "HTTP/1.1 200 OK\r\n\r\n",
		"blanks":           "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n \r\n",
	} {
		address, _ := listen(t, say(text))
		got := send(context.Background(), local, post(address))
		if reply := ReadReply(got, "code", ShapeNumber); got.Fault != FaultNone || reply.Reason != "empty" {
			t.Errorf("%s: %+v, %+v", name, got, reply)
		}
	}
}

func TestInterimAnswersAreSkipped(t *testing.T) {
	address, _ := listen(t, say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
	if got := send(context.Background(), local, post(address)); got.Status != 200 || string(got.Body) != "{}" {
		t.Errorf("%+v", got)
	}
}
