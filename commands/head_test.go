package commands_test

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestI19_AKeptHeadTellsWhetherThePastWasRewritten(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	key := strings.TrimSpace(s.run(0, "head", "key"))
	s.says(s.run(0, "head", "--heads", filepath.Join(s.folder, "kept")), "It left to "+filepath.Join(s.folder, "kept"))
	kept, err := filepath.Glob(filepath.Join(s.folder, "kept", "asked-*.txt"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	s.run(0, "policy", "set", s.file("policy.json", `[{"currency":"TWD","from":"0.01","approvers":2}]`), "--note", "two for everything")
	s.says(s.run(0, "head", "check", kept[0], "--verifier", key), "are those that were signed")
	s.says(s.run(0, "verify", "--head", kept[0]), "are those that were signed")
	s.says(s.run(2, "head", "check", s.file("other.txt", "no head at all")), "cannot be believed")
	s.spoil(filepath.Join(s.folder, "countersign.db"))
	s.says(s.run(2, "head", "check", kept[0]), "The past was rewritten: the head of ")
	s.says(s.run(2, "verify", "--head", kept[0]), "The past was rewritten")
	s.says(s.run(1, "head", "--heads-webhook", "http://heads.example"), "https://")
}
