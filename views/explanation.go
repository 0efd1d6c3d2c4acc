package views

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

// Explain tells the life of one order in plain sentences, each from one line of the
// log, and what its outcome stands on (X16). Nothing is left out: what has no sentence
// of its own is named as the log names it.
func Explain(ctx context.Context, d models.Dossier, events []models.Event) (lines []string) {
	for i := 0; i < len(events); i++ {
		if run := fruitlessRun(events[i:]); run > 1 {
			lines = append(lines, i18n.N(ctx, "explain.asked", run, "Gateway", d.Gateway, "From", exactly(events[i].At), "Until", exactly(events[i+run-1].At)))
			i += run - 1
			continue
		}
		lines = append(lines, explained(ctx, d, events[i]))
		lines = append(lines, paidTo(ctx, d, events, i)...)
		lines = append(lines, asked(ctx, d, events[i])...)
		if why := because(ctx, d, events[i]); why != "" {
			lines = append(lines, why)
		}
	}
	return append(lines, i18n.T(ctx, "explain.stands", "State", StateWords(ctx, d.State)))
}

// fruitlessRun is how many questions in a row moved nothing; they are told as one.
func fruitlessRun(events []models.Event) (run int) {
	for run < len(events) && events[run].Verb == "heard_query" {
		run++
	}
	return run
}

// explainedVerbs have a sentence of their own.
var explainedVerbs = []string{
	"drafted", "edited", "submitted", "signed", "approved", "rejected", "withdrawn", "held", "stopped", "expired", "resumed", "room_found", "sending", "not_sent", "accepted",
	"refused", "doubted", "crash_found", "restored", "working", "overdue", "attached", "evidence_taken", "revealed", "verdict_proposed",
	"noted", "proved", "contradicted",
}

func explained(ctx context.Context, d models.Dossier, e models.Event) string {
	key := "explain.other"
	if e.Turned() {
		return i18n.T(ctx, "explain.turned", "At", exactly(e.At), "Actor", e.Actor, "Deed", triedWords(ctx, e.Details))
	}
	if slices.Contains(explainedVerbs, e.Verb) && (e.Verb != "verdict_proposed" || e.Details["said"] != "") {
		key = "explain." + e.Verb
	}
	detail := func(name string) string { return orNone(e.Details[name]) }
	return i18n.T(ctx, key, "At", exactly(e.At), "Actor", Act{Event: e}.who(ctx), "Act", strings.ToLower(ActWords(ctx, e.Verb)),
		"Amount", d.Amount, "Payee", d.Payee, "Last4", d.Last4, "Gateway", d.Gateway, "Digest", detail("digest"), "Policy", detail("policy"), "Method", methodWords(ctx, e.Details),
		"Need", needIn(ctx, e), "Bytes", detail("bytes"), "Request", detail("request_digest"), "Reason", reasonIn(ctx, e),
		"Room", detail("room"), "Code", detail("code"), "File", detail("file"), "Said", saysWords(ctx, e.Details["said"]), "Text", detail("text"), "Word", wordOf(ctx, d, e))
}

// paidTo says, after the last change of the content, which details of the payee it keeps
// and how those came to be.
func paidTo(ctx context.Context, d models.Dossier, events []models.Event, i int) []string {
	changes := func(e models.Event) bool {
		return e.Verb == string(models.MoveDraft) || e.Verb == string(models.MoveEdit)
	}
	if d.Details == nil || !changes(events[i]) || slices.ContainsFunc(events[i+1:], changes) {
		return nil
	}
	return []string{i18n.T(ctx, "explain.details", "Number", strconv.Itoa(d.Details.Number), "Payee", d.Details.Name, "From", detailsFrom(ctx, *d.Details))}
}

// asked says why the policy asked for these signatures, where it went by more than the
// sum of the order.
func asked(ctx context.Context, d models.Dossier, e models.Event) (lines []string) {
	facts, kept := models.ReadFacts(e)
	if e.Verb != string(models.MoveSubmit) || !kept || d.Policy == nil || e.Details["policy"] != strconv.Itoa(d.Policy.Version) {
		return nil
	}
	answer, err := d.Policy.Need(facts)
	if err != nil {
		return nil
	}
	if answer.By != models.OwnSum {
		lines = append(lines, i18n.T(ctx, "explain.by_"+string(answer.By), "Sum", answer.Sum))
	}
	for _, c := range answer.Met {
		lines = append(lines, MetWords(ctx, c, c.Of))
	}
	return lines
}

// wordOf names the word of the gateway that an event goes by, with its digest.
func wordOf(ctx context.Context, d models.Dossier, e models.Event) string {
	for _, n := range d.Notices {
		if e.Details["notice"] == decimal(n.ID) {
			return i18n.T(ctx, "explain.word.notice", "Digest", n.Digest)
		}
	}
	for _, q := range d.Questions {
		if e.Details["question"] == decimal(q.ID) {
			return i18n.T(ctx, "explain.word.question", "Digest", q.Digest)
		}
	}
	return i18n.T(ctx, "explain.word.none")
}

// needIn is what a submission asked for.
func needIn(ctx context.Context, e models.Event) string {
	is, err := models.ReadState(e.After)
	if err != nil {
		return i18n.T(ctx, "explain.no_reason")
	}
	return NeedWords(ctx, is.Asks())
}

// reasonIn is why: in a person's words, or the reason for doubt in ours.
func reasonIn(ctx context.Context, e models.Event) string {
	if text := rejectedBecause(ctx, e.Details); text != "" {
		return text
	}
	if reason := e.Details["reason"]; reason != "" {
		return strings.ToLower(i18n.T(ctx, "reason."+reason))
	}
	if why := e.Details["why"]; why != "" {
		return strings.ToLower(i18n.T(ctx, why))
	}
	return i18n.T(ctx, "explain.no_reason")
}

// because says what the outcome stands on.
func because(ctx context.Context, d models.Dossier, e models.Event) string {
	was, wrong := models.ReadState(e.Before)
	is, err := models.ReadState(e.After)
	if wrong != nil || err != nil || was.Outcome == is.Outcome || (is.Outcome != models.Paid && is.Outcome != models.Failed && is.Outcome != models.Returned) {
		return ""
	}
	outcome := i18n.T(ctx, "explain.outcome."+string(is.Outcome))
	at := exactly(e.At)
	for _, n := range d.Notices {
		if e.Details["notice"] == decimal(n.ID) {
			return i18n.T(ctx, "explain.by_notice", "Outcome", outcome, "At", at, "Gateway", d.Gateway, "Came", exactly(n.At), "Algorithm", n.Algorithm, "Digest", n.Digest)
		}
	}
	for _, q := range d.Questions {
		if e.Details["question"] == decimal(q.ID) {
			return i18n.T(ctx, "explain.by_question", "Outcome", outcome, "At", at, "Gateway", d.Gateway, "Asked", exactly(q.At), "Digest", q.Digest)
		}
	}
	for _, v := range d.Verdicts {
		if e.Details["verdict"] == decimal(v.ID) {
			return i18n.T(ctx, "explain.by_people", "Outcome", outcome, "At", at, "Proposer", v.Proposer, "Confirmer", v.Confirmer, "Evidence", v.Text, "Reason", orNone(v.Reason), "Answer", orNone(v.Answer))
		}
	}
	return i18n.T(ctx, "explain.by_reply", "Outcome", outcome, "At", at, "Gateway", d.Gateway)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// exactly is a moment as outsiders can compare it.
func exactly(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }
