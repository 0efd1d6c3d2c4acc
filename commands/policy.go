package commands

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

type policy struct {
	Show         policyShow   `cmd:"" help:"Show the policy in force."`
	Set          policySet    `cmd:"" help:"Put a new version of the policy in force."`
	SecondFactor policyFactor `cmd:"" help:"Ask everyone for a second factor, or whoever has one."`
}

type policyShow struct {
	place
	File bool `help:"As a file that policy set takes."`
}

// Run prints the bands and the rules.
func (p policyShow) Run(ctx context.Context, out io.Writer) error {
	return p.use(func(h *house) error {
		current, err := models.CurrentPolicy(h.core.Store.Read(ctx))
		if err != nil {
			return err
		}
		if p.File {
			written := json.NewEncoder(out)
			written.SetIndent("", "  ")
			return written.Encode(fileOf(current))
		}
		return showPolicy(out, current)
	})
}

func showPolicy(out io.Writer, p models.Policy) error {
	fmt.Fprintf(out, "Version %d, by %s on %s: %s\n", p.Version, p.CreatedBy, p.CreatedAt.Format("2006-01-02 15:04 UTC"), p.Note)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FROM\tNEEDS")
	for _, currency := range p.Bands.Currencies() {
		for _, band := range p.Bands.For(currency) {
			fmt.Fprintf(table, "%s\t%s\n", band.From(), band.Need)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	ctx := i18n.With(context.Background(), "en", nil, now())
	for _, line := range views.RuleWords(ctx, p.Rules, nil) {
		fmt.Fprintln(out, line)
	}
	return nil
}

type policySet struct {
	place
	File string `arg:"" help:"JSON file: [{\"currency\": \"TWD\", \"from\": \"0.01\", \"need\": \"1 approver + 1 controller or 3 anyone\"}, …], or with rules what policy show --file prints." type:"existingfile"`
	Note string `help:"Why it changes, for the history." required:""`
}

// Run reads the file and adds a version.
func (p policySet) Run(ctx context.Context, out io.Writer) error {
	read, err := readPolicy(p.File)
	if err != nil {
		return err
	}
	return p.use(func(h *house) error {
		set, err := h.policy.Set(ctx, operator(), read, p.Note)
		if err == nil {
			fmt.Fprintf(out, "Version %d holds for everything that is submitted from now on.\n", set.Version)
		}
		return err
	})
}

// policyFile is a policy as a file holds it, sums as people write them.
type policyFile struct {
	Bands      []bandLine          `json:"bands"`
	Sums       []models.Cumulation `json:"sums,omitempty"`
	Hours      models.Hours        `json:"hours,omitzero"`
	Conditions []models.Condition  `json:"conditions,omitempty"`
}

type bandLine struct {
	Currency  string      `json:"currency"`
	From      string      `json:"from"`
	Need      models.Need `json:"need,omitempty"`
	Approvers int         `json:"approvers,omitempty"` // so many people, whatever their role
}

func fileOf(p models.Policy) (f policyFile) {
	f = policyFile{Sums: p.Rules.Sums, Hours: p.Rules.Hours, Conditions: p.Rules.Conditions}
	for _, currency := range p.Bands.Currencies() {
		for _, band := range p.Bands.For(currency) {
			f.Bands = append(f.Bands, bandLine{Currency: currency, From: band.From().Decimal(), Need: band.Need})
		}
	}
	return f
}

// readPolicy reads bands alone, or a whole policy. A name that it does not know is
// refused: what was meant by it would not be asked of anybody.
func readPolicy(path string) (p models.Policy, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	var f policyFile
	var into any = &f
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		into = &f.Bands
	}
	reader := json.NewDecoder(bytes.NewReader(text))
	reader.DisallowUnknownFields()
	if err := reader.Decode(into); err != nil {
		return p, fmt.Errorf("policy file: %w", err)
	}
	p.Rules = models.Rules{Sums: f.Sums, Hours: f.Hours, Conditions: f.Conditions}
	for _, line := range f.Bands {
		band, err := line.band()
		if err != nil {
			return p, err
		}
		p.Bands = append(p.Bands, band)
	}
	return p, nil
}

func (l bandLine) band() (models.Band, error) {
	from, err := models.ParseMoney(l.From, l.Currency)
	if err != nil {
		return models.Band{}, fmt.Errorf("policy file: from %q %s: %w", l.From, l.Currency, err)
	}
	band := models.Band{Currency: l.Currency, FromMinor: from.Minor, Need: l.Need}
	if len(l.Need) == 0 && l.Approvers > 0 {
		band.Need = models.Anybody(l.Approvers)
	}
	return band, nil
}
