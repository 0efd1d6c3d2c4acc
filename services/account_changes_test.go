package services_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// bogota is an account that is not there yet.
func bogota() services.NewAccount {
	return services.NewAccount{
		Name: "CASHY Bogota", Family: "cashy", BaseURL: "https://pay.example.com/prod-api", MerchantID: "30111",
		Keys: services.Keys{Key: "a key of bogota"}, Rails: []string{"cashy.peru"}, Zone: "America/Bogota", NotFinal: "REVIEW",
	}
}

func isConnected(t *testing.T, town *servicestest.Town, name string) (models.GatewayAccount, bool) {
	t.Helper()
	a, there, err := models.AccountNamed(town.Store.Read(t.Context()), name)
	town.Must(err)
	return a, there
}

// keysKept are the sealed keys of proposals that were not wiped.
func keysKept(t *testing.T, town *servicestest.Town) (n int64) {
	t.Helper()
	town.Must(town.Store.Read(t.Context()).Raw("SELECT count(*) FROM proposed_accounts WHERE octet_length(sealed_keys) > 0").Scan(&n).Error)
	return n
}

func TestA1_AnAccountIsConnectedByTwoPeople(t *testing.T) {
	town := servicestest.New(t)
	admin, changes := gatewayAdmin(t, town), &services.Changes{Core: town.Core}
	_, err := town.Accounts.Propose(t.Context(), town.Controller, bogota(), "begins", servicestest.Click(town.Core, town.Controller))
	refusedAs(t, err, "role.gateway")
	c, err := town.Accounts.Propose(t.Context(), admin, bogota(), "Bogota begins", servicestest.Click(town.Core, admin))
	town.Must(err)
	if _, there := isConnected(t, town, "CASHY Bogota"); there {
		t.Fatal("one person connected it")
	}
	if strings.Contains(c.Content, "a key of bogota") || !strings.Contains(c.Content, `"not_final":"REVIEW"`) {
		t.Errorf("I24: the change says %s", c.Content)
	}
	_, err = town.Accounts.Propose(t.Context(), admin, bogota(), "again", servicestest.Click(town.Core, admin))
	refusedAs(t, err, "change.waits_already")
	_, err = changes.Confirm(t.Context(), admin.As(models.VerbGateway), c.ID, c.Digest, servicestest.Click(town.Core, admin))
	refusedAs(t, err, "change.own_proposal")
	_, err = changes.Confirm(t.Context(), town.Approver.As(models.VerbPayeeOK), c.ID, c.Digest, servicestest.Click(town.Core, town.Approver))
	refusedAs(t, err, "change.missing")
	_, err = changes.Confirm(t.Context(), town.Controller.As(models.VerbKeys), c.ID, c.Digest, servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	a, there := isConnected(t, town, "CASHY Bogota")
	if !there || a.NotFinal != "REVIEW" || a.Paused != "" || a.Content().Keys == "" || keysKept(t, town) != 0 {
		t.Errorf("connected: %v, %+v, keys of proposals: %d", there, a.Content(), keysKept(t, town))
	}
	town.Sound()
}

// The known-bad variant: keys that are not those of the proposal, put beside it past the
// verbs, connect nothing.
func TestA1_OtherKeysThanThoseAgreedOnConnectNothing(t *testing.T) {
	town := servicestest.New(t)
	admin, changes := gatewayAdmin(t, town), &services.Changes{Core: town.Core}
	c, err := town.Accounts.Propose(t.Context(), admin, bogota(), "begins", servicestest.Click(town.Core, admin))
	town.Must(err)
	kept, err := models.FindProposedAccount(town.Store.Read(t.Context()), "CASHY Bogota")
	town.Must(err)
	other := town.Core.Vault.Seal("proposed keys of account "+kept.Slug, []byte(`{"key":"another key"}`))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.ProposedAccount{}).Where("id = ?", kept.ID).Update("sealed_keys", other).Error
	}))
	_, err = changes.Confirm(t.Context(), town.Controller.As(models.VerbKeys), c.ID, c.Digest, servicestest.Click(town.Core, town.Controller))
	refusedAs(t, err, "account.keys_missing")
	if _, there := isConnected(t, town, "CASHY Bogota"); there {
		t.Error("it was connected with keys that nobody agreed on")
	}
}

func TestA1_KeysOfAnAccountThatIsRefusedAreForgotten(t *testing.T) {
	town := servicestest.New(t)
	admin, changes := gatewayAdmin(t, town), &services.Changes{Core: town.Core}
	c, err := town.Accounts.Propose(t.Context(), admin, bogota(), "begins", servicestest.Click(town.Core, admin))
	town.Must(err)
	if keysKept(t, town) != 1 {
		t.Fatal("no keys wait beside the proposal")
	}
	_, err = changes.Refuse(t.Context(), town.Controller.As(models.VerbKeys), c.ID, "not yet")
	town.Must(err)
	if _, there := isConnected(t, town, "CASHY Bogota"); there || keysKept(t, town) != 0 {
		t.Errorf("connected %v, keys kept: %d", there, keysKept(t, town))
	}
	_, err = town.Accounts.Propose(t.Context(), admin, bogota(), "now", servicestest.Click(town.Core, admin))
	town.Must(err)
	town.Sound()
}

func TestA1_TheAddressForNoticesIsChangedByTwoPeople(t *testing.T) {
	town := servicestest.New(t)
	admin, changes := gatewayAdmin(t, town), &services.Changes{Core: town.Core}
	stands := func() string {
		address, err := models.ReadSetting(town.Store.Read(t.Context()), models.SettingPublicURL)
		town.Must(err)
		return address
	}
	before := stands()
	c, err := town.Accounts.ProposeAddress(t.Context(), admin, "https://pay.example.com/in/", "a new name", servicestest.Click(town.Core, admin))
	town.Must(err)
	_, err = changes.Confirm(t.Context(), admin.As(models.VerbGateway), c.ID, c.Digest, servicestest.Click(town.Core, admin))
	refusedAs(t, err, "change.own_proposal")
	if stands() != before {
		t.Fatal("one person changed it")
	}
	_, err = changes.Confirm(t.Context(), town.Controller.As(models.VerbKeys), c.ID, c.Digest, servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	if stands() != "https://pay.example.com/in" {
		t.Errorf("it is %s", stands())
	}
	town.Sound()
}
