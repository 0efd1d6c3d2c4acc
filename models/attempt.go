package models

// What a refused attempt was at, as the details of its event name it (I19).
const (
	AtOrder   = "order"
	AtOrders  = "orders" // of a list that was to be signed at once, each with its digest
	AtPayee   = "payee"
	AtAccount = "account"
	AtChange  = "change"
	AtNotice  = "notice"
	AtSend    = "send"
	AtPerson  = "person"
	AtBlock   = "block"
	AtFind    = "find"
	AtFile    = "file"
	AtEnquiry = "enquiry"
	AtDigest  = "digest" // of the content that the person had before them
)

// AtThings are the names of the things in an order in which pages look for the one that
// says most.
var AtThings = []string{AtOrder, AtOrders, AtChange, AtPayee, AtPerson, AtNotice, AtAccount, AtSend, AtBlock, AtFind}

// Turned says whether the event is that a person was refused: the same verb is a gateway's
// refusal of an order.
func (e Event) Turned() bool { return e.Verb == refused && e.Subject == "person" }
