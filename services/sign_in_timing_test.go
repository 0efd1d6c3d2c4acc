package services

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/models/modelstest"
	"countersign/services/vault"
)

// middlingHash costs some tens of milliseconds: much more than all the rest of a try, so
// that leaving it out shows whatever else the machine does.
var middlingHash = argon2id.Params{Memory: 16 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// door is a sign-in with some people behind it.
func door(t *testing.T, people ...string) *SignIn {
	t.Helper()
	store, err := modelstest.Open(filepath.Join(t.TempDir(), "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	sealed, err := vault.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	passwords, err := NewPasswords(middlingHash)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC)
	core := &Core{Store: store, Vault: sealed, Now: func() time.Time { return at }}
	hash, err := passwords.hash(t.Context(), "nine umbrellas at noon")
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(t.Context(), func(tx *gorm.DB) error {
		for _, login := range people {
			p := models.Person{Login: login, Name: login, Zone: "UTC", PasswordHash: hash, Active: true, CreatedAt: at, Roles: []models.Role{models.Maker}}
			if err := models.AddPerson(tx, &p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &SignIn{Core: core, Passwords: passwords, Idle: SessionIdle}
}

// ratio is how much longer a wrong password of somebody takes than one of nobody: the
// middles of tries in turn, so that what slows the machine slows both.
func ratio(t *testing.T, s *SignIn, round int) float64 {
	t.Helper()
	var known, unknown []time.Duration
	try := func(login string, i int) time.Duration {
		began := time.Now()
		if _, err := s.Check(t.Context(), login, "a wrong one of some length", fmt.Sprintf("192.0.%d.%d", round, i)); err == nil {
			t.Fatal("let in")
		}
		return time.Since(began)
	}
	for i := range 9 {
		known = append(known, try(fmt.Sprintf("person%d", round), i))
		unknown = append(unknown, try(fmt.Sprintf("nobody%d", round), 100+i))
	}
	slices.Sort(known)
	slices.Sort(unknown)
	return float64(known[4]) / float64(unknown[4])
}

// alike says whether known and unknown logins cannot be told apart by their time, in two
// rounds of three: one alone may be the machine's.
func alike(t *testing.T, s *SignIn) (yes bool, seen []float64) {
	near := 0
	for round := range 3 {
		r := ratio(t, s, round)
		if seen = append(seen, r); r > 0.6 && r < 1.7 {
			near++
		}
	}
	return near >= 2, seen
}

func TestS4_AnUnknownLoginTakesAsLongAsAKnownOne(t *testing.T) {
	yes, seen := alike(t, door(t, "person0", "person1", "person2"))
	if !yes {
		t.Errorf("a known login takes %.2f times as long", seen)
	}
	t.Logf("known to unknown: %.2f", seen)
}

// A door that hashes nothing for logins it does not know is what the test above is for.
func TestS4_ADoorThatSkipsTheHashingIsSeen(t *testing.T) {
	s := door(t, "person0", "person1", "person2")
	quick := argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	var err error
	if s.Passwords.nobody, err = argon2id.CreateHash("nobody", &quick); err != nil {
		t.Fatal(err)
	}
	if yes, seen := alike(t, s); yes {
		t.Errorf("skipping the hashing is not seen: %.2f", seen)
	}
}
