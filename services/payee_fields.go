package services

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"countersign/models"
	"countersign/services/gateway"
)

// hashAccount is the keyed hash that finds an account number again.
func (c *Core) hashAccount(number string) []byte { return c.Vault.Hash(models.AccountHashing, number) }

// hashDetails is the keyed hash of all details, by which the same payee is known again.
func (c *Core) hashDetails(digest [sha256.Size]byte) []byte {
	return c.Vault.Hash("payee details", string(digest[:]))
}

// payeePlace binds a payee's sealed details to their place.
func payeePlace(rail string) string { return "payee " + rail }

// payeeVersion makes the version that the form describes.
func (s *Payouts) payeeVersion(c Checked, by models.PersonID) (models.PayeeVersion, error) {
	v, err := s.versionOf(c.Rail, c.Payee)
	v.CreatedBy, v.CreatedAt = by, s.Now()
	return v, err
}

// versionOf makes the version that a payee's answers describe.
func (c *Core) versionOf(rail gateway.Rail, payee models.Fields) (models.PayeeVersion, error) {
	fields, err := json.Marshal(payee)
	if err != nil {
		return models.PayeeVersion{}, err
	}
	number := payee[rail.AccountField]
	digest := sha256.Sum256(fields)
	return models.PayeeVersion{
		Rail: rail.ID, Name: payee[rail.NameField], Bank: payee[rail.BankField], BankName: bankName(rail, payee),
		Last4: last4(number), AccountHash: c.hashAccount(number),
		DetailsHash:  c.hashDetails(digest),
		SealedFields: c.Vault.Seal(payeePlace(rail.ID), fields),
	}, nil
}

// bankName is the name behind the bank's code, "" where the rail asks for none.
func bankName(rail gateway.Rail, payee models.Fields) string {
	field, ok := rail.Field(rail.BankField)
	if !ok {
		return ""
	}
	option, _ := field.Option(payee[rail.BankField])
	return option.Label
}

// payeeFields unseals the details of a version.
func (c *Core) payeeFields(v models.PayeeVersion) (models.Fields, error) {
	text, err := c.Vault.Open(payeePlace(v.Rail), v.SealedFields)
	if err != nil {
		return nil, fmt.Errorf("details of payee version %d: %w", v.ID, err)
	}
	fields := models.Fields{}
	return fields, fields.Scan(string(text))
}

// last4 is what is shown of an account: of an e-mail address the end of the part
// that tells people apart.
func last4(number string) string {
	own, _, _ := strings.Cut(number, "@")
	runes := []rune(own)
	return string(runes[max(0, len(runes)-4):])
}
