package handlers

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// growing are the tables that grow with the business. Nothing may read one of them from
// end to end; where something reads it in the order of its key, it must stop early.
var growing = []string{
	"payouts", "events", "notices", "questions", "attempts", "approvals", "payees", "payee_versions", "verdicts", "files", "sessions",
}

var (
	scanStep = regexp.MustCompile(`^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?`)
	filtered = regexp.MustCompile(`(?i)\bWHERE\b`)
	limited  = regexp.MustCompile(`(?i)\bLIMIT\b`)
)

// asked is one question that a page asked the database.
type asked struct {
	page, sql string
	values    []any
}

// listener hears every question that the pages ask.
type listener struct {
	mu   sync.Mutex
	page string
	all  map[string]asked // by its text
}

// listen hears what goes through both pools from now on.
func listen(t *testing.T, store *models.Store) *listener {
	l := &listener{all: map[string]asked{}}
	l.hears(t, store.Read(t.Context()))
	must(t, store.Write(t.Context(), func(tx *gorm.DB) error {
		l.hears(t, tx)
		return nil
	}))
	return l
}

func (l *listener) hears(t *testing.T, pool *gorm.DB) {
	calls := pool.Callback()
	must(t, calls.Query().After("gorm:query").Register("test:plans", l.hear))
	must(t, calls.Row().After("gorm:row").Register("test:plans", l.hear))
	must(t, calls.Raw().After("gorm:raw").Register("test:plans", l.hear))
	must(t, calls.Update().After("gorm:update").Register("test:plans", l.hear))
	must(t, calls.Delete().After("gorm:delete").Register("test:plans", l.hear))
}

func (l *listener) hear(db *gorm.DB) {
	if db.DryRun {
		return // part of another, which is asked whole
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	text := db.Statement.SQL.String()
	if _, known := l.all[text]; !known && !strings.HasPrefix(text, "EXPLAIN") {
		l.all[text] = asked{l.page, text, db.Statement.Vars}
	}
}

func (l *listener) on(page string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.page = page
}

// scans are the questions heard that read a growing table from end to end.
func (l *listener) scans(t *testing.T, db *gorm.DB) (all []string) {
	l.mu.Lock()
	heard := make([]asked, 0, len(l.all))
	for _, a := range l.all {
		heard = append(heard, a)
	}
	l.mu.Unlock()
	few := partial(t, db)
	for _, a := range heard {
		var steps []struct{ Detail string }
		if err := db.Raw("EXPLAIN QUERY PLAN "+a.sql, a.values...).Scan(&steps).Error; err != nil {
			t.Fatalf("%s: %v\n%s", a.page, err, a.sql)
		}
		for _, step := range steps {
			if a.readsWhole(step.Detail, few) {
				all = append(all, fmt.Sprintf("%s: %s\n\t%s", a.page, step.Detail, a.sql))
			}
		}
	}
	return all
}

// readsWhole says whether a step of the plan walks a growing table without an end in
// sight: a walk in the order of a key that stops at a limit, with nothing to look for on
// the way, is short however long the table.
func (a asked) readsWhole(step string, few map[string]bool) bool {
	found := scanStep.FindStringSubmatch(step)
	if found == nil {
		return false
	}
	stopsEarly := limited.MatchString(a.sql) && !filtered.MatchString(a.sql)
	return slices.Contains(growing, a.table(found[1])) && !stopsEarly && !few[found[2]]
}

// renamed finds tables that a question calls by another name.
var renamed = regexp.MustCompile(`(?i)\b(?:FROM|JOIN) (\w+) (?:AS )?(\w+)\b`)

// table is the table that a step of the plan calls so.
func (a asked) table(name string) string {
	for _, found := range renamed.FindAllStringSubmatch(a.sql, -1) {
		if found[2] == name {
			return found[1]
		}
	}
	return name
}

// partial names the indexes that hold a few rows of their tables: those that wait, are in
// doubt, or were disputed. To walk one of them is what it is for.
func partial(t *testing.T, db *gorm.DB) map[string]bool {
	var names []string
	must(t, db.Raw("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'").Scan(&names).Error)
	few := map[string]bool{}
	for _, name := range names {
		few[name] = true
	}
	return few
}

// visitor opens pages and tells the listener which.
type visitor struct {
	*browser
	l *listener
}

func (v visitor) visit(path string) {
	v.l.on(path)
	if got := v.get(path); got.status >= http.StatusInternalServerError && path != "/readyz" {
		v.t.Errorf("%s: status %d: %s", path, got.status, got.text())
	}
}

// everywhere opens every page there is, those of one order for each of the orders.
func (v visitor) everywhere(orders []models.Payout) {
	for _, route := range v.Routes() {
		if route.Method != http.MethodGet || route.live || route.Path == "/payouts.csv" || strings.HasPrefix(route.Path, "/static") {
			continue
		}
		for _, p := range orders {
			path := strings.ReplaceAll(strings.ReplaceAll(route.Path, ":no", p.OrderNo), ":id", fmt.Sprint(v.person.ID))
			v.visit(path)
			if path == route.Path {
				break
			}
		}
	}
}

// filteredLists are lists as people ask for them.
var filteredLists = map[string][]string{
	"/payouts":   {"rejected=papers", "tab=done", "tab=unclear", "tab=needs_approval", "held=on", "contradiction=on", "currency=TWD", "least=5"},
	"/approvals": {"tab=others", "tab=decided", "sort=largest", "sort=longest"},
	"/payees":    {"state=changed", "number=" + strings.Repeat("ab", 32)},
	"/notices":   {"list=" + models.NoticesQuarantined, "list=" + models.NoticesAll, "q=01M6CWACM03Y605T5NZ8W1EJTG"},
}

func (v visitor) lists(waits models.Payout) {
	for _, sort := range models.InboxSorts {
		v.visit("/approvals?sort=" + string(sort) + "&after=" + waits.OrderNo)
	}
	for path, queries := range filteredLists {
		for _, query := range queries {
			v.visit(path + "?" + query)
		}
	}
	v.questions()
}

func (v visitor) questions() {
	for _, question := range models.AuditQuestions {
		v.visit("/audit?question=" + string(question))
		v.visit("/audit/sample?size=5&seed=x&up_to=1000&question=" + string(question))
	}
}

func TestNothingReadsWhatGrowsFromEndToEnd(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	a.town.Maker = maker.person
	orders := []models.Payout{
		a.town.Draft(a.town.Form("apay.taiwan", 1)), a.town.Submitted(a.town.Form("apay.taiwan", 2)),
		a.town.Sent(a.town.Form("cashy.peru", 3)), a.town.Unclear(a.town.Form("apay.taiwan", 4)),
	}
	a.pays(a.account("apay.taiwan"), "Asia/Taipei", "15:30")
	l := listen(t, a.Store)
	visitor{maker, l}.everywhere(orders)
	all := visitor{a.as(models.Controller, models.Auditor), l}
	all.everywhere(orders)
	all.lists(orders[1])
	part := visitor{a.as(models.Auditor), l}
	a.write(func(tx *gorm.DB) error {
		return models.SetScope(tx, part.person.ID, models.Scope{Accounts: []models.AccountID{a.town.Taipei.ID}, Currencies: []string{"TWD"}})
	})
	for _, path := range []string{"/audit", "/audit?size=200&before=9", "/audit/exceptions", "/changes", "/limits"} {
		part.visit(path)
	}
	part.questions()
	all.visit(togetherAddress(orders[1], a.town.Quiet("apay.unionpay", 1)[0]))
	l.on("the machine")
	a.town.Live(time.Hour, time.Minute)
	for _, scan := range l.scans(t, a.Store.Read(t.Context())) {
		t.Error(scan)
	}
	if len(l.all) < 50 {
		t.Errorf("only %d questions were heard", len(l.all))
	}
}

// A question without an index is what the test above must hear.
func TestAPageThatReadsEverythingWouldBeSeen(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	l := listen(t, a.Store)
	var reasons []string
	must(t, a.Store.Read(t.Context()).Model(&models.Payout{}).Where("purpose = ?", "rent").Pluck("order_no", &reasons).Error)
	if scans := l.scans(t, a.Store.Read(t.Context())); len(scans) != 1 {
		t.Errorf("it was not seen: %q", scans)
	}
}
