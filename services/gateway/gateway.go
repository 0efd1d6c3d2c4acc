// Package gateway is the contract between the product and the protocols it
// speaks. A family translates: it writes the exact request, reads the answer,
// and admits what it does not know. It never decides what becomes of an order.
package gateway

import (
	"net/http"
	"slices"
	"time"

	"countersign/models"
)

// Family is one protocol. None of its methods touches the network, only
// Exchange does: they are pure, so that what is previewed is what is sent.
type Family interface {
	// Name is the family's short name: "apay", "cashy".
	Name() string
	// Rails are the ways of paying that the family offers.
	Rails() []Rail
	// Algorithms are the ways of signing, the one to prefer first.
	Algorithms() []string

	// Create writes the one request that creates the order. It refuses values
	// that the wire cannot carry exactly (S12, I1).
	Create(a Account, o Order, at time.Time, nonce string) (Request, error)
	// ReadCreate says what the answer to Create proves. It knows of this one
	// answer only: a refusal counts only where no other attempt may have left.
	ReadCreate(a Account, o Order, r Response) Receipt

	// Query asks what became of an order; its answer is read by ReadQuery. An
	// answer about another order or merchant has no outcome.
	Query(a Account, o Order, at time.Time, nonce string) (Request, error)
	ReadQuery(a Account, o Order, r Response) Answer

	// Balance asks for the account's balance; its answer is read by ReadBalance.
	Balance(a Account, at time.Time, nonce string) (Request, error)
	ReadBalance(a Account, r Response) (Balance, error)

	// Peek names the order that a notice speaks of, before anything is verified,
	// so that the algorithm pinned to that order can be found. "" if unreadable.
	Peek(body []byte) (orderNo string)
	// ReadNotice checks the signature over what came, by the algorithm pinned to
	// the order that Peek named, and reads the facts. The order is the zero one if
	// we have none of that number.
	ReadNotice(a Account, o Order, header http.Header, body []byte) Notice
	// Acknowledge is the success answer to a notice, written after the commit.
	Acknowledge() Acknowledgement
	// Means is what a word of status is documented to mean; Unknown for every other.
	// No account can change it.
	Means(word string) Outcome
	// Explain gives the catalogue key for a code or word of the gateway, with its
	// names and values; "" for words that nobody documented.
	Explain(word string) (key string, args []any)
	// Secrets are the wire names whose values are masked wherever raw text is
	// shown.
	Secrets() []string
	// NoticeWindow is how long after an order's end the gateway may still send
	// its notice: 60 minutes (gateways.md 1.9), 1,023 minutes (2.10).
	NoticeWindow() time.Duration
}

// Account is one merchant at one gateway, with its keys opened for use.
type Account struct {
	Name          string
	MerchantID    string
	Currency      string // of its rails and its balance
	BaseURL       string
	Key           string // the signing secret
	Authorization string // family apay: the token of GET calls
	Algorithm     string // for new orders
	QueryShape    string // family apay: "list" or "single"
	NotifyURL     string // where notices for this account come in
	Zone          *time.Location
	Timeout       time.Duration // total deadline of one exchange
	AllowLoopback bool          // demo and tests only (S13)
	NotFinal      []string      // words of status that nobody documented and that are not final here
}

// widen lets an account take a word that nobody documented for "not final". What
// paid and failed are called is none of its business (I9, I10).
func (a Account) widen(word string, says Outcome) Outcome {
	if says == Unknown && word != "" && slices.Contains(a.NotFinal, word) {
		return Working
	}
	return says
}

// Order is what a family needs to know of a payout.
type Order struct {
	OrderNo   string // ours
	GatewayNo string // theirs, once known
	Rail      string // Rail.ID
	Amount    models.Money
	Algorithm string            // pinned when the order was created; "" before
	Fields    map[string]string // by Field.Name
}

// Request is one call, to the byte.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	Lines  []WireLine // the same request for people, secrets masked
}

// WireLine is one field of a request or an answer as people may see it.
type WireLine struct {
	Name  string
	Value string // masked where Secret or Account
	Note  string // plain words: "486,000.00 TWD in cents"; no catalogue key
	Mark  bool   // worth the eye: amounts, times
}
