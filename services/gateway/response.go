package gateway

import (
	"net/http"
	"time"
)

// Fault says how an exchange ended when no complete answer was read.
type Fault string

// The faults of an exchange. Only NotSent proves that nothing left us (I6).
const (
	FaultNone      Fault = ""          // a complete answer was read
	FaultNotSent   Fault = "not_sent"  // name, dial or TLS error: our own connection saw no byte of the request leave
	FaultTimeout   Fault = "timeout"   // the total deadline passed
	FaultCut       Fault = "cut"       // the connection ended before or within the answer
	FaultTooLarge  Fault = "too_large" // more than 64 KiB
	FaultUncertain Fault = "uncertain" // any other error after a byte may have left
)

// The details of a fault: its closer reason. The words are in the catalogue,
// under "exchange." and the detail.
const (
	DetailNone        = ""
	DetailRequest     = "request"     // our own request cannot be sent as it is
	DetailAddress     = "address"     // an address or a scheme that we do not talk to (S13)
	DetailName        = "name"        // the host name has no address
	DetailRefused     = "refused"     // nobody listens there
	DetailUnreachable = "unreachable" // any other reason for no connection
	DetailTLS         = "tls"         // no agreement on encryption
	DetailCertificate = "certificate" // the gateway could not prove who it is (M15)
	DetailDeadline    = "deadline"
	DetailReset       = "reset" // closed before or within the answer
	DetailMalformed   = "malformed"
	DetailTooLarge    = "too_large"
	DetailStopped     = "stopped" // we ourselves gave up
	DetailJournal     = "journal" // the journal of sends took no line, so nothing left (I27)
)

// Response is what came back, or why nothing did. It is never an error value:
// a time-out proves nothing, so it must not look like a "no".
type Response struct {
	Fault   Fault
	Detail  string // one of Detail…, for the timeline: no secrets, no addresses of ours
	Status  int    // HTTP status; 0 if none was read
	Header  http.Header
	Body    []byte
	Started time.Time
	Took    time.Duration
}
