package torture

import (
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

// killing is the ground of the kill proof: gateways and people that live on in this
// process, and a program in another one that is killed again and again. While it
// lives nobody else has its file open.
type killing struct {
	*servicestest.Town
	file, address string
	ahead         time.Duration
	gate          *deadlyGate
	random        *rand.Rand
	bad           string // the rule that the program breaks, if any

	mu       sync.Mutex
	serial   int
	promised map[string]promise // what people were told, by order
	room     chan struct{}      // for so many more orders

	now      *program
	kills    map[string]int // by where
	restarts []time.Duration
}

const (
	platformSpeed = 600 // an order is paid after a fifth of a second
	ordersALife   = 8
)

func newKilling(t *testing.T, bad string) *killing {
	t.Helper()
	town := servicestest.New(t)
	k := &killing{
		Town: town, file: fileOf(town), address: freeAddress(t), bad: bad, random: rand.New(rand.NewPCG(1, 2)),
		gate: &deadlyGate{Handler: town.Sandbox.Handler()}, promised: map[string]promise{}, room: make(chan struct{}, ordersALife),
		kills: map[string]int{},
	}
	gateways := httptest.NewServer(k.gate)
	t.Cleanup(gateways.Close)
	k.Must(k.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE gateway_accounts SET base_url = ? || CASE family WHEN 'cashy' THEN '/stage-api' ELSE '' END", gateways.URL).Error
	}))
	k.Must(k.Accounts.SetPublicURL(t.Context(), models.Machine("test"), "http://"+k.address))
	k.Must(k.Sender.Resign(t.Context()))
	k.Must(k.Store.Close())
	k.ahead = k.RunClock()
	k.Sandbox.SetSpeed(platformSpeed)
	k.Sandbox.Start()
	return k
}

// live starts the program and lets it live as long as the death that awaits it.
func (k *killing) live(d death) {
	k.T.Helper()
	var disk map[string][]byte
	if k.bad == badLostTail {
		disk = k.readDisk()
	}
	k.now = startProgram(k.T, k.file, k.address, k.ahead, programStop+"="+d.stop(), programBad+"="+k.bad)
	k.refill()
	k.gate.arm(d.gate, k.now)
	if !d.early {
		if took, ok := k.now.leads(k.address); ok {
			k.restarts = append(k.restarts, took)
		}
	}
	select {
	case <-k.now.ended:
		k.kills[d.where]++
	case <-time.After(d.after):
		k.kills[d.otherwise()]++
	}
	k.now.kill(k.T)
	if disk != nil {
		k.writeDisk(disk)
	}
}

// restartAt is a quantile of the times that restarts took.
func (k *killing) restartAt(percent int) time.Duration {
	return quantile(k.restarts, percent)
}

func quantile(times []time.Duration, percent int) time.Duration {
	slices.Sort(times)
	if len(times) == 0 {
		return 0
	}
	return times[(len(times)-1)*percent/100].Round(time.Millisecond)
}
