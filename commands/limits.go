package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"countersign/models"
)

type limits struct {
	Show limitsShow `cmd:"" help:"Show the limits in force, and what is used of them today."`
	Set  limitsSet  `cmd:"" help:"Put a new version of the limits in force, at once and without a second person."`
}

type limitsShow struct{ place }

// Run prints the limits.
func (l limitsShow) Run(ctx context.Context, out io.Writer) error {
	return l.use(func(h *house) error {
		db := h.core.Store.Read(ctx)
		v, err := models.CurrentLimits(db)
		if err != nil {
			return err
		}
		if v.Version == 0 {
			_, err := fmt.Fprintln(out, "No limits are set: whatever is signed leaves.")
			return err
		}
		day, err := v.Content.RoomDay(db, h.core.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "Version %d, by %s on %s: %s\nBusiness day %s in %s\n", v.Version, v.CreatedBy, v.CreatedAt.Format("2006-01-02 15:04 UTC"), v.Note, day, v.Content.Zone)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "SCOPE\tLIMIT TODAY\tMOST USED\t")
		for _, limit := range v.Content.Sorted().Limits {
			uses, err := models.UsesOn(db, day, limit.Currency, limit.Scope, 1)
			if err != nil {
				return err
			}
			used := models.Money{Currency: limit.Currency}
			for _, use := range uses {
				used.Minor = use.SumMinor
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t\n", limit.Scope, limit.On(day), used)
		}
		for _, w := range v.Content.Sorted().Windows {
			fmt.Fprintf(out, "From %s a payout can be stopped for %d minutes before it leaves.\n", models.Money{Minor: w.Minor, Currency: w.Currency}, w.Minutes)
		}
		return table.Flush()
	})
}

type limitsSet struct {
	place
	File string `arg:"" help:"JSON file: {\"zone\": \"Asia/Taipei\", \"limits\": [{\"scope\": \"day\", \"currency\": \"TWD\", \"sum\": \"5000000.00\", \"raised\": \"8000000.00\", \"until\": \"2026-11-30\"}, …], \"windows\": [{\"currency\": \"TWD\", \"from\": \"500000.00\", \"minutes\": 15}]}. Scopes: order, day, maker, payee, gateway." type:"existingfile"`
	Note string `help:"Why they change, for the history." required:""`
}

// Run reads the limits and adds a version.
func (l limitsSet) Run(ctx context.Context, out io.Writer) error {
	read, err := readLimits(l.File)
	if err != nil {
		return err
	}
	return l.use(func(h *house) error {
		set, err := h.limits.Set(ctx, operator(), read, l.Note)
		if err == nil {
			fmt.Fprintf(out, "Version %d holds for everything that is released from now on.\n", set.Version)
		}
		return err
	})
}

func readLimits(path string) (l models.Limits, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return l, err
	}
	var file struct {
		Zone   string `json:"zone"`
		Limits []struct {
			Scope    models.LimitScope `json:"scope"`
			Currency string            `json:"currency"`
			Sum      string            `json:"sum"`
			Raised   string            `json:"raised"`
			Until    string            `json:"until"`
		} `json:"limits"`
		ExpireDays int `json:"expire_days"`
		Windows    []struct {
			Currency string `json:"currency"`
			From     string `json:"from"`
			Minutes  int    `json:"minutes"`
		} `json:"windows"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return l, fmt.Errorf("limits file: %w", err)
	}
	l.Zone, l.ExpireDays = file.Zone, file.ExpireDays
	for _, row := range file.Windows {
		from, err := models.ParseLimit(row.From, row.Currency)
		if err != nil {
			return l, fmt.Errorf("limits file: from %q %s: %w", row.From, row.Currency, err)
		}
		l.Windows = append(l.Windows, models.Window{Currency: row.Currency, Minor: from.Minor, Minutes: row.Minutes})
	}
	for _, row := range file.Limits {
		limit := models.Limit{Scope: row.Scope, Currency: row.Currency, Until: row.Until}
		sum, err := models.ParseLimit(row.Sum, row.Currency)
		if err != nil {
			return l, fmt.Errorf("limits file: sum %q %s: %w", row.Sum, row.Currency, err)
		}
		if limit.Minor = sum.Minor; row.Raised != "" {
			if sum, err = models.ParseLimit(row.Raised, row.Currency); err != nil {
				return l, fmt.Errorf("limits file: raised %q %s: %w", row.Raised, row.Currency, err)
			}
			limit.Raised = sum.Minor
		}
		l.Limits = append(l.Limits, limit)
	}
	return l, nil
}
