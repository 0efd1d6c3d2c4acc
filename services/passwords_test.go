package services

import (
	"strings"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"
)

func TestS2_PasswordsAreLongAndNotTheOnesTriedFirst(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"nine umbrellas at noon":             "",
		"ninE umbrellas at n00n":             "",
		"落霞與孤鶩齊飛秋水共長天一色":                     "password.short", // 14 letters
		"落霞與孤鶩齊飛，秋水共長天一色":                    "",
		"short password":                     "password.short",
		strings.Repeat("long and dull ", 19): "password.long",
		"aaaaaaaaaaaaaaaaaaaa":               "password.common",
		"abcabcabcabcabcabc":                 "password.common",
		"passwordpassword1234":               "password.common",
		"Password-Password-2026":             "password.common",
		"countersign countersign":            "password.common",
		"linyuting linyuting":                "password.common",
		"Lin.Yuting-Password1":               "password.common",
		"qwertyuiopasdfghjkl":                "password.common",
		"1234567890123456":                   "password.common",
		"correct horse battery staple":       "password.common",
		"%$§!/&?=+*#~<>|^@":                  "",
		"!!!!!!!!!!!!!!!!!!!!":               "password.common",
		"--password--password--":             "password.common",
	} {
		got := ""
		if err := checkPassword(password, "lin.yuting", "Lin Yuting"); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

// Of the passwords that are used most none is taken (ASVS 6.2.4).
func TestS2_NoneOfThePasswordsThatManyUseIsTaken(t *testing.T) {
	t.Parallel()
	all := strings.Fields(usedList)
	if len(all) != 41 {
		t.Errorf("the list holds %d", len(all))
	}
	for _, password := range all {
		for _, way := range []string{password, strings.ToUpper(password), password[:5] + "-" + password[5:] + "!"} {
			if checkPassword(way, "lin.yuting", "Lin Yuting") == nil {
				t.Errorf("%q is taken", way)
			}
		}
	}
}

func TestHashingIsBoundedAndStillRight(t *testing.T) {
	t.Parallel()
	passwords, err := NewPasswords(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := passwords.hash(t.Context(), "nine umbrellas at noon")
	if err != nil || strings.Contains(hash, "umbrellas") {
		t.Fatalf("hash %q, %v", hash, err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if fits, err := passwords.fits(t.Context(), "nine umbrellas at noon", hash); !fits || err != nil {
				t.Errorf("fits %v, %v", fits, err)
			}
			if fits, err := passwords.fits(t.Context(), "nine umbrellas at noon", ""); fits || err != nil {
				t.Errorf("nobody's hash fits: %v, %v", fits, err)
			}
		})
	}
	all.Wait()
	if cap(passwords.running) > hashesAtOnce {
		t.Errorf("%d at once", cap(passwords.running))
	}
}
