package services

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// NewCall is what somebody tells of a call to a payee (D3).
type NewCall struct {
	Number     string // that was called
	Source     models.NumberSource
	SourceNote string
	KnownSince time.Time
	CalledAt   time.Time
	Reached    string
	ReadBack   bool
	Note       string
}

// KeepCall puts a call about a change on record. Who asked for the change does not call,
// and a number that came with the request proves nothing.
func (s *Payees) KeepCall(ctx context.Context, by models.Person, change int64, n NewCall) error {
	n.Number, n.SourceNote, n.Reached, n.Note = strings.TrimSpace(n.Number), strings.TrimSpace(n.SourceNote), strings.TrimSpace(n.Reached), strings.TrimSpace(n.Note)
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbCall); err != nil {
			return err
		}
		c, err := models.FindChange(tx, change)
		if err != nil {
			return err
		}
		if !c.Kind.OfDetails() {
			return models.Refuse(models.Missing, "change.missing")
		}
		if err := c.CheckSubject(tx, by); err != nil {
			return err
		}
		if err := c.CheckCall(by); err != nil {
			return err
		}
		call := models.CallBack{
			ChangeID: c.ID, CallerID: by.ID, CalledAt: n.CalledAt, SealedNumber: s.Vault.Seal("call "+strconv.FormatInt(c.ID, 10), []byte(n.Number)),
			Source: n.Source, SourceNote: n.SourceNote, KnownSince: n.KnownSince, Reached: n.Reached, ReadBack: n.ReadBack, Note: n.Note, KeptAt: s.Now(),
		}
		rules, err := models.ReadPayeeRules(tx)
		if err != nil {
			return err
		}
		if wrong := append(n.check(), call.Check(c, rules, s.Now())...); len(wrong) > 0 {
			return wrong
		}
		if err := tx.Create(&call).Error; err != nil {
			return err
		}
		return s.tellCall(tx, by, c, call)
	})
}

func (s *Payees) tellCall(tx *gorm.DB, by models.Person, c models.Change, call models.CallBack) error {
	version, err := models.AboutVersion(tx, c)
	if err != nil {
		return err
	}
	return models.Append(tx, version.EventAbout(c, "payee_called", by.As(models.VerbCall), s.Now(), models.Details{
		"change": strconv.FormatInt(c.ID, 10), "reached": call.Reached, "known_by": string(call.Source), "known_since": call.KnownSince.UTC().Format(time.DateOnly),
		"read_back": strconv.FormatBool(call.ReadBack), "text": call.SourceNote,
	}))
}

// check names the answers that are missing or too long.
func (n NewCall) check() (wrong models.Refusals) {
	need := func(field, value, key string) {
		switch long := utf8.RuneCountInString(value); {
		case long == 0:
			wrong = append(wrong, models.Refuse(models.Invalid, key).On(field))
		case long > maxPurpose:
			wrong = append(wrong, models.Refuse(models.Invalid, "text.too_long", "Length", long, "Limit", maxPurpose).On(field))
		}
	}
	need("number", n.Number, "call.number_needed")
	if !slices.Contains(models.NumberSources, n.Source) {
		wrong = append(wrong, models.Refuse(models.Invalid, "call.source_needed").On("source"))
	}
	need("source_note", n.SourceNote, "call.source_note_needed")
	if n.KnownSince.IsZero() {
		wrong = append(wrong, models.Refuse(models.Invalid, "call.known_since_needed").On("known_since"))
	}
	if n.CalledAt.IsZero() {
		wrong = append(wrong, models.Refuse(models.Invalid, "call.called_at_needed").On("called_at"))
	}
	need("reached", n.Reached, "call.reached_needed")
	if long := utf8.RuneCountInString(n.Note); long > maxReason {
		wrong = append(wrong, models.Refuse(models.Invalid, "text.too_long", "Length", long, "Limit", maxReason).On("note"))
	}
	return wrong
}

// CalledNumber is the telephone number of a call, for the page of the evidence.
func (s *Payees) CalledNumber(call models.CallBack) (string, error) {
	number, err := s.Vault.Open("call "+strconv.FormatInt(call.ChangeID, 10), call.SealedNumber)
	return string(number), err
}

// callersNeeded is how many people have to call before a change is confirmed.
func callersNeeded(db *gorm.DB, id models.PayeeID, rail string, now time.Time) (int, error) {
	rules, err := models.ReadPayeeRules(db)
	if err != nil {
		return 0, err
	}
	paid, err := models.PaidLately(db, id, railCurrency(rail), now)
	return rules.CallersFor(paid), err
}

// CallersNeeded is callersNeeded for the page.
func (s *Payees) CallersNeeded(db *gorm.DB, v models.PayeeVersion) (int, error) {
	return callersNeeded(db, v.PayeeID, v.Rail, s.Now())
}
