package commands

import (
	"context"
	"fmt"
	"io"
	"time"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

type migrate struct{ place }

// Run opens the database, which migrates it.
func (m migrate) Run(out io.Writer) error {
	return m.use(func(*house) error {
		_, err := fmt.Fprintln(out, "The database is up to date.")
		return err
	})
}

type verify struct {
	place
	Head []string `help:"Head that was kept elsewhere: the log has to be its continuation." placeholder:"FILE" type:"existingfile"`
}

// Run checks everything and lists what is wrong.
func (v verify) Run(ctx context.Context, out io.Writer) error {
	return v.usePresent(func(h *house) error {
		began := now()
		report, err := models.Verify(h.core.Store.Read(ctx))
		if err != nil {
			return err
		}
		tellFindings(out, report.Findings)
		fmt.Fprintf(out, "%d events, %d orders, %d findings, head %x, %s\n",
			report.Events, report.Orders, len(report.Findings), report.Head, now().Sub(began).Round(time.Millisecond))
		if err := listLoose(ctx, h, out); err != nil {
			return err
		}
		holds, err := holdAgainst(ctx, h, out, v.Head, "")
		if err != nil {
			return err
		}
		if len(report.Findings) > 0 || !holds {
			return errFound
		}
		return nil
	})
}

// tellFindings says of each finding where it is, what it means, what exactly was
// found, and what to do.
func tellFindings(out io.Writer, findings []models.Finding) {
	ctx := i18n.With(context.Background(), "en", nil, now())
	for _, f := range findings {
		fmt.Fprintf(out, "%s\n  %s.\n  Found: %s\n  Do:    %s\n\n", views.FindingPlace(ctx, f), views.FindingMeans(ctx, f), f, views.FindingAdvice(ctx, f))
	}
	if len(findings) > 0 {
		fmt.Fprint(out, i18n.T(ctx, "verify.found_means"), "\n\n")
	}
}
