package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"countersign/models"
)

// Reply is an answer that could be read: complete, with a status that may carry
// a business code, one strict JSON object with a code of the right shape. Where
// any of that is missing, Reason says which, and Code and Object say nothing.
type Reply struct {
	Object *Object
	Code   string
	Reason models.UnclearReason
	Alarm  string
}

// ReadReply reads the answer to any call. codeName and shape are where the
// family puts its business code, and as what. Object is nil for whatever could
// not be read.
func ReadReply(r Response, codeName string, shape Shape) Reply {
	if r.Fault == FaultNotSent {
		return Reply{Alarm: r.proof()}
	}
	if reason, alarm := unreadable(r); reason != models.ReasonNone {
		return Reply{Reason: reason, Alarm: alarm}
	}
	object, err := ReadObject(r.Body)
	if err != nil {
		return illegible(r, err, codeName)
	}
	code := object.Get(codeName)
	switch {
	case code.Shape() == shape && code.Carried():
		return Reply{Object: object, Code: code.Scalar()}
	case !code.Carried() && !r.ok():
		return Reply{Reason: models.ReasonHTTPStatus}
	}
	return Reply{Reason: models.ReasonUnmapped, Alarm: AlarmUnmapped}
}

// proof is the alarm of a gateway that could not prove who it is, whatever we wanted
// to send or to ask (M15).
func (r Response) proof() string {
	if r.Detail == DetailCertificate {
		return AlarmCertificate
	}
	return AlarmNone
}

// ok is a status of the 200s; only with one of those a call was accepted.
func (r Response) ok() bool { return r.Status >= 200 && r.Status < 300 }

// unreadable says why an answer is not worth decoding, from its outside.
func unreadable(r Response) (models.UnclearReason, string) {
	blank := len(bytes.TrimSpace(r.Body)) == 0
	switch {
	case r.Fault != FaultNone:
		return r.doubt(), AlarmNone
	case r.Status >= 500:
		return models.ReasonServerError, AlarmNone
	case r.Status >= 300 && r.Status < 400:
		return models.ReasonRedirect, AlarmRedirect
	case r.Status >= 400 && blank, r.Status < 200:
		return models.ReasonHTTPStatus, AlarmNone
	case blank:
		return models.ReasonEmpty, AlarmNone
	case packed(r.Header) && !r.ok():
		return models.ReasonHTTPStatus, AlarmNone
	case packed(r.Header):
		return models.ReasonUnreadable, AlarmNone
	}
	return models.ReasonNone, AlarmNone
}

// packed is true for a compressed answer, for which we never asked and which we
// never unpack: 64 KiB may hide a bomb.
func packed(header http.Header) bool {
	encoding := strings.Join(header.Values("Content-Encoding"), ",")
	return encoding != "" && !strings.EqualFold(encoding, "identity")
}

func illegible(r Response, err error, codeName string) Reply {
	var twice *RepeatedName
	switch {
	case errors.As(err, &twice) && strings.EqualFold(twice.Name, codeName):
		return Reply{Reason: models.ReasonUnmapped, Alarm: AlarmUnmapped}
	case !r.ok():
		return Reply{Reason: models.ReasonHTTPStatus}
	}
	return Reply{Reason: models.ReasonUnreadable}
}

// doubt is why an order is unclear after a fault that left us not knowing.
func (r Response) doubt() models.UnclearReason {
	switch {
	case r.Fault == FaultTimeout:
		return models.ReasonTimeout
	case r.Fault == FaultTooLarge, r.Detail == DetailMalformed:
		return models.ReasonUnreadable
	}
	return models.ReasonCut
}

// Doubtful is the receipt of an answer that could not be read, or was never
// there.
func (reply Reply) Doubtful(r Response) Receipt {
	if r.Fault == FaultNotSent {
		return Receipt{Kind: NotSent, Code: string(r.Detail), Alarm: reply.Alarm}
	}
	return Receipt{Kind: Doubt, Reason: reply.Reason, Alarm: reply.Alarm}
}

// Problem is why an answer to a question could not be read.
func (reply Reply) Problem(r Response) Problem {
	switch reply.Reason {
	case models.ReasonNone:
		if r.Fault == FaultNotSent {
			return ProblemNotSent
		}
		return ProblemNone
	case models.ReasonServerError, models.ReasonHTTPStatus:
		return Problem(fmt.Sprintf("http_%d", r.Status))
	case models.ReasonRedirect:
		return ProblemRedirect
	case models.ReasonTimeout:
		return ProblemTimeout
	case models.ReasonEmpty:
		return ProblemEmpty
	case models.ReasonUnmapped:
		return ProblemUnmapped
	case models.ReasonCut:
		return ProblemCut
	}
	return ProblemUnreadable
}
