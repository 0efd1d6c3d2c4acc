package views

import (
	"context"
	"iter"
	"maps"
	"strconv"

	"github.com/a-h/templ"

	"countersign/models"
)

// SamplePage draws a sample of what a filter leaves of the log.
type SamplePage struct {
	Shell  Shell
	Sample models.Sample
	Drawn  models.Drawn
	Acts   []Act
	Done   bool
	Errors Errors
}

// SamplePath is the address of a sample: whoever opens it sees the same one.
func SamplePath(path string, s models.Sample) templ.SafeURL {
	values := s.Filter.Values()
	if s.Size > 0 {
		values.Set("size", strconv.Itoa(s.Size))
	}
	if s.Seed != "" {
		values.Set("seed", s.Seed)
	}
	if s.UpTo > 0 {
		values.Set("up_to", strconv.FormatInt(s.UpTo, 10))
	}
	return listPath(path, values)
}

// sampleFrom leads to the form for a sample of what the page shows.
func (p AuditPage) sampleFrom() templ.SafeURL {
	return SamplePath("/audit/sample", models.Sample{Filter: p.Filter})
}

func (p SamplePage) filterWords(ctx context.Context) []string {
	return AuditPage{Filter: p.Sample.Filter}.FilterWords(ctx)
}

func keysOf(f models.EventFilter) iter.Seq[string] { return maps.Keys(f.Values()) }
