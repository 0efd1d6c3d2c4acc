package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
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

type policy struct {
	Show         policyShow   `cmd:"" help:"Show the policy in force."`
	Set          policySet    `cmd:"" help:"Put a new version of the policy in force."`
	SecondFactor policyFactor `cmd:"" help:"Ask everyone for a second factor, or whoever has one."`
}

type policyShow struct{ place }

// Run prints the bands.
func (p policyShow) Run(ctx context.Context, out io.Writer) error {
	return p.use(func(h *house) error {
		current, err := models.CurrentPolicy(h.core.Store.Read(ctx))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "Version %d, by %s on %s: %s\n", current.Version, current.CreatedBy, current.CreatedAt.Format("2006-01-02 15:04 UTC"), current.Note)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "FROM\tAPPROVERS\t")
		for _, currency := range current.Bands.Currencies() {
			for _, band := range current.Bands.For(currency) {
				fmt.Fprintf(table, "%s\t%d\t\n", band.From(), band.Approvers)
			}
		}
		return table.Flush()
	})
}

type policySet struct {
	place
	File string `arg:"" help:"JSON file: [{\"currency\": \"TWD\", \"from\": \"0.01\", \"approvers\": 1}, …]." type:"existingfile"`
	Note string `help:"Why it changes, for the history." required:""`
}

// Run reads the bands and adds a version.
func (p policySet) Run(ctx context.Context, out io.Writer) error {
	bands, err := readBands(p.File)
	if err != nil {
		return err
	}
	return p.use(func(h *house) error {
		set, err := h.policy.Set(ctx, operator(), bands, p.Note)
		if err == nil {
			fmt.Fprintf(out, "Version %d holds for everything that is submitted from now on.\n", set.Version)
		}
		return err
	})
}

func readBands(path string) (models.Bands, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Currency  string `json:"currency"`
		From      string `json:"from"`
		Approvers int    `json:"approvers"`
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("policy file: %w", err)
	}
	var bands models.Bands
	for _, row := range rows {
		from, err := models.ParseMoney(row.From, row.Currency)
		if err != nil {
			return nil, fmt.Errorf("policy file: from %q %s: %w", row.From, row.Currency, err)
		}
		bands = append(bands, models.Band{Currency: row.Currency, FromMinor: from.Minor, Approvers: row.Approvers})
	}
	return bands, nil
}
