package services

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
	"countersign/services/vault"
)

// NewBlock is what nothing is to be paid to any more: a number, or a name.
type NewBlock struct {
	Kind    models.BlockKind
	Number  string                // whole; "" where Version has it
	Name    string                // of a number, under which it is known
	Version models.PayeeVersionID // details of the book to take the account or the name from; 0 for none
	Reason  string
}

// Block stops every payout to a number or a name from now on, and holds what is on its
// way there (D7). To stop is one person's, to take it off the list is two people's.
func (s *Payees) Block(ctx context.Context, by models.Person, n NewBlock) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		if err := models.CheckBlocking(by); err != nil {
			return err
		}
		b, err := s.newBlock(tx, n)
		if err != nil {
			return err
		}
		b.BlockedBy, b.BlockedAt = by.ID, s.Now()
		if err := models.AddPayeeBlock(tx, &b); err != nil {
			return err
		}
		actor := by.As(models.VerbPayeeOK)
		if err := s.tellBlock(tx, "payee_blocked", b, actor, b.Reason); err != nil {
			return err
		}
		return s.holdBlocked(tx, actor, b.Reason)
	})
}

// newBlock reads what was typed, or picked from the book; all that is wrong at once.
func (s *Payees) newBlock(tx *gorm.DB, n NewBlock) (models.PayeeBlock, error) {
	number, name, err := s.blockedAnswers(tx, n)
	if err != nil {
		return models.PayeeBlock{}, err
	}
	var wrong models.Refusals
	refuse := func(key, field string) { wrong = append(wrong, models.Refuse(models.Invalid, key).On(field)) }
	b := models.PayeeBlock{Kind: n.Kind, Name: name}
	switch n.Kind {
	case models.BlockNumber:
		if utf8.RuneCountInString(number) < shortestBlocked {
			refuse("block.number_needed", "number")
		}
		b.NumberHash, b.SealedNumber, b.Last4 = s.hashBlocked(number), s.Vault.Seal(models.BlockedPlace, []byte(number)), last4(number)
	case models.BlockName:
		if b.Folded = models.FoldName(name); b.Folded == "" {
			refuse("block.name_needed", "name")
		}
	default:
		refuse("block.kind_needed", "kind")
	}
	if utf8.RuneCountInString(name) > maxReference {
		refuse("block.name_long", "name")
	}
	b.Reason, err = needReason(n.Reason)
	if wrong = append(wrong, refusalsOf(err)...); len(wrong) > 0 {
		return b, wrong
	}
	return b, nil
}

// shortestBlocked is how many characters a number has at least that can name somebody.
const shortestBlocked = 5

// blockedAnswers are the number and the name, as they are compared and as they are shown.
func (s *Payees) blockedAnswers(tx *gorm.DB, n NewBlock) (number, name string, err error) {
	number, name = blockedNumber(n.Number), strings.TrimSpace(n.Name)
	if n.Version == 0 {
		return number, name, nil
	}
	version, err := models.FindPayeeVersion(tx, n.Version)
	if err != nil {
		return "", "", err
	}
	fields, err := s.payeeFields(version)
	if err != nil {
		return "", "", err
	}
	_, rail, _ := families.Rail(version.Rail)
	return blockedNumber(fields[rail.AccountField]), version.Name, nil
}

// blockedNumber is a number as the list compares it, however it was typed.
func blockedNumber(typed string) string { return strings.ToLower(gateway.PlainNumber(typed)) }

func (c *Core) hashBlocked(number string) []byte {
	return c.Vault.Hash(models.BlockedHashing, number)
}

// marks are what the list knows a payee by: their name, and every answer of theirs that
// is a number nobody else has.
func (c *Core) marks(v models.PayeeVersion) (models.PayeeMarks, error) {
	fields, err := c.payeeFields(v)
	if err != nil {
		return models.PayeeMarks{}, err
	}
	_, rail, _ := families.Rail(v.Rail)
	return c.marksOf(rail, v.Name, fields), nil
}

func (c *Core) marksOf(rail gateway.Rail, name string, payee models.Fields) models.PayeeMarks {
	m := models.PayeeMarks{Name: name}
	for _, field := range rail.Fields {
		value := blockedNumber(payee[field.Name])
		if value != "" && field.Payee && (field.Secret || field.Name == rail.AccountField) {
			m.Numbers = append(m.Numbers, c.hashBlocked(value))
		}
	}
	return m
}

// CheckPaying refuses to pay details that are on the block list (D7).
func (c *Core) CheckPaying(db *gorm.DB, id models.PayeeVersionID) error {
	version, err := models.FindPayeeVersion(db, id)
	if err != nil {
		return err
	}
	marks, err := c.marks(version)
	if err != nil {
		return err
	}
	return models.CheckBlocked(db, marks)
}

// holdBlocked holds what is on its way to anybody on the list. What cannot be opened the
// sender holds by itself.
func (s *Payees) holdBlocked(tx *gorm.DB, by models.Actor, reason string) error {
	open, err := models.OpenOrders(tx)
	if err != nil {
		return err
	}
	for i := range open {
		var no models.Refusal
		err := s.CheckPaying(tx, open[i].PayeeVersionID)
		switch {
		case errors.As(err, &no):
			err = hold(tx, &open[i], by, s.Now(), models.HeldBlocked, models.Details{"reason_text": reason})
		case errors.Is(err, vault.ErrSealBroken):
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Core) tellBlock(tx *gorm.DB, verb string, b models.PayeeBlock, by models.Actor, reason string) error {
	return models.Append(tx, models.Event{
		At: c.Now(), Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "block", SubjectID: strconv.FormatInt(b.ID, 10),
		Details: models.Details{"name": b.Label(), "last4": b.Last4, "reason_text": reason},
	})
}
