package views

import (
	"context"
	"fmt"
	"slices"
	"time"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// BundlesPage is where the evidence of a period is taken out.
type BundlesPage struct {
	Shell    Shell
	Form     BundleForm
	Accounts []models.GatewayAccount // that the reader sees
	Running  *BundleView             // under way, by whomever
	Last     *BundleView             // the reader's own last one
	Wrong    string                  // why that one came to nothing
	Errors   Errors
}

// BundleForm is what was asked for, as it was typed.
type BundleForm struct {
	From, To, Account, Currency string
}

// BundleView is one bundle, made or in the making.
type BundleView struct {
	By          string
	Since       time.Time
	From, Until time.Time // first and last day
	Orders, Of  int       // so far
	Bytes       int64
	Ended       time.Time
	Taken       int
	Events      int64
	Files       int
	Size        int64
}

func (v BundleView) far(ctx context.Context) string {
	if v.Of == 0 {
		return i18n.T(ctx, "bundles.begun", "By", v.By, "Since", ClockWords(ctx, v.Since))
	}
	return i18n.N(ctx, "bundles.far", v.Orders, "By", v.By, "Of", i18n.Number(v.Of), "Size", megabytes(v.Bytes))
}

func (v BundleView) title(ctx context.Context) string {
	return i18n.T(ctx, "bundles.done", "From", i18n.FullDay(ctx, v.From), "To", i18n.FullDay(ctx, v.Until))
}

func (v BundleView) made(ctx context.Context) string {
	return i18n.N(ctx, "bundles.made", v.Taken, "Events", i18n.Number(int(v.Events)), "Files", i18n.Number(v.Files), "Size", v.size(), "At", ClockWords(ctx, v.Ended))
}

func (v BundleView) size() string { return megabytes(v.Size) }

// megabytes writes a size as file managers do.
func megabytes(bytes int64) string {
	return fmt.Sprintf("%d.%d MB", bytes/1_000_000, bytes/100_000%10)
}

func (p BundlesPage) accounts(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "bundles.every_account")}}
	for _, a := range p.Accounts {
		options = append(options, ui.Option{Value: idValue(int64(a.ID)), Text: a.Name})
	}
	return options
}

func (p BundlesPage) currencies(ctx context.Context) []ui.Option {
	var all []string
	for _, a := range p.Accounts {
		all = append(all, a.Currency)
	}
	slices.Sort(all)
	options := []ui.Option{{Text: i18n.T(ctx, "bundles.every_currency")}}
	for _, currency := range slices.Compact(all) {
		options = append(options, ui.Option{Value: currency, Text: currency})
	}
	return options
}
