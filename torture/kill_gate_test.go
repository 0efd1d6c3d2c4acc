package torture

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
)

// deadlyGate stands before the gateways. Armed, it kills the program when the next
// create has arrived: before the gateway books it, or before it answers.
type deadlyGate struct {
	http.Handler
	armed atomic.Pointer[trap]
}

type trap struct {
	booked bool
	victim *program
}

// arm arms it; "" disarms it.
func (g *deadlyGate) arm(where string, victim *program) {
	if where == "" {
		g.armed.Store(nil)
		return
	}
	g.armed.Store(&trap{booked: where == "booked", victim: victim})
}

func (g *deadlyGate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	create := r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/payouts") || strings.HasSuffix(r.URL.Path, "/payOut"))
	var fatal *trap
	if create {
		fatal = g.armed.Swap(nil)
	}
	if fatal != nil && !fatal.booked {
		_ = fatal.victim.command.Process.Kill()
	}
	if fatal == nil || !fatal.booked {
		g.Handler.ServeHTTP(w, r)
		return
	}
	g.Handler.ServeHTTP(httptest.NewRecorder(), r) // the answer stays here
	_ = fatal.victim.command.Process.Kill()
}

// badLostTail is a disk that says that it has kept what it has not: what was
// written in the whole life of a program is gone after its death.
const badLostTail = "lost tail"

// readDisk and writeDisk are that disk; no program has the files open.
func (k *killing) readDisk() map[string][]byte {
	k.T.Helper()
	disk := map[string][]byte{}
	for _, part := range databaseParts {
		if content, err := os.ReadFile(k.file + part); err == nil {
			disk[part] = content
		}
	}
	return disk
}

func (k *killing) writeDisk(disk map[string][]byte) {
	k.T.Helper()
	for _, part := range databaseParts {
		k.Must(os.RemoveAll(k.file + part))
		if content, ok := disk[part]; ok {
			k.Must(os.WriteFile(k.file+part, content, 0o600))
		}
	}
}

var databaseParts = []string{"", "-wal", "-shm"}
