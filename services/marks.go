package services

import (
	"bytes"
	"crypto/rand"
	"errors"
	"maps"

	"countersign/models"
	"countersign/services/gateway/families"
)

// saltBytes makes trying numbers out hopeless.
const saltBytes = 16

// salted gives the order a new salt for the marks of its content.
func (c *Core) salted(p *models.Payout) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	p.SealedSalt = c.Vault.Seal("content "+p.OrderNo, salt)
}

// content is what approvers sign of a payout, every secret as its mark (I3, I24).
func (c *Core) content(p models.Payout, payee models.Fields) (models.Content, error) {
	plain := plainContent(p, payee)
	if len(p.SealedSalt) == 0 {
		return plain, nil
	}
	salt, err := c.Vault.Open("content "+p.OrderNo, p.SealedSalt)
	if err != nil {
		return plain, err
	}
	plain.Scheme = 2
	plain.Payee, plain.Fields = marked(p.Rail, salt, payee), marked(p.Rail, salt, p.Fields)
	return plain, nil
}

// marked puts marks in the place of what the rail calls secret; of an unknown rail
// everything is.
func marked(railID string, salt []byte, fields models.Fields) models.Fields {
	_, rail, known := families.Rail(railID)
	all := maps.Clone(fields)
	for name, value := range all {
		field, asked := rail.Field(name)
		if !known || !asked || field.Secret || name == rail.AccountField {
			all[name] = models.Mark(salt, name, value)
		}
	}
	return all
}

// errOtherContent is an order whose answers are not those that its digest was made of.
var errOtherContent = errors.New("its content does not fit the digest on record")

// checkContent holds the answers of an order against the digest on record.
func (c *Core) checkContent(p models.Payout, payee models.Fields) error {
	content, err := c.content(p, payee)
	if err == nil && !bytes.Equal(content.Digest(), p.Digest) {
		err = errOtherContent
	}
	return err
}
