package handlers

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"countersign/models"
)

// M6: whoever opens the address of a sample sees the same acts, whatever came since.
func TestM06_ASecondAuditorDrawsTheSameSample(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	for i := range 12 {
		a.town.Draft(a.town.Form("apay.taiwan", i))
	}
	b := a.as(models.Auditor)
	b.get("/audit/sample?verb=drafted").is(http.StatusOK).says("Sample of the log", "How many")
	b.get("/audit/sample?verb=drafted&size=0&seed=november").is(http.StatusUnprocessableEntity).says("1 to 500 entries")
	b.get("/audit/sample?verb=drafted&size=5").is(http.StatusUnprocessableEntity).says("Name a seed")
	b.get("/audit/sample?verb=dreamt&size=5&seed=november").is(http.StatusUnprocessableEntity)
	address := b.get("/audit/sample?verb=drafted&size=5&seed=november").is(http.StatusSeeOther).header.Get("Location")
	first := entriesOn(b.get(address).is(http.StatusOK).says("12 entries", "november"))
	a.town.Draft(a.town.Form("apay.taiwan", 50))
	again := entriesOn(a.as(models.Controller).get(address).is(http.StatusOK))
	if len(first) != 5 || !slices.Equal(first, again) {
		t.Errorf("first %v, again %v", first, again)
	}
	if other := entriesOn(b.get(strings.Replace(address, "november", "december", 1))); slices.Equal(first, other) {
		t.Error("another seed picked the same")
	}
	e := readExport(t, b.get(strings.Replace(address, "/audit/sample?", "/audit/sample.csv?", 1)))
	if !slices.Equal(e.column("entry"), first) || e.head["Seed"] != "november" || e.head["Drawn from"] != "12" {
		t.Errorf("the file has %v, %v", e.column("entry"), e.head)
	}
	if events := a.events("exported"); len(events) != 1 || events[0].Details["seed"] != "november" || events[0].Details["digest"] != e.head["Digest of those"] {
		t.Errorf("on record is %+v", events)
	}
	a.as(models.Maker).get("/audit/sample").is(http.StatusForbidden)
}

// entriesOn are the numbers that the rows of a page link to.
func entriesOn(p page) (numbers []string) {
	for _, part := range strings.Split(p.body, `href="/audit?at=`)[1:] {
		number, _, _ := strings.Cut(part, `"`)
		numbers = append(numbers, number)
	}
	return numbers
}
