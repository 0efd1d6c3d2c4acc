package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

const wholePDF = "%PDF-1.7 and so on\n%%EOF\n"

// attached is an order that waits, with these files, and where each of them lies.
func (a *townApp) attached(files ...services.Upload) (p models.Payout, paths []string) {
	a.t.Helper()
	p, err := a.Payouts.Draft(a.t.Context(), a.town.Maker, a.town.Form("apay.taiwan", 1), files)
	must(a.t, err)
	must(a.t, a.Payouts.Submit(a.t.Context(), a.town.Maker, p.OrderNo, p.Digest))
	kept, err := models.Files(a.Store.Read(a.t.Context()), p.ID)
	must(a.t, err)
	for _, f := range kept {
		paths = append(paths, pathOf(p)+"/files/"+strconv.FormatInt(f.ID, 10))
	}
	return p, paths
}

// The refusal to be framed stands everywhere but in the frame of a PDF, and no page may hold
// frames but the card that shows one.
func TestS7_OnlyAPDFOnItsCardIsFramedAndByUsAlone(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	reader := a.as(models.Approver)
	policy := func(path string) string {
		return reader.get(path).is(http.StatusOK).header.Get("Content-Security-Policy")
	}
	p, paths := a.attached(services.Upload{Name: "contract.pdf", Content: []byte(wholePDF)}, services.Upload{Name: "note.txt", Content: []byte("words")})
	pdf, text := paths[0], paths[1]
	for path, want := range map[string]string{
		pdf + "/view":                          "default-src 'none'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'",
		pdf:                                    "default-src 'none'; sandbox",
		text:                                   "default-src 'none'; sandbox",
		"/approvals/" + p.OrderNo:              contentPolicy + "; frame-src 'self'",
		pathOf(p):                              contentPolicy,
		"/approvals/" + p.OrderNo + "/approve": contentPolicy,
	} {
		if got := policy(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	shown := reader.get(pdf + "/view")
	if shown.body != wholePDF || shown.header.Get("Content-Type") != models.PDF || shown.header.Get("X-Content-Type-Options") != "nosniff" ||
		shown.header.Get("Content-Disposition") != "inline; filename=contract.pdf" || shown.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the PDF comes with %v", shown.header)
	}
	reader.get(text + "/view").is(http.StatusNotFound)
	plain := a.town.Submitted(a.town.Form("apay.taiwan", 2))
	if got := policy("/approvals/" + plain.OrderNo); got != contentPolicy {
		t.Errorf("a card without a PDF has %q", got)
	}
}

func TestB4_OtherBytesThanThoseOnRecordAreShownToNobody(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	reader := a.as(models.Approver)
	p, paths := a.attached(services.Upload{Name: "contract.pdf", Content: []byte(wholePDF)}, services.Upload{Name: "note.txt", Content: []byte("words")})
	must(t, a.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE files SET content = ? WHERE payout_id = ?", []byte(strings.Replace(wholePDF, "so", "SO", 1)), p.ID).Error
	}))
	for _, path := range []string{paths[0], paths[0] + "/view", paths[1], "/approvals/" + p.OrderNo} {
		reader.get(path).is(http.StatusConflict).says("is not what was attached", "does not fit the one on record")
	}
}

// What an approver goes by is on record with the approval, and nothing is slipped in beside
// it while they read.
func TestB4_AnApprovalNamesTheFilesThatItsPersonCouldRead(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p, _ := a.attached(services.Upload{Name: "contract.pdf", Content: []byte(wholePDF)})
	b := a.as(models.Approver)
	a.town.Pass(time.Minute)
	early := b.read(p)
	a.town.Pass(time.Minute)
	must(t, a.Payouts.Note(t.Context(), a.town.Maker, p.OrderNo, "", []services.Upload{{Name: "other.txt", Content: []byte("words")}}))
	b.post(approvalPath(p), early).is(http.StatusConflict).says("Your approval was not recorded", "attached other.txt at", "after you opened this payout", "Read it again")
	if n := len(a.events("approved")); n > 0 {
		t.Fatal("a file that was attached meanwhile does not matter")
	}
	a.town.Pass(time.Minute)
	b.get("/approvals/" + p.OrderNo).says("The log holds the digests of these files. Your approval names them")
	b.post(approvalPath(p), b.read(p)).is(http.StatusSeeOther)
	files, err := models.Files(a.Store.Read(t.Context()), p.ID)
	must(t, err)
	if got := a.events("approved")[0].Details[models.FilesSigned]; got != models.DigestsOf(files) || len(strings.Fields(got)) != 2 {
		t.Errorf("the approval names the files %q", got)
	}
	b.get(pathOf(p)).says("with 2 files attached")
}
