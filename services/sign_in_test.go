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

// A clock that ran ahead by a week and was set right shuts nobody out for a week.
func TestI20_AClockSetBackLocksNobodyOutForLong(t *testing.T) {
	town := servicestest.New(t)
	try := func() (locked time.Time) {
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) (err error) {
			locked, err = models.CountTry(tx, "login", town.Now(), 2, 30*time.Minute)
			return err
		}))
		return locked
	}
	town.Pass(7 * 24 * time.Hour)
	try()
	try()
	town.Pass(-time.Minute) // a small correction frees nobody
	if try().IsZero() {
		t.Error("two wrong tries locked nothing")
	}
	town.Pass(-7 * 24 * time.Hour)
	if locked := try(); !locked.IsZero() {
		t.Errorf("it is %s, locked until %s", town.Now(), locked)
	}
}
