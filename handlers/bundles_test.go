package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
)

// aMonth is the form that asks for everything around now.
func aMonth(a *townApp) url.Values {
	return url.Values{
		"from": {a.town.Now().AddDate(0, 0, -10).Format(time.DateOnly)}, "to": {a.town.Now().AddDate(0, 0, 10).Format(time.DateOnly)}, "account": {""}, "currency": {""},
	}
}

func TestM05_AnAuditorTakesTheEvidenceOfAPeriodFromThePage(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.sent("apay.taiwan", 1)
	a.town.Draft(a.town.Form("cashy.peru", 2))
	b := a.as(models.Auditor)
	b.get("/audit/bundles").is(http.StatusOK).says("Evidence of a period", "Make the file")
	b.get("/audit/bundles.zip").is(http.StatusNotFound)
	b.post("/audit/bundles", url.Values{"from": {""}, "to": {""}, "account": {""}, "currency": {""}}).is(http.StatusUnprocessableEntity).says("Say on which day")
	b.post("/audit/bundles", aMonth(a)).leadsTo("/audit/bundles")
	a.Bundles.Wait()
	b.get("/audit/bundles").says("is ready", "2 orders, ", "Download, ")
	file := b.get("/audit/bundles.zip").is(http.StatusOK)
	signed, _, err := models.LastHead(a.Store.Read(t.Context()))
	must(t, err)
	verifier, err := a.Heads.Verifier(t.Context())
	must(t, err)
	found, err := bundle.CheckPeriod(strings.NewReader(file.body), int64(len(file.body)), []byte(signed.Note), verifier, nil)
	if err != nil || len(found.Orders) != 2 || found.Taken.ActorID != b.person.ID {
		t.Errorf("%v: %+v", err, found.Orders)
	}
	a.as(models.Auditor).get("/audit/bundles.zip").is(http.StatusNotFound) // it is the other's
	a.as(models.Maker).post("/audit/bundles", aMonth(a)).is(http.StatusForbidden)
	b.get("/audit?question=exports").says("Evidence taken out", "Orders of a period")
	a.town.Pass(25 * time.Hour)
	if _, last := a.Bundles.State(b.person); last != nil {
		t.Error("a file of yesterday still waits")
	}
}

// Whoever sees one account takes the evidence of that account, and cannot ask for more.
func TestM05_ABundleGoesNoFurtherThanItsTakerSees(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.sent("apay.taiwan", 1)
	a.sent("cashy.peru", 2)
	lima := models.Scope{Accounts: []models.AccountID{a.town.Lima.ID}}
	narrow := a.as(models.Auditor)
	a.sees(narrow.person.ID, lima)
	other := aMonth(a)
	other.Set("account", fmt.Sprint(a.town.Taipei.ID))
	narrow.post("/audit/bundles", other).is(http.StatusUnprocessableEntity).says("You do not see that gateway account")
	narrow.post("/audit/bundles", aMonth(a)).leadsTo("/audit/bundles")
	a.Bundles.Wait()
	file := narrow.get("/audit/bundles.zip").is(http.StatusOK)
	if strings.Contains(file.body, "陳怡君") || !strings.Contains(file.body, "Rosa Quispe") {
		t.Error("the bundle goes beyond the scope, or not so far")
	}
	a.sees(narrow.person.ID, models.Scope{Accounts: []models.AccountID{a.town.Taipei.ID}})
	narrow.get("/audit/bundles.zip").is(http.StatusNotFound) // no longer theirs to see
}

// sees narrows what a person sees.
func (a *app) sees(id models.PersonID, s models.Scope) {
	a.write(func(tx *gorm.DB) error { return models.SetScope(tx, id, s) })
}
