package handlers

import (
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/bundle"
)

func togetherAddress(orders ...models.Payout) string {
	address := "/approvals/list"
	for i, p := range orders {
		address += map[bool]string{true: "?no=", false: "&no="}[i == 0] + p.OrderNo
	}
	return address
}

// listed is what the page of a list sends, with these sums typed.
func listed(sums map[string]string, orders ...models.Payout) url.Values {
	form := url.Values{"password": {password}}
	for _, p := range orders {
		form.Add("order", p.OrderNo+":"+hexOf(p))
	}
	for currency, sum := range sums {
		form.Set("sum."+currency, sum)
	}
	return form
}

func TestE11_QuietOrdersAreChosenReadAndApprovedAtOnce(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	quiet := a.town.Quiet("apay.taiwan", 2) // 110.50 and 111.50
	flagged := a.submitted(a.as(models.Maker), a.town.Form("apay.unionpay", 1))
	b := a.as(models.Approver)
	inbox := b.get("/approvals").is(http.StatusOK).says("Review what is chosen", "Review all 2 without a flag", "New payee")
	for _, p := range quiet {
		if !strings.Contains(inbox.body, `name="no" value="`+p.OrderNo+`" aria-label="Choose `+p.Amount().String()+` to `+p.PayeeName+`">`) {
			t.Errorf("%s cannot be chosen", p.OrderNo)
		}
	}
	if !strings.Contains(inbox.body, `value="`+flagged.OrderNo+`" aria-label="Choose `+flagged.Amount().String()+` to `+flagged.PayeeName+`" disabled`) {
		t.Error("what carries a flag can be chosen")
	}
	b.get(togetherAddress(quiet[0], quiet[1], flagged)).is(http.StatusOK).
		says("Approve 2 payouts", "2 payouts come to 222.00 TWD: type the sum", "1 payout is not in this list", "carries a flag", "Approve all 2").
		keepsQuiet(flagged.OrderNo+":", "<script")
	for _, typed := range []string{"", "221", "22200", "222.01"} {
		b.post("/approvals/list", listed(map[string]string{"TWD": typed}, quiet...)).is(http.StatusUnprocessableEntity).says("is not the sum of these payouts in TWD")
	}
	b.post("/approvals/list", listed(map[string]string{"TWD": "222"}, quiet...)).leadsTo("/approvals")
	b.get("/approvals").says("Approved by one signature: 2 orders, 222.00 TWD. Nothing of it waits for another signature.", "Mine to decide 1")
	for _, p := range quiet {
		if got := a.order(p.OrderNo); got.Stage != models.Approved || got.Approvals != 1 {
			t.Errorf("it is %s with %d", got.Stage, got.Approvals)
		}
		b.get("/payouts/" + p.OrderNo).says("approved by password in one list of 2")
	}
}

func TestE11_WhatChangedSinceIsSaidAndNothingIsApproved(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	quiet := a.town.Quiet("apay.taiwan", 3)
	b, other := a.as(models.Approver), a.as(models.Approver)
	sent := listed(map[string]string{"TWD": "334.50"}, quiet...)
	form := a.town.Picked(quiet[1], 50)
	must(t, a.Payouts.Edit(t.Context(), a.town.Maker, quiet[1].OrderNo, form))
	must(t, a.Payouts.Submit(t.Context(), a.town.Maker, quiet[1].OrderNo, a.order(quiet[1].OrderNo).Digest))
	other.post(approvalPath(quiet[2]), other.card(quiet[2])).is(http.StatusSeeOther)
	b.post("/approvals/list", sent).is(http.StatusConflict).
		says("Nothing was approved", "2 payouts are not in this list", "changed this payout at", "1 payout comes to 110.50 TWD", "Approve it")
	if got := a.order(quiet[0].OrderNo); got.Approvals != 0 {
		t.Fatal("a part of the list was approved")
	}
	b.post("/approvals/list", listed(map[string]string{"TWD": "110.50"}, quiet[0])).leadsTo("/approvals")
}

func TestI04_NobodyListsTheirOwnAndNothingIsThereOutOfScope(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	both := a.as(models.Maker, models.Approver)
	own := a.submitted(both, a.town.Form("apay.taiwan", 1))
	both.get(togetherAddress(own)).is(http.StatusOK).says("1 payout is not in this list", "somebody else has to approve it").keepsQuiet(`name="order"`)
	both.post("/approvals/list", listed(map[string]string{"TWD": "101.50"}, own)).is(http.StatusForbidden)
	b := a.as(models.Approver)
	b.get("/approvals/list").is(http.StatusUnprocessableEntity).says("Choose at least one payout")
	a.write(func(tx *gorm.DB) error {
		return models.SetScope(tx, b.person.ID, models.Scope{Accounts: []models.AccountID{a.town.Shanghai.ID}})
	})
	hidden, missing := b.get(togetherAddress(own)).is(http.StatusNotFound), b.get("/approvals/list?no=01M7YTY3FWKJNBWZ9BZ7QS4AS4").is(http.StatusNotFound)
	hidden.says("There is no")
	missing.says("There is no")
	b.post("/approvals/list", listed(map[string]string{"TWD": "101.50"}, own)).is(http.StatusNotFound)
}

// X8, X14: one passkey signs the list, and each order's bundle shows it to an outsider.
func TestX8_APasskeySignsTheListAndEachBundleShowsIt(t *testing.T) {
	t.Parallel()
	a := newSiteTown(t)
	quiet := a.town.Quiet("apay.taiwan", 3)
	b := a.as(models.Approver)
	key := b.withPasskey()
	signed := listed(map[string]string{"TWD": "334.5"}, quiet...)
	signed.Del("password")
	page := b.get(togetherAddress(quiet...)).is(http.StatusOK).says("Approve all 3 with your passkey")
	signed.Set("answer", key.get(page.asked()))
	signed.Set("stamp", hidden(page, "stamp"))
	shorter := listed(map[string]string{"TWD": "222"}, quiet[:2]...)
	shorter.Del("password")
	shorter["answer"], shorter["stamp"] = signed["answer"], signed["stamp"]
	b.post("/approvals/list", shorter).is(http.StatusUnprocessableEntity).says("Nothing was approved.", "is not what this page asks for")
	b.post("/approvals/list", signed).leadsTo("/approvals")
	for _, p := range quiet {
		found, err := a.outsider(p)
		must(t, err)
		if len(found.Signed) != 1 || found.Signed[0].Method != models.FactorPasskey || found.Signed[0].Origin != testOrigin {
			t.Errorf("found: %+v", found.Signed)
		}
		if lines := strings.Join(found.Held(), "\n"); !strings.Contains(lines, "over a list of 3 payouts that holds exactly this content") {
			t.Errorf("it says: %s", lines)
		}
	}
}

// The known-bad variant: an installation that puts an order more into a list that a passkey
// signed. Its own check finds it, and so does the checker of every bundle of the list.
func TestX8_AListThatWasSignedWithoutAnOrderIsRefused(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]func(s *models.Signature, left []byte){
		"an order more": func(s *models.Signature, left []byte) { s.List = append(s.List, left...) },
		"an order more, counted": func(s *models.Signature, left []byte) {
			s.List, s.SubjectID = append(s.List, left...), "3"
		},
		"an order more, with its digest": func(s *models.Signature, left []byte) {
			act := models.ListAct([][]byte{s.List[:32], s.List[32:64], left})
			s.List, s.SubjectID, s.ContentDigest = append(s.List, left...), act.SubjectID, act.Digest
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newSiteTown(t)
			quiet := a.town.Quiet("apay.taiwan", 3)
			b := a.as(models.Approver)
			key := b.withPasskey()
			page := b.get(togetherAddress(quiet[:2]...)).is(http.StatusOK)
			signed := listed(map[string]string{"TWD": "222"}, quiet[:2]...)
			signed.Del("password")
			signed.Set("answer", key.get(page.asked()))
			signed.Set("stamp", hidden(page, "stamp"))
			b.post("/approvals/list", signed).leadsTo("/approvals")
			s := a.signatures()[len(a.signatures())-1]
			alter(&s, quiet[2].Digest)
			s.Digest = s.Sum()
			a.write(func(tx *gorm.DB) error {
				if err := tx.Exec("DROP TRIGGER signatures_keep").Error; err != nil {
					return err
				}
				return tx.Exec("UPDATE signatures SET list = ?, subject_id = ?, content_digest = ?, digest = ? WHERE id = ?", s.List, s.SubjectID, s.ContentDigest, s.Digest, s.ID).Error
			})
			if report, err := models.Verify(a.Store.Read(t.Context())); err != nil || len(report.Findings) == 0 {
				t.Errorf("our own check finds %v, %v", report.Findings, err)
			}
			_, err := a.outsider(quiet[0])
			var refused bundle.Refused
			if !errors.As(err, &refused) {
				t.Fatalf("the checker says %v of %s", err, hex.EncodeToString(s.Digest))
			}
		})
	}
}
