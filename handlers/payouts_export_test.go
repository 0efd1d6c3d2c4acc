package handlers

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

// exported is a file taken apart.
type exported struct {
	text          string
	head          map[string]string
	columns       []string
	rows          [][]string
	digest, count string
}

func readExport(t *testing.T, p page) (e exported) {
	t.Helper()
	p.is(200)
	var marked bool
	if e.text, marked = strings.CutPrefix(p.body, utf8Mark); !marked {
		t.Fatal("the file does not say that it is UTF-8")
	}
	reader := csv.NewReader(strings.NewReader(e.text))
	reader.FieldsPerRecord = -1
	lines, err := reader.ReadAll()
	must(t, err)
	e.head = map[string]string{}
	for _, line := range lines {
		switch {
		case len(line) > 5 && e.columns == nil:
			e.columns = line
		case len(line) > 5:
			e.rows = append(e.rows, line)
		case line[0] == "Rows":
			e.count = line[1]
		case strings.HasPrefix(line[0], "SHA-256"):
			e.digest = line[1]
		case len(line) == 2:
			e.head[line[0]] = line[1]
		}
	}
	return e
}

func (e exported) column(name string) (cells []string) {
	at := slices.Index(e.columns, name)
	for _, row := range e.rows {
		cells = append(cells, row[at])
	}
	return cells
}

func TestAnExportIsTheWholeListWithItsProof(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	b := a.as(models.Auditor)
	b.person.Zone = "UTC"
	list := b.get("/payouts?currency=TWD")
	answer := b.get("/payouts.csv?currency=TWD")
	e := readExport(t, answer)
	if len(e.rows) != rowsOf(list) || e.count != strconv.Itoa(len(e.rows)) {
		t.Errorf("the file has %d rows and says %s, the list has %d", len(e.rows), e.count, rowsOf(list))
	}
	if e.head["Filter"] != "All; Currency TWD" || e.head["Exported by"] != b.person.Name || e.head["Zone"] != "UTC" || !strings.HasSuffix(e.head["Exported at"], "Z") {
		t.Errorf("the head says %v", e.head)
	}
	from, to := strings.Index(e.text, "order_no,"), strings.Index(e.text, "Rows,")
	if sum := sha256.Sum256([]byte(e.text[from:to])); e.digest != hex.EncodeToString(sum[:]) {
		t.Error("the digest is not that of the rows")
	}
	answer.keepsQuiet("4088748280272397")
	if !slices.Contains(e.column("account"), "····2397") || !slices.Contains(e.column("amount"), "101.50") {
		t.Errorf("accounts are %v, amounts %v", e.column("account"), e.column("amount"))
	}
	if got := answer.header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="payouts-`) {
		t.Errorf("the file is called %s", got)
	}
	events := a.events("exported")
	if len(events) != 1 || events[0].Details["filter"] != "currency=TWD" || events[0].Actor != b.person.Name || events[0].SubjectID != "payouts" {
		t.Errorf("on record is %+v", events)
	}
}

func TestLongExportsAreReadInSlices(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	const many = exportSlice + 30
	first := a.town.Draft(a.town.Form("apay.taiwan", 1))
	a.write(func(tx *gorm.DB) error {
		return tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO payouts (order_no, account_id, rail, amount_minor, currency, payee_id, payee_version_id, payee_name, last4, account_hash,
				maker_id, digest, stage, outcome, created_at, state_since)
			SELECT printf('COPY%022d', i), account_id, rail, amount_minor, currency, payee_id, payee_version_id, payee_name, last4, account_hash,
				maker_id, digest, stage, outcome, created_at, state_since FROM n, payouts WHERE payouts.id = ?`, many-1, first.ID).Error
	})
	e := readExport(t, a.as(models.Auditor).get("/payouts.csv?rail=apay.taiwan"))
	numbers := e.column("order_no")
	if slices.Sort(numbers); len(numbers) != many || len(slices.Compact(numbers)) != many || e.count != strconv.Itoa(many) {
		t.Errorf("%d rows of %d", len(numbers), many)
	}
}

func TestMakersTakeOutTheirOwnOrdersAlone(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	own, err := a.Payouts.Draft(t.Context(), maker.person, a.town.Form("apay.taiwan", 1), nil)
	must(t, err)
	other := a.town.Draft(a.town.Form("apay.taiwan", 2))
	maker.get("/payouts").says("Export my orders")
	for _, address := range []string{"/payouts.csv", fmt.Sprintf("/payouts.csv?maker=%d", other.MakerID), "/payouts.csv?q=" + other.OrderNo} {
		e := readExport(t, maker.get(address))
		for _, number := range e.column("order_no") {
			if number != own.OrderNo {
				t.Errorf("%s holds %s", address, number)
			}
		}
		if !strings.Contains(e.head["Filter"], "own orders only") {
			t.Errorf("%s says %q", address, e.head["Filter"])
		}
	}
	both := a.as(models.Maker, models.Resolver)
	if e := readExport(t, both.get("/payouts.csv")); len(e.rows) != 2 {
		t.Errorf("a maker who resolves takes out %d rows", len(e.rows))
	}
	a.as(models.Approver).get("/payouts.csv").is(http.StatusForbidden)
	a.as(models.GatewayAdmin).get("/payouts.csv").is(http.StatusForbidden)
	if events := a.events("exported"); len(events) != 4 {
		t.Errorf("%d exports are on record", len(events))
	}
}

func TestAskingForTheHeadOfAnExportTakesNothingOut(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Auditor)
	b.send(httptest.NewRequest(http.MethodHead, "/payouts.csv", nil)).is(200)
	b.get("/payouts.csv?least=abc").is(http.StatusUnprocessableEntity)
	if events := a.events("exported"); len(events) != 0 {
		t.Errorf("%d exports are on record", len(events))
	}
}

// S15: no cell of a file runs or is rounded when a spreadsheet opens it.
func TestNoCellIsAFormulaOrARoundedNumber(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+86": "'+86", "-5": "'-5", "@cmd": "'@cmd", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a",
		"202611190000001234": "'202611190000001234", "0004": "'0004", "12E5": "'12E5", "1e9": "'1e9", "5000.00": "5000.00", "12": "12", "": "", "ACME = B": "ACME = B",
		"01M7QZKNR3T3ZZJH6WYYSN385D": "01M7QZKNR3T3ZZJH6WYYSN385D", "陳怡君": "陳怡君",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q is written %q, want %q", cell, got, want)
		}
	}
}

func TestAFormulaInAnOrderIsHarmlessInItsExport(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	form := a.town.Form("apay.taiwan", 1)
	form.Reference, form.Purpose = `=HYPERLINK("http://x")`, "＝1+1"
	a.town.Draft(form)
	e := readExport(t, a.as(models.Controller).get("/payouts.csv"))
	if e.column("reference")[0] != `'=HYPERLINK("http://x")` || e.column("purpose")[0] != "'＝1+1" {
		t.Errorf("the cells are %q and %q", e.column("reference"), e.column("purpose"))
	}
}
