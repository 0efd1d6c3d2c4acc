package handlers

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// townApp is an installation whose gateways are the sandbox, over real HTTP in both
// directions.
type townApp struct {
	*app
	town *servicestest.Town
	web  *httptest.Server
}

// newTown starts one; its sandbox knows the address of its webhooks.
func newTown(t *testing.T, change ...func(*Config)) *townApp {
	t.Helper()
	return moveIn(t, servicestest.New(t), change...)
}

// moveIn starts one over a town that has a past, as the program does.
func moveIn(t *testing.T, town *servicestest.Town, change ...func(*Config)) *townApp {
	t.Helper()
	a := newApp(t, append([]func(*Config){func(c *Config) {
		c.Core, c.Sandbox = town.Core, town.Sandbox
		c.Accounts, c.Payouts, c.Sender, c.Notices, c.Verdicts, c.Proof = town.Accounts, town.Payouts, town.Sender, town.Notices, town.Verdicts, town.Proof
		c.Heads, c.Evidence, c.Payees = town.Heads, town.Evidence, &services.Payees{Core: town.Core}
		c.Bundles.Evidence = town.Evidence
		c.People = &services.People{Core: town.Core, Passwords: c.People.Passwords}
		c.SignIn = &services.SignIn{Core: town.Core, Passwords: c.SignIn.Passwords, Idle: services.SessionIdle}
		c.Policy, c.Limits, c.Factors = &services.Policy{Core: town.Core}, &services.Limits{Core: town.Core}, &services.Factors{Core: town.Core}
		c.StepUp = &services.StepUp{Core: town.Core, Passwords: c.SignIn.Passwords}
		town.Store.OnWrite(c.Hub.Wake)
	}}, change...)...)
	web := httptest.NewServer(a.Handlers)
	t.Cleanup(web.Close)
	town.Must(town.Accounts.SetPublicURL(t.Context(), models.Machine("test"), web.URL))
	return &townApp{app: a, town: town, web: web}
}

// sent is an order that left through the rail's account.
func (a *townApp) sent(rail string, serial int) models.Payout {
	a.t.Helper()
	return a.town.Sent(a.town.Form(rail, serial))
}

// written is a notice of the sandbox, signed and not posted yet.
func (a *townApp) written(p models.Payout, tell sandbox.Tell) sandbox.Sent {
	a.t.Helper()
	notice, err := a.town.Sandbox.Compose(p.OrderNo, tell)
	must(a.t, err)
	return notice
}

// posted is the answer to a notice, over the network.
func (a *townApp) posted(n sandbox.Sent) (status int, contentType, body string) {
	r, err := http.NewRequest(http.MethodPost, n.URL, strings.NewReader(string(n.Body)))
	if err != nil {
		return 0, "", err.Error()
	}
	r.Header = n.Header.Clone()
	answer, err := a.web.Client().Do(r)
	if err != nil {
		return 0, "", err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, "", err.Error()
	}
	return answer.StatusCode, answer.Header.Get("Content-Type"), string(text)
}

// notices are all that were kept, the oldest first.
func (a *townApp) notices() (all []models.Notice) {
	a.t.Helper()
	must(a.t, a.Store.Read(a.t.Context()).Order("id").Find(&all).Error)
	return all
}
