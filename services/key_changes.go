package services

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// keyChanges are changes of a gateway account's keys (A6). The subject is the account, the
// content a models.KeysContent: the keys themselves lie sealed elsewhere.
type keyChanges struct{ *Core }

// AccountSubject names an account as the subject of a change.
func AccountSubject(id models.AccountID) string { return strconv.FormatInt(int64(id), 10) }

func subjectAccount(db *gorm.DB, subject string) (models.GatewayAccount, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return models.GatewayAccount{}, models.Refuse(models.Missing, "account.missing")
	}
	return models.FindAccount(db, models.AccountID(id))
}

// Subject is the account; it concerns nobody more than others.
func (k keyChanges) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	a, err := subjectAccount(db, subject)
	return a.Name, nil, err
}

// Now are the keys as they are called now.
func (k keyChanges) Now(tx *gorm.DB, subject string) (any, error) {
	a, err := subjectAccount(tx, subject)
	return models.KeysContent{Fingerprint: a.Fingerprint}, err
}

// Check refuses keys that are in use already, or not to be had any more.
func (k keyChanges) Check(tx *gorm.DB, c models.Change) error {
	a, err := subjectAccount(tx, c.Subject)
	if err != nil {
		return err
	}
	content, err := readKeysContent(c.Content)
	if err != nil {
		return err
	}
	if err := content.Check(a); err != nil {
		return err
	}
	kept, err := models.FindAccountKeys(tx, content.Keys)
	if err == nil && (kept.AccountID != a.ID || kept.Fingerprint != content.Fingerprint) {
		err = models.Refuse(models.Conflict, "account.keys_missing")
	}
	return err
}

func readKeysContent(text string) (k models.KeysContent, err error) {
	if err = json.Unmarshal([]byte(text), &k); err != nil {
		err = fmt.Errorf("read a change of keys: %w", err)
	}
	return k, err
}

// Apply puts the new keys in use. What the gateway has signed with the former ones is
// taken until the overlap ends.
func (k keyChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	a, err := subjectAccount(tx, c.Subject)
	if err != nil {
		return err
	}
	content, err := readKeysContent(c.Content)
	if err != nil {
		return err
	}
	kept, err := models.TakeAccountKeys(tx, content.Keys)
	if err != nil {
		return err
	}
	plain, err := k.Vault.Open(proposedPlace(a), kept.SealedKeys)
	if err != nil {
		return fmt.Errorf("proposed keys of account %s: %w", a.Name, err)
	}
	former := a.Fingerprint
	a.SealedFormer, a.FormerFingerprint, a.FormerUntil = a.SealedKeys, a.Fingerprint, k.Core.Now().Add(time.Duration(content.Overlap)*time.Hour)
	a.SealedKeys, a.Fingerprint, a.KeysSince = k.Vault.Seal(accountPlace(a), plain), kept.Fingerprint, k.Core.Now()
	if content.Overlap == 0 {
		a.SealedFormer, a.FormerFingerprint, a.FormerUntil = nil, "", never
	}
	if err := models.UpdateAccount(tx, &a, "sealed_keys", "fingerprint", "keys_since", "sealed_former", "former_fingerprint", "former_until"); err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	return models.Append(tx, accountEvent("keys_changed", a, by, k.Core.Now(), models.Details{
		"before": former, "after": a.Fingerprint, "overlap_until": untilText(a.FormerUntil), "proposed_by": proposer.Name, "reason_text": c.Reason,
	}))
}

// Drop forgets keys that nobody will use.
func (k keyChanges) Drop(tx *gorm.DB, c models.Change) error {
	a, err := subjectAccount(tx, c.Subject)
	if err != nil {
		return err
	}
	return models.WipeAccountKeys(tx, a.ID)
}

func untilText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// Lines are the names of the keys, how long the former ones are taken, and what the
// gateway said to the new ones.
func (k keyChanges) Lines(_ *gorm.DB, c models.Change) (lines []models.ChangeLine, err error) {
	before, err := readKeysContent(c.Before)
	if err != nil {
		return nil, err
	}
	after, err := readKeysContent(c.Content)
	if err != nil {
		return nil, err
	}
	return []models.ChangeLine{
		{Name: "account.keys", Before: before.Fingerprint, After: after.Fingerprint},
		{Name: "account.overlap", Before: nil, After: models.Word("account.overlap." + strconv.Itoa(after.Overlap))},
		{Name: "account.keys_tested", Before: nil, After: models.Word("account.tested." + after.Tested)},
	}, nil
}

// proposedPlace binds proposed keys to their account.
func proposedPlace(a models.GatewayAccount) string { return "proposed keys of account " + a.Slug }

// accountPlace binds the keys in use, and those before them, to their account.
func accountPlace(a models.GatewayAccount) string { return "account " + a.Slug }

// Overlaps are for how many hours a form lets notices signed with former keys be taken.
var Overlaps = []int{0, 1, 24, 72, 168}

// NewKeys are the keys that somebody proposes for an account.
type NewKeys struct {
	Keys    Keys
	Overlap int // hours
	Reason  string
}

// ProposeKeys asks the gateway for the balance with the new keys, so that whoever confirms
// them sees what it said, and proposes them. Nothing uses them until then.
func (s *Sender) ProposeKeys(ctx context.Context, by models.Person, id models.AccountID, n NewKeys, signed Signed) (models.Change, error) {
	if !by.May(models.VerbGateway) {
		return models.Change{}, models.Refuse(models.Forbidden, "role.gateway")
	}
	a, err := models.FindAccount(s.Store.Read(ctx), id)
	if err != nil {
		return models.Change{}, err
	}
	switch {
	case n.Keys.Key == "":
		return models.Change{}, models.Refuse(models.Invalid, "account.key_needed").On("key")
	case a.Family == "apay" && n.Keys.Authorization == "":
		return models.Change{}, models.Refuse(models.Invalid, "account.token_needed").On("authorization")
	}
	text, err := json.Marshal(n.Keys)
	if err != nil {
		return models.Change{}, err
	}
	content := models.KeysContent{Fingerprint: s.Vault.Fingerprint(n.Keys.Key), Overlap: n.Overlap, Tested: s.tryKeys(ctx, a, n.Keys)}
	var c models.Change
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbGateway); err != nil {
			return err
		}
		if _, waits, err := models.WaitingChange(tx, models.ChangeKeys, AccountSubject(id)); err != nil || waits {
			return orRefuse(err, models.Refuse(models.Conflict, "change.waits_already"))
		}
		kept := models.AccountKeys{AccountID: id, SealedKeys: s.Vault.Seal(proposedPlace(a), text), Fingerprint: content.Fingerprint, MadeBy: by.ID, MadeAt: s.Now()}
		if err := models.AddAccountKeys(tx, &kept); err != nil {
			return err
		}
		content.Keys = kept.ID
		c, err = (&Changes{Core: s.Core}).ProposeIn(tx, by.As(models.VerbGateway), models.ChangeKeys, AccountSubject(id), content, n.Reason, signed)
		return err
	})
	return c, err
}

// tryKeys asks for the balance with keys that are not in use: good, refused or silent.
func (s *Sender) tryKeys(ctx context.Context, stored models.GatewayAccount, keys Keys) string {
	account, family, err := s.Accounts.open(stored)
	if err != nil {
		return "silent"
	}
	account.Key, account.Authorization = keys.Key, keys.Authorization
	request, err := family.Balance(account, s.Now(), randomName())
	if err != nil {
		return "silent"
	}
	response := s.Accounts.Exchange(ctx, account, request)
	_, err = family.ReadBalance(account, response)
	switch {
	case err == nil:
		return "good"
	case response.Fault == "" && response.Status > 0:
		return "refused"
	}
	return "silent"
}

// readNotice reads a notice with the account's keys, or, within the overlap, with those
// before them: what the gateway signed before it changed over is as good. The algorithm
// is the order's with either (S12).
func (s *Accounts) readNotice(account models.GatewayAccount, opened gateway.Account, read func(gateway.Account) gateway.Notice) (gateway.Notice, error) {
	notice := read(opened)
	if notice.Check != gateway.CheckBad || !account.TakesFormer(s.Now()) {
		return notice, nil
	}
	former := account
	former.SealedKeys = account.SealedFormer
	before, _, err := s.open(former)
	if err != nil {
		return notice, err
	}
	if again := read(before); again.Check == gateway.CheckGood {
		return again, nil
	}
	return notice, nil
}
