package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
)

// Past is the timeline of one order as it was asked for.
type Past struct {
	Kinds []PastKind
	Lines []PastLine
	Empty bool // nothing of the kind that was asked for
}

// PastKind is one chip above the timeline: a kind of entry and how many there are.
type PastKind struct {
	Key   string // "", people, sends, notices, queries, verdicts, notes
	Count int
	Here  bool
}

// PastLine is an entry or, where Entry is nil, silence.
type PastLine struct {
	Entry *Happening
	Gap   Gap
}

// Gap is a stretch without news.
type Gap struct {
	Length time.Duration
	Asked  int       // questions in it
	Next   time.Time // of the gap that still lasts: when the gateway is asked again
}

// Happening is one line of an order's past, with all that its sentence needs.
type Happening struct {
	models.Event
	Kind      string
	Order     OrderBrief
	Was, Is   models.State
	Moved     bool
	Explained string // what the gateway's code or word means
	Asked     *Asked
	Heard     *Heard
	Quote     string // a person's own words
	Evidence  string // the kind of evidence of a proposal
	Why       string // what its proposer takes from the evidence
	Hidden    bool   // a proposal that a second person still has to judge without it
	Raw       []RawText
	Times     int     // how often the same came
	Run       []Asked // further questions of which nothing came
	First     int64   // number of the oldest event that the entry stands for
}

// OrderBrief is what sentences about an order need to know of it.
type OrderBrief struct {
	OrderNo string
	Gateway string // what the account is called
	Zone    *time.Location
	Amount  models.Money
	Maker   string
}

// Asked is one question to the gateway and what it said.
type Asked struct {
	At      time.Time
	By      string // "" for the timetable
	Says    string
	Problem string
	Word    string
	Means   string // the gateway's code or word in ours
	HTTP    int
	Took    time.Duration
}

// Heard is a notice as it came.
type Heard struct {
	ID        int64
	Check     string
	Algorithm string
	Says      string
	Open      bool // the reader may open it
}

// RawText is evidence, masked, under its sentence.
type RawText struct {
	Key    string // of the summary: raw.notice, raw.answer, raw.reply
	Bytes  int
	Digest string
	Head   string // "HTTP 200", headers
	Text   string
}

func (h Happening) verb() string { return h.Event.Verb }

func (h Happening) detail(name string) string { return h.Details[name] }

// badgeBefore and badgeAfter are the state's badges on both sides of the move.
func (h Happening) badgeBefore() models.Badge { return h.Was.Badge(models.Flags{}) }

func (h Happening) badgeAfter() models.Badge {
	return h.Is.Badge(models.Flags{HeldWhy: h.detail("why")})
}

// changed says whether a reader would see a difference.
func (h Happening) changed() bool {
	before, after := h.Was, h.Is
	return h.Moved && before.Stage != "" && (before.Badge(models.Flags{}) != after.Badge(models.Flags{}) ||
		before.Grade != after.Grade || before.Clash != after.Clash || before.ByHand != after.ByHand)
}

// mark is how the entry stands on the axis: people write, notices are letters,
// questions ask, and a move has the shape of where it led.
func (h Happening) mark() (tone, shape string) {
	if h.Moved {
		after := h.badgeAfter()
		tone, shape = after.Tone, after.Shape
	}
	switch {
	case h.verb() == string(models.MoveClash), h.verb() == "double_payment_feared":
		return "red", models.ContradictionBadge.Shape
	case h.verb() == string(models.MoveAskMaker):
		return "blue", "pen"
	case h.Kind == "verdicts" && h.Moved:
		return tone, "pen"
	case h.Kind == "verdicts":
		return "violet", "pen"
	case h.verb() == "quarantined":
		return "amber", "mail"
	case h.Kind == "notices":
		return toneOf(tone), "mail"
	case h.Kind == "queries" && h.verb() != string(models.MoveOverdue):
		return toneOf(tone), "ask"
	case h.Kind == "notes":
		return "grey", "note"
	case !h.Moved:
		return "grey", "pen"
	}
	return tone, shape
}

func toneOf(tone string) string {
	if tone == "" {
		return "grey"
	}
	return tone
}

// change is one thing that an edit changed.
type change struct{ name, before, after string }

// editable are the details of an edit, in the order of the form.
var editable = []string{"amount", "payee", "last4", "rail", "reference", "purpose"}

func (h Happening) changes() (found []change) {
	for _, name := range editable {
		before, was := h.Details[name+"_before"]
		if h.verb() == string(models.MoveEdit) && was {
			found = append(found, change{name, before, h.Details[name]})
		}
	}
	_, number := h.Details["last4_before"]
	_, version := h.Details["payee_version_before"]
	if h.verb() == string(models.MoveEdit) && version && !number {
		found = append(found, change{name: "details"})
	}
	return found
}

// source is where the gateway's word came from: notice, query or reply.
func (h Happening) source() string {
	if source := h.detail("source"); source != "" {
		return source
	}
	return strings.TrimPrefix(h.verb(), "heard_")
}

// asOfHref shows the order as it stood after the entry.
func asOfHref(h Happening) templ.SafeURL {
	return templ.SafeURL(string(PayoutPath(h.Order.OrderNo)) + "/explanation?entry=" + strconv.FormatInt(h.Seq, 10))
}
