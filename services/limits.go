package services

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// Limits is how much may be released (I18). Two people change it; a command on the
// machine acts at once, and the log says so.
type Limits struct{ *Core }

// Set adds a version of the limits; what is released from now on is held to it.
func (s *Limits) Set(ctx context.Context, by models.Actor, limits models.Limits, note string) (v models.LimitVersion, err error) {
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n < 3 || n > 500 {
		return v, models.Refuse(models.Invalid, "policy.note_shape").On("note")
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		v, err = s.add(tx, by, limits, note, unsigned)
		return err
	})
	return v, err
}

// add stores the next version, tells of it, and lets orders that wait for room be looked
// at again.
func (s *Limits) add(tx *gorm.DB, by models.Actor, limits models.Limits, note string, signature models.Signature) (models.LimitVersion, error) {
	before, err := models.CurrentLimits(tx)
	if err != nil {
		return before, err
	}
	v := models.LimitVersion{Content: limits, Note: note, CreatedBy: by.Name, CreatedAt: s.Now()}
	if err := models.AddLimits(tx, &v); err != nil {
		return v, err
	}
	content, err := v.Content.Value()
	if err != nil {
		return v, err
	}
	err = models.Append(tx, models.Event{
		At: v.CreatedAt, Verb: "limits_changed", ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "limits", SubjectID: strconv.Itoa(v.Version),
		Details: signature.Note(models.Details{"before": limitList(before.Content), "after": limitList(v.Content), "note": note, "content": content.(string)}),
	})
	if err != nil {
		return v, err
	}
	return v, models.RetryRoom(tx, s.Now())
}

// limitList writes limits as an auditor reads them: TWD order 500,000.00, day 5,000,000.00.
func limitList(l models.Limits) string {
	parts := []string{l.Zone}
	for _, currency := range l.Currencies() {
		var own []string
		for _, limit := range l.For(currency) {
			text := string(limit.Scope) + " " + models.Money{Minor: limit.Minor, Currency: currency}.Decimal()
			if limit.Until != "" {
				text += " (" + models.Money{Minor: limit.Raised, Currency: currency}.Decimal() + " until " + limit.Until + ")"
			}
			own = append(own, text)
		}
		for _, w := range l.Windows {
			if w.Currency == currency {
				own = append(own, fmt.Sprintf("window from %s: %d min", models.Money{Minor: w.Minor, Currency: currency}.Decimal(), w.Minutes))
			}
		}
		parts = append(parts, currency+" "+strings.Join(own, ", "))
	}
	return strings.Join(append(parts, fmt.Sprintf("orders wait %d business days for signatures", l.WaitsFor())), "; ")
}
