package services

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

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

// Add stores a new gateway account with its keys sealed.
func (s *Accounts) Add(ctx context.Context, by models.Actor, n NewAccount, signed Signed) (models.GatewayAccount, error) {
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
		if err := stillMay(tx, by, models.VerbGateway); err != nil {
			return err
		}
		if err := tx.Create(&account).Error; err != nil {
			return nameTaken(err)
		}
		signature, err := s.sign(tx, by, Deed{Act: account.AddAct(), Name: account.Name, Lines: accountLines(account)}, signed)
		if err != nil {
			return err
		}
		return models.Append(tx, models.Event{
			At: now, Verb: "account_added", ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
			Subject: "account", SubjectID: account.Name,
			Details: signature.Note(models.Details{
				"family": family.Name(), "address": account.BaseURL, "merchant": account.MerchantID,
				"keys": account.Fingerprint, "rails": account.Rails, "not_final": account.NotFinal,
			}),
		})
	})
	return account, err
}

// accountLines are what whoever connects a merchant signs.
func accountLines(a models.GatewayAccount) []models.ChangeLine {
	return []models.ChangeLine{
		{Name: "account.base_url", After: a.BaseURL}, {Name: "account.merchant", After: a.MerchantID},
		{Name: "account.rails", After: a.Rails}, {Name: "account.keys", After: a.Fingerprint},
	}
}

// sign takes an admin's proof for a deed on the gateway accounts; the machine signs
// nothing.
func (s *Accounts) sign(tx *gorm.DB, by models.Actor, d Deed, signed Signed) (models.Signature, error) {
	if by.ID == 0 {
		return unsigned, nil
	}
	return signed.over(tx, by.ID, d, s.Now())
}

func (s *Accounts) seal(account *models.GatewayAccount, keys Keys) error {
	text, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	account.SealedKeys = s.Vault.Seal(accountPlace(*account), text)
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
	text, err := s.Vault.Open(accountPlace(account), account.SealedKeys)
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
