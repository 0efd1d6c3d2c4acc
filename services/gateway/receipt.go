package gateway

import "countersign/models"

// Receipt is what the answer to a create proves: accepted, refused before
// acceptance, not sent, or nothing.
type Receipt struct {
	Kind      ReceiptKind
	Reason    models.UnclearReason // when Kind is Doubt
	Code      string               // the gateway's own code, as it came
	Message   string               // for people, never for decisions
	GatewayNo string
	Alarm     string // "" or one of Alarm…
}

// The alarms: why an operator has to look. Their words are in the catalogue,
// under "alarm.".
const (
	AlarmNone        = ""
	AlarmUnmapped    = "unmapped_code"
	AlarmRedirect    = "redirect"
	AlarmOtherOrder  = "other_order"
	AlarmCertificate = "certificate"
)

// ReceiptKind is the verdict on a create's answer. The zero value is Doubt:
// whatever nobody mapped is unclear, never failed.
type ReceiptKind int

// The kinds of receipt.
const (
	Doubt ReceiptKind = iota
	Accepted
	Refused
	NotSent
)
