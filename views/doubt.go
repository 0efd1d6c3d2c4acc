package views

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// Doubt is why nobody knows whether the money left.
type Doubt struct {
	Reason  models.UnclearReason
	Gateway string
	HTTP    string // status, "" if none came
	Code    string // the gateway's, "" if it gave none
	Took    time.Duration
}

// words say in one sentence what happened; what it means for the money is said
// after it, the same for all of them.
func (d Doubt) words(ctx context.Context) string {
	key := "doubt." + orNone(string(d.Reason))
	if d.Reason == models.ReasonUnmapped && d.Code == "" {
		key = "doubt.unmapped_word"
	}
	return i18n.T(ctx, key, "Gateway", d.Gateway, "HTTP", d.HTTP, "Code", d.Code, "Took", seconds(ctx, d.Took))
}

// doubt is the sentence where a part is asked for.
func doubt(d Doubt) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(d.words(ctx)))
		return err
	})
}

// seconds writes a time that was waited for: 30 seconds.
func seconds(ctx context.Context, d time.Duration) string {
	if d < time.Second {
		return i18n.T(ctx, "doubt.under_a_second")
	}
	return i18n.N(ctx, "doubt.whole_seconds", int(d.Round(time.Second)/time.Second))
}

// FileSize writes how large a file is: 812 B, 212 KB, 1.4 MB.
func FileSize(size int64) string {
	switch {
	case size < 1<<10:
		return strconv.FormatInt(size, 10) + " B"
	case size < 1<<20:
		return strconv.FormatInt((size+1<<9)>>10, 10) + " KB"
	}
	tenths := (size*10 + 1<<19) >> 20
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + " MB"
}
