package sandbox

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// ReplyReset resets the connection without an answer (M4).
func ReplyReset(e *exchange) {
	conn := e.seize()
	if conn == nil {
		panic(http.ErrAbortHandler)
	}
	reset(conn)
}

// seize takes the connection away from HTTP; nil where there is none.
func (e *exchange) seize() net.Conn {
	hijacker, ok := e.w.(http.Hijacker)
	if !ok {
		return nil
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return nil
	}
	return conn
}

// reset closes with a reset, not with a goodbye.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// ReplyCut ends the connection in the middle of the answer (M5).
func ReplyCut(e *exchange) {
	e.w.Header().Set("Content-Type", jsonType)
	e.w.Header().Set("Content-Length", strconv.Itoa(len(e.body)))
	_, _ = e.w.Write(e.body[:len(e.body)/2])
	e.flush()
	panic(http.ErrAbortHandler)
}

// ReplyTear resets the connection in the middle of the answer (M5).
func ReplyTear(e *exchange) {
	conn := e.seize()
	if conn == nil {
		ReplyCut(e)
		return
	}
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", jsonType, len(e.body), e.body[:len(e.body)/2])
	reset(conn)
}

// ReplyHeaders sends one header a second and never comes to the body (M16).
func ReplyHeaders(e *exchange) {
	conn := e.seize()
	if conn == nil {
		ReplyDrip(e)
		return
	}
	defer conn.Close()
	_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
	gone := make(chan struct{})
	go func() { // the caller says nothing more; the read ends when he leaves
		defer close(gone)
		_, _ = conn.Read(make([]byte, 1))
	}()
	for n := 0; err == nil && e.s.hold(gone, time.Second); n++ {
		_, err = fmt.Fprintf(conn, "X-Wait-%d: a moment\r\n", n)
	}
}

// ReplyDrip sends one byte a second of an answer that has no end (M16).
func ReplyDrip(e *exchange) {
	e.w.Header().Set("Content-Type", jsonType)
	for {
		_, _ = e.w.Write([]byte(" "))
		e.flush()
		if !e.s.hold(e.r.Context().Done(), time.Second) {
			panic(http.ErrAbortHandler)
		}
	}
}
