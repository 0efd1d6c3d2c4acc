package views

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

func entryArgs(h Happening) ui.EntryArgs {
	tone, shape := h.mark()
	return ui.EntryArgs{
		ID: "event-" + strconv.FormatInt(h.First, 10), At: h.At, Gateway: h.Order.Zone, Tone: tone, Shape: shape,
		Filled: h.changed() || h.verb() == "double_payment_feared", Times: h.Times,
	}
}

// means is the second sentence: what it means for the money, and what the
// gateway gave as its reason.
func (h Happening) means(ctx context.Context) templ.Component {
	text := ""
	switch verb := h.verb(); {
	case verb == string(models.MoveDoubt), verb == string(models.MoveCrash), verb == string(models.MoveRestore):
		text = i18n.T(ctx, "doubt.means")
	case verb == string(models.MoveFail) && h.Explained != "":
		text = i18n.T(ctx, "timeline.its_reason", "Reason", h.Explained)
	case verb == "quarantined" && h.Heard != nil && h.Heard.Open:
		return spaced(quarantineLink(h.Heard.ID))
	case h.Times > 1:
		text = i18n.N(ctx, "timeline.same_notice", h.Times)
	case len(h.Run) > 0:
		text = i18n.N(ctx, "timeline.asked_in_all", len(h.Run)+1)
	}
	if text == "" {
		return templ.NopComponent
	}
	return spaced(ui.Text(text))
}

// spaced puts a space before a part, which templ leaves out between two of them.
func spaced(part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, " "); err != nil {
			return err
		}
		return part.Render(ctx, w)
	})
}

// PayoutPath is the page of an order.
func PayoutPath(orderNo string) templ.SafeURL {
	return templ.SafeURL("/payouts/" + url.PathEscape(orderNo))
}

func filePath(orderNo, id string) templ.SafeURL {
	return PayoutPath(orderNo) + templ.SafeURL("/files/"+url.PathEscape(id))
}

// viewPath is where a PDF is looked at instead of saved.
func viewPath(orderNo string, id int64) templ.SafeURL {
	return filePath(orderNo, strconv.FormatInt(id, 10)) + "/view"
}

func pastHref(orderNo, kind string) templ.SafeURL {
	if kind == "" {
		return PayoutPath(orderNo)
	}
	return PayoutPath(orderNo) + templ.SafeURL("?show="+kind)
}

func orAll(kind string) string {
	if kind == "" {
		return "all"
	}
	return kind
}

func current(here bool) templ.Attributes {
	if here {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

// gapWords draws silence: No news for 3 h 12 min. 5 questions asked.
func gapWords(ctx context.Context, g Gap) string {
	text := i18n.T(ctx, "timeline.gap", "Span", i18n.Span(ctx, g.Length))
	if g.Asked > 0 {
		text += " " + i18n.N(ctx, "timeline.gap_asked", g.Asked)
	}
	if !g.Next.IsZero() {
		text += " " + i18n.T(ctx, "timeline.gap_next", "Clock", ClockWords(ctx, g.Next))
	}
	return text
}

// ClockWords is a time of day with its zone, and its day where that is another:
// 14:17 Taipei.
func ClockWords(ctx context.Context, at time.Time) string {
	zone := i18n.Zone(ctx)
	text := at.In(zone).Format("15:04") + " " + i18n.City(zone)
	if i18n.FullDay(ctx, at) == i18n.FullDay(ctx, i18n.Now(ctx)) {
		return text
	}
	return i18n.Day(ctx, at) + " " + text
}

func changeWords(ctx context.Context, c change) string {
	name := i18n.T(ctx, "edited."+c.name)
	if c.before == "" && c.after == "" {
		return name
	}
	return i18n.T(ctx, "edited.change", "Name", name, "Before", orEmpty(ctx, c.before), "After", orEmpty(ctx, c.after))
}

func orEmpty(ctx context.Context, text string) string {
	if text == "" {
		return i18n.T(ctx, "edited.empty")
	}
	return text
}

// AnswerWords is what an answer said, or why it said nothing.
func AnswerWords(ctx context.Context, says, problem string) string {
	if problem != "" && says == "unknown" {
		return problemWords(ctx, problem)
	}
	return i18n.T(ctx, "answer.says."+orNone(says))
}

// askedWords says who asked and what came back.
func askedWords(ctx context.Context, a Asked) string {
	text := AnswerWords(ctx, a.Says, a.Problem)
	if a.By != "" {
		return i18n.T(ctx, "answer.asked_by", "Name", a.By, "Answer", text)
	}
	return text
}

// tookWords is how long an exchange took: 0.4 s.
func tookWords(took time.Duration) string {
	tenths := took.Round(100*time.Millisecond) / (100 * time.Millisecond)
	return fmt.Sprintf("%d.%d s", tenths/10, tenths%10)
}

func rawWords(ctx context.Context, raw RawText) string {
	return i18n.N(ctx, raw.Key, raw.Bytes)
}
