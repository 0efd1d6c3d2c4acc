package handlers

import (
	"context"
	"slices"

	"github.com/a-h/templ"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// stopped says why nothing is being sent, and whether there is a page that says more
// and is open to the reader.
func (h *Handlers) stopped(ctx context.Context, by models.Person) (views.Stop, error) {
	if why := h.broken(ctx); why != "" {
		return views.Stop{Why: why}, nil
	}
	return h.cord(ctx, by)
}

// cord says who or what stopped all sending; the zero value sends.
func (h *Handlers) cord(ctx context.Context, by models.Person) (views.Stop, error) {
	db := h.Store.Read(ctx)
	cord, err := models.ReadSetting(db, models.SettingCord)
	if err != nil {
		return views.Stop{}, err
	}
	words, err := stopWords(ctx, db, cord)
	stop := views.Stop{Why: words, More: views.IsFinding(cord) && h.mayOpen(by, "sends")}
	if err == nil && cord != "" {
		stop.Asked, err = h.askedToSend(ctx, by, models.AllSending)
	}
	return stop, err
}

// askedToSend says who has asked to let sending go on, nil if nobody has.
func (h *Handlers) askedToSend(ctx context.Context, by models.Person, subject string) (*views.Awaited, error) {
	db := h.Store.Read(ctx)
	change, waits, err := models.WaitingChange(db, models.ChangeSending, subject)
	if err != nil || !waits {
		return nil, err
	}
	names, err := models.Names(db)
	if err != nil {
		return nil, err
	}
	key := "sending.asked"
	if subject != models.AllSending {
		key = "sending.asked_account"
	}
	asked := &views.Awaited{Words: i18n.T(ctx, key, "Name", names[change.ProposedBy], "At", views.ClockWords(ctx, change.ProposedAt))}
	if change.CheckSee(by) == nil {
		asked.Href = templ.SafeURL(views.ChangePath(change.ID))
	}
	return asked, nil
}

// stopWords say why all sending is stopped: a person's words as they are, a reason of
// the machine in ours, with what was found when it is the journal of sends.
func stopWords(ctx context.Context, db *gorm.DB, cord string) (string, error) {
	if !slices.Contains(services.Stops, cord) {
		return cord, nil
	}
	if views.IsFinding(cord) {
		f, err := finding(db)
		if err != nil {
			return "", err
		}
		if f != nil {
			return f.StopWords(ctx), nil
		}
	}
	return i18n.T(ctx, cord), nil
}
