package services

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// accountChanges connect a gateway account (invariants.md 3). The subject is the name that
// it is to have, the content a models.AccountContent: its keys lie sealed elsewhere.
type accountChanges struct{ *Core }

// Subject is the name; it concerns nobody more than others.
func (k accountChanges) Subject(_ *gorm.DB, subject string) (string, *models.PersonID, error) {
	return subject, nil, nil
}

// Now is the account of that name, if there is one by now.
func (k accountChanges) Now(tx *gorm.DB, subject string) (any, error) {
	a, there, err := models.AccountNamed(tx, subject)
	if err != nil || !there {
		return models.AccountContent{}, err
	}
	return a.Content(), nil
}

// Check refuses a name that is taken, and keys that are not to be had any more.
func (k accountChanges) Check(tx *gorm.DB, c models.Change) error {
	content, err := readAccountContent(c.Content)
	if err != nil {
		return err
	}
	if _, taken, err := models.AccountNamed(tx, content.Name); err != nil || taken {
		return orRefuse(err, models.Refuse(models.Conflict, "account.name_taken").On("name"))
	}
	_, err = k.keys(tx, content)
	return err
}

// keys are the proposed ones, if they are those that the content names.
func (k accountChanges) keys(tx *gorm.DB, content models.AccountContent) (account models.GatewayAccount, err error) {
	kept, err := models.FindProposedAccount(tx, content.Name)
	if err != nil {
		return account, err
	}
	account = content.Account(kept.Slug, k.Core.Now())
	plain, err := k.Vault.Open(proposedPlace(account), kept.SealedKeys)
	if err != nil {
		return account, fmt.Errorf("proposed keys of account %s: %w", account.Name, err)
	}
	var keys Keys
	if err := json.Unmarshal(plain, &keys); err != nil {
		return account, fmt.Errorf("proposed keys of account %s: %w", account.Name, err)
	}
	if k.Vault.Fingerprint(keys.Key) != content.Keys || k.fingerprint(keys.Authorization) != content.Token {
		return account, models.Refuse(models.Conflict, "account.keys_missing")
	}
	account.SealedKeys, account.Fingerprint = k.Vault.Seal(accountPlace(account), plain), content.Keys
	return account, nil
}

// fingerprint is what a secret is called; nothing is called nothing.
func (c *Core) fingerprint(secret string) string {
	if secret == "" {
		return ""
	}
	return c.Vault.Fingerprint(secret)
}

func readAccountContent(text string) (c models.AccountContent, err error) {
	if err = json.Unmarshal([]byte(text), &c); err != nil {
		err = fmt.Errorf("read an account to connect: %w", err)
	}
	return c, err
}

// Apply connects the account.
func (k accountChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	content, err := readAccountContent(c.Content)
	if err != nil {
		return err
	}
	account, err := k.keys(tx, content)
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	if err := models.WipeProposedAccount(tx, content.Name); err != nil {
		return err
	}
	return (&Accounts{Core: k.Core}).connect(tx, by, &account, models.Details{"proposed_by": proposer.Name, "reason_text": c.Reason})
}

// Drop forgets the keys of an account that will not be.
func (k accountChanges) Drop(tx *gorm.DB, c models.Change) error {
	return models.WipeProposedAccount(tx, c.Subject)
}

// Lines are all that was filled in.
func (k accountChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	n, err := readAccountContent(c.Content)
	if err != nil {
		return nil, err
	}
	a := n.Account("", never)
	return filledIn([]models.ChangeLine{
		{Name: "account.family", After: models.Word("account.family." + a.Family)}, {Name: "account.base_url", After: a.BaseURL},
		{Name: "account.here", After: wordIf(a.AllowLoopback, "account.here_yes")}, {Name: "account.merchant", After: a.MerchantID},
		{Name: "account.rails", After: models.RailList(a.Rails)}, {Name: "account.keys", After: n.Keys}, {Name: "account.token", After: n.Token},
		{Name: "account.algorithm", After: a.Algorithm}, {Name: "account.shape", After: wordIf(a.QueryShape != "", "account.shape_"+a.QueryShape)},
		{Name: "account.zone", After: a.Zone}, {Name: "account.timeout", After: a.Timeout()}, {Name: "account.questions", After: a.QuestionsS},
		{Name: "account.verdict_wait", After: a.VerdictWait()}, {Name: "account.verdict_questions", After: strconv.Itoa(a.VerdictQuestions)},
		{Name: "account.not_final", After: a.NotFinal},
	}), nil
}

func wordIf(on bool, key string) models.Word {
	if !on {
		return ""
	}
	return models.Word(key)
}

// filledIn leaves out what a family does not ask for, and what stayed empty.
func filledIn(lines []models.ChangeLine) []models.ChangeLine {
	return slices.DeleteFunc(lines, func(line models.ChangeLine) bool { return line.After == "" || line.After == models.Word("") })
}
