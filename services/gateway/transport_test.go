package gateway

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func stopped() time.Time { return time.Date(2026, 11, 13, 6, 2, 11, 0, time.UTC) }

var local = Account{AllowLoopback: true, Timeout: 5 * time.Second}

// based is the account at the host of url.
func based(a Account, url string) Account {
	a.BaseURL = strings.Join(strings.SplitN(url, "/", 4)[:3], "/")
	return a
}

// send exchanges with the account at the request's own host.
func send(ctx context.Context, a Account, r Request) Response {
	return Exchange(ctx, based(a, r.URL), r, stopped)
}

func post(url string) Request {
	if strings.Count(url, "/") == 2 {
		url += "/"
	}
	return Request{Method: "POST", URL: url, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"n":1}`)}
}

// listen serves raw connections, so that a test decides over every byte. The
// handler gets the request once it has come in whole.
func listen(t *testing.T, handle func(conn net.Conn)) (address string, deliveries *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	deliveries = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, request.Body)
				deliveries.Add(1)
				handle(conn)
			}()
		}
	}()
	return "http://" + listener.Addr().String(), deliveries
}

func say(text string) func(net.Conn) {
	return func(conn net.Conn) { _, _ = io.WriteString(conn, text) }
}

// reset closes so that the other side sees a reset and not an end.
func reset(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }

// tlsServer keeps the handshakes that it is there to fail out of the test's
// output.
func tlsServer(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestI06_HowABrokenExchangeEnds(t *testing.T) {
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	for _, c := range []struct {
		name   string
		handle func(net.Conn)
		fault  Fault
		detail string
		status int
	}{
		{"M4 reads, then resets", reset, FaultCut, DetailReset, 0},
		{"M4 reads, then closes", func(net.Conn) {}, FaultCut, DetailReset, 0},
		{"M3 never answers", func(net.Conn) { <-never }, FaultTimeout, DetailDeadline, 0},
		{"M5 ends within the headers", say("HTTP/1.1 200 OK\r\nContent-Len"), FaultCut, DetailReset, 0},
		{"M5 fewer bytes than announced", say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"error_code\":\"0000\"}"), FaultCut, DetailReset, 200},
		{"M5 ends within a chunk", say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"err"), FaultCut, DetailReset, 200},
		{"M5 resets in the middle", func(conn net.Conn) {
			say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")(conn)
			reset(conn)
		}, FaultCut, DetailReset, 200},
		{"M7 says no HTTP", say("Hello, who is there?\r\n\r\n"), FaultUncertain, DetailMalformed, 0},
		{"M7 two lengths", say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"), FaultUncertain, DetailMalformed, 0},
		{"M7 body of 64 KiB and one", say(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", MaxBody+1, strings.Repeat("x", MaxBody+1))), FaultTooLarge, DetailTooLarge, 200},
		{"M7 body without end", func(conn net.Conn) {
			say("HTTP/1.1 200 OK\r\n\r\n")(conn)
			for {
				if _, err := conn.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
					return
				}
			}
		}, FaultTooLarge, DetailTooLarge, 200},
		{"M16 headers without end", func(conn net.Conn) {
			say("HTTP/1.1 200 OK\r\n")(conn)
			for {
				if _, err := io.WriteString(conn, "X: "+strings.Repeat("y", 1000)+"\r\n"); err != nil {
					return
				}
			}
		}, FaultTooLarge, DetailTooLarge, 0},
		{"M16 chunk extensions without end", func(conn net.Conn) {
			say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")(conn)
			for {
				if _, err := io.WriteString(conn, "1;"+strings.Repeat("y", 1000)+"\r\n{\r\n"); err != nil {
					return
				}
			}
		}, FaultUncertain, DetailMalformed, 200},
		{"interim answers without end", func(conn net.Conn) {
			for {
				if _, err := io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\n\r\n"); err != nil {
					return
				}
			}
		}, FaultUncertain, DetailMalformed, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address, deliveries := listen(t, c.handle)
			account := local
			if c.fault == FaultTimeout {
				account.Timeout = 100 * time.Millisecond
			}
			got := send(context.Background(), account, post(address))
			if got.Fault != c.fault || got.Detail != c.detail || got.Status != c.status {
				t.Errorf("fault %q, detail %q, status %d", got.Fault, got.Detail, got.Status)
			}
			if len(got.Body) > MaxBody {
				t.Errorf("kept %d bytes", len(got.Body))
			}
			if n := deliveries.Load(); n != 1 {
				t.Errorf("the gateway saw the request %d times", n)
			}
		})
	}
}

func TestM16_ByteByByteTheDeadlineStaysTheSame(t *testing.T) {
	t.Parallel()
	address, _ := listen(t, func(conn net.Conn) {
		say("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")(conn)
		drip := time.NewTicker(10 * time.Millisecond)
		defer drip.Stop()
		for range drip.C {
			if _, err := conn.Write([]byte("x")); err != nil {
				return
			}
		}
	})
	account := local
	account.Timeout = 150 * time.Millisecond
	started := time.Now()
	got := Exchange(context.Background(), based(account, address), post(address), time.Now)
	if got.Fault != FaultTimeout || len(got.Body) == 0 {
		t.Errorf("fault %q with %d bytes", got.Fault, len(got.Body))
	}
	if took := time.Since(started); took > 3*time.Second || got.Took < account.Timeout {
		t.Errorf("took %v, recorded %v", took, got.Took)
	}
}

func TestI06_WhatNeverLeftUs(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	_ = listener.Close()

	secure := tlsServer(t, http.NotFoundHandler())
	plain, deliveries := listen(t, say("HTTP/1.1 200 OK\r\n\r\n"))

	for _, c := range []struct{ name, url, detail string }{
		{"M14 nobody listens", "http://" + closed, DetailRefused},
		{"M14 no such name", "http://gateway.invalid/", DetailName},
		{"M14 no TLS there", strings.Replace(plain, "http:", "https:", 1), DetailTLS},
		{"M15 a certificate nobody signed", secure.URL, DetailCertificate},
		{"S13 an address that is not this machine", "http://192.0.2.1/", DetailAddress},
		{"S13 another scheme", "ftp://127.0.0.1/", DetailAddress},
		{"no address", "http://%zz/", DetailRequest},
		{"no host", "http:///path", DetailAddress},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := send(context.Background(), local, post(c.url))
			if got.Fault != FaultNotSent || got.Detail != c.detail && c.detail != DetailName {
				t.Errorf("fault %q, detail %q", got.Fault, got.Detail)
			}
		})
	}
	if n := deliveries.Load(); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
}

func TestS13_OnlyTheAccountsOwnAddressIsAsked(t *testing.T) {
	address, deliveries := listen(t, say("HTTP/1.1 200 OK\r\n\r\n"))
	for _, base := range []string{"", address + "0", address + "/stage-api", "https" + strings.TrimPrefix(address, "http")} {
		account := local
		account.BaseURL = base
		got := Exchange(context.Background(), account, post(address+"/prod-api/api/payOut"), stopped)
		if got.Fault != FaultNotSent || got.Detail != DetailAddress || deliveries.Load() != 0 {
			t.Errorf("%q: fault %q, detail %q", base, got.Fault, got.Detail)
		}
	}
}

func TestM15_ACertificateForAnotherHostIsRefused(t *testing.T) {
	var deliveries atomic.Int32
	server := tlsServer(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { deliveries.Add(1) }))
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	x := exchanger{dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}, roots: roots}

	got := x.exchange(context.Background(), based(Account{Timeout: 5 * time.Second}, "https://gateway.test/"), post("https://gateway.test/"), stopped)
	if got.Fault != FaultNotSent || got.Detail != DetailCertificate || deliveries.Load() != 0 {
		t.Errorf("fault %q, detail %q, %d delivered", got.Fault, got.Detail, deliveries.Load())
	}
	// The certificate of the test server is for example.com.
	got = x.exchange(context.Background(), based(Account{Timeout: 5 * time.Second}, "https://example.com/"), post("https://example.com/"), stopped)
	if got.Fault != FaultNone || got.Status != 200 || deliveries.Load() != 1 {
		t.Errorf("fault %q, status %d, %d delivered", got.Fault, got.Status, deliveries.Load())
	}
}

func TestI06_AfterTheHandshakeNothingIsNotSent(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	certificate := server.TLS.Certificates[0]
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	server.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		_ = conn.(*tls.Conn).Handshake()
		reset(conn.(*tls.Conn).NetConn())
		_ = conn.(*tls.Conn).NetConn().Close()
	}()
	x := exchanger{dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, listener.Addr().String())
	}, roots: roots}
	got := x.exchange(context.Background(), based(Account{Timeout: 5 * time.Second}, "https://example.com/"), post("https://example.com/"), stopped)
	if got.Fault == FaultNone || got.Fault == FaultNotSent {
		t.Errorf("fault %q, detail %q", got.Fault, got.Detail)
	}
}

func TestI06_GivingUpBeforeAnythingLeft(t *testing.T) {
	address, deliveries := listen(t, say("HTTP/1.1 200 OK\r\n\r\n"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := send(ctx, local, post(address)); got.Fault != FaultNotSent || got.Detail != DetailStopped {
		t.Errorf("fault %q, detail %q", got.Fault, got.Detail)
	}
	if deliveries.Load() != 0 {
		t.Error("something arrived")
	}
}

func TestI06_GivingUpLaterProvesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	address, _ := listen(t, func(conn net.Conn) {
		cancel()
		_, _ = conn.Read(make([]byte, 1))
	})
	if got := send(ctx, local, post(address)); got.Fault != FaultUncertain || got.Detail != DetailStopped {
		t.Errorf("fault %q, detail %q", got.Fault, got.Detail)
	}
}

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
