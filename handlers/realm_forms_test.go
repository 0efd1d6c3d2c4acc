package handlers

import (
	"encoding/hex"
	"fmt"
	"net/url"

	"countersign/models"
)

// goodForm is what somebody who sees the thing would send, without the proof: nothing but
// the thing itself is left to be refused.
func (r *realm) goodForm(route Route, p models.Payout) url.Values {
	form, known := r.goodForms(p)[route.Path]
	if !known {
		r.t.Fatalf("%s: what its form holds is not known to the walk", route.Path)
	}
	return form
}

func (r *realm) goodForms(p models.Payout) map[string]url.Values {
	digest := func(more url.Values) url.Values {
		more.Set("digest", hexOf(p))
		return more
	}
	judging := url.Values{"says": {"look_again"}, "evidence": {""}, "text": {""}, "received": {""}, "reason": {"later"}, "look_again_at": {"2026-11-03T10:00"}}
	judged := url.Values{"verdict": {"1"}, "says": {"paid"}, "reason": {"the mail"}, "digest": {hex.EncodeToString(p.CaseDigest(nil))}}
	return map[string]url.Values{
		"/changes/:id/confirmation": {"digest": {hexOf(p)}}, "/changes/:id/refusal": because, "/changes/:id/withdrawal": nil,
		"/payouts/:no/edit": sentAs(r.town.Form("cashy.peru", 42)), "/payouts/:no/submission": digest(url.Values{"compared": {"on"}}),
		"/payees/:id/reveal": {"version": {fmt.Sprint(p.PayeeVersionID)}}, "/payees/:id/release": because,
		"/payees/:id/change":                 {"f.accountNo": {"0037650002"}, "reason": {"They wrote"}},
		"/payees/:id/changes/:change/reveal": nil, "/payees/:id/changes/:change/calls": calls(r.townApp, "yes"),
		"/payouts/:no/hand": {"to": {fmt.Sprint(r.town.Second.ID)}, "reason": {"on leave"}}, "/payouts/:no/approval": digest(url.Values{}),
		"/payouts/:no/rejection": digest(url.Values{"because": {"other"}, "reason": {"no"}}), "/payouts/:no/question": because,
		"/payouts/:no/query": nil, "/payouts/:no/notes": {"text": {"seen"}}, "/payouts/:no/hold": because, "/payouts/:no/stop": nil,
		"/payouts/:no/resume": digest(url.Values{"reason": {"go on"}}), "/payouts/:no/withdrawal": because, "/payouts/:no/claim": nil,
		"/payouts/:no/enquiry": r.marked("mail", "support"), "/payouts/:no/enquiry/:id/reply": {"reply": {reply(p)}, "person": {"Rosa"}},
		"/payouts/:no/evidence": nil, "/payouts/:no/reveal": nil,
		"/unclear/:no/verdict": judging, "/unclear/:no/confirmation": judged, "/contradictions/:no/verdict": judging, "/contradictions/:no/confirmation": judged,
		"/sends/:no/look": {"act": {"look"}, "reason": {"paid"}}, "/notices/:id/look": because,
		"/gateways/:id/keys":     {"key": {"another key"}, "authorization": {""}, "overlap": {"24"}, "reason": {"yearly"}},
		"/gateways/:id/calendar": {"zone": {"America/Lima"}, "cut_off": {"17:00"}, "days": {"1", "2"}, "reason": {"the gateway wrote"}},
		"/gateways/:id/test":     nil, "/gateways/:id/pause": because, "/gateways/:id/reopening": because,
	}
}
