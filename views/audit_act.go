package views

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// Act is one event as an auditor reads it, with the order and the verdict that it
// is about.
type Act struct {
	models.Event
	Order   *models.Payout
	Verdict *models.Verdict
	Lines   []ChangeLine // what it changed, in the words of its page; none where the log's do
	Hidden  bool         // the proposal is not for this reader's eyes yet
}

// ActWords name an act; one that no catalogue knows is called as the log calls it.
func ActWords(ctx context.Context, verb string) string {
	if !slices.Contains(models.Acts(), verb) {
		return verb
	}
	return i18n.T(ctx, "act."+verb)
}

// who is the actor as they were called then; the parts of the machine have names.
func (a Act) who(ctx context.Context) string {
	switch {
	case a.ActorID == 0 && a.Actor == "":
		return i18n.T(ctx, "audit.nobody")
	case a.ActorID != 0:
		return a.Actor
	case strings.HasPrefix(a.Actor, "countersign"):
		return capital(a.Actor)
	}
	return i18n.T(ctx, "audit.machine_part", "Part", a.Actor)
}

func (a Act) role(ctx context.Context) string {
	switch {
	case a.Role != "":
		return strings.ToLower(i18n.T(ctx, "role."+a.Role))
	case a.ActorID == 0 && a.Actor != "":
		return i18n.T(ctx, "audit.machine")
	}
	return ""
}

// what is the act; a refused one says what was tried.
func (a Act) what(ctx context.Context) string {
	switch {
	case a.Turned():
		return i18n.T(ctx, "audit.refused_to", "Deed", triedWords(ctx, a.Details))
	case a.Verb == "verdict_proposed" && !a.Hidden:
		return i18n.T(ctx, "audit.proposed", "Said", saysWords(ctx, a.Details["said"]))
	case a.Verb == "verdict_disagreed":
		return i18n.T(ctx, "audit.disagreed", "Chose", saysWords(ctx, a.Details["chose"]))
	case a.Verb == "refused":
		return i18n.T(ctx, "audit.refused_by_gateway")
	}
	return ActWords(ctx, a.Verb)
}

// object is what the act is about, where that is no order.
func (a Act) object(ctx context.Context) string {
	name := a.Details["name"]
	if _, words := a.tried(ctx); words != "" {
		return words
	}
	switch {
	case (a.Subject == "person" || a.Subject == "payee" || a.Subject == "block") && name != "":
		return name
	case a.Subject == "person", a.Subject == "session":
		return i18n.T(ctx, "subject."+a.Subject)
	case a.Subject == "account":
		return a.SubjectID
	case a.Subject == "list":
		return i18n.T(ctx, "audit.list."+a.SubjectID)
	case a.Subject == "settings":
		return i18n.T(ctx, "audit.setting."+a.SubjectID)
	}
	return i18n.T(ctx, "subject."+a.Subject) + " " + a.SubjectID
}

// reason is why, in somebody's own words or in ours.
func (a Act) reason(ctx context.Context) string {
	switch {
	case a.Hidden:
		return i18n.T(ctx, "audit.hidden")
	case a.Verdict != nil && a.Verb == "verdict_proposed":
		return a.Verdict.Reason
	case a.Verdict != nil:
		return a.Verdict.Answer
	}
	switch a.Verb {
	case string(models.MoveReject):
		return rejectedBecause(ctx, a.Details)
	case "account_tested":
		return i18n.T(ctx, "audit.test."+orNone(a.Details["result"]))
	case "caught_up":
		return caughtUpWords(ctx, a.Details)
	case "notices_missing":
		return missingWords(ctx, a.Details)
	}
	for _, name := range []string{"reason_text", "twin_reason", "warning_reason", "note", "text", "result"} {
		if text := a.Details[name]; text != "" {
			return text
		}
	}
	return a.why(ctx)
}

// why is the reason that we gave.
func (a Act) why(ctx context.Context) string {
	switch why := a.Details["why"]; {
	case why == "":
		return ""
	case a.Verb == "refused" && why == "role":
		return i18n.T(ctx, "audit.no_role")
	default:
		return i18n.T(ctx, why)
	}
}

// caughtUpWords say when nothing of ours ran, and what was made good.
func caughtUpWords(ctx context.Context, d models.Details) string {
	away, orders := models.ReadAway(d)
	words := i18n.N(ctx, "audit.caught_up", orders, "From", ClockWords(ctx, away.From), "Until", ClockWords(ctx, away.Until))
	if over := d["outlasted"]; over != "" {
		words += " " + i18n.T(ctx, "audit.outlasted", "Accounts", over)
	}
	return words
}

// missingWords say how long a gateway had sent no notice, and what that cost.
func missingWords(ctx context.Context, d models.Details) string {
	orders, _ := strconv.Atoi(d["orders"])
	since, err := time.Parse(time.RFC3339, d["since"])
	if err != nil {
		return i18n.N(ctx, "audit.notices_never", orders)
	}
	return i18n.N(ctx, "audit.notices_missing", orders, "Since", ClockWords(ctx, since))
}

// from is where it came from, or what it rests on.
func (a Act) from(ctx context.Context) string {
	for _, name := range []string{"address", "route", "filter"} {
		if text := a.Details[name]; text != "" {
			return text
		}
	}
	switch source, evidence := a.Details["source"], a.Details["evidence"]; {
	case source != "":
		return i18n.T(ctx, "source."+source)
	case evidence != "" && a.Verdict != nil:
		return i18n.T(ctx, "evidence."+evidence)
	}
	return ""
}

// detailNames are the names of all details, sorted.
func (a Act) detailNames() []string { return slices.Sorted(maps.Keys(a.Details)) }

// marked marks the entry that was jumped to.
func marked(sought bool) templ.Attributes {
	if sought {
		return templ.Attributes{"aria-selected": "true"}
	}
	return nil
}

func actID(seq int64) string { return "act-" + strconv.FormatInt(seq, 10) }

// Words of an act for a file: who in which role, what, before and after, why.
func (a Act) Words(ctx context.Context) (what, before, after, reason string) {
	before, after = a.change(ctx)
	return a.what(ctx), before, after, a.reason(ctx)
}
