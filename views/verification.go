package views

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// VerificationPage is what the last check of the past found, and how far the one
// under way is.
type VerificationPage struct {
	Shell Shell
	Chain Chain
	Since time.Time // of the check under way; zero if none
	Read  int64     // events it has read
	Last  models.Checked
	Done  bool // there was one
}

func (p VerificationPage) by(ctx context.Context) string {
	if p.Last.ByID == 0 {
		return i18n.T(ctx, "verify.by_itself")
	}
	return p.Last.By
}

func (p VerificationPage) took(ctx context.Context) string {
	if p.Last.TookMS < 1000 {
		return strconv.FormatInt(p.Last.TookMS, 10) + " ms"
	}
	return i18n.Span(ctx, time.Duration(p.Last.TookMS)*time.Millisecond)
}

// FindingMeans says what a finding means for the money and the evidence.
func FindingMeans(ctx context.Context, f models.Finding) string {
	return i18n.T(ctx, "verify.check."+f.Check)
}

// FindingAdvice says what somebody has to do about it.
func FindingAdvice(ctx context.Context, f models.Finding) string {
	return i18n.T(ctx, "verify.do."+f.Check)
}

// FindingPlace is where it was found: an order, an entry of the log, a total.
func FindingPlace(ctx context.Context, f models.Finding) string {
	if _, err := strconv.ParseInt(f.Where, 10, 64); err == nil && (f.Check == "chain" || f.Check == "tree") {
		return i18n.T(ctx, "verify.entry", "Number", f.Where)
	}
	return f.Where
}

// findingPath is the order that a finding names; "" where it names none.
func findingPath(f models.Finding) templ.SafeURL {
	if len(f.Where) != 26 || strings.Trim(f.Where, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return ""
	}
	return PayoutPath(f.Where)
}
