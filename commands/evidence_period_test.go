package commands_test

import (
	"archive/zip"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/services/servicestest"
)

func TestM05_ThePeriodIsTakenOutAndCheckedInAnEmptyFolder(t *testing.T) {
	s := newShell(t)
	town := servicestest.NewIn(t, s.folder)
	p := town.Sent(town.Form("apay.taiwan", 1))
	town.Draft(town.Form("cashy.peru", 2))
	town.Live(10*time.Minute, 10*time.Second)
	key, elsewhere := strings.Repeat("00", 32), t.TempDir() // the town's sealing key
	file, heads := filepath.Join(elsewhere, "november.zip"), filepath.Join(elsewhere, "heads")
	days := []string{"evidence", "period", "--from", "2026-11-01", "--to", "2026-11-30", "--file", file, "--key", key, "--heads", heads}
	s.says(s.run(0, days...), "november.zip: 2 orders, ")
	s.says(s.run(1, days...), "file exists")
	s.says(s.run(1, "evidence", "period", "--from", "2020-01-01", "--to", "2020-01-31", "--file", filepath.Join(elsewhere, "none.zip"), "--key", key), "No order was made in this period")
	if _, err := os.Stat(filepath.Join(elsewhere, "none.zip")); err == nil {
		t.Error("a bundle of nothing was left behind")
	}
	verifier := strings.TrimSpace(s.run(0, "head", "key", "--key", key))
	kept, err := filepath.Glob(filepath.Join(heads, "*.txt"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	t.Setenv("COUNTERSIGN_KEY", key) // is never taken for the public one
	read := said(t, 0, "evidence", "check", file, "--head", kept[0], "--key", verifier, "--order", p.OrderNo)
	for _, words := range []string{
		"2 orders made from 2026-11-01", "- Paid: 1 order, 101.50 TWD.", "maker made the order on 2026-11-02 01:00:00 UTC", "It was called paid from",
		"no order that was made in the period is missing", "1 approval was given by a click",
	} {
		s.says(read, words)
	}
	s.says(said(t, 1, "evidence", "check", file, "--head", kept[0], "--key", verifier, "--order", "NONE"), "holds no order NONE")
	everyLinkLeadsSomewhere(t, file)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	s.says(said(t, 2, "evidence", "check", file, "--head", kept[0], "--key", verifier), "This bundle proves nothing. ")
}

var hrefs = regexp.MustCompile(`(?:href|src)="([^"#]*)`)

// everyLinkLeadsSomewhere opens every page of a bundle: it needs no script, and nothing
// that is not in the bundle.
func everyLinkLeadsSomewhere(t *testing.T, file string) {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	there, pages := map[string]bool{}, map[string]string{}
	for _, f := range archive.File {
		there[f.Name] = true
		if path.Ext(f.Name) == ".html" {
			from, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(from)
			if err != nil {
				t.Fatal(err)
			}
			pages[f.Name] = string(text)
		}
	}
	if len(pages) < 10 {
		t.Errorf("there are %d pages", len(pages))
	}
	for name, text := range pages {
		if strings.Contains(text, "<script") || strings.Contains(text, "style=") || strings.Contains(text, ">[") {
			t.Errorf("%s has a script, a style of its own or a word that no catalogue has", name)
		}
		for _, href := range hrefs.FindAllStringSubmatch(text, -1) {
			if to := path.Join(path.Dir(name), href[1]); href[1] != "" && !there[to] {
				t.Errorf("%s leads to %s, which is not in the bundle", name, to)
			}
		}
	}
}
