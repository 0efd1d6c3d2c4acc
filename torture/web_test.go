package torture

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/alexedwards/argon2id"

	"countersign/handlers"
	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// newWeb puts the real pages and webhooks before a town: gateways post their notices
// there from now on.
func newWeb(t *testing.T, town *servicestest.Town) *httptest.Server {
	t.Helper()
	passwords, err := services.NewPasswords(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	town.Must(err)
	pages, err := handlers.New(handlers.Config{
		Core: town.Core, Hub: services.NewHub(), Policy: &services.Policy{Core: town.Core}, Accounts: town.Accounts, Payouts: town.Payouts,
		People: &services.People{Core: town.Core, Passwords: passwords},
		SignIn: &services.SignIn{Core: town.Core, Passwords: passwords, Idle: services.SessionIdle},
		Sender: town.Sender, Notices: town.Notices, Verdicts: town.Verdicts, Proof: town.Proof, Heads: town.Heads, Evidence: town.Evidence,
		Factors:   &services.Factors{Core: town.Core},
		StepUp:    &services.StepUp{Core: town.Core, Passwords: passwords},
		CookieKey: make([]byte, 32), Version: "test",
	})
	town.Must(err)
	server := httptest.NewServer(http.Handler(pages))
	t.Cleanup(server.Close)
	town.Must(town.Accounts.SetPublicURL(t.Context(), models.Machine("test"), server.URL))
	return server
}
