package models

import "time"

// PeriodDossier is what a bundle tells of all orders that were made in a period (X14, M5):
// which orders, and the people, payee details and policies that they depend on.
type PeriodDossier struct {
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"` // the first moment after it
	Zone       string    `json:"zone"`  // in which its days were counted
	Accounts   []string  `json:"accounts,omitempty"`
	Currencies []string  `json:"currencies,omitempty"` // none is every one
	Whole      bool      `json:"whole"`                // every event of the span is told in full
	Span       Span      `json:"span"`
	TakenAt    time.Time `json:"taken_at"`
	TakenBy    string    `json:"taken_by"`

	People   []DossierPerson `json:"people"`
	Policies []Policy        `json:"policies"`
	Payees   []DossierPayee  `json:"payees"`
}

// Span is the part of the log that the bundle tells of: the events after the start, up to
// the last. The edge names the past before it, so that the tree can be grown from there.
type Span struct {
	Start  int64     `json:"start"`  // events before it
	Edge   [][]byte  `json:"edge"`   // nodes of the tree over them, the lowest level first
	Before []byte    `json:"before"` // hash of the last of them
	Last   int64     `json:"last"`
	LastAt time.Time `json:"last_at"`
}

// Holds says whether an order that was made then belongs to the period.
func (d PeriodDossier) Holds(made time.Time) bool {
	return !made.Before(d.From) && made.Before(d.Until)
}

// DossierPerson is somebody who had to do with one of the orders.
type DossierPerson struct {
	ID     PersonID `json:"id"`
	Name   string   `json:"name"`
	Roles  []Role   `json:"roles"` // when the bundle was taken
	Active bool     `json:"active"`
}

// DossierPayee is one version of a payee's details that orders were paid to, without its
// number.
type DossierPayee struct {
	Payee       PayeeID   `json:"payee"`
	Number      int       `json:"number"`
	Rail        string    `json:"rail"`
	Name        string    `json:"name"`
	Bank        string    `json:"bank"`
	Last4       string    `json:"last4"`
	Change      int64     `json:"change,omitempty"` // that two people made; 0: typed with an order
	CreatedBy   string    `json:"created_by"`
	CreatedAt   time.Time `json:"created_at"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
}

// PeriodOrder is one order of the period, as its list names it.
type PeriodOrder struct {
	OrderNo  string    `json:"order_no"`
	PayoutID PayoutID  `json:"payout_id"`
	MadeAt   time.Time `json:"made_at"`
	Amount   Money     `json:"amount"`
	Payee    string    `json:"payee"`
	Last4    string    `json:"last4"`
	Gateway  string    `json:"gateway"`
	Maker    string    `json:"maker"`
	Signers  []string  `json:"signers"`
	State    State     `json:"state"`
	Details  int       `json:"details"` // number of the payee's version
	PayeeID  PayeeID   `json:"payee_id"`
	Policy   int       `json:"policy"`
	Events   int       `json:"events"`
	Past     string    `json:"past"` // digest of all of them
}

// GroundVerbs are the acts that change what orders depend on: people and what they sign
// with, policies, limits, payees, accounts, and the changes that two people make of them.
var GroundVerbs = []string{
	"person_added", "roles_changed", "person_deactivated", "person_activated", "factor_added", "factor_removed", "factor_reset_confirmed",
	"policy_changed", "limits_changed", "payee_entered", "payee_changed", "payee_called", "payee_released",
	"change_proposed", "change_confirmed", "change_refused", "change_withdrawn", "change_overtaken",
	"account_added", "keys_changed", "calendar_changed", "setting_changed", "cord_pulled", "cord_released",
}
