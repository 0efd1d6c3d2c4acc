package handlers

import (
	"context"
	"slices"

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
	return views.Stop{Why: words, More: views.IsFinding(cord) && h.mayOpen(by, "sends")}, err
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
