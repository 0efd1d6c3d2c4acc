package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// isRefusal tells a "no" from a fault.
func isRefusal(err error) bool {
	var one models.Refusal
	var several models.Refusals
	return errors.As(err, &one) || errors.As(err, &several) || errors.As(err, &mayNot{})
}

// refusalsIn are the refusals that an error holds, at least one.
func refusalsIn(err error) models.Refusals {
	var several models.Refusals
	if errors.As(err, &several) && len(several) > 0 {
		return several
	}
	var one models.Refusal
	if errors.As(err, &one) {
		return models.Refusals{one}
	}
	return nil
}

// refusalText is the refusal as a sentence; times, spans and roles in it are
// written for the reader.
func refusalText(ctx context.Context, err error) string {
	var sentences []string
	for _, r := range refusalsIn(err) {
		sentences = append(sentences, sentence(ctx, r))
	}
	return strings.Join(sentences, " ")
}

// sentence is one refusal. Where it counts something, number and noun agree.
func sentence(ctx context.Context, r models.Refusal) string {
	args := make([]any, len(r.Args))
	count, counts := 0, false
	for i, arg := range r.Args {
		args[i] = argWords(ctx, arg)
		if i > 0 && r.Args[i-1] == "Count" {
			count, counts = arg.(int)
		}
	}
	if counts {
		return i18n.N(ctx, r.Key, count, args...)
	}
	return i18n.T(ctx, r.Key, args...)
}

func argWords(ctx context.Context, arg any) any {
	switch value := arg.(type) {
	case time.Time:
		zone := i18n.Zone(ctx)
		return i18n.NearDay(ctx, value) + " " + value.In(zone).Format("15:04") + " " + i18n.City(zone)
	case time.Duration:
		return i18n.Span(ctx, value)
	case models.Role:
		return i18n.T(ctx, "role."+string(value))
	case []models.Role:
		return views.RoleWords(ctx, value)
	case models.Bands:
		return views.BandList(ctx, value)
	case []models.Cumulation:
		return views.SumsWords(ctx, value)
	case models.Weekdays:
		return views.WeekdayWords(ctx, value)
	case models.Hours:
		return views.HoursWords(ctx, value)
	case models.Word:
		return i18n.T(ctx, string(value))
	case models.RailList:
		return views.RailWords(ctx, strings.Split(string(value), ","))
	}
	return arg
}

// valueWords write one value of a change for the reader; nothing is called so.
func valueWords(ctx context.Context, value any) string {
	if value == nil {
		return i18n.T(ctx, "change.none")
	}
	if text := fmt.Sprint(argWords(ctx, value)); text != "" {
		return text
	}
	return i18n.T(ctx, "change.none")
}

// formErrors are the sentences for a form that comes back. ok is false where the
// error is not about the form: then it is page's to answer.
// One that lacks a proof alone has nothing wrong in it.
func formErrors(c *gin.Context, err error) (found views.Errors, ok bool) {
	if errors.As(err, &services.ProofNeeded{}) {
		return nil, false
	}
	all := refusalsIn(err)
	for _, r := range all {
		if r.Kind != models.Invalid && r.Field == "" {
			return nil, false
		}
		found = append(found, ui.FieldError{ID: r.Field, Text: refusalText(c.Request.Context(), r)})
	}
	return found, len(all) > 0
}

// refusalsNoted is how many refusals of one person a minute go on record: enough
// to see what was tried, too few to flood the log with.
const refusalsNoted = 10

// limiter allows so many acts of one kind in a span of time.
type limiter struct {
	mu    sync.Mutex
	most  int
	span  time.Duration
	since time.Time
	done  map[int64]int
}

func newLimiter(most int, span time.Duration) *limiter {
	return &limiter{most: most, span: span, done: map[int64]int{}}
}

func (l *limiter) allow(who int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.since) >= l.span || now.Before(l.since) {
		l.since, l.done = now, map[int64]int{}
	}
	l.done[who]++
	return l.done[who] <= l.most
}
