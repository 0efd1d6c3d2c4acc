package torture

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"testing"

	"countersign/handlers"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// pagesOf is the whole product over the town, as gateways and browsers reach it.
func pagesOf(t *testing.T, town *servicestest.Town) *httptest.Server {
	t.Helper()
	passwords, err := services.NewPasswords(services.StrongHash)
	town.Must(err)
	pages, err := handlers.New(handlers.Config{
		Core: town.Core, Hub: services.NewHub(), Policy: &services.Policy{Core: town.Core},
		People:   &services.People{Core: town.Core, Passwords: passwords},
		SignIn:   &services.SignIn{Core: town.Core, Passwords: passwords, Idle: services.SessionIdle},
		Accounts: town.Accounts, Payouts: town.Payouts, Sender: town.Sender, Notices: town.Notices, Verdicts: town.Verdicts, Proof: town.Proof, Heads: town.Heads, Evidence: town.Evidence,
		Factors:   &services.Factors{Core: town.Core},
		StepUp:    &services.StepUp{Core: town.Core, Passwords: passwords},
		CookieKey: make([]byte, 32), Version: "torture",
	})
	town.Must(err)
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return server
}

// deliver posts a letter and says whether it was acknowledged.
func deliver(t *testing.T, base string, letter sandbox.Sent) (acknowledged bool) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, base+"/webhooks/"+path.Base(letter.URL), bytes.NewReader(letter.Body))
	if err != nil {
		t.Error(err)
		return false
	}
	request.Header = letter.Header.Clone()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return false
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Error(err)
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a notice was answered with HTTP %d", response.StatusCode)
	}
	return response.StatusCode == http.StatusOK
}
