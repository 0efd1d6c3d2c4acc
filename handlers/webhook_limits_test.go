package handlers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"countersign/services/gateway/sandbox"
)

func TestM40_WhatIsNoNoticeIsRefusedBeforeItIsKept(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("apay.taiwan", 1)
	good := a.written(p, sandbox.Tell{Say: sandbox.Paid})
	changed := func(change func(*sandbox.Sent)) sandbox.Sent {
		n := good
		n.Header = good.Header.Clone()
		change(&n)
		return n
	}
	kind := func(text string) func(*sandbox.Sent) {
		return func(n *sandbox.Sent) { n.Header.Set("Content-Type", text) }
	}
	for name, c := range map[string]struct {
		notice sandbox.Sent
		status int
	}{
		"too large":       {changed(func(n *sandbox.Sent) { n.Body = bytes.Repeat([]byte(" "), noticeBytes+1) }), http.StatusRequestEntityTooLarge},
		"plain text":      {changed(kind("text/plain")), http.StatusUnsupportedMediaType},
		"a form":          {changed(kind("application/x-www-form-urlencoded")), http.StatusUnsupportedMediaType},
		"no type":         {changed(func(n *sandbox.Sent) { n.Header.Del("Content-Type") }), http.StatusUnsupportedMediaType},
		"packed":          {changed(func(n *sandbox.Sent) { n.Header.Set("Content-Encoding", "gzip") }), http.StatusUnsupportedMediaType},
		"unknown address": {changed(func(n *sandbox.Sent) { n.URL = a.web.URL + "/webhooks/nobody" }), http.StatusNotFound},
	} {
		if status, _, body := a.posted(c.notice); status != c.status || body != unaccepted {
			t.Errorf("%s: answered %d %q", name, status, body)
		}
	}
	if kept := a.notices(); len(kept) != 0 {
		t.Fatalf("kept %d", len(kept))
	}
	for _, text := range []string{"text/json", "Application/JSON ; charset=gbk"} {
		a.acknowledges("apay.taiwan", changed(kind(text)))
	}
}

func TestM40_AStreamWithoutALengthIsCutAtTheLimit(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	r, err := http.NewRequest(http.MethodPost, a.web.URL+"/webhooks/"+a.town.Taipei.Slug, io.LimitReader(endless{}, 50<<20))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := a.web.Client().Do(r)
	if err == nil {
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Fatalf("answered %d", answer.StatusCode)
		}
	}
	if kept := a.notices(); len(kept) != 0 {
		t.Fatalf("kept %d", len(kept))
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestM40_ABodyThatDoesNotArriveIsGivenUp(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.intake.patience = 50 * time.Millisecond
	conn, err := net.Dial("tcp", strings.TrimPrefix(a.web.URL, "http://"))
	must(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "POST /webhooks/%s HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", a.town.Taipei.Slug)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestTimeout || !answer.Close {
		t.Fatalf("answered %d, closes %v", answer.StatusCode, answer.Close)
	}
	if len(a.intake.room) != 0 {
		t.Fatal("its place was not freed")
	}
}

func TestM40_OnlyPostIsAnswered(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		r := httptest.NewRequest(method, "/webhooks/"+a.town.Taipei.Slug, nil)
		if got := a.nobody().send(r); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != http.MethodPost {
			t.Errorf("%s: %d, allows %q", method, got.status, got.header.Get("Allow"))
		}
	}
}

func TestTooManyNoticesAtOnceAreToldToComeAgain(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	n := a.written(a.sent("cashy.peru", 1), sandbox.Tell{Say: sandbox.Paid})
	a.intake.patience = 20 * time.Millisecond
	for range noticesAtOnce {
		a.intake.room <- struct{}{}
	}
	a.refuses(http.StatusServiceUnavailable, n)
	for range noticesAtOnce {
		<-a.intake.room
	}
	a.intake.patience = noticePatience
	a.acknowledges("cashy.peru", n)
}
