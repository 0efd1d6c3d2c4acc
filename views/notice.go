package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// NoticePage is one notice as it came, and what became of it.
type NoticePage struct {
	Shell   Shell
	Notice  models.Notice
	Account models.GatewayAccount
	Payout  *models.Payout // the order it speaks of, where we have it and the person may see it
	Lines   []ui.WireField // its fields, masked
	Text    string         // its body, masked
	Headers string
	Digest  string // SHA-256 of the body as it came
	Bytes   int
	Word    string // what the gateway's status means, in words; "" for one nobody documented
	Looked  string // what somebody wrote who looked at it
	By      string // their name
	MaySort bool
	Answer  string // as typed
	Errors  Errors
}

// said is the notice in one sentence.
func (p NoticePage) said(ctx context.Context) string {
	if p.claims() {
		return i18n.T(ctx, "notice.sentence.claims", "Account", p.Account.Name, "Word", p.Word)
	}
	return i18n.T(ctx, "notice.sentence."+p.Notice.Says, "Account", p.Account.Name)
}

// claims says whether the notice was not verified, and yet can be read.
func (p NoticePage) claims() bool { return p.Notice.Verified != "good" && p.Word != "" }

// checkWords say what the check of a notice found.
func checkWords(ctx context.Context, n models.Notice) string {
	if n.Verified == "good" && n.Quarantine != "" {
		return i18n.T(ctx, n.Quarantine)
	}
	return i18n.T(ctx, "check."+n.Verified)
}

func (p NoticePage) path(act string) templ.SafeURL {
	return templ.SafeURL(noticePath(p.Notice) + act)
}

// wordWords is the gateway's own word, and what it means.
func wordWords(ctx context.Context, p NoticePage) string {
	if p.Word == "" {
		return i18n.T(ctx, "notice.word_unknown", "Word", p.Notice.Word)
	}
	return i18n.T(ctx, "notice.word", "Word", p.Notice.Word, "Means", p.Word)
}
