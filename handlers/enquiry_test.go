package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

func (a *townApp) marked(channel, to string) url.Values {
	return url.Values{"letter": {"es"}, "channel": {channel}, "person": {to}, "sent_at": {a.town.Now().Format(momentLayout)}}
}

func TestTheEnquiryPackGoesOutAndItsReplyIsOfferedToWhoeverProposes(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("cashy.peru", 1)
	letter, by := pathOf(p)+"/enquiry", a.as(models.Resolver)
	by.get("/unclear/"+p.OrderNo).says("Enquiry pack", "To the gateway’s staff")
	by.get(letter).is(http.StatusOK).says("Consulta sobre la orden de pago "+p.OrderNo, "campo «amount»", "termina en "+p.Last4, "UTC-05:00")
	by.get(letter+"?letter=zh-Hans").says("代付订单查询 "+p.OrderNo, "尾号 "+p.Last4)
	by.get(letter + "?letter=xx").says("Consulta sobre")
	by.post(letter, url.Values{"letter": {"es"}, "channel": {""}, "person": {""}, "sent_at": {"2020-01-01T00:00"}}).is(http.StatusUnprocessableEntity).
		says("Choose how you reached them", "Write down who it was", "Choose a time between the sending of the order and now")
	by.post(letter, a.marked("chat", "Rosa, support")).leadsTo("/unclear/" + p.OrderNo)
	a.town.Pass(130 * time.Minute)
	by.get("/unclear").says("CASHY Lima staff asked 2 h 10 min ago", "In Spanish to Rosa, support, by chat, at", "No answer for 2 h 10 min.", "File the reply")

	reply := letter + "/1/reply"
	by.get(reply).is(http.StatusOK).says("What the gateway’s staff wrote")
	by.postFiles(reply, map[string]string{"reply": "", "person": "Rosa"}, nil).is(http.StatusUnprocessableEntity).says("Paste the reply or add a file")
	words := "La orden " + p.OrderNo + " no figura."
	by.postFiles(reply, map[string]string{"reply": words, "person": "Rosa"}, map[string]string{"chat.txt": "Rosa: " + words}).leadsTo("/unclear/" + p.OrderNo)
	form := by.get("/unclear/"+p.OrderNo).says("Rosa answered", "It stands in the form below", "staff answered")
	if !strings.Contains(form.body, words+"\n\nRosa, by chat, filed") || !strings.Contains(form.body, `value="gateway_reply" selected`) {
		t.Error("the form does not offer the reply")
	}
	by.get(reply).is(http.StatusConflict)
	by.get(pathOf(p)).says("asked the staff of CASHY Lima", "answered, by chat", "chat.txt")
	if got := a.town.Look(p); got.Outcome != models.Unclear || len(a.events("enquiry_sent")) != 1 || len(a.events("enquiry_answered")) != 1 {
		t.Errorf("it moved: %+v", got.State)
	}
	a.town.Sound()
}

// What was said on the phone is noted and never offered as a reply in writing.
func TestAPhoneCallIsNoReplyInWriting(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	p := a.muted("apay.taiwan", 1)
	by := a.as(models.Resolver)
	by.post(pathOf(p)+"/enquiry", a.marked("phone", "Mr Wu")).is(http.StatusSeeOther)
	by.postFiles(pathOf(p)+"/enquiry/1/reply", map[string]string{"reply": "He finds no " + p.OrderNo, "person": "Mr Wu"}, nil).is(http.StatusSeeOther)
	if form := by.get("/unclear/" + p.OrderNo).says("Mr Wu, by phone"); strings.Contains(form.body, `value="gateway_reply" selected`) {
		t.Error("a phone call is offered as a reply in writing")
	}
}

// I4: evidence that two people judge does not come from the maker; and nobody
// enquires about an order that is in no doubt.
func TestI04_TheMakerFilesNoEnquiry(t *testing.T) {
	t.Parallel()
	a := newTown(t, patient)
	maker := a.as(models.Maker, models.Resolver)
	p := a.submitted(maker, a.town.Form("apay.taiwan", 1))
	must(t, a.town.Approve(a.town.Approver, p.OrderNo, p.Digest))
	a.town.Sandbox.Script(p.OrderNo, mute)
	must(t, a.town.Sender.Send(t.Context(), p.ID))
	maker.get(pathOf(p) + "/enquiry").is(http.StatusOK)
	maker.post(pathOf(p)+"/enquiry", a.marked("mail", "support")).is(http.StatusForbidden)
	clear := a.sent("apay.taiwan", 2)
	a.as(models.Resolver).post(pathOf(clear)+"/enquiry", a.marked("mail", "support")).is(http.StatusConflict)
	if len(a.events("enquiry_sent")) != 0 {
		t.Error("an enquiry is on record")
	}
}

// I24: of the payee's account the letter knows the last four.
func TestI24_TheLetterHasNoAccountNumber(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.muted("apay.taiwan", 1)
	by := a.as(models.Resolver)
	whole := a.town.Form("apay.taiwan", 1).Values["number"]
	for _, lang := range []string{"en", "zh-Hans", "zh-Hant", "es"} {
		by.get(pathOf(p) + "/enquiry?letter=" + lang).is(http.StatusOK).says(p.Last4).keepsQuiet(whole)
	}
}
