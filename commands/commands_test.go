package commands_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"countersign/commands"
	"countersign/models"
)

// shell runs commands over one data folder.
type shell struct {
	t      *testing.T
	folder string
}

func newShell(t *testing.T) shell { return shell{t, t.TempDir()} }

// run runs one command and wants the exit code; it gives back what was said.
func (s shell) run(want int, args ...string) string {
	s.t.Helper()
	var said bytes.Buffer
	if got := commands.Main(append(args, "--data", s.folder), &said, &said); got != want {
		s.t.Fatalf("%v ended with %d, want %d:\n%s", args, got, want, said.String())
	}
	return said.String()
}

// file writes a file into the folder.
func (s shell) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func (s shell) says(said, words string) {
	s.t.Helper()
	if !strings.Contains(said, words) {
		s.t.Errorf("it did not say %q:\n%s", words, said)
	}
}

const password = "violet-otters-sign-nine-ledgers"

func TestAnInstallationIsSetUpFromTheShell(t *testing.T) {
	s := newShell(t)
	said := s.run(0, "user", "add", "lin@example.com", "--name", "Lin Yu-ting", "--roles", "approver,people_admin", "--zone", "Asia/Taipei",
		"--password-file", s.file("password", password+"\n"))
	s.says(said, "Lin Yu-ting can sign in as lin@example.com.")
	said = s.run(0, "account", "add", "APAY Taipei", "--family", "apay", "--base-url", "https://gateway.example", "--merchant-id", "PF00312",
		"--keys-file", s.file("keys.json", `{"key":"a-secret-key-of-ours","authorization":"a-token-of-ours"}`), "--rails", "apay.taiwan", "--zone", "Asia/Taipei")
	s.says(said, "APAY Taipei is connected")
	if strings.Contains(said, "secret-key") {
		t.Error("the key was shown")
	}
	s.says(s.run(0, "account", "list"), "https://gateway.example")
	s.says(s.run(0, "user", "list"), "approver, people_admin")
	s.says(s.run(0, "user", "roles", "lin@example.com", "controller", "--reason", "the first controller"), "is controller from now on")
	s.says(s.run(0, "user", "list"), "controller")
	s.says(s.run(0, "policy", "show"), "500,000.00 TWD")
	s.says(s.run(0, "policy", "second-factor", "everyone"), "Everyone needs a second factor")
	s.says(s.run(0, "policy", "second-factor", "owners"), "nobody has to have one")
	s.run(1, "policy", "second-factor", "perhaps")
	s.says(s.run(0, "verify"), "0 findings")
}

func TestRefusalsAreSentencesAndStoreNothing(t *testing.T) {
	s := newShell(t)
	said := s.run(1, "user", "add", "x", "--name", "y", "--roles", "boss", "--password-file", s.file("password", "short\n"))
	for _, words := range []string{"There is no such role", "The password needs at least 15 letters", "The name needs"} {
		s.says(said, words)
	}
	keys := s.file("keys.json", `{"key":"k","authorization":"a"}`)
	said = s.run(1, "account", "add", "A", "--family", "apay", "--base-url", "http://127.0.0.1:8090", "--merchant-id", "PF1", "--keys-file", keys,
		"--rails", "apay.taiwan", "--zone", "Asia/Taipei")
	s.says(said, "https")
	if strings.Contains(s.run(0, "account", "list"), "8090") || strings.Contains(s.run(0, "user", "list"), "boss") {
		t.Error("something was stored")
	}
}

func TestThePolicyIsChangedByFile(t *testing.T) {
	s := newShell(t)
	s.run(0, "policy", "set", s.file("policy.json", `[{"currency":"TWD","from":"0.01","approvers":2}]`), "--note", "two for everything")
	s.says(s.run(0, "policy", "show"), "Version 2")
	said := s.run(1, "policy", "set", s.file("gap.json", `[{"currency":"TWD","from":"100","approvers":2}]`), "--note", "a gap below 100")
	if said == "" || strings.Contains(s.run(0, "policy", "show"), "Version 3") {
		t.Errorf("a policy with a gap was taken: %s", said)
	}
}

func TestI19_VerifyEndsWithTwoWhenThePastWasEdited(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	s.says(s.run(0, "policy", "show"), "Version 1")
	db, err := sql.Open("sqlite3", filepath.Join(s.folder, "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DROP TRIGGER events_keep; UPDATE events SET actor = 'somebody else' WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	out := s.run(2, "verify")
	s.says(out, "chain: 1")
	s.says(out, "Entry 1\n  The log was edited, or part of it is missing.")
	s.says(out, "Do:    Stop all sending")
}

func TestAFileOfANewerVersionIsRefused(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	db, err := sql.Open("sqlite3", filepath.Join(s.folder, "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	s.says(s.run(1, "user", "list"), "made by a newer Countersign")
}

func TestABackupIsACompleteCopyForItsOwnerAlone(t *testing.T) {
	s := newShell(t)
	s.run(0, "policy", "show")
	to := filepath.Join(t.TempDir(), "copy.db")
	s.says(s.run(0, "backup", to), "0 findings")
	info, err := os.Stat(to)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	s.says(s.run(1, "backup", to), "already exists")
}

func TestABackupIsTriedOnACopyOfIt(t *testing.T) {
	s := newShell(t)
	s.run(0, "policy", "show")
	to := filepath.Join(t.TempDir(), "copy.db")
	s.run(0, "backup", to)
	before, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	s.says(s.run(0, "restore-check", to), "0 findings")
	if after, err := os.ReadFile(to); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the backup was changed: %v", err)
	}
	s.says(s.run(1, "restore-check", filepath.Join(s.folder, "countersign.db")), "the database itself")
	s.says(s.run(1, "restore-check", s.file("torn.db", "this is no database")), "restore check")
	s.spoil(to)
	s.says(s.run(2, "restore-check", to), "chain: 1")
}

// I27: a send that the journal knows and no order here stands for is listed.
func TestI27_VerifyListsSendsOfOrdersThatAreNotHere(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	store, err := models.Open(filepath.Join(s.folder, "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(t.Context(), func(tx *gorm.DB) error {
		_, err := models.AddRestoredSend(tx, &models.RestoredSend{OrderNo: "01K9ZZZZZZZZZZZZZZZZZZZZZZ", RequestDigest: []byte{1}, ContentDigest: []byte{2}, AccountSlug: "lima", SentAt: time.UnixMilli(1), FoundAt: time.UnixMilli(3)})
		return err
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	s.says(s.run(0, "verify"), "order 01K9ZZZZZZZZZZZZZZZZZZZZZZ through lima on 1970-01-01 00:00:00 UTC is not in this database")
}

// spoil changes the past in a database file.
func (s shell) spoil(path string) {
	s.t.Helper()
	s.exec(path, "DROP TRIGGER events_keep; UPDATE events SET actor = 'other' WHERE seq = 1")
}

func (s shell) exec(path, statement string) {
	s.t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		s.t.Fatal(err)
	}
}

func TestTheKeyFileMayNotBeReadByOthers(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	if err := os.Chmod(filepath.Join(s.folder, "countersign.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.says(s.run(1, "migrate"), "may be read by others")
}

func TestTheDemonstrationListensOnLoopbackAlone(t *testing.T) {
	s := newShell(t)
	s.says(s.run(1, "demo", "--addr", "0.0.0.0:0"), "loopback only")
}
