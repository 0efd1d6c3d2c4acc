package models

import (
	"time"

	"gorm.io/gorm"
)

// ProposedAccount holds the sealed keys of an account that waits for a second person. They
// are in use nowhere, and what else it is to be stands in the change (A6, invariants.md 3).
type ProposedAccount struct {
	ID         int64
	Name       string
	Slug       string // of the address for notices that the account will have
	SealedKeys []byte
	MadeBy     PersonID
	MadeAt     time.Time `gorm:"serializer:ms"`
}

// AddProposedAccount stores the keys and wipes those proposed under the name before.
func AddProposedAccount(tx *gorm.DB, p *ProposedAccount) error {
	if err := WipeProposedAccount(tx, p.Name); err != nil {
		return err
	}
	return tx.Create(p).Error
}

// FindProposedAccount reads the keys proposed under a name; those that were wiped are
// missing.
func FindProposedAccount(db *gorm.DB, name string) (p ProposedAccount, err error) {
	var found []ProposedAccount
	err = db.Where("name = ? AND octet_length(sealed_keys) > 0", name).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = Refuse(Missing, "account.keys_missing")
	}
	if err != nil {
		return p, err
	}
	return found[0], nil
}

// WipeProposedAccount forgets the keys: the account is there, or will never be.
func WipeProposedAccount(tx *gorm.DB, name string) error {
	_, err := run(tx, "UPDATE proposed_accounts SET sealed_keys = x'' WHERE name = ?", name)
	return err
}

// AccountContent is an account as two people agree on it: all that was filled in, and of
// its keys what they are called. The zero one is an account that is not there.
type AccountContent struct {
	Name             string `json:"name,omitempty"`
	Family           string `json:"family,omitempty"`
	BaseURL          string `json:"base_url,omitempty"`
	MerchantID       string `json:"merchant,omitempty"`
	Keys             string `json:"keys,omitempty"`  // fingerprint
	Token            string `json:"token,omitempty"` // fingerprint of what queries are authorized by
	Algorithm        string `json:"algorithm,omitempty"`
	QueryShape       string `json:"query_shape,omitempty"`
	Currency         string `json:"currency,omitempty"`
	Rails            string `json:"rails,omitempty"`
	Zone             string `json:"zone,omitempty"`
	AllowLoopback    bool   `json:"allow_loopback,omitempty"`
	TimeoutMS        int64  `json:"timeout_ms,omitempty"`
	QuestionsS       string `json:"questions_s,omitempty"`
	VerdictWaitMS    int64  `json:"verdict_wait_ms,omitempty"`
	VerdictQuestions int    `json:"verdict_questions,omitempty"`
	NotFinal         string `json:"not_final,omitempty"`
}

// Content is the account as it can be agreed on.
func (a GatewayAccount) Content() AccountContent {
	return AccountContent{
		Name: a.Name, Family: a.Family, BaseURL: a.BaseURL, MerchantID: a.MerchantID, Keys: a.Fingerprint, Algorithm: a.Algorithm,
		QueryShape: a.QueryShape, Currency: a.Currency, Rails: a.Rails, Zone: a.Zone, AllowLoopback: a.AllowLoopback, TimeoutMS: a.TimeoutMS,
		QuestionsS: a.QuestionsS, VerdictWaitMS: a.VerdictWaitMS, VerdictQuestions: a.VerdictQuestions, NotFinal: a.NotFinal,
	}
}

// Account is what was agreed on, without its keys.
func (c AccountContent) Account(slug string, at time.Time) GatewayAccount {
	return GatewayAccount{
		Name: c.Name, Family: c.Family, Slug: slug, BaseURL: c.BaseURL, MerchantID: c.MerchantID, KeysSince: at, Algorithm: c.Algorithm,
		QueryShape: c.QueryShape, Currency: c.Currency, Rails: c.Rails, Zone: c.Zone, AllowLoopback: c.AllowLoopback, TimeoutMS: c.TimeoutMS,
		QuestionsS: c.QuestionsS, VerdictWaitMS: c.VerdictWaitMS, VerdictQuestions: c.VerdictQuestions, NotFinal: c.NotFinal, CreatedAt: at,
	}
}

// AccountNamed reads the account of this name; ok is false where there is none.
func AccountNamed(db *gorm.DB, name string) (a GatewayAccount, ok bool, err error) {
	var found []GatewayAccount
	err = db.Where("name = ?", name).Find(&found).Error
	if err != nil || len(found) == 0 {
		return a, false, err
	}
	return found[0], true, nil
}

// NoticeAddress is where gateways reach this installation, as two people agree on it.
type NoticeAddress struct {
	Address string `json:"address"`
}
