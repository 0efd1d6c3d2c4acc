package views

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// EnquiryPage is the letter to the gateway's staff, and what was sent so far.
type EnquiryPage struct {
	Shell   Shell
	Payout  models.Payout
	Gateway string
	Lang    string // of the letter
	Letter  string
	Form    EnquiryForm
	MayNot  string // why this reader marks nothing as sent; "" if they may
	Sent    []SentLetter
	Errors  Errors
}

// EnquiryForm is what was typed about a letter that was sent.
type EnquiryForm struct{ Channel, Person, SentAt string }

// SentLetter is a letter on record.
type SentLetter struct {
	models.Enquiry
	By, FiledBy string
	MayReply    bool
}

// ReplyPage files what the staff answered.
type ReplyPage struct {
	Shell         Shell
	Payout        models.Payout
	Badge         models.Badge
	Gateway       string
	Letter        SentLetter
	Reply, Person string
	Errors        Errors
}

// EnquiryPath is where the letter about an order stands.
func EnquiryPath(orderNo string) templ.SafeURL { return PayoutPath(orderNo) + "/enquiry" }

func replyPath(orderNo string, id int64) templ.SafeURL {
	return EnquiryPath(orderNo) + templ.SafeURL("/"+strconv.FormatInt(id, 10)+"/reply")
}

// casePathOf is the queue's page of the order, or its own once it is settled.
func casePathOf(p models.Payout) templ.SafeURL {
	switch {
	case p.Clash:
		return templ.SafeURL("/contradictions/" + p.OrderNo)
	case p.Outcome == models.Unclear:
		return templ.SafeURL("/unclear/" + p.OrderNo)
	}
	return PayoutPath(p.OrderNo)
}

func letterHref(orderNo, lang string) templ.SafeURL {
	return EnquiryPath(orderNo) + templ.SafeURL("?letter="+lang)
}

func channels(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Text: i18n.T(ctx, "form.choose")}}
	for _, channel := range models.Channels {
		options = append(options, ui.Option{Value: channel, Text: i18n.T(ctx, "channel."+channel)})
	}
	return options
}

// sentWords tell of a letter: in Chinese to APAY support, by chat, at 11:40.
func (s SentLetter) sentWords(ctx context.Context) string {
	return i18n.T(ctx, "enquiry.was_sent", "Language", i18n.T(ctx, "language."+s.Language), "Person", s.Person,
		"Channel", i18n.T(ctx, "channel.by."+s.Channel), "At", ClockWords(ctx, s.SentAt))
}

// waitWords say how long nobody has answered, or who did.
func (s SentLetter) waitWords(ctx context.Context) string {
	if s.Waits() {
		return i18n.T(ctx, "enquiry.waits", "Span", i18n.Span(ctx, i18n.Now(ctx).Sub(s.SentAt)))
	}
	return i18n.T(ctx, "enquiry.was_answered", "Person", s.RepliedBy, "At", ClockWords(ctx, s.RepliedAt), "Name", s.FiledBy)
}

// Quoted is the reply as evidence: word for word, with who wrote it, how and when
// it was filed.
func (s SentLetter) Quoted(ctx context.Context) string {
	if s.Reply == "" {
		return ""
	}
	return s.Reply + "\n\n" + i18n.T(ctx, "enquiry.source", "Person", s.RepliedBy, "Channel", i18n.T(ctx, "channel.by."+s.Channel),
		"At", s.RepliedAt.UTC().Format("2006-01-02 15:04")+" UTC")
}
