package commands_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/commands"
	"countersign/services/servicestest"
)

// said runs a command that has no data of its own.
func said(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if got := commands.Main(args, &out, &out); got != want {
		t.Fatalf("%v ended with %d, want %d:\n%s", args, got, want, out.String())
	}
	return out.String()
}

func TestX14_AnOutsiderReadsWhoApprovedWhatAndWhyItIsCalledPaid(t *testing.T) {
	s := newShell(t)
	town := servicestest.NewIn(t, s.folder)
	p := town.Sent(town.Form("apay.taiwan", 1))
	town.Live(10*time.Minute, 10*time.Second)
	key, elsewhere := strings.Repeat("00", 32), t.TempDir() // the town's sealing key
	file := filepath.Join(elsewhere, "evidence.zip")
	s.says(s.run(0, "evidence", p.OrderNo, "--to", file, "--key", key, "--heads", filepath.Join(elsewhere, "heads")), "A head over it was signed")
	s.says(s.run(1, "evidence", p.OrderNo, "--to", file, "--key", key), "file exists")
	verifier := strings.TrimSpace(s.run(0, "head", "key", "--key", key))
	heads, err := filepath.Glob(filepath.Join(elsewhere, "heads", "*.txt"))
	if err != nil || len(heads) != 1 {
		t.Fatal(heads, err)
	}
	t.Setenv("COUNTERSIGN_KEY", key) // is never taken for the public one
	read := said(t, 0, "evidence", "check", file, "--head", heads[0], "--key", verifier)
	for _, words := range []string{
		"maker made the order on 2026-11-02 01:00:00 UTC: 101.50 TWD to 陳怡君, account ending in 2397, through APAY Taipei.",
		"approver approved the content with digest", "That was the last signature needed", "one request of", "accepted the request",
		"It was called paid from", "and every field in", "As it stands: Paid", "The digest that was approved is the digest of the content in the bundle",
	} {
		s.says(read, words)
	}
	if strings.Contains(read, "[") || strings.Contains(read, "4088748280272397") {
		t.Errorf("words are missing, or a number is shown:\n%s", read)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	altered := filepath.Join(elsewhere, "altered.zip")
	if err := os.WriteFile(altered, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	s.says(said(t, 2, "evidence", "check", altered, "--head", heads[0], "--key", verifier), "This bundle proves nothing. ")
	s.says(said(t, 2, "evidence", "check", file, "--head", heads[0], "--key", "countersign+00000000+AAAA"), "cannot be believed")
}
