package services

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
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

// Add connects an account at once, as the commands on the machine do (invariants.md 3: of
// people it takes two, see Propose).
func (s *Accounts) Add(ctx context.Context, machine models.Actor, n NewAccount) (models.GatewayAccount, error) {
	content, errs := s.fill(n)
	if len(errs) > 0 {
		return models.GatewayAccount{}, errs
	}
	account := content.Account(randomName(), s.Now())
	if err := s.seal(&account, n.Keys); err != nil {
		return account, err
	}
	err := s.Store.Write(ctx, func(tx *gorm.DB) error { return s.connect(tx, machine, &account, models.Details{}) })
	return account, err
}

// Propose asks for a second person to connect an account. Its keys are sealed beside the
// proposal, and no request is made with them until then.
func (s *Accounts) Propose(ctx context.Context, by models.Person, n NewAccount, reason string, signed Signed) (c models.Change, err error) {
	content, errs := s.fill(n)
	if err := CheckReason(reason); err != nil {
		errs = append(errs, refusalsOf(err)...)
	}
	if len(errs) > 0 {
		return c, errs
	}
	text, err := json.Marshal(n.Keys)
	if err != nil {
		return c, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbGateway); err != nil {
			return err
		}
		if _, waits, err := models.WaitingChange(tx, models.ChangeAccount, content.Name); err != nil || waits {
			return orRefuse(err, models.Refuse(models.Conflict, "change.waits_already"))
		}
		kept := models.ProposedAccount{Name: content.Name, Slug: randomName(), MadeBy: by.ID, MadeAt: s.Now()}
		kept.SealedKeys = s.Vault.Seal(proposedPlace(content.Account(kept.Slug, s.Now())), text)
		if err := models.AddProposedAccount(tx, &kept); err != nil {
			return err
		}
		c, err = (&Changes{Core: s.Core}).ProposeIn(tx, by.As(models.VerbGateway), models.ChangeAccount, content.Name, content, reason, signed)
		return err
	})
	return c, err
}

// fill checks what was filled in, and puts it as two people can agree on it.
func (s *Accounts) fill(n NewAccount) (models.AccountContent, models.Refusals) {
	n, _, errs := n.checked(s.LoopbackOnly)
	if len(errs) > 0 {
		return models.AccountContent{}, errs
	}
	return models.AccountContent{
		Name: n.Name, Family: n.Family, BaseURL: n.BaseURL, MerchantID: n.MerchantID, Keys: s.fingerprint(n.Keys.Key), Token: s.fingerprint(n.Keys.Authorization),
		Algorithm: n.Algorithm, QueryShape: n.QueryShape, Currency: railCurrency(n.Rails[0]), Rails: strings.Join(n.Rails, ","), Zone: n.Zone,
		AllowLoopback: n.AllowLoopback, TimeoutMS: n.Timeout.Milliseconds(), QuestionsS: n.Questions, VerdictWaitMS: n.VerdictWait.Milliseconds(),
		VerdictQuestions: n.VerdictQuestions, NotFinal: n.NotFinal,
	}, nil
}

// connect stores an account whose keys are sealed, with its entry in the log.
func (s *Accounts) connect(tx *gorm.DB, by models.Actor, a *models.GatewayAccount, details models.Details) error {
	if err := tx.Create(a).Error; err != nil {
		return nameTaken(err)
	}
	maps.Copy(details, models.Details{
		"family": a.Family, "address": a.BaseURL, "merchant": a.MerchantID, "keys": a.Fingerprint, "rails": a.Rails, "not_final": a.NotFinal,
	})
	return models.Append(tx, accountEvent("account_added", *a, by, s.Now(), details))
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
