package gateway

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func TestS13_WhereRequestsMayGo(t *testing.T) {
	server := tlsServer(t, http.NotFoundHandler())
	strict := Account{Timeout: 5 * time.Second}
	for _, url := range []string{
		server.URL, "http://example.com/", "https://10.0.0.1/", "https://192.168.1.1/", "https://169.254.169.254/", "https://[::1]/",
		"https://[fe80::1]/", "https://[::ffff:127.0.0.1]/", "https://100.64.0.1/", "https://0.0.0.0/", "https://localhost/",
	} {
		got := send(context.Background(), strict, post(url))
		if got.Fault != FaultNotSent || got.Detail != DetailAddress {
			t.Errorf("%s: fault %q, detail %q", url, got.Fault, got.Detail)
		}
	}
}

func TestS13_WhichAddressesMayBeEntered(t *testing.T) {
	for _, c := range []struct {
		raw      string
		loopback bool
		key      string
	}{
		{"https://gateway.example", false, ""},
		{"https://gateway.example:8443/prod-api/", false, ""},
		{"http://gateway.example", false, "address.needs_https"},
		{"ftp://gateway.example", false, "address.needs_https"},
		{"gateway.example", false, "address.unreadable"},
		{"https://", false, "address.unreadable"},
		{"https:gateway.example", false, "address.unreadable"},
		{"https://gateway.example/a b", false, "address.unreadable"},
		{"https://ann:secret@gateway.example", false, "address.surplus"},
		{"https://gateway.example/?a=b", false, "address.surplus"},
		{"https://gateway.example/#a", false, "address.surplus"},
		{"https://gateway.example/a/../b", false, "address.path"},
		{"https://gateway.example//b", false, "address.path"},
		{"https://localhost/", false, "address.private"},
		{"https://127.0.0.1/", false, "address.private"},
		{"https://192.168.0.10/", false, "address.private"},
		{"https://[::1]/", false, "address.private"},
		{"https://8.8.8.8/", false, ""},
		{"http://127.0.0.1:8091", true, ""},
		{"http://localhost:8091/stage-api", true, ""},
		{"https://[::1]:8443", true, ""},
		{"https://gateway.example", true, "address.only_loopback"},
		{"http://192.168.0.10", true, "address.only_loopback"},
		{"ftp://localhost", true, "address.needs_https"},
	} {
		got := ""
		if err := CheckBaseURL(c.raw, c.loopback); err != nil {
			got = err.(AddressError).Key
		}
		if got != c.key {
			t.Errorf("%s, loopback %v: %q, want %q", c.raw, c.loopback, got, c.key)
		}
	}
	if got := Join("https://host/stage-api/", "/api/payOut"); got != "https://host/stage-api/api/payOut" {
		t.Error(got)
	}
}
