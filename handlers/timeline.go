package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/views"
)

// pastKinds are the kinds of entries that a timeline can be narrowed to.
var pastKinds = map[string]bool{"people": true, "sends": true, "notices": true, "queries": true, "verdicts": true, "notes": true}

var pastKindOrder = []string{"", "people", "sends", "notices", "queries", "verdicts", "notes"}

// kindOf sorts an event by who made it happen.
func kindOf(e models.Event) string {
	if e.Turned() {
		return "people"
	}
	switch e.Verb {
	case "sending", "not_sent", "accepted", "refused", "doubted", "crash_found", "restored", "restored_send", "late_reply":
		return "sends"
	case "heard_notice", "quarantined":
		return "notices"
	case "heard_query", "overdue", "failed":
		return "queries"
	case "verdict_proposed", "verdict_disagreed", "verdict_cancelled", "verdict_left", "look_again", "came_back", "escalated", "double_payment_feared",
		"verdict_paid", "verdict_failed", "settled_paid", "settled_failed", "settled_returned", "enquiry_sent", "enquiry_answered":
		return "verdicts"
	case "noted", "attached":
		return "notes"
	case "working", "paid", "proved", "mistrusted", "contradicted":
		return map[string]string{"notice": "notices", "query": "queries"}[e.Details["source"]]
	}
	return "people"
}

// past is the timeline, newest first: repeats and fruitless questions collapsed,
// silence drawn.
func (r *payoutRows) past(ctx context.Context, show string, now time.Time) views.Past {
	if !pastKinds[show] {
		show = ""
	}
	entries := r.happenings(ctx)
	past := views.Past{Kinds: countKinds(entries, show)}
	entries = collapse(narrow(entries, show))
	for i := range entries {
		if show == "" {
			past.Lines = append(past.Lines, r.silenceAfter(entries, i, now)...)
		}
		past.Lines = append(past.Lines, views.PastLine{Entry: &entries[i]})
	}
	past.Empty = len(past.Lines) == 0
	return past
}

func narrow(entries []views.Happening, show string) []views.Happening {
	return slices.DeleteFunc(slices.Clone(entries), func(h views.Happening) bool { return show != "" && h.Kind != show })
}

func countKinds(entries []views.Happening, show string) (kinds []views.PastKind) {
	counts := map[string]int{}
	for _, h := range entries {
		counts[h.Kind] += max(h.Times, 1)
		counts[""] += max(h.Times, 1)
	}
	for _, key := range pastKindOrder {
		if counts[key] > 0 || key == "" || key == show {
			kinds = append(kinds, views.PastKind{Key: key, Count: counts[key], Here: key == show})
		}
	}
	return kinds
}

// fruitless is a question that told nothing.
func fruitless(h views.Happening) bool {
	says := h.Details["says"]
	return h.Verb == "heard_query" && h.Details["differs"] == "" && (says == "unknown" || says == "not_found" || says == "working")
}

// collapse makes one entry of questions in a row of which nothing came; the
// newest of them speaks for all.
func collapse(entries []views.Happening) (shown []views.Happening) {
	for _, h := range entries {
		if last := len(shown) - 1; last >= 0 && fruitless(h) && fruitless(shown[last]) && h.Asked != nil {
			shown[last].Run, shown[last].First = append(shown[last].Run, *h.Asked), h.Seq
			continue
		}
		shown = append(shown, h)
	}
	return shown
}

// silent is how long nothing has to come before the timeline says so.
const silent = time.Hour

// silenceAfter is the gap above an entry: between it and the newer one, or up to
// now while the gateway still owes a word.
func (r *payoutRows) silenceAfter(entries []views.Happening, i int, now time.Time) []views.PastLine {
	if i == 0 {
		return r.silenceNow(entries[0], now)
	}
	newer := entries[i-1]
	from, to := entries[i].At, newer.At
	asked := 0
	if fruitless(newer) {
		asked = len(newer.Run)
	}
	if fruitless(entries[i]) && len(entries[i].Run) > 0 {
		from = entries[i].At
	}
	if to.Sub(from) < silent {
		return nil
	}
	return []views.PastLine{{Gap: views.Gap{Length: to.Sub(from), Asked: asked}}}
}

func (r *payoutRows) silenceNow(newest views.Happening, now time.Time) []views.PastLine {
	if !r.payout.Open() && !r.payout.Clash || now.Sub(newest.At) < silent {
		return nil
	}
	return []views.PastLine{{Gap: views.Gap{Length: now.Sub(newest.At), Next: r.payout.NextActionAt}}}
}

// happenings are all events of the order, newest first, each with the rows that it refers
// to. That somebody was refused is for those alone who read the audit.
func (r *payoutRows) happenings(ctx context.Context) []views.Happening {
	all := make([]views.Happening, 0, len(r.events))
	events := r.events
	if r.mayAudit {
		events = slices.SortedFunc(slices.Values(slices.Concat(r.events, r.tries)), func(a, b models.Event) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	for _, e := range slices.Backward(events) {
		all = append(all, r.happening(ctx, e))
	}
	return all
}

func (r *payoutRows) happening(ctx context.Context, e models.Event) views.Happening {
	h := views.Happening{Event: e, First: e.Seq, Kind: kindOf(e), Order: r.brief(), Moved: e.After != "", Quote: quoteOf(e)}
	// An event that cannot be read is still shown; verify tells of it.
	h.Was, _ = models.ReadState(e.Before)
	h.Is, _ = models.ReadState(e.After)
	h.Explained = explain(ctx, r.family, e.Details["message"], e.Details["code"], e.Details["word"])
	r.joinAttempt(&h)
	r.joinNotice(&h)
	r.joinQuestion(ctx, &h)
	r.joinVerdict(&h)
	r.joinLetter(&h)
	return h
}

// quoteOf is what a person wrote in their own words.
func quoteOf(e models.Event) string {
	if text := e.Details["text"]; text != "" {
		return text
	}
	if text := e.Details["reason_text"]; text != "" {
		return text
	}
	return e.Details["twin_reason"]
}

func id(e models.Event, name string) int64 {
	n, err := strconv.ParseInt(e.Details[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (r *payoutRows) raw(key string, status int, body []byte) *views.RawText {
	var secrets []string
	if r.family != nil {
		secrets = r.family.Secrets()
	}
	raw := &views.RawText{Key: key, Bytes: len(body), Digest: digestText(body), Text: gateway.MaskedBody(body, secrets)}
	if status > 0 {
		raw.Head = "HTTP " + strconv.Itoa(status)
	}
	return raw
}
