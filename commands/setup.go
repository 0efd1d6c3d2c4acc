package commands

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"countersign/services"
)

// offerSetup prints the link by which the first person comes in, if there is nobody yet:
// it works once, and until the next start at most (S20).
func (s serve) offerSetup(ctx context.Context, out io.Writer, h *house, listening net.Addr) error {
	secret, err := h.people.OfferSetup(ctx)
	if err != nil || secret == "" {
		return err
	}
	_, err = fmt.Fprintf(out, "Nobody can sign in yet. Open this link once, within %d minutes, to be the first:\n%s/setup/%s\n",
		int(services.SetupLasts.Minutes()), s.reached(listening), secret)
	return err
}

// reached is where a browser finds this program: at the public address, or on this
// machine by the name that cookies and passkeys accept without https.
func (s serve) reached(listening net.Addr) string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	address, ok := listening.(*net.TCPAddr)
	if ok && (address.IP.IsLoopback() || address.IP.IsUnspecified()) {
		return fmt.Sprintf("http://localhost:%d", address.Port)
	}
	return "http://" + listening.String()
}
