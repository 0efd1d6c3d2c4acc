package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"syscall"

	"code.dny.dev/ssrf"
)

var errAddress = errors.New("gateway: not an address we talk to")

// handshakeError marks what went wrong after the connection stood and before
// the request.
type handshakeError struct{ error }

func (e handshakeError) Unwrap() error { return e.error }

func notSent(detail string) Response { return Response{Fault: FaultNotSent, Detail: detail} }

func requestDetail(err error) string {
	if errors.Is(err, errAddress) {
		return DetailAddress
	}
	return DetailRequest
}

// dialDetail names why there was no connection.
func dialDetail(ctx context.Context, err error) string {
	var (
		certificate *tls.CertificateVerificationError
		handshake   handshakeError
		name        *net.DNSError
	)
	switch {
	case errors.As(err, &certificate):
		return DetailCertificate
	case forbidden(err):
		return DetailAddress
	case errors.Is(ctx.Err(), context.Canceled):
		return DetailStopped
	case ctx.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		return DetailDeadline
	case errors.As(err, &handshake):
		return DetailTLS
	case errors.As(err, &name):
		return DetailName
	case errors.Is(err, syscall.ECONNREFUSED):
		return DetailRefused
	}
	return DetailUnreachable
}

func forbidden(err error) bool {
	for _, target := range []error{errAddress, ssrf.ErrProhibitedIP, ssrf.ErrProhibitedNetwork, ssrf.ErrProhibitedPort, ssrf.ErrInvalidHostPort} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// broken names how an exchange ended that had begun. Only if not even an
// attempt to write was made did nothing leave us.
func broken(ctx context.Context, conn *watchedConn, err error) Response {
	var lost *net.OpError
	switch {
	case !conn.wrote:
		return notSent(DetailRequest)
	case errors.Is(ctx.Err(), context.Canceled):
		return Response{Fault: FaultUncertain, Detail: DetailStopped}
	case ctx.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		return Response{Fault: FaultTimeout, Detail: DetailDeadline}
	case conn.ended, errors.As(err, &lost):
		return Response{Fault: FaultCut, Detail: DetailReset}
	}
	return Response{Fault: FaultUncertain, Detail: DetailMalformed}
}
