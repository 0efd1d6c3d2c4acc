package sandbox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Sent is one post of a notice and what came back.
type Sent struct {
	At     time.Time
	Try    int // 1 for the first of its series
	Say    Word
	Method string
	URL    string
	Header http.Header
	Body   []byte
	Status int    // of the answer; 0 if none came
	Answer string // the first kilobyte of it
	Fault  string // why none came
	Good   bool   // the exact answer that ends the series
}

// ApayGaps are the pauses before each further try: ten posts within the hour
// after the end of an order. The even spacing is our choice (gateways.md 1.9).
func ApayGaps() []time.Duration { return slices.Repeat([]time.Duration{6 * time.Minute}, 9) }

// CashyGaps are the pauses before each further try: 1, 2, 4 … 512 minutes, ten
// tries after the first (gateways.md 2.10).
func CashyGaps() []time.Duration {
	var gaps []time.Duration
	for minutes := 1; minutes <= 512; minutes *= 2 {
		gaps = append(gaps, time.Duration(minutes)*time.Minute)
	}
	return gaps
}

// series is a notice with its tries.
type series struct {
	r    *record
	tell Tell
	word Word
	try  int
}

// tell begins a series at a time of the platform's clock.
func (s *Sandbox) tell(r *record, t Tell, due time.Duration) {
	word := t.Say
	if word == "" {
		s.mu.Lock()
		word = r.Word
		s.mu.Unlock()
	}
	s.try(series{r: r, tell: t, word: word, try: 1}, due)
}

// try posts the notice and, unless it was answered as it should be, plans the
// next try.
func (s *Sandbox) try(n series, due time.Duration) {
	at := s.real(due)
	s.mu.Lock()
	l := s.letter(n.r, n.word, n.tell.Alter, at)
	n.r.last = l
	s.mu.Unlock()
	if l.url == "" {
		return
	}
	good := s.postAll(n, l, at)
	gaps := s.gaps[n.r.Family]
	if good || n.tell.Once || n.try > len(gaps) {
		return
	}
	gap := gaps[n.try-1]
	n.try++
	s.clock.planPost(due+gap, func(due time.Duration) { s.try(n, due) })
}

// postAll posts the same bytes as often as the scenario wants.
func (s *Sandbox) postAll(n series, l *letter, at time.Time) (good bool) {
	sent := make([]Sent, max(n.tell.Times, 1))
	var all sync.WaitGroup
	for i := range sent {
		if n.tell.Together {
			all.Go(func() { sent[i] = s.post(l, at) })
		} else {
			sent[i] = s.post(l, at)
		}
	}
	all.Wait()
	for i := range sent {
		sent[i].Say, sent[i].Try = n.word, n.try
		good = good || sent[i].Good
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n.r.Notices = append(n.r.Notices, sent...)
	return good
}

// post sends a letter once.
func (s *Sandbox) post(l *letter, at time.Time) Sent {
	sent := Sent{At: at, Method: l.method, URL: l.url, Header: l.header, Body: l.body}
	answer, status, err := s.call(l)
	if err != nil {
		sent.Fault = err.Error()
		return sent
	}
	sent.Status, sent.Answer = status, string(answer)
	sent.Good = status == http.StatusOK && speaks(l.family).content(answer)
	return sent
}

func (s *Sandbox) call(l *letter) (answer []byte, status int, err error) {
	if !loopback(l.url) {
		return nil, 0, errors.New("not on this machine: the sandbox posts to loopback addresses only")
	}
	ctx, cancel := context.WithTimeout(s.life, s.patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, l.method, l.url, s.paper(ctx, l))
	if err != nil {
		return nil, 0, err
	}
	request.Header, request.ContentLength = l.header.Clone(), int64(len(l.body))
	response, err := s.deliver.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, 1024))
	return answer, response.StatusCode, err
}

// paper is the body as it is posted. A slow one stops in the middle until its
// time or that of the caller is over, and breaks off (M40).
func (s *Sandbox) paper(ctx context.Context, l *letter) io.Reader {
	if !l.slow {
		return bytes.NewReader(l.body)
	}
	return io.MultiReader(bytes.NewReader(l.body[:len(l.body)/2]), stalled{ctx, s.late})
}

// stalled is a body of which nothing more comes.
type stalled struct {
	ctx   context.Context
	pause time.Duration
}

func (b stalled) Read([]byte) (int, error) {
	select {
	case <-b.ctx.Done():
	case <-time.After(b.pause):
	}
	return 0, io.ErrUnexpectedEOF
}

// loopback says whether an address is on this machine by its writing alone: no
// name but localhost is trusted to stay here.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// messenger is the client that posts notices: the given one without redirects,
// or one that asks no proxy and dials loopback addresses only.
func messenger(given *http.Client) *http.Client {
	client := http.Client{Transport: &http.Transport{DialContext: dialHere, MaxIdleConnsPerHost: 8}}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// dialHere refuses what localhost may have been made to mean.
func dialHere(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if to, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !to.IP.IsLoopback() {
		_ = conn.Close()
		return nil, errors.New("not a loopback address")
	}
	return conn, nil
}
