package services_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
	"countersign/services/vault"
)

// lockedTown has something under every seal; the codes are the approver's.
func lockedTown(t *testing.T) (town *servicestest.Town, paid models.Payout, secret string, recovery []string) {
	t.Helper()
	town = servicestest.New(t)
	town.Must(town.Core.CheckKey(t.Context()))
	paid = town.Sent(town.Form("apay.taiwan", 1))
	town.Live(10*time.Minute, 10*time.Second)
	town.Sent(town.Form("cashy.peru", 2))
	_, err := town.Heads.Sign(t.Context(), "asked")
	town.Must(err)
	factors := &services.Factors{Core: town.Core}
	by := town.Approver.As(models.VerbSignIn)
	session := models.Session{Digest: []byte("digest"), PersonID: town.Approver.ID, CreatedAt: town.Now(), SeenAt: town.Now(), Data: []byte{}}
	signedIn := func(tx *gorm.DB) error { return models.OpenSession(tx, &session) }
	town.Must(town.Store.Write(t.Context(), signedIn))
	key, offer, err := factors.OfferCodes(town.Approver)
	town.Must(err)
	code, err := totp.GenerateCode(key.Secret(), town.Now())
	town.Must(err)
	town.Must(factors.AddCodes(t.Context(), by, session, services.NewCodes{Sealed: offer, Code: code, TypedAt: town.Now()}, servicestest.Click(town.Core, town.Approver)))
	town.Must(town.Store.Write(t.Context(), signedIn)) // a new factor has signed everybody out
	recovery, err = factors.MakeRecoveryCodes(t.Context(), by, session, services.Signed{})
	town.Must(err)
	town.Sound()
	return town, paid, key.Secret(), recovery
}

func otherVault(t *testing.T, letter string) *vault.Vault {
	t.Helper()
	v, err := vault.New(bytes.Repeat([]byte(letter), 32))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestR3_EverythingIsSealedAnewAndWorksAsBefore(t *testing.T) {
	town, paid, secret, recovery := lockedTown(t)
	verifier, err := town.Heads.Verifier(t.Context())
	town.Must(err)
	old := town.Core.Vault
	for i, letter := range []string{"b", "c"} {
		rotation := services.Rotation{Core: town.Core, New: otherVault(t, letter)}
		town.Must(town.Store.LeavePost(town.Sender.Holder)) // as if the program had ended
		done, err := rotation.Rotate(t.Context(), models.Machine("operator"))
		town.Must(err)
		if done.Secrets < 8 || done.Payees != 2 {
			t.Errorf("%+v", done)
		}
		if err := town.Core.CheckKey(t.Context()); !errors.Is(err, services.ErrOtherKey) {
			t.Errorf("the old key opens it: %v", err)
		}
		town.Core.Vault = rotation.New
		town.Must(town.Core.CheckKey(t.Context()))
		town.Sound()
		if v, err := town.Heads.Verifier(t.Context()); err != nil || v != verifier {
			t.Errorf("heads are signed by another key: %s %v", v, err)
		}
		var found []models.Payout
		town.Must(town.Store.Read(t.Context()).Where("account_hash = ?", town.Payouts.HashAccount(servicestest.Answers["apay.taiwan"]["number"])).Find(&found).Error)
		if len(found) != 1+i || found[0].ID != paid.ID {
			t.Errorf("a number finds %d orders", len(found))
		}
		fields, err := town.Payouts.Reveal(t.Context(), town.Approver, paid.OrderNo)
		if err != nil || fields["number"] != servicestest.Answers["apay.taiwan"]["number"] {
			t.Errorf("%v %v", fields, err)
		}
		_, _, _ = taken(t, town, paid)
		town.Pass(time.Minute)
		code, err := totp.GenerateCode(secret, town.Now())
		town.Must(err)
		for _, typed := range []string{code, recovery[i]} {
			town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
				kind, err := services.TakeCode(town.Core, tx, town.Approver, typed)
				if kind == "" && err == nil {
					t.Errorf("the code %s is not taken any more", typed)
				}
				return err
			}))
		}
		if p := town.Sent(town.Form("apay.taiwan", 10+i)); p.PayeeVersionID != paid.PayeeVersionID {
			t.Error("the same payee became another one")
		}
		town.Live(10*time.Minute, 10*time.Second)
		town.Sound()
	}
	if _, err := old.Open("account "+town.Taipei.Slug, town.Taipei.SealedKeys); err != nil {
		t.Error(err)
	}
}

// What cannot be opened stops it, and nothing has happened.
func TestR3_ARotationThatFailsLeavesTheOldKeyWhole(t *testing.T) {
	town, paid, _, _ := lockedTown(t)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return servicestest.Unguarded(tx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE code_factors SET sealed_secret = x'0102'").Error
		})
	}))
	before, _, err := models.Head(town.Store.Read(t.Context()))
	town.Must(err)
	rotation := services.Rotation{Core: town.Core, New: otherVault(t, "b")}
	if _, err := rotation.Rotate(t.Context(), models.Machine("operator")); !errors.Is(err, services.ErrSending) {
		t.Errorf("beside a program that sends: %v", err)
	}
	town.Must(town.Store.LeavePost(town.Sender.Holder))
	if _, err := rotation.Rotate(t.Context(), models.Machine("operator")); !errors.Is(err, vault.ErrSealBroken) {
		t.Fatal(err)
	}
	after, _, err := models.Head(town.Store.Read(t.Context()))
	if err != nil || before != after {
		t.Errorf("%d entries became %d (%v)", before, after, err)
	}
	town.Must(town.Core.CheckKey(t.Context()))
	if _, err := town.Payouts.Reveal(t.Context(), town.Approver, paid.OrderNo); err != nil {
		t.Error(err)
	}
	town.Sound()
}

// Whatever is added later and sealed or hashed with the key has to be known here.
func TestR3_EverySealedColumnIsKnown(t *testing.T) {
	town := servicestest.New(t)
	var columns []string
	town.Must(town.Store.Read(t.Context()).Raw(`SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND (c.name LIKE '%sealed%' OR c.name LIKE '%\_hash' ESCAPE '\')`).Scan(&columns).Error)
	known := []string{"payee_versions.account_hash", "payee_versions.details_hash", "payee_versions.sealed_fields", "payouts.account_hash", "people.password_hash"}
	for _, c := range models.SealedColumns {
		known = append(known, c.Table+"."+c.Column)
		if c.Hash != "" {
			known = append(known, c.Table+"."+c.Hash)
		}
	}
	slices.Sort(known)
	slices.Sort(columns)
	if !slices.Equal(known, columns) {
		t.Errorf("sealed or hashed: %s\nknown: %s", strings.Join(columns, ", "), strings.Join(known, ", "))
	}
}
