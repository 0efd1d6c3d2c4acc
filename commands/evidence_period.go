package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
	"countersign/views"
	"countersign/views/i18n"
)

// drawPeriod makes the pages of the bundle of a period.
var drawPeriod = services.DrawPeriod{Order: views.DrawPeriodOrder, Rest: views.DrawPeriodRest}

type evidencePeriod struct {
	place
	From     string   `help:"First day of the period." required:"" placeholder:"YYYY-MM-DD" env:"-"`
	Until    string   `name:"to" help:"Last day of the period." required:"" placeholder:"YYYY-MM-DD" env:"-"`
	Zone     string   `help:"In which the days are counted." default:"UTC" env:"-"`
	Account  []string `help:"Only orders through this gateway account; may be given again." placeholder:"NAME" env:"-"`
	Currency []string `help:"Only orders in this currency; may be given again." placeholder:"CODE" env:"-"`
	File     string   `help:"File to write; by default evidence-FROM-TO.zip here. It must not exist yet." placeholder:"FILE" type:"path" env:"-"`
}

// Run writes the bundle, and says how far it is.
func (c evidencePeriod) Run(ctx context.Context, out io.Writer) error {
	return c.use(func(h *house) error {
		wish, err := c.wish(h)
		if err != nil {
			return err
		}
		name := cmp.Or(c.File, "evidence-"+c.From+"-"+c.Until+".zip")
		file, err := newFile(name)
		if err != nil {
			return err
		}
		taken, err := h.evidence.TakePeriod(i18n.With(ctx, "en", wish.Zone, now()), operator(), wish, drawPeriod, file, progressOn(os.Stderr))
		if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
			return errors.Join(err, os.Remove(name)) // a part of it proves nothing
		}
		fmt.Fprintf(out, "%s: %d orders, %d events of the log, %d files, %s. A head over it was signed and leaves with the others; keep that and the public key (countersign head key) apart.\n",
			name, taken.Orders, taken.Events, taken.Files, megabytes(taken.Bytes))
		return nil
	})
}

// wish reads what was asked for.
func (c evidencePeriod) wish(h *house) (w services.PeriodWish, err error) {
	if w.Zone, err = time.LoadLocation(c.Zone); err != nil {
		return w, err
	}
	if w.From, err = time.ParseInLocation(time.DateOnly, c.From, w.Zone); err != nil {
		return w, err
	}
	last, err := time.ParseInLocation(time.DateOnly, c.Until, w.Zone)
	if err != nil {
		return w, err
	}
	w.Until, w.Scope.Currencies = last.AddDate(0, 0, 1), c.Currency
	accounts, err := models.Accounts(h.core.Store.Read(context.Background()))
	for _, name := range c.Account {
		at := slices.IndexFunc(accounts, func(a models.GatewayAccount) bool { return a.Name == name })
		if at < 0 {
			return w, errors.Join(err, fmt.Errorf("there is no gateway account %q", name))
		}
		w.Scope.Accounts = append(w.Scope.Accounts, accounts[at].ID)
	}
	return w, err
}

// progressOn tells every hundredth order.
func progressOn(out io.Writer) func(services.PeriodProgress) {
	return func(p services.PeriodProgress) {
		if p.Orders%100 == 0 || p.Orders == p.Of {
			fmt.Fprintf(out, "%d of %d orders, %s\n", p.Orders, p.Of, megabytes(p.Bytes))
		}
	}
}

func megabytes(bytes int64) string {
	return fmt.Sprintf("%d.%d MB", bytes/1_000_000, bytes/100_000%10)
}

// checkPeriod says what the bundle of a period shows.
func (c evidenceCheck) checkPeriod(out io.Writer, head []byte) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return err
	}
	var asked *bundle.Found
	found, err := bundle.CheckPeriod(file, about.Size(), head, c.Key, func(f bundle.Found) {
		if f.Dossier.OrderNo == c.Order {
			asked = &f
		}
	})
	if err != nil {
		return err
	}
	if c.Order != "" && asked == nil {
		return fmt.Errorf("the bundle is sound, and holds no order %s", c.Order)
	}
	if asked != nil {
		tellOrder(out, *asked)
		for _, line := range asked.Proofs() {
			fmt.Fprintln(out, "-", line)
		}
		fmt.Fprintf(out, "\nIts page and its files: %sindex.html in the archive\n\n", bundle.OrderFolder(c.Order))
	}
	tellPeriod(out, found)
	return nil
}

// tellPeriod says which orders there are, and what holds of all of them.
func tellPeriod(out io.Writer, found bundle.FoundPeriod) {
	ctx := i18n.With(context.Background(), "en", nil, now())
	d := found.Period
	fmt.Fprintf(out, "%d orders made from %s on and before %s (days counted in %s), as they stood at %s\n\n",
		len(found.Orders), d.From.Format(time.RFC3339), d.Until.Format(time.RFC3339), d.Zone, d.Span.LastAt.Format(time.RFC3339))
	for _, line := range views.StateSums(ctx, found.Orders) {
		fmt.Fprintln(out, "-", line)
	}
	if filter := strings.Join(append(slices.Clone(d.Accounts), d.Currencies...), ", "); filter != "" {
		fmt.Fprintf(out, "\nOnly orders through or in %s are in it.\n", filter)
	}
	fmt.Fprintln(out, "\nWhat holds:")
	for _, line := range found.Held() {
		fmt.Fprintln(out, "-", line)
	}
}
