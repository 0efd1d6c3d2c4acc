package commands_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"countersign/services/journal"
)

func TestAMistypedFolderIsNoNewInstallation(t *testing.T) {
	s := newShell(t)
	to := filepath.Join(t.TempDir(), "copy.db")
	s.says(s.run(1, "backup", to), "there is no database")
	s.says(s.run(1, "verify"), "there is no database")
	if made, err := os.ReadDir(s.folder); err != nil || len(made) > 0 {
		t.Errorf("the folder now has %v, %v", made, err)
	}
}

// Whatever has the name that was asked for was verified, and is no half of a backup.
func TestABackupThatWasCutOffGivesWayToTheNext(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	folder := t.TempDir()
	to := filepath.Join(folder, "copy.db")
	for _, left := range []string{".partial", ".partial-journal", ".partial-wal"} {
		if err := os.WriteFile(to+left, []byte("half of it"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.says(s.run(0, "backup", to), "0 findings")
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 || left[0].Name() != "copy.db" {
		t.Errorf("the folder has %v, %v", left, err)
	}
}

// A backup whose key is lost is worth nothing, and the drill is where to find out.
func TestARestoreCheckNeedsTheSealingKey(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	to := filepath.Join(t.TempDir(), "copy.db")
	s.run(0, "backup", to)
	s.says(s.run(1, "restore-check", to, "--key", strings.Repeat("ab", 32)), "not the one that this database was sealed with")
	elsewhere := newShell(t)
	s.says(elsewhere.run(1, "restore-check", to), "there is no sealing key")
	said := elsewhere.run(0, "restore-check", to, "--key-file", filepath.Join(s.folder, "countersign.key"))
	s.says(said, "0 findings")
	s.says(said, "There is no database in "+elsewhere.folder)
	if made, err := os.ReadDir(elsewhere.folder); err != nil || len(made) > 0 {
		t.Errorf("the folder now has %v, %v", made, err)
	}
}

// I27: the drill says what a start on the backup would find.
func TestI27_ARestoreCheckSaysWhatHasLeftSince(t *testing.T) {
	s := newShell(t)
	s.run(0, "migrate")
	to := filepath.Join(t.TempDir(), "copy.db")
	s.run(0, "backup", to)
	s.says(s.run(0, "restore-check", to), "Sends since then: none.")
	sends, err := journal.Open(filepath.Join(s.folder, "countersign.sent"))
	if err != nil {
		t.Fatal(err)
	}
	err = sends.Keep(journal.Line{Kind: journal.Sent, Seq: 900, Hash: "0123456789abcdef", At: time.Unix(1_795_000_000, 0), OrderNo: "A1", RequestDigest: []byte{1}, ContentDigest: []byte{2}})
	if err != nil || sends.Close() != nil {
		t.Fatal(err)
	}
	s.says(s.run(0, "restore-check", to), "Sends since then: 1. A start on it stops all sending")
}
