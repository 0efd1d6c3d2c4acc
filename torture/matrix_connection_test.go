package torture

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
)

// deadEnds are addresses at which no request can be made (M14).
var deadEnds = map[string]func(*stand) string{
	"nobody listens":    func(c *stand) string { return "http://" + closedPort(c) },
	"no such name":      func(*stand) string { return "http://nobody..invalid" },
	"no TLS over there": plainServer,
}

func closedPort(c *stand) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	c.town.Must(err)
	defer listener.Close()
	return listener.Addr().String()
}

// plainServer speaks HTTP where TLS is expected.
func plainServer(c *stand) string {
	server := httptest.NewServer(http.NotFoundHandler())
	c.t.Cleanup(server.Close)
	return "https" + server.URL[len("http"):]
}

// strangerServer has a certificate that proves nothing to us (M15), and would take
// every order.
func strangerServer(c *stand) string {
	server := httptest.NewTLSServer(c.town.Sandbox.Handler())
	c.t.Cleanup(server.Close)
	return server.URL
}

// connectionRows are M14 and M15: there is no connection to send anything over.
func connectionRows() []row {
	none := map[moment]string{during: "a connection that stands was dialled and proven; what breaks in it is M4, M5 and M16"}
	unreachable := row{m: 14, does: "name, dial or TLS error", must: "not sent, paused after 3, waits as approved", none: none, acts: map[moment][]act{}}
	for _, name := range []string{"nobody listens", "no such name", "no TLS over there"} {
		unreachable.addDeadEnd(name, "", deadEnds[name])
	}
	unreachable.add(before, act{name: "pauses after three", then: unsent(models.Approved), do: func(c *stand) {
		c.elsewhere("http://"+closedPort(c), func() {
			c.pausesAfterThree(sandbox.Scenario{Quiet: true, Fate: sandbox.FatePaid}, "paused.unreachable")
		})
	}})
	certificate := row{m: 15, does: "certificate wrong", must: "as M14; alarm; no way to continue", none: none, acts: map[moment][]act{}}
	certificate.addDeadEnd("a stranger's certificate", gateway.AlarmCertificate, strangerServer)
	return []row{unreachable, certificate}
}

// addDeadEnd plays an address before the create and before a question. Once the
// address is right again the same number is sent, for the first time.
func (r *row) addDeadEnd(name, alarm string, address func(*stand) string) {
	r.add(before, act{name: name, then: unsent(models.Approved).alarmed(alarm), do: func(c *stand) {
		c.script(sandbox.Scenario{Fate: sandbox.FatePaid})
		c.elsewhere(address(c), c.send)
	}})
	r.add(after, act{name: name + " when asked", then: pending().alarmed(alarm), do: func(c *stand) {
		c.script(sandbox.Scenario{Fate: sandbox.FatePaid})
		c.send()
		c.elsewhere(address(c), c.ask)
	}})
}

// elsewhere does something while the account's address leads somewhere else.
func (c *stand) elsewhere(address string, do func()) {
	home := c.town.Account(c.rail).BaseURL
	c.set("base_url", address)
	do()
	c.set("base_url", home)
}

// pausesAfterThree sends three orders in a row to the same end; a fourth may not
// leave until somebody opens the account again (M12, M14).
func (c *stand) pausesAfterThree(play sandbox.Scenario, why string) {
	ctx := context.WithoutCancel(c.t.Context())
	orders := []models.Payout{c.p}
	for i := range 3 {
		orders = append(orders, c.town.Approved(c.town.Form(c.rail, c.serial*4+i+1)))
	}
	c.set("turned_away", 0)
	c.set("not_sent_streak", 0)
	c.lead()
	for i, p := range orders {
		c.town.Sandbox.Script(p.OrderNo, play)
		err := c.town.Sender.Send(ctx, p.ID)
		var no models.Refusal
		if stopped := errors.As(err, &no) && no.Key == "sender.account_paused"; stopped != (i == 3) {
			c.t.Errorf("%s: order %d: %v", c.name(), i+1, err)
		}
	}
	account, err := models.FindAccount(c.town.Store.Read(ctx), c.town.Account(c.rail).ID)
	c.town.Must(err)
	if fourth := c.town.Look(orders[3]); account.Paused != why || fourth.Stage != models.Approved || c.town.Sandbox.Deliveries(fourth.OrderNo) != 0 {
		c.t.Errorf("%s: paused %q, the fourth is %s", c.name(), account.Paused, fourth.Stage)
	}
	c.town.Reopen(c.rail)
}
