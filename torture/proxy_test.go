package torture

import (
	"maps"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// ending is what a connection comes to when its bytes are used up.
type ending int

const (
	goodbye ending = iota // closed in good order
	reset                 // closed with a reset
	silence               // open, and nothing more passes
)

// wire is what one connection through the proxy suffers.
type wire struct {
	name     string
	up, down int // bytes that pass in each direction; any number below 0
	end      ending
	delay    time.Duration // before each piece
	jitter   time.Duration // at most so much more
	rate     int           // bytes a second; 0 is any
	linger   time.Duration // between the end of the answer and the close
}

// whole is a wire on which nothing happens.
var whole = wire{name: "whole", up: -1, down: -1}

// proxy stands between two ends of a TCP connection and lets each suffer what pick
// says.
type proxy struct {
	target   string
	patience time.Duration // how long a silent connection stays open

	mu       sync.Mutex
	listener net.Listener
	pick     func() wire
	suffered map[string]int
	random   *rand.Rand
}

// newProxy listens on a port of its own until the test ends.
func newProxy(t *testing.T, target string, seed uint64, patience time.Duration) *proxy {
	t.Helper()
	x := &proxy{
		target: target, patience: patience, suffered: map[string]int{},
		random: rand.New(rand.NewPCG(seed, 0x10_57)), pick: func() wire { return whole },
	}
	x.open(t, "127.0.0.1:0")
	t.Cleanup(x.goDown)
	return x
}

func (x *proxy) address() string { return x.listener.Addr().String() }

func (x *proxy) open(t *testing.T, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	x.listener = listener
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go x.carry(conn)
		}
	}()
}

// goDown refuses every connection from now on.
func (x *proxy) goDown() { _ = x.listener.Close() }

// comeUp listens at the same address again.
func (x *proxy) comeUp(t *testing.T) {
	t.Helper()
	x.open(t, x.address())
}

// suffer lets later connections suffer what pick says; it is called by one at a time.
func (x *proxy) suffer(pick func(*rand.Rand) wire) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.pick = func() wire { return pick(x.random) }
}

func (x *proxy) next() wire {
	x.mu.Lock()
	defer x.mu.Unlock()
	w := x.pick()
	x.suffered[w.name]++
	return w
}

// counted says how many connections suffered what.
func (x *proxy) counted() map[string]int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return maps.Clone(x.suffered)
}

// carry joins one connection with the target.
func (x *proxy) carry(near net.Conn) {
	w := x.next()
	far, err := net.Dial("tcp", x.target)
	if err != nil {
		slam(near)
		return
	}
	var once sync.Once
	end := func() { once.Do(func() { w.finish(near, far, x.patience) }) }
	var both sync.WaitGroup
	both.Go(func() { w.pump(far, near, w.up, end) })
	both.Go(func() { w.pump(near, far, w.down, end) })
	both.Wait()
	<-time.After(w.linger)
	_, _ = near.Close(), far.Close()
}

// finish ends both connections as the wire says.
func (w wire) finish(near, far net.Conn, patience time.Duration) {
	switch w.end {
	case reset:
		slam(near)
		slam(far)
	case goodbye:
		_, _ = near.Close(), far.Close()
	case silence:
		over := time.Now().Add(patience)
		_, _ = near.SetDeadline(over), far.SetDeadline(over)
	}
}

// slam closes with a reset.
func slam(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// pump carries bytes one way until they end, or until so many have passed; of a silent
// wire the rest is swallowed.
func (w wire) pump(to, from net.Conn, left int, end func()) {
	piece := make([]byte, 512)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			pass := n
			if left >= 0 {
				pass = min(n, left)
				left -= pass
			}
			<-time.After(w.pause(pass))
			if _, err := to.Write(piece[:pass]); err != nil {
				return
			}
		}
		switch {
		case n > 0 && left == 0:
			end()
			if w.end != silence {
				return
			}
		case err != nil:
			if tcp, ok := to.(*net.TCPConn); ok {
				_ = tcp.CloseWrite()
			}
			return
		}
	}
}

// pause is how long a piece is under way.
func (w wire) pause(bytes int) time.Duration {
	pause := w.delay
	if w.jitter > 0 {
		pause += rand.N(w.jitter)
	}
	if w.rate > 0 {
		pause += time.Duration(bytes) * time.Second / time.Duration(w.rate)
	}
	return pause
}
