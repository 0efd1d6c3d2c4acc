package services_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// A clock set back by an hour makes no session last an hour longer (I20).
func TestI20_AClockSetBackMakesNoSessionLastLonger(t *testing.T) {
	town := servicestest.New(t)
	signIn := services.SignIn{Core: town.Core, Idle: services.SessionIdle}
	session := models.Session{Digest: []byte("digest"), PersonID: town.Maker.ID, CreatedAt: town.Now(), SeenAt: town.Now(), Data: []byte{}}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return models.OpenSession(tx, &session) }))
	_, _, err := signIn.Recognise(t.Context(), session.Digest)
	town.Must(err)
	town.Pass(-time.Minute) // a small correction ends nothing
	_, _, err = signIn.Recognise(t.Context(), session.Digest)
	town.Must(err)
	town.Pass(-time.Hour)
	if _, _, err := signIn.Recognise(t.Context(), session.Digest); !refused(err, "session.idle") {
		t.Errorf("got %v", err)
	}
}
