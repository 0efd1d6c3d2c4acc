package views

import (
	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/ui"
)

// Review is the page on which a maker checks a draft before it goes to others.
type Review struct {
	Shell        Shell
	Payout       models.Payout
	Through      string // account, rail and currency
	Answers      []AnswerLine
	Files        []OrderFile
	Twins        []TwinLine
	Warnings     []string // what is unusual, in words
	Like         *LikeOrder
	Wire         Wire
	Digest       string // of the content, in hex: what is submitted
	Steps        []ui.Step
	NobodyToSign bool
	Limits       []models.Meter
	Errors       Errors
	Gateway      string // what the account is called
	Leaves       string // after how many signatures
	Blocked      string // why nothing is paid to the payee
}

// AnswerLine is one answer and where it is changed.
type AnswerLine struct {
	Name   string
	Value  string
	Second string
	Code   bool // an account number or another code
	Change templ.SafeURL
}

// Wire is the request that sending the order makes, or why there can be none.
type Wire struct {
	Head   string // POST https://…/payOut, 338 bytes
	Fields []ui.WireField
	Cannot string
}

// stopped says whether something has to be settled before the draft may go on.
func (p Review) stopped() bool {
	return inDoubt(p.Twins) || p.NobodyToSign || p.Wire.Cannot != "" || p.Blocked != ""
}

func (p Review) edit() templ.SafeURL {
	return templ.SafeURL("/payouts/" + p.Payout.OrderNo + "/edit")
}

func (p Review) submission() templ.SafeURL {
	return templ.SafeURL("/payouts/" + p.Payout.OrderNo + "/submission")
}

// answerTail parts a number so that its end can be compared.
func answerTail(code string) (front, end string) {
	runes := []rune(code)
	cut := max(len(runes)-4, 0)
	return string(runes[:cut]), string(runes[cut:])
}
