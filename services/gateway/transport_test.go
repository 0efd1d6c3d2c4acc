package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

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
