package handlers

import (
	"context"
	"errors"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
)

func TestTheAuditPageSaysWhatLeftAndWhatCouldNot(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Auditor)
	b.get("/audit").is(200).says("No head of the log has left this machine yet")
	b.get("/").is(200).says("none has left yet")
	a.town.Must(a.town.Heads.Round(t.Context()))
	verifier, err := a.town.Heads.Verifier(t.Context())
	a.town.Must(err)
	b.get("/audit").is(200).says("What the log was is kept elsewhere", a.town.HeadsFolder(), verifier)
	a.town.Heads.Outlets[0] = services.Outlet{Name: "folder", Place: "a disk that is away", Leave: func(context.Context, models.SignedHead) error {
		return errors.New("no such disk")
	}}
	a.town.Pass(time.Hour)
	if a.town.Heads.Round(t.Context()) == nil {
		t.Error("it left")
	}
	b = a.as(models.Controller)
	b.get("/audit").is(200).says("1 signed head could not leave this machine yet", "a disk that is away: no such disk")
	b.get("/").is(200).says("1 could not leave yet")
}
