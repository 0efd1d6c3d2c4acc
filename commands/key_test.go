package commands_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestADatabaseIsNotOpenedWithoutItsOwnKey(t *testing.T) {
	s := newShell(t)
	s.run(0, "user", "list")
	keyFile := filepath.Join(s.folder, "countersign.key")
	key, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	s.says(s.run(1, "user", "list"), "but not its sealing key")
	if _, err := os.Stat(keyFile); err == nil {
		t.Error("another key was made for a database that has one")
	}
	s.says(s.run(1, "user", "list", "--key", strings.Repeat("ab", 32)), "not the one that this database was sealed with")
	if err := os.WriteFile(keyFile, key, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(keyFile, 0o640); err != nil {
		t.Fatal(err)
	}
	s.says(s.run(1, "user", "list"), "may be read by others")
	if err := os.Chmod(keyFile, 0o600); err != nil {
		t.Fatal(err)
	}
	s.run(0, "user", "list")
}
