package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// Accounts are the merchants at the gateways through which money goes out.
type Accounts struct {
	*Core
	// LoopbackOnly keeps a demonstration from reaching a real gateway.
	LoopbackOnly bool
	// Exchange carries one request out; gateway.Exchange but for the demo's clock.
	Exchange func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response
}

// Keys are the secrets of an account. They are sealed at rest and never shown.
type Keys struct {
	Key           string `json:"key"`
	Authorization string `json:"authorization,omitempty"`
}

// NewAccount is what somebody fills in to connect a merchant.
type NewAccount struct {
	Name             string
	Family           string
	BaseURL          string
	MerchantID       string
	Keys             Keys
	Algorithm        string // "" takes the family's first
	QueryShape       string // family apay: list or single
	Rails            []string
	Zone             string
	AllowLoopback    bool
	Timeout          time.Duration
	Questions        string        // gaps in seconds; "" is the usual schedule
	VerdictWait      time.Duration // 0 is the family's notice window
	VerdictQuestions int           // 0 is 3
	NotFinal         string        // words of status beyond the documented ones, comma separated
}

// Add stores a new gateway account with its keys sealed.
func (s *Accounts) Add(ctx context.Context, by models.Actor, n NewAccount) (models.GatewayAccount, error) {
	n, family, errs := n.checked(s.LoopbackOnly)
	if len(errs) > 0 {
		return models.GatewayAccount{}, errs
	}
	now := s.Now()
	account := models.GatewayAccount{
		Name: n.Name, Family: n.Family, Slug: randomName(), BaseURL: n.BaseURL, MerchantID: n.MerchantID,
		KeysSince: now, Algorithm: n.Algorithm, QueryShape: n.QueryShape, Currency: railCurrency(n.Rails[0]),
		Rails: strings.Join(n.Rails, ","), Zone: n.Zone, AllowLoopback: n.AllowLoopback,
		TimeoutMS: n.Timeout.Milliseconds(), QuestionsS: n.Questions, VerdictWaitMS: n.VerdictWait.Milliseconds(),
		VerdictQuestions: n.VerdictQuestions, NotFinal: n.NotFinal, CreatedAt: now,
	}
	if err := s.seal(&account, n.Keys); err != nil {
		return account, err
	}
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(&account).Error; err != nil {
			return nameTaken(err)
		}
		return models.Append(tx, models.Event{
			At: now, Verb: "account_added", ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
			Subject: "account", SubjectID: account.Name,
			Details: models.Details{
				"family": family.Name(), "address": account.BaseURL, "merchant": account.MerchantID,
				"keys": account.Fingerprint, "rails": account.Rails, "not_final": account.NotFinal,
			},
		})
	})
	return account, err
}

// checked fills in what may be left out and says everything that is wrong.
func (n NewAccount) checked(loopbackOnly bool) (NewAccount, gateway.Family, models.Refusals) {
	var errs models.Refusals
	bad := func(field, key string, args ...any) {
		errs = append(errs, models.Refuse(models.Invalid, key, args...).On(field))
	}
	n.Name, n.MerchantID = strings.TrimSpace(n.Name), strings.TrimSpace(n.MerchantID)
	if n.Name == "" || len(n.Name) > 60 {
		bad("name", "account.name_needed")
	}
	if n.MerchantID == "" || len(n.MerchantID) > 32 {
		bad("merchant_id", "account.merchant_needed")
	}
	if n.Keys.Key == "" {
		bad("key", "account.key_needed")
	}
	family, ok := families.Find(n.Family)
	if !ok {
		bad("family", "account.family_unknown")
		return n, nil, errs
	}
	n = n.withDefaults(family)
	if len(n.Rails) == 0 {
		bad("rails", "account.rails_needed")
	}
	for _, id := range n.Rails {
		if f, rail, ok := families.Rail(id); !ok || f.Name() != n.Family || rail.Currency != railCurrency(n.Rails[0]) {
			bad("rails", "account.rails_mixed")
			break
		}
	}
	var address gateway.AddressError
	switch err := gateway.CheckBaseURL(n.BaseURL, n.AllowLoopback); {
	case errors.As(err, &address):
		bad("base_url", address.Key)
	case err != nil, loopbackOnly && !n.AllowLoopback:
		bad("base_url", "address.only_loopback")
	}
	if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "" {
		bad("zone", "account.zone_unknown")
	}
	if _, err := models.ParseQuestions(n.Questions); err != nil {
		bad("questions", "account.questions_shape")
	}
	if n.Timeout < 100*time.Millisecond || n.Timeout > 2*time.Minute {
		bad("timeout", "account.timeout_range")
	}
	n.checkFamily(family, bad)
	n.NotFinal = n.checkNotFinal(family, bad)
	return n, family, errs
}

// checkNotFinal lets an account name words that settle nothing, and never one that
// has a meaning already.
func (n NewAccount) checkNotFinal(family gateway.Family, bad func(field, key string, args ...any)) string {
	words, err := models.ParseNotFinal(n.NotFinal)
	if err != nil {
		bad("not_final", "account.not_final_shape")
	}
	for _, word := range words {
		if family.Means(word) != gateway.Unknown {
			bad("not_final", "account.not_final_known", "Word", word)
			break
		}
	}
	return strings.Join(words, ",")
}

// checkFamily looks at what the family asks for, or has its own bounds for.
func (n NewAccount) checkFamily(family gateway.Family, bad func(field, key string, args ...any)) {
	if n.Family == "apay" && n.Keys.Authorization == "" {
		bad("authorization", "account.token_needed")
	}
	if !slices.Contains(family.Algorithms(), n.Algorithm) {
		bad("algorithm", "account.algorithm_unknown")
	}
	if n.Family == "apay" && n.QueryShape != "list" && n.QueryShape != "single" {
		bad("query_shape", "account.shape_unknown")
	}
	// While a notice may still come "not paid" proves nothing.
	if n.VerdictWait < family.NoticeWindow() && !n.AllowLoopback || n.VerdictWait < 0 || n.VerdictWait > 30*24*time.Hour {
		bad("verdict_wait", "account.verdict_wait_range", "Least", family.NoticeWindow())
	}
	if n.VerdictQuestions < 1 || n.VerdictQuestions > 100 {
		bad("verdict_questions", "account.verdict_questions_range")
	}
}

func (n NewAccount) withDefaults(family gateway.Family) NewAccount {
	if n.Algorithm == "" {
		n.Algorithm = family.Algorithms()[0]
	}
	if n.QueryShape == "" && family.Name() == "apay" {
		n.QueryShape = "list"
	}
	if n.Timeout == 0 {
		n.Timeout = 30 * time.Second
	}
	if n.Questions == "" {
		n.Questions = models.DefaultQuestions
	}
	if n.VerdictWait == 0 {
		n.VerdictWait = family.NoticeWindow()
	}
	if n.VerdictQuestions == 0 {
		n.VerdictQuestions = 3
	}
	if len(n.Rails) == 0 && len(family.Rails()) == 1 {
		n.Rails = []string{family.Rails()[0].ID}
	}
	return n
}

func railCurrency(id string) string {
	_, rail, _ := families.Rail(id)
	return rail.Currency
}

func nameTaken(err error) error {
	if strings.Contains(err.Error(), "duplicated") {
		return models.Refusals{models.Refuse(models.Conflict, "account.name_taken").On("name")}
	}
	return fmt.Errorf("store account: %w", err)
}

func (s *Accounts) seal(account *models.GatewayAccount, keys Keys) error {
	text, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	account.SealedKeys = s.Vault.Seal("account "+account.Slug, text)
	account.Fingerprint = s.Vault.Fingerprint(keys.Key)
	return nil
}

// openToSend is open for a request that names where notices are to be posted.
func (s *Accounts) openToSend(db *gorm.DB, account models.GatewayAccount) (gateway.Account, gateway.Family, error) {
	opened, family, err := s.open(account)
	if err != nil {
		return opened, family, stuck{pausedKeys, err}
	}
	public, err := models.ReadSetting(db, models.SettingPublicURL)
	opened.NotifyURL = notifyURL(public, account)
	return opened, family, err
}

// open unseals an account for one question or one check of a signature.
func (s *Accounts) open(account models.GatewayAccount) (gateway.Account, gateway.Family, error) {
	family, ok := families.Find(account.Family)
	if !ok {
		return gateway.Account{}, nil, fmt.Errorf("account %s: no gateway family %q", account.Name, account.Family)
	}
	text, err := s.Vault.Open("account "+account.Slug, account.SealedKeys)
	if err != nil {
		return gateway.Account{}, nil, fmt.Errorf("keys of account %s: %w", account.Name, err)
	}
	var keys Keys
	if err := json.Unmarshal(text, &keys); err != nil {
		return gateway.Account{}, nil, fmt.Errorf("keys of account %s: %w", account.Name, err)
	}
	widened, err := models.ParseNotFinal(account.NotFinal)
	if err != nil {
		return gateway.Account{}, nil, fmt.Errorf("words of account %s: %w", account.Name, err)
	}
	return gateway.Account{
		Name: account.Name, MerchantID: account.MerchantID, BaseURL: account.BaseURL, Key: keys.Key,
		Authorization: keys.Authorization, Algorithm: account.Algorithm, QueryShape: account.QueryShape,
		Zone: account.Location(), Timeout: account.Timeout(), AllowLoopback: account.AllowLoopback, Currency: account.Currency,
		NotFinal: widened,
	}, family, nil
}

// notifyURL is the address that a gateway posts this account's notices to; ""
// while the installation has no public address.
func notifyURL(public string, account models.GatewayAccount) string {
	address, err := url.JoinPath(public, "webhooks", account.Slug)
	if public == "" || err != nil {
		return ""
	}
	return address
}

// NotifyURL is notifyURL for the page that shows it.
func (s *Accounts) NotifyURL(ctx context.Context, account models.GatewayAccount) (string, error) {
	public, err := models.ReadSetting(s.Store.Read(ctx), models.SettingPublicURL)
	return notifyURL(public, account), err
}
