package commands_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func keyFiles(t *testing.T, s shell) (key, next, old string) {
	t.Helper()
	key = filepath.Join(s.folder, "countersign.key")
	kept, err := filepath.Glob(key + ".until-*")
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	return key, key + ".next", kept[0]
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// A crash between the write and the change of places leaves the new key beside the old
// one: the next start puts it in its place. One before the write leaves the old whole.
func TestR3_TheKeyIsRotatedWhereverItIsCutOff(t *testing.T) {
	s := newShell(t)
	s.run(0, "account", "add", "Lima", "--family", "cashy", "--base-url", "http://127.0.0.1:9", "--allow-loopback", "--merchant-id", "1",
		"--keys-file", s.file("keys.json", `{"key":"secret of lima"}`), "--rails", "cashy.peru", "--zone", "America/Lima")
	s.run(0, "head")
	said := s.run(0, "key", "rotate")
	s.says(said, "1 secrets and 0 payees")
	s.says(said, "0 findings")
	key, next, old := keyFiles(t, s)
	s.says(s.run(0, "verify"), "0 findings")
	s.run(0, "head")

	fresh, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	move(t, key, next) // as if it had ended after the write
	move(t, old, key)
	s.says(s.run(0, "verify"), "0 findings")
	if put, err := os.ReadFile(key); err != nil || string(put) != string(fresh) {
		t.Errorf("the new key is not in its place: %v", err)
	}
	if _, err := os.Stat(next); err == nil {
		t.Error("it is still waiting")
	}

	if err := os.WriteFile(next, []byte(strings.Repeat("ab", 32)), 0o600); err != nil { // as if it had ended before
		t.Fatal(err)
	}
	s.says(s.run(0, "verify"), "0 findings")
	if put, err := os.ReadFile(key); err != nil || string(put) != string(fresh) {
		t.Errorf("a key that nothing was sealed with took the place: %v", err)
	}
}

func TestR3_AKeyThatIsNoFileIsRotatedIntoOne(t *testing.T) {
	s := newShell(t)
	given := strings.Repeat("cd", 32)
	s.run(0, "head", "--key", given)
	s.says(s.run(1, "key", "rotate", "--key", given), "--new-key-file")
	to := filepath.Join(s.folder, "new.key")
	s.says(s.run(0, "key", "rotate", "--key", given, "--new-key-file", to), "COUNTERSIGN_KEY from now on")
	fresh, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	s.says(s.run(1, "verify", "--key", given), "not the one")
	s.says(s.run(0, "verify", "--key", strings.TrimSpace(string(fresh))), "0 findings")
}
