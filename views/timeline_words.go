package views

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// sentence is the one plain sentence of an entry.
func (h Happening) sentence(ctx context.Context) templ.Component {
	key, args := "timeline."+h.variant(), h.args(ctx)
	if h.verb() == string(models.MoveSubmit) {
		return ui.SayCount(key, h.Is.Needed, args...)
	}
	return ui.Say(key, args...)
}

// variant is the verb, or the verb and what it was about.
func (h Happening) variant() string {
	switch verb := h.verb(); verb {
	case string(models.MoveDraft):
		return either(h.detail("replaces") != "", "drafted_anew", verb)
	case string(models.MoveHold):
		return either(h.detail("predecessor") != "", "held_predecessor", verb)
	case string(models.MoveAccept):
		return either(h.detail("gateway_no") != "", verb, "accepted_bare")
	case string(models.MoveRefuse):
		return either(h.Explained != "", verb, "refused_bare")
	case string(models.MovePaid), string(models.MoveProve), string(models.MoveWorking):
		return verb + "." + h.source()
	case string(models.MoveMistrust):
		return h.mistrusted()
	case "verdict_proposed":
		return either(h.Hidden, "verdict_proposed_hidden", verb)
	case "heard_query", "heard_notice":
		return verb + "." + h.heard()
	case "quarantined":
		return either(h.detail("says") == "unknown", "quarantined_unknown", verb)
	default:
		return either(knownVerbs[verb], verb, "other")
	}
}

// knownVerbs have a sentence of their own; a verb without one is shown as it is
// called, so that nothing of the past is ever left out.
var knownVerbs = map[string]bool{
	"edited": true, "submitted": true, "signed": true, "approved": true, "rejected": true, "asked_maker": true, "withdrawn": true,
	"resumed": true, "sending": true, "not_sent": true, "doubted": true, "crash_found": true, "overdue": true, "failed": true,
	"contradicted": true, "verdict_paid": true, "verdict_failed": true, "settled_paid": true, "settled_failed": true,
	"settled_returned": true, "noted": true, "claimed": true, "attached": true, "revealed": true, "late_reply": true,
	"verdict_disagreed": true, "verdict_cancelled": true, "look_again": true, "double_payment_feared": true,
}

// mistrusted says what was wrong with a word that had a right signature.
func (h Happening) mistrusted() string {
	switch {
	case h.detail("reason") == string(models.ReasonFailedNotice):
		return "mistrusted.failed_notice"
	case h.theirSum() != "" && (h.detail("differs") == "amount" || h.detail("differs") == "received"):
		return "mistrusted.sum"
	case h.detail("differs") != "":
		return "mistrusted.field"
	}
	return "mistrusted.reversed"
}

// heard is what a word without effect said.
func (h Happening) heard() string {
	switch says := h.detail("says"); {
	case h.detail("differs") != "":
		return "differs"
	case says == "", says == "unknown" && h.Asked != nil && h.Asked.Says == "not_found" && h.detail("problem") == "":
		// An answer without a row carries nothing to check, and still says this much.
		return either(says == "", "unknown", "not_found")
	default:
		return says
	}
}

func (h Happening) theirSum() string {
	if sum := h.detail("their_amount"); sum != "" && h.detail("differs") == "amount" {
		return sum
	}
	return h.detail("their_received")
}

// args are all that any sentence may name.
func (h Happening) args(ctx context.Context) []any {
	return []any{
		"Actor", ui.PayeeName(h.Actor), "Verb", h.verb(), "Gateway", h.Order.Gateway, "Maker", ui.PayeeName(h.Order.Maker),
		"Amount", h.Order.Amount.String(), "Payee", ui.PayeeName(h.detail("payee")), "Last4", "····" + h.detail("last4"),
		"Policy", h.detail("policy"), "Digest", ui.Digest(h.detail("digest")), "Other", orderLink(h.other()),
		"Bytes", h.detail("bytes"), "RequestDigest", ui.Digest(h.detail("request_digest")), "GatewayNo", h.detail("gateway_no"),
		"Code", codeOf(h), "Explained", h.Explained, "Detail", h.exchange(ctx), "Doubt", doubt(h.doubtArgs()), "Usual", h.usual(ctx),
		"Algorithm", h.algorithm(), "Word", h.detail("word"), "Theirs", h.theirSum(), "Field", i18n.T(ctx, "facts."+orNone(h.detail("differs"))),
		"Source", i18n.T(ctx, "source."+orNone(h.source())), "Standing", i18n.T(ctx, "standing."+orNone(h.detail("standing"))),
		"News", newsWords(ctx, h.detail("news"), h.source()), "Said", saysWords(ctx, h.detail("said")), "Chose", saysWords(ctx, h.detail("chose")),
		"Evidence", i18n.T(ctx, "evidence."+orNone(h.Evidence)), "When", h.when(ctx), "File", fileLink(h.Order.OrderNo, h.detail("file_id"), h.detail("file")),
		"Size", sizeOf(h.detail("size")), "Asker", h.asker(ctx), "Problem", h.problem(ctx), "Check", quarantineWords(ctx, h.detail("why")),
		"Says", i18n.T(ctx, "claims."+orNone(h.detail("says"))),
	}
}

func orNone(word string) string {
	if word == "" {
		return "none"
	}
	return word
}

func (h Happening) other() string {
	if no := h.detail("predecessor"); no != "" {
		return no
	}
	return h.detail("replaces")
}

func codeOf(h Happening) string {
	if message := h.detail("message"); message != "" {
		return h.detail("code") + " " + message
	}
	return h.detail("code")
}

// exchange says why nothing left us.
func (h Happening) exchange(ctx context.Context) string {
	if detail := h.detail("detail"); detail != "" {
		return i18n.T(ctx, "exchange."+detail)
	}
	return i18n.T(ctx, "exchange.unreachable")
}

func (h Happening) usual(ctx context.Context) string {
	usual, _ := time.ParseDuration(h.detail("usual"))
	return i18n.Span(ctx, usual)
}

func (h Happening) algorithm() string {
	if h.Heard != nil {
		return h.Heard.Algorithm
	}
	return h.detail("algorithm")
}

func (h Happening) when(ctx context.Context) templ.Component {
	at, err := time.Parse(time.RFC3339, h.detail("look_again_at"))
	if err != nil {
		return ui.Text("")
	}
	return ui.ZonedTime(at, i18n.Zone(ctx))
}

func (h Happening) asker(ctx context.Context) string {
	if name := h.detail("asked_by"); name != "" {
		return i18n.T(ctx, "timeline.somebody_asked", "Name", name)
	}
	return i18n.T(ctx, "timeline.we_asked")
}

func (h Happening) problem(ctx context.Context) string {
	if h.Explained != "" && h.detail("problem") == "busy" {
		return h.Explained
	}
	return problemWords(ctx, h.detail("problem"))
}

// problemWords says why an answer is no information.
func problemWords(ctx context.Context, problem string) string {
	switch status, http := strings.CutPrefix(problem, "http_"); {
	case problem == "":
		return i18n.T(ctx, "problem.unmapped_code")
	case http:
		return i18n.T(ctx, "problem.http", "Status", status)
	}
	return i18n.T(ctx, "problem."+problem)
}

// quarantineWords say what was wrong with a notice that is in quarantine.
func quarantineWords(ctx context.Context, reason string) string {
	switch why := strings.TrimPrefix(reason, "quarantine."); why {
	case "unknown_order", "not_sent":
		return i18n.T(ctx, "quarantined."+why)
	default:
		return i18n.T(ctx, "check."+orNone(why))
	}
}

// doubtArgs are what the sentence about an answer that proves nothing needs.
func (h Happening) doubtArgs() Doubt {
	reason := models.UnclearReason(h.detail("reason"))
	if h.verb() == string(models.MoveCrash) {
		reason = models.ReasonCrash
	}
	took, _ := strconv.ParseInt(h.detail("took_ms"), 10, 64)
	return Doubt{Reason: reason, Gateway: h.Order.Gateway, HTTP: h.detail("http"), Code: codeOf(h), Took: time.Duration(took) * time.Millisecond}
}

// newsWords says which news contradicts, and who brought it.
func newsWords(ctx context.Context, news, source string) string {
	return i18n.T(ctx, "news."+orNone(news), "Source", i18n.T(ctx, "source."+orNone(source)))
}

// saysWords is a verdict as people say it: not paid.
func saysWords(ctx context.Context, says string) string {
	return i18n.T(ctx, "verdict.says."+orNone(says))
}

// sizeOf writes a file's size: 212 KB.
func sizeOf(text string) string {
	size, _ := strconv.ParseInt(text, 10, 64)
	return FileSize(size)
}
