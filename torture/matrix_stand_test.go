package torture

import (
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

const (
	easyTimeout = 20 * time.Second       // for exchanges that come to an end by themselves
	slowTimeout = 250 * time.Millisecond // for those that do not
	liveTimeout = 400 * time.Millisecond
	afterwards  = 2 * time.Minute // how long questions go wrong
)

// stand is one act on one rail: a town, an order, and what was found wrong.
type stand struct {
	t      *testing.T
	town   *servicestest.Town
	rail   string
	row    row
	when   moment
	act    act
	serial int
	p      models.Payout
	mark   int64 // the last notice kept before this act
	wrong  []string
}

// newStand is nil where the family cannot play the act.
func newStand(t *testing.T, town *servicestest.Town, rail string, r row, when moment, a act) *stand {
	family := town.Account(rail).Family
	switch {
	case a.family != "" && a.family != family, r.only != "" && r.only != family:
		return nil
	case rail == "apay.unionpay" && when != after && r.m < 35 && size(0, 1) == 0:
		return nil // only its questions differ from the other rail of its family
	}
	return &stand{t: t, town: town, rail: rail, row: r, when: when, act: a}
}

// play acts and looks at once at what is on record.
func (c *stand) play() {
	c.t.Helper()
	var last models.Notice
	c.town.Must(c.town.Store.Read(c.t.Context()).Order("id DESC").Limit(1).Find(&last).Error)
	c.mark = last.ID
	c.timeout(easyTimeout)
	c.p = c.town.Approved(c.town.Form(c.rail, c.serial*4))
	c.act.do(c)
	c.wrong = prefixed("at once", c.check(c.act.then))
}

// timeout is how long the rail's account waits for an answer, in real time.
func (c *stand) timeout(d time.Duration) { c.set("timeout_ms", d.Milliseconds()) }

// set changes a column of the rail's account beneath the program.
func (c *stand) set(column string, value any) {
	id := c.town.Account(c.rail).ID
	c.town.Must(c.town.Store.Write(c.t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.GatewayAccount{}).Where("id = ?", id).Update(column, value).Error
	}))
}

// script says how the sandbox treats the order; its own notices are left out.
func (c *stand) script(play sandbox.Scenario) {
	play.Quiet = true
	c.town.Sandbox.Script(c.p.OrderNo, play)
}

// slow expects an exchange that has no end.
func (c *stand) slow() { c.timeout(slowTimeout) }

// send sends the order; an account that was paused by it is opened again.
func (c *stand) send() {
	c.lead()
	c.town.Must(c.town.Sender.Send(c.t.Context(), c.p.ID))
	c.town.Reopen(c.rail)
}

func (c *stand) lead() {
	_, err := c.town.Sender.Lead(c.t.Context())
	c.town.Must(err)
}

// sendWith sends the order and does something while its reply is held back.
func (c *stand) sendWith(meanwhile func()) {
	c.held(func(release func()) { meanwhile(); release() })
}

// sendRacing does something at the same time as the reply is let go.
func (c *stand) sendRacing(beside func()) {
	c.held(func(release func()) {
		var both sync.WaitGroup
		both.Go(beside)
		both.Go(release)
		both.Wait()
	})
}

func (c *stand) held(do func(release func())) {
	gate := c.town.Sandbox.Hold(c.p.OrderNo)
	var sending sync.WaitGroup
	sending.Go(c.send)
	<-gate.Arrived()
	do(gate.Release)
	sending.Wait()
}

// tell lets what is due happen at the gateway, which then posts these notices.
func (c *stand) tell(tells ...sandbox.Tell) {
	c.town.Sandbox.RunDue(c.town.Now())
	for _, tell := range tells {
		tell.Once = true
		c.town.Must(c.town.Sandbox.Tell(c.p.OrderNo, tell))
	}
}

// ask puts a question by hand.
func (c *stand) ask() {
	c.town.Pass(models.AskAgainAfter)
	c.town.Sandbox.RunDue(c.town.Now())
	_, err := c.town.Sender.AskNow(c.t.Context(), c.town.Resolver, c.p.OrderNo)
	c.town.Must(err)
}

// alarms are those that the order's events carry.
func (c *stand) alarms() (all []string) {
	var events []models.Event
	c.town.Must(c.town.Store.Read(c.t.Context()).Where("payout_id = ?", c.p.ID).Find(&events).Error)
	for _, e := range events {
		if alarm := e.Details["alarm"]; alarm != "" {
			all = append(all, alarm)
		}
	}
	return all
}

// quarantine is why notices of this act were not believed.
func (c *stand) quarantine() (all []string) {
	err := c.town.Store.Read(c.t.Context()).Model(&models.Notice{}).
		Where("quarantine <> '' AND account_id = ? AND id > ?", c.town.Account(c.rail).ID, c.mark).Pluck("quarantine", &all).Error
	c.town.Must(err)
	return all
}
