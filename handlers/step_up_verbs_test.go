package handlers

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

// asked by the answer that is chosen: the questions of a page with several acts.
func (p page) askedBy(answer string) (q passkeyQuestion) {
	p.t.Helper()
	found, all := questionPattern.FindStringSubmatch(p.body), map[string]passkeyQuestion{}
	if found == nil {
		p.t.Fatalf("the page asks for no passkey: %s", p.text())
	}
	must(p.t, json.Unmarshal([]byte(html.UnescapeString(found[1])), &all))
	return all[answer]
}

func TestS5_AVerdictIsSignedWithItsAnswer(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	p := a.muted("apay.taiwan", 1)
	b := a.as(models.Resolver)
	key, path := b.withPasskey(), "/unclear/"+p.OrderNo
	form := map[string]string{"says": "look_again", "evidence": "", "text": "", "received": "", "reason": "They answer later", "look_again_at": a.town.Now().Add(time.Hour).Format(momentLayout)}
	page := b.get(path)
	form["digest"], form["stamp"], form["answer"] = hidden(page, "digest"), hidden(page, "stamp"), key.get(page.askedBy("paid"))
	b.postFiles(path+"/verdict", form, nil).is(http.StatusUnprocessableEntity).says("Nothing was proposed.", "not what this page asks for")
	form["answer"] = key.get(page.askedBy("look_again"))
	b.postFiles(path+"/verdict", form, nil).leadsTo(path)
	if proposed := a.events("verdict_proposed"); len(proposed) != 1 || proposed[0].Details["method"] != "passkey" || len(a.signatures()) != 2 { // one let the order be sent
		t.Fatalf("on record: %+v", proposed)
	}
}

func TestS5_WhatStartsMoneyAgainTakesAProof(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.submitted(a.as(models.Maker), a.town.Form("apay.taiwan", 1))
	approver, controller := a.as(models.Approver), a.as(models.Controller)
	approver.post(pathOf(p)+"/hold", url.Values{"reason": {"a call first"}}).is(http.StatusSeeOther)
	for where, says := range map[string]string{pathOf(p) + "/resume": "The order is still held."} {
		form := controller.signing(where, "all is well")
		for _, wrong := range []string{"", "guess"} {
			form.Set("password", wrong)
			controller.post(where, form).is(http.StatusUnprocessableEntity).says(says)
		}
		form.Set("password", password)
		form.Set("digest", strings.Repeat("00", 32))
		controller.post(where, form).is(http.StatusUnprocessableEntity).says(says, "changed since you opened the page")
		controller.post(where, controller.signing(where, "all is well")).is(http.StatusSeeOther)
	}
	for _, verb := range []string{"resumed"} {
		if all := a.events(verb); len(all) != 1 || all[0].Details["method"] != "password" || all[0].Details["signature"] == "" {
			t.Errorf("%s on record: %+v", verb, all)
		}
	}
}
