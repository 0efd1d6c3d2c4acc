package models

// Why an order is held, as catalogue keys: a badge says the short word, its pages the
// sentence of the same name under "stuck.".
const (
	HeldByPerson    = "held.by_person"
	HeldStopped     = "held.stopped"     // called back while it could be; the chain signs again
	HeldPredecessor = "held.predecessor" // the order that it replaces may have been paid

	// The sender found that it cannot leave as it stands, however often it is tried (I13).
	HeldContent    = "held.content_changed"    // its content does not fit the digest that was signed
	HeldSignature  = "held.signature_differs"  // a signature is for another content
	HeldUnsigned   = "held.signatures_missing" // fewer signatures on record than it needs
	HeldPayee      = "held.payee_unreadable"   // the payee's details cannot be opened
	HeldUnwritable = "held.cannot_be_written"  // the rail cannot carry what it says
	HeldAttempt    = "held.attempt_on_record"  // it is on record as sent, or as perhaps sent
)

// Held because of whom it goes to: of the payee's details in use, or of the account.
const (
	HeldPayeeChanged = "held.payee_changed" // their details changed after it was made (I25)
	HeldStarter      = "held.starter_cap"   // new details, and more than may go there before a first payout was paid (D4)
	HeldFailedBefore = "held.failed_before" // the last payout to the account failed (D6)
	HeldBlocked      = "held.blocked"       // the payee is on the block list (D7)
)

// PayeeHolds lists them.
var PayeeHolds = []string{HeldPayeeChanged, HeldStarter, HeldFailedBefore, HeldBlocked}

// Stuck lists the reasons for which the sender itself holds an order.
var Stuck = []string{HeldContent, HeldSignature, HeldUnsigned, HeldPayee, HeldUnwritable, HeldAttempt}
