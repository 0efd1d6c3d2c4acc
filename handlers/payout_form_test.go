package handlers

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/services/servicestest"
)

// sentAs is a form as a browser sends it.
func sentAs(f services.PayoutForm) url.Values {
	sent := url.Values{
		"account": {strconv.FormatInt(int64(f.AccountID), 10)}, "rail": {f.Rail}, "amount": {f.Amount}, "reference": {f.Reference}, "purpose": {f.Purpose},
		"twin_reason": {f.TwinReason}, "warning_reason": {f.WarningReason},
	}
	for name, value := range f.Values {
		sent.Set("f."+name, value)
	}
	if f.Replaces != "" {
		sent.Set("replaces", f.Replaces)
	}
	return sent
}

// drafted fills the form in and gives the draft that it leads to.
func (a *townApp) drafted(b *browser, f services.PayoutForm) models.Payout {
	a.t.Helper()
	to := b.post("/payouts", sentAs(f)).is(http.StatusSeeOther).header.Get("Location")
	no := strings.TrimSuffix(strings.TrimPrefix(to, "/payouts/"), "/review")
	return a.order(no)
}

func (a *townApp) order(no string) models.Payout {
	a.t.Helper()
	p, err := models.FindOrder(a.Store.Read(a.t.Context()), no)
	must(a.t, err)
	return p
}

// submitted drafts and submits through the pages.
func (a *townApp) submitted(b *browser, f services.PayoutForm) models.Payout {
	a.t.Helper()
	p := a.drafted(b, f)
	b.post("/payouts/"+p.OrderNo+"/submission", b.review(p)).leadsTo("/payouts/" + p.OrderNo)
	return a.order(p.OrderNo)
}

var digestPattern = regexp.MustCompile(`name="digest" value="([0-9a-f]{64})"`)

// review is what the page that checks answers sends once one has compared.
func (b *browser) review(p models.Payout) url.Values {
	b.t.Helper()
	found := digestPattern.FindStringSubmatch(b.get("/payouts/" + p.OrderNo + "/review").is(http.StatusOK).body)
	if found == nil {
		b.t.Fatal("the page has no digest")
	}
	return url.Values{"digest": {found[1]}, "compared": {"on"}}
}

func (a *townApp) orders() int {
	a.t.Helper()
	var n int64
	must(a.t, a.Store.Read(a.t.Context()).Model(&models.Payout{}).Count(&n).Error)
	return int(n)
}

func TestEveryRailAsksForItsAnswersAndIsSubmitted(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	for i, id := range servicestest.Rails {
		_, rail, _ := families.Rail(id)
		form := a.town.Form(id, i)
		page := maker.get(fmt.Sprintf("/payouts/new?rail=%s&account=%d", id, form.AccountID)).is(http.StatusOK)
		for _, field := range rail.Fields {
			if !strings.Contains(page.body, `name="f.`+field.Name+`"`) {
				t.Errorf("%s does not ask for %s", id, field.Name)
			}
		}
		p := a.drafted(maker, form)
		review := maker.get("/payouts/" + p.OrderNo + "/review").is(http.StatusOK)
		review.says("You are about to submit", p.PayeeName, p.Reference, "What will be sent to", "Others sign: one signature")
		maker.post("/payouts/"+p.OrderNo+"/submission", maker.review(p)).leadsTo("/payouts/" + p.OrderNo)
		if p = a.order(p.OrderNo); p.Stage != models.AwaitingApproval || p.Needed != 1 {
			t.Errorf("%s: %s, %d signatures needed", id, p.Stage, p.Needed)
		}
	}
}

func TestAWayOfPayingIsChosenFirst(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	maker.get("/payouts/new").is(http.StatusOK).says("Taiwan bank", "Peru bank", "Alipay, China", "APAY Shanghai in CNY")
	maker.get("/payouts/new?rail=apay.taiwan").is(http.StatusOK).says("New payout, Taiwan bank", "Account number")
	maker.get("/payouts/new?rail=apay.unheard").is(http.StatusNotFound)
	maker.get(fmt.Sprintf("/payouts/new?rail=apay.taiwan&account=%d", a.town.Lima.ID)).is(http.StatusNotFound)
	newApp(t).as(models.Maker).get("/payouts/new").is(http.StatusOK).says("No gateway account yet")
}

func TestAllErrorsComeAtOnceAndWhatWasTypedStays(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	form := a.town.Form("cashy.peru", 1)
	form.Amount, form.Reference, form.Purpose = "2,450.00", "", "Honorarios <b>octubre</b>"
	form.Values = map[string]string{
		"accountName": "Rosa Elena", "bankId": "13 Banco de la Nacion", "accountType": "1", "accountNo": "018 068 004068775290 2",
		"idType": "1", "idCard": "4088731", "remark": "Asesoría legal",
	}
	page := maker.post("/payouts", sentAs(form)).is(http.StatusUnprocessableEntity)
	page.says("5 answers need another look", "Nothing was submitted and no money moved.",
		"The CCI has 19 digits; it needs 20", "A DNI has 8 digits; 7 were entered", "2,450.00 PEN is above this gateway’s 2,000.00 PEN",
		"Write the remark without accents", "Interbank account number (CCI)")
	for _, kept := range []string{`value="2,450.00"`, `value="13 Banco de la Nacion"`, `value="4088731"`, `value="Asesoría legal"`, "Honorarios &lt;b&gt;octubre&lt;/b&gt;",
		`href="#f-accountNo"`, `href="#f-idCard"`, `href="#amount"`, `href="#reference"`, `href="#f-remark"`, "<title>Error: "} {
		if !strings.Contains(page.body, kept) {
			t.Errorf("the page lacks %s", kept)
		}
	}
	var last int
	for _, link := range []string{`href="#f-accountNo"`, `href="#f-idCard"`, `href="#amount"`, `href="#reference"`, `href="#f-remark"`} {
		if at := strings.Index(page.body, link); at < last {
			t.Errorf("%s stands out of order", link)
		} else {
			last = at
		}
	}
	if a.orders() != 0 {
		t.Error("something was stored")
	}
}

func TestABankIsFoundByCodeOrByName(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	for i, typed := range []string{"822", "822 CTBC", "ctbc", "CTB"} {
		form := a.town.Form("apay.taiwan", i)
		form.Values["bank_code"] = typed
		p := a.drafted(maker, form)
		maker.get("/payouts/" + p.OrderNo + "/review").says("822 CTBC")
	}
	form := a.town.Form("apay.taiwan", 9)
	form.Values["bank_code"] = "Bank"
	maker.post("/payouts", sentAs(form)).is(http.StatusUnprocessableEntity).says("Bank is not one of the choices")
}

func TestANearDuplicateNeedsAReason(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	first := a.submitted(maker, a.town.Form("apay.taiwan", 1))
	again := a.town.Form("apay.taiwan", 1)
	again.Reference = "INV-2"
	page := maker.post("/payouts", sentAs(again)).is(http.StatusUnprocessableEntity)
	page.says("Much like another payout", "the same sum to the same account", "Why is this not the same payment?")
	if !strings.Contains(page.body, `href="/payouts/`+first.OrderNo+`"`) {
		t.Error("no link to the twin")
	}
	again.TwinReason = "Second instalment, agreed on 12 Nov"
	second := a.submitted(maker, again)
	maker.get("/payouts/"+second.OrderNo+"/edit").says("Much like another payout", "Second instalment, agreed on 12 Nov")
	a.as(models.Approver).get("/approvals/"+second.OrderNo).is(http.StatusOK).says("Much like another", "Second instalment, agreed on 12 Nov")
}

func TestATwinInDoubtStopsEverything(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	waiting := a.drafted(maker, a.town.Form("apay.taiwan", 1))
	form := a.town.Form("apay.taiwan", 1)
	form.TwinReason = "the first instalment"
	unclear := a.town.Unclear(form)
	if unclear.Outcome != models.Unclear {
		t.Fatalf("the twin is %s", unclear.Outcome)
	}
	form.TwinReason = "another instalment"
	page := maker.post("/payouts", sentAs(form)).is(http.StatusUnprocessableEntity)
	page.says("Much like a payout that is still unclear", "Settle that one first").keepsQuiet("<textarea class=\"input\" id=\"twin_reason\"")

	maker.get("/payouts/"+waiting.OrderNo+"/review").says("still unclear", "cannot be submitted yet").keepsQuiet("Submit for approval")
	maker.post("/payouts/"+waiting.OrderNo+"/submission", url.Values{"digest": {fmt.Sprintf("%x", waiting.Digest)}, "compared": {"on"}}).is(http.StatusConflict)
	if p := a.order(waiting.OrderNo); p.Stage != models.Draft {
		t.Errorf("it is %s", p.Stage)
	}
}

func TestAnUnusualAnswerNeedsAReason(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	form := a.town.Form("apay.alipay", 1)
	form.Values["alipay_surname"] = "李"
	maker.post("/payouts", sentAs(form)).is(http.StatusUnprocessableEntity).says("One answer is unusual", "The name 周丽 does not begin with 李", "Why is it right?")
	form.WarningReason = "Married name, seen on the contract"
	p := a.submitted(maker, form)
	a.as(models.Approver).get("/approvals/"+p.OrderNo).says("Unusual answer", "Married name, seen on the contract")
}

func TestADoubleClickIsOneOrder(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	key, sent := maker.key(), sentAs(a.town.Form("apay.taiwan", 1))
	first := maker.postKey("/payouts", key, sent).is(http.StatusSeeOther).header.Get("Location")
	maker.postKey("/payouts", key, sent).leadsTo(first)
	if a.orders() != 1 {
		t.Fatalf("%d orders", a.orders())
	}
	p := a.order(strings.TrimSuffix(strings.TrimPrefix(first, "/payouts/"), "/review"))
	key, sent = maker.key(), maker.review(p)
	for range 2 {
		maker.postKey("/payouts/"+p.OrderNo+"/submission", key, sent).leadsTo("/payouts/" + p.OrderNo)
	}
	if n := len(a.events(string(models.MoveSubmit))); n != 1 {
		t.Errorf("submitted %d times", n)
	}
}

func TestAnInvoiceGoesWithTheOrder(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	p := a.order(orderNoOf(maker.postFile("/payouts", sentAs(a.town.Form("apay.taiwan", 1)), "invoice.txt", "Invoice 1").is(http.StatusSeeOther)))
	maker.get("/payouts/" + p.OrderNo + "/review").says("invoice.txt")
	bad := sentAs(a.town.Form("apay.taiwan", 2))
	bad.Set("amount", "")
	maker.postFile("/payouts", bad, "run.exe", "MZ\x00\x01").is(http.StatusUnprocessableEntity).says("2 answers need another look", "Choose the files again")
}

func orderNoOf(p page) string {
	return strings.TrimSuffix(strings.TrimPrefix(p.header.Get("Location"), "/payouts/"), "/review")
}

// postFile sends a form that carries a file.
func (b *browser) postFile(path string, form url.Values, name, content string) page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	form.Set(formKeyField, b.key())
	for field, values := range form {
		must(b.t, w.WriteField(field, values[0]))
	}
	file, err := w.CreateFormFile("files", name)
	must(b.t, err)
	_, err = file.Write([]byte(content))
	must(b.t, err)
	must(b.t, w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func TestAPayeeOfTheBookIsPickedByAnyMakerAndShowsNoNumber(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, other := a.as(models.Maker), a.as(models.Maker)
	p := a.drafted(maker, a.town.Form("apay.taiwan", 1))
	path := fmt.Sprintf("/payouts/new?rail=apay.taiwan&payee=%d", p.PayeeVersionID)
	other.get("/payouts/new?rail=apay.taiwan").says("陳怡君", "····2397").keepsQuiet("4088748280272397")
	other.get(path).is(http.StatusOK).says("陳怡君", "····2397", "type another payee instead").keepsQuiet("4088748280272397")

	form := a.town.Form("apay.taiwan", 2)
	form.Values = nil
	sent := sentAs(form)
	sent.Set("payee_version", strconv.Itoa(int(p.PayeeVersionID)))
	to := other.post("/payouts", sent).is(http.StatusSeeOther).header.Get("Location")
	drafted := a.order(strings.TrimSuffix(strings.TrimPrefix(to, "/payouts/"), "/review"))
	if drafted.PayeeVersionID != p.PayeeVersionID || drafted.Last4 != "2397" {
		t.Errorf("the order is to version %d, ····%s", drafted.PayeeVersionID, drafted.Last4)
	}
	other.get("/payouts/" + drafted.OrderNo + "/edit").is(http.StatusOK).says("····2397").keepsQuiet("4088748280272397")
}

func TestAnOrderThatCameToNothingBeginsANewOne(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker := a.as(models.Maker)
	p := a.submitted(maker, a.town.Form("apay.taiwan", 1))
	maker.get("/payouts/new?from=" + p.OrderNo).is(http.StatusConflict)
	must(t, servicestest.Reject(t.Context(), a.Payouts, a.town.Approver, p, "wrong invoice"))
	page := maker.get("/payouts/new?from="+p.OrderNo).is(http.StatusOK).says("Filled in from an earlier order", "Rejected")
	if !strings.Contains(page.body, `value="4088748280272397"`) || !strings.Contains(page.body, `value="101.50"`) {
		t.Error("the answers are not filled in")
	}
	a.as(models.Maker).get("/payouts/new?from=" + p.OrderNo).is(http.StatusForbidden)
	again := a.town.Form("apay.taiwan", 1)
	again.Replaces = p.OrderNo
	if next := a.drafted(maker, again); next.ReplacesID != nil {
		t.Error("an order that was never sent was replaced")
	}
}

// The pages of a draft tell the payee's number in full, which is for whoever has it alone.
func TestI24_NobodyElseOpensTheAnswersOfADraft(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, other := a.as(models.Maker), a.as(models.Maker)
	form := a.town.Form("apay.taiwan", 1)
	p, begins := a.drafted(maker, form), form.Values["number"][:8]
	for _, page := range []string{"/review", "/edit"} {
		if whole := maker.get("/payouts/" + p.OrderNo + page).is(http.StatusOK).body; !strings.Contains(whole, begins) {
			t.Errorf("%s does not show its maker the number", page)
		}
		if told := other.get("/payouts/" + p.OrderNo + page).is(http.StatusForbidden).body; strings.Contains(told, begins) {
			t.Errorf("%s shows another maker the number", page)
		}
	}
}
