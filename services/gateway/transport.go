package gateway

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The bounds of one exchange.
const (
	defaultTimeout = 30 * time.Second
	maxHeader      = 64 << 10
	maxInterim     = 5 // of 1xx answers before the real one
)

// Exchange makes one HTTP exchange and says how it ended. It writes the request
// itself on a connection of its own instead of going through http.Client or
// http.Transport: so nothing beneath us can pool, repeat, redirect, unpack or
// take a proxy from the environment (I8), in this version of Go and the next.
// now is for the record only; the deadline is a.Timeout for everything.
func Exchange(ctx context.Context, a Account, r Request, now func() time.Time) Response {
	return exchanger{dial: guardedDial(a.AllowLoopback)}.exchange(ctx, a, r, now)
}

// exchanger is Exchange with what tests have to replace.
type exchanger struct {
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
	roots *x509.CertPool // nil means the system's
}

func (x exchanger) exchange(ctx context.Context, a Account, r Request, now func() time.Time) Response {
	timeout := a.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	started := now()
	response := x.run(ctx, a, r)
	response.Started, response.Took = started, now().Sub(started)
	return response
}

func (x exchanger) run(ctx context.Context, a Account, r Request) Response {
	request, err := r.build(a)
	if err != nil {
		return notSent(requestDetail(err))
	}
	conn, err := x.connect(ctx, request.URL)
	if err != nil {
		return notSent(dialDetail(ctx, err))
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := ctx.Err(); err != nil {
		return notSent(dialDetail(ctx, err))
	}
	if err := request.Write(conn); err != nil {
		return broken(ctx, conn, err)
	}
	return receive(ctx, conn, request)
}

// connect gives a connection ready for the request: for https the handshake is
// done, so that the first byte written to it is the first of the request.
func (x exchanger) connect(ctx context.Context, to *url.URL) (*watchedConn, error) {
	raw, err := x.dial(ctx, "tcp", hostPort(to))
	if err != nil {
		return nil, err
	}
	if to.Scheme == "http" {
		return &watchedConn{Conn: raw}, nil
	}
	secure := tls.Client(raw, &tls.Config{
		ServerName: to.Hostname(),
		RootCAs:    x.roots,
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
	})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, handshakeError{err}
	}
	return &watchedConn{Conn: secure}, nil
}

// watchedConn knows whether any byte of the request may have left us, and
// whether the other side's bytes have come to an end.
type watchedConn struct {
	net.Conn
	wrote, ended bool
}

// Write counts the attempt, not its success: a write that failed may have put
// bytes on the wire.
func (c *watchedConn) Write(p []byte) (int, error) {
	c.wrote = c.wrote || len(p) > 0
	return c.Conn.Write(p)
}

func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.ended = c.ended || err != nil
	return n, err
}

// receive reads the answer, within the bounds of size and time.
func receive(ctx context.Context, conn *watchedConn, request *http.Request) Response {
	limited := &io.LimitedReader{R: conn, N: maxHeader}
	reader := bufio.NewReader(limited)
	answer, err := readAnswer(reader, request)
	if err != nil {
		if limited.N <= 0 {
			return Response{Fault: FaultTooLarge, Detail: DetailTooLarge}
		}
		return broken(ctx, conn, err)
	}
	// The body is not closed, the connection is: Close would read on to its end.
	limited.N += MaxBody + maxHeader // chunk sizes and trailers come on top of the body
	response := Response{Status: answer.StatusCode, Header: answer.Header}
	body, err := io.ReadAll(io.LimitReader(answer.Body, MaxBody+1))
	switch {
	case len(body) > MaxBody, err != nil && limited.N <= 0:
		response.Fault, response.Detail = FaultTooLarge, DetailTooLarge
	case err != nil:
		end := broken(ctx, conn, err)
		response.Fault, response.Detail = end.Fault, end.Detail
	}
	response.Body = body[:min(len(body), MaxBody)]
	return response
}

// readAnswer skips the interim answers (100, 103) that may come before the one.
func readAnswer(reader *bufio.Reader, request *http.Request) (*http.Response, error) {
	for range maxInterim {
		answer, err := http.ReadResponse(reader, request)
		if err != nil {
			return nil, err
		}
		if answer.StatusCode >= 200 || answer.StatusCode == http.StatusSwitchingProtocols {
			return answer, nil
		}
	}
	return nil, errors.New("too many interim answers")
}

// build makes the HTTP request of ours, which goes nowhere but to the account's
// own address. Its body cannot be had twice.
func (r Request) build(a Account) (*http.Request, error) {
	to, err := url.Parse(r.URL)
	switch {
	case err != nil:
		return nil, err
	case to.Host == "", to.Scheme != "https" && (to.Scheme != "http" || !a.AllowLoopback), !strings.HasPrefix(r.URL, Join(a.BaseURL, "/")):
		return nil, errAddress
	}
	header := r.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("User-Agent", "Countersign")
	header.Set("Accept-Encoding", "identity")
	request := &http.Request{
		Method: r.Method, URL: to, Host: to.Host, Header: header, Close: true,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if len(r.Body) > 0 {
		request.Body = io.NopCloser(bytes.NewReader(r.Body))
		request.ContentLength = int64(len(r.Body))
	}
	return request, nil
}

func hostPort(to *url.URL) string {
	port := to.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[to.Scheme]
	}
	return net.JoinHostPort(to.Hostname(), port)
}
