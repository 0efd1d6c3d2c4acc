package views

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"countersign/models"
)

// ApprovalList is what somebody chose in the inbox, to be approved by one signature.
type ApprovalList struct {
	Shell   Shell
	Rows    []ListedRow
	Sums    []ListSum
	Left    []LeftOut
	Nothing bool              // the list that was sent was not approved: something changed
	Typed   map[string]string // sums, by currency
	Opened  string            // stamp of when it was opened
	Errors  Errors
	StepUp  StepUp
}

// ListedRow is one of them, with what its reader signs.
type ListedRow struct {
	InboxRow
	Digest string
}

// ListSum is how many orders of a currency there are, and what they come to.
type ListSum struct {
	Orders int
	Sum    models.Money
}

// LeftOut is an order that cannot be approved in a list.
type LeftOut struct {
	Payout models.Payout
	Why    string
}

// SumWords are sums in a sentence.
func SumWords(sums []ListSum) string {
	words := make([]string, len(sums))
	for i, one := range sums {
		words[i] = one.Sum.String()
	}
	return strings.Join(words, ", ")
}

// without is the list with one order fewer.
func (p ApprovalList) without(no string) templ.SafeURL {
	var rest []InboxRow
	for _, row := range p.Rows {
		if row.Payout.OrderNo != no {
			rest = append(rest, row.InboxRow)
		}
	}
	return togetherPath(rest)
}

// togetherPath is the page on which these orders are approved at once; of none it is the
// inbox.
func togetherPath(rows []InboxRow) templ.SafeURL {
	if len(rows) == 0 {
		return "/approvals"
	}
	query := url.Values{}
	for _, row := range rows {
		query.Add("no", row.Payout.OrderNo)
	}
	return templ.SafeURL("/approvals/list?" + query.Encode())
}

// quiet are the orders of the inbox that may be approved in a list.
func (p Approvals) quiet() (rows []InboxRow) {
	for _, group := range p.Groups {
		for _, row := range group.Rows {
			if row.Alone == "" {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// choosing says whether the reader may choose among the rows.
func (p Approvals) choosing() bool { return p.Tab == "mine" && p.MaySign && len(p.quiet()) > 0 }
