package gateway

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// public is the guard of real gateways: no private, loopback, link-local or
// otherwise special address, looked at when dialling, after the name is known.
var public = ssrf.New(ssrf.WithAnyPort())

// guardedDial dials only where S13 allows: public addresses, or in a demo and in
// tests only this very machine.
func guardedDial(allowLoopback bool) func(context.Context, string, string) (net.Conn, error) {
	dialer := net.Dialer{Control: public.Safe}
	if allowLoopback {
		dialer.Control = loopbackOnly
	}
	return dialer.DialContext
}

func loopbackOnly(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Unmap().IsLoopback() {
		return errAddress
	}
	return nil
}

// AddressError says what is wrong with a gateway's address, as a catalogue key.
type AddressError struct{ Key string }

func (e AddressError) Error() string { return e.Key }

// CheckBaseURL looks at a gateway's address as somebody enters it: https, a
// public host, at most a path behind it. With allowLoopback, for the demo, it
// has to be this machine, and http will do. The error is an AddressError.
func CheckBaseURL(raw string, allowLoopback bool) error {
	to, err := url.Parse(raw)
	switch {
	case err != nil, to.Opaque != "", strings.ContainsAny(raw, " \\%"), to.Hostname() == "", to.Port() == "0":
		return AddressError{"address.unreadable"}
	case to.User != nil, to.RawQuery != "", to.ForceQuery, strings.Contains(raw, "#"):
		return AddressError{"address.surplus"}
	case strings.Contains(to.Path, "//"), strings.Contains(to.Path+"/", "/../"), strings.Contains(to.Path+"/", "/./"):
		return AddressError{"address.path"}
	}
	return checkHost(to, allowLoopback)
}

func checkHost(to *url.URL, allowLoopback bool) error {
	ip, err := netip.ParseAddr(to.Hostname())
	literal := err == nil
	local := strings.EqualFold(to.Hostname(), "localhost") || literal && ip.Unmap().IsLoopback()
	switch {
	case allowLoopback && !local:
		return AddressError{"address.only_loopback"}
	case allowLoopback && (to.Scheme == "http" || to.Scheme == "https"):
		return nil
	case to.Scheme != "https":
		return AddressError{"address.needs_https"}
	case local, literal && public.SafeAddr(ip) != nil:
		return AddressError{"address.private"}
	}
	return nil
}

// Join puts a path behind a gateway's address, which may end in a path itself:
// https://host/stage-api and /api/payOut make https://host/stage-api/api/payOut.
func Join(base, path string) string { return strings.TrimRight(base, "/") + path }
