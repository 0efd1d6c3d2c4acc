package gateway

import (
	"bufio"
	"context"
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
