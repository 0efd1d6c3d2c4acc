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

// args are all that any sentence may name.
func (h Happening) args(ctx context.Context) []any {
	return []any{
		"Actor", ui.PayeeName(h.Actor), "Verb", h.verb(), "Gateway", h.Order.Gateway, "Maker", ui.PayeeName(h.Order.Maker),
		"Amount", h.Order.Amount.String(), "Payee", ui.PayeeName(h.detail("payee")), "Last4", "····" + h.detail("last4"),
		"Policy", h.detail("policy"), "Method", methodWords(ctx, h.Details), "Need", NeedWords(ctx, h.Is.Asks()), "Digest", ui.Digest(h.detail("digest")), "Rejected", rejectedSentence(ctx, h.detail(models.RejectedFor)), "Other", orderLink(h.other()),
		"Bytes", h.detail("bytes"), "RequestDigest", ui.Digest(h.detail("request_digest")), "GatewayNo", h.detail("gateway_no"),
		"Code", codeOf(h), "Explained", h.Explained, "Detail", h.exchange(ctx), "Doubt", doubt(h.doubtArgs()), "Usual", h.usual(ctx),
		"Algorithm", h.algorithm(), "Word", h.detail("word"), "Theirs", h.theirSum(), "Field", i18n.T(ctx, "facts."+orNone(h.detail("differs"))),
		"Source", i18n.T(ctx, "source."+orNone(h.source())), "Standing", i18n.T(ctx, "standing."+orNone(h.detail("standing"))),
		"News", newsWords(ctx, h.detail("news"), h.source()), "Said", saysWords(ctx, h.detail("said")), "Chose", saysWords(ctx, h.detail("chose")),
		"Evidence", i18n.T(ctx, "evidence."+orNone(h.Evidence)), "When", h.when(ctx), "File", fileLink(h.Order.OrderNo, h.detail("file_id"), h.detail("file")),
		"Size", sizeOf(h.detail("size")), "Asker", h.asker(ctx), "Problem", h.problem(ctx), "Check", quarantineWords(ctx, h.detail("why")),
		"Says", i18n.T(ctx, "claims."+orNone(h.detail("says"))), "Stuck", stuckWords(ctx, h.detail("why")),
		"Limits", limitNames(ctx, h.detail("no_room")), "Room", h.detail("room"), "Because", becauseWords(ctx, h.detail("why")),
		"Language", languageWords(ctx, h.detail("language")),
		"Deed", triedWords(ctx, h.Details), "Why", h.refusedWhy(ctx),
		"Channel", channelWords(ctx, h.detail("channel")), "To", h.detail("to"), "From", h.detail("from"), "CutOff", h.cutOff(ctx),
	}
}

// methodWords say how somebody proved that they were there, in a list of how many, and how
// long after opening it, with the space before; nothing where nothing was kept.
func methodWords(ctx context.Context, d models.Details) string {
	if d["method"] == "" {
		return ""
	}
	words := " " + i18n.T(ctx, "signature."+d["method"])
	if d["listed"] != "" {
		words += i18n.T(ctx, "signature.listed", "Listed", d["listed"])
	}
	if seconds, err := strconv.Atoi(d[models.ReadSeconds]); err == nil {
		words += i18n.T(ctx, "signature.read", "Span", i18n.Span(ctx, time.Duration(seconds)*time.Second))
	}
	if files := strings.Fields(d[models.FilesSigned]); len(files) > 0 {
		words += i18n.N(ctx, "signature.files", len(files))
	}
	return words
}

// languageWords and channelWords say how somebody wrote to the gateway's staff.
func languageWords(ctx context.Context, lang string) string {
	if lang == "" {
		return ""
	}
	return i18n.T(ctx, "language."+lang)
}

func channelWords(ctx context.Context, channel string) string {
	if channel == "" {
		return ""
	}
	return i18n.T(ctx, "channel.by."+channel)
}

// becauseWords say why a case is the controller's.
func becauseWords(ctx context.Context, why string) string {
	if !strings.HasPrefix(why, "escalated.") {
		return ""
	}
	return i18n.T(ctx, why)
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

// cutOff is that of which somebody was reminded, with the space before; nothing where it was
// not near.
func (h Happening) cutOff(ctx context.Context) string {
	at, err := time.Parse(time.RFC3339, h.detail("cut_off"))
	if err != nil {
		return ""
	}
	zone, err := time.LoadLocation(h.detail("cut_off_zone"))
	if err != nil {
		return ""
	}
	return " " + i18n.T(ctx, "timeline.cut_off", "Clock", at.In(zone).Format("15:04"), "City", i18n.City(zone))
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
