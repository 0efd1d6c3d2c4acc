package gateway

// Check is the result of verifying a notice's signature.
type Check string

// The results of verifying a notice.
const (
	CheckGood          Check = "good"
	CheckBad           Check = "bad_signature"
	CheckMissing       Check = "missing_signature"
	CheckAlgorithm     Check = "other_algorithm"
	CheckUnreadable    Check = "unreadable"
	CheckSplit         Check = "ambiguous_text" // `&`, control bytes inside a signed value (M32)
	CheckOtherMerchant Check = "other_merchant"
)

// Notice is a webhook as read. Only one with CheckGood and facts equal to ours
// may move an order.
type Notice struct {
	Check     Check
	Algorithm string // with which it was checked
	Outcome   Outcome
	Facts     Facts
	Lines     func() []WireLine // the notice for people, made when somebody looks; nil if unreadable
	// Same is the digest of the fields that matter, so that bodies that differ
	// only in nonce or time are kept each and applied once (I16).
	Same [32]byte
}

// Settle gives a notice whose signature is right its outcome, unless it is for
// another merchant.
func (n Notice) Settle(a Account, says Outcome) Notice {
	if other(n.Facts.MerchantID, a.MerchantID) {
		n.Check = CheckOtherMerchant
		return n
	}
	n.Outcome = a.widen(n.Facts.Word, says)
	return n
}

// Acknowledgement is the exact success answer a gateway wants.
type Acknowledgement struct {
	ContentType string
	Body        string
}
