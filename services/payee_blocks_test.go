package services_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// blocked puts the account of an order's payee on the list.
func blocked(town *servicestest.Town, number string) {
	town.T.Helper()
	town.Must(town.Payees.Block(town.T.Context(), town.Approver, services.NewBlock{Kind: models.BlockNumber, Number: number, Reason: "The bank called: the account is a mule's"}))
}

func theBlock(town *servicestest.Town) models.PayeeBlock {
	town.T.Helper()
	all, err := models.PayeeBlocks(town.Store.Read(town.T.Context()))
	town.Must(err)
	return all[0]
}

func TestD7_NothingIsPaidToABlockedNumberFromSubmissionToSending(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	click := servicestest.Click(town.Core, town.Second)
	draft, waiting, ready := town.Draft(town.Form("apay.taiwan", 1)), town.Submitted(town.Form("apay.taiwan", 2)), town.Approved(town.Form("apay.taiwan", 3))
	elsewhere := town.Submitted(town.Form("cashy.peru", 4))
	blocked(town, "４０８８ 7482-80272397")
	for _, p := range []models.Payout{waiting, ready} {
		if now := town.Look(p); now.Stage != models.Held || now.HeldWhy != models.HeldBlocked {
			t.Errorf("%s is %s %s", p.OrderNo, now.Stage, now.HeldWhy)
		}
	}
	if now := town.Look(elsewhere); now.Stage != models.AwaitingApproval {
		t.Errorf("another payee's is %s", now.Stage)
	}
	refusedAs(t, town.Payouts.Submit(ctx, town.Maker, draft.OrderNo, draft.Digest), "payee.blocked_number")
	refusedAs(t, town.Payouts.Resume(ctx, town.Second, waiting.OrderNo, "it is right", click), "payee.blocked_number")
	_, err := town.Payouts.Draft(ctx, town.Maker, town.Form("apay.taiwan", 5), nil)
	refusedAs(t, err, "payee.blocked_number")
	sweep(t, town)
	if n := town.Sandbox.Deliveries(ready.OrderNo); n > 0 {
		t.Errorf("the gateway saw it %d times", n)
	}
	town.Sound()
}

// An order that the hold has missed is stopped by whoever signs it, and by the sender.
func TestD7_WhatIsNotHeldIsStoppedAtApprovalAndByTheSender(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	waiting, ready := town.Submitted(town.Form("apay.taiwan", 1)), town.Approved(town.Form("apay.taiwan", 2))
	// The known-bad variant: the list is written past the verb, so that nothing is held.
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		hash := town.Core.Vault.Hash(models.BlockedHashing, "4088748280272397")
		return models.AddPayeeBlock(tx, &models.PayeeBlock{Kind: models.BlockNumber, NumberHash: hash, SealedNumber: []byte("x"), Reason: "x", BlockedBy: town.Second.ID, BlockedAt: town.Now()})
	}))
	refusedAs(t, town.Approve(town.Approver, waiting.OrderNo, waiting.Digest), "payee.blocked_number")
	sweep(t, town)
	if now := town.Look(ready); now.Stage != models.Held || now.HeldWhy != models.HeldBlocked {
		t.Errorf("the sender let it go: %s %s", now.Stage, now.HeldWhy)
	}
	if now := town.Look(waiting); now.Stage != models.AwaitingApproval || now.Approvals != 0 {
		t.Errorf("%s with %d signatures", now.Stage, now.Approvals)
	}
}

func TestD7_ANameIsBlockedInEveryWayOfWritingIt(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	town.Must(town.Payees.Block(ctx, town.Approver, services.NewBlock{Kind: models.BlockName, Name: "陈怡君", Reason: "On the list of the ministry"}))
	for name, forbidden := range map[string]bool{"陳怡君": true, "陈怡君": true, "陳 怡君": true, "陳怡安": false} {
		form := town.Form("apay.taiwan", 1)
		form.Values["name"] = name
		_, err := town.Payouts.Draft(ctx, town.Maker, form, nil)
		if forbidden {
			refusedAs(t, err, "payee.blocked_name")
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestD7_ADocumentNumberIsBlockedUnderAnyAccount(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	blocked(town, "12345678") // the document of the payee, not the account
	_, err := town.Payouts.Draft(t.Context(), town.Maker, town.Form("cashy.peru", 1), nil)
	refusedAs(t, err, "payee.blocked_number")
}

func TestD7_OneBlocksAndTwoTakeItOff(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	p := town.Submitted(town.Form("apay.taiwan", 1))
	number := services.NewBlock{Kind: models.BlockNumber, Number: "4088748280272397", Reason: "mule"}
	refusedAs(t, town.Payees.Block(ctx, town.Maker, number), "role.payee_confirm")
	refusedAs(t, town.Payees.Block(ctx, town.Auditor, number), "role.payee_confirm")
	refusedAs(t, town.Payees.Block(ctx, town.Approver, services.NewBlock{Kind: models.BlockNumber, Number: "4088748280272397"}), "reason.needed")
	town.Must(town.Payees.Block(ctx, town.Approver, number))
	refusedAs(t, town.Payees.Block(ctx, town.Second, number), "block.already")

	b := theBlock(town)
	propose := func(by models.Person) (models.Change, error) {
		return town.Changes.Propose(ctx, by.As(models.VerbPayeeOK), models.ChangeUnblock, services.BlockSubject(b.ID), town.Payees.Lifted(b), "The bank took it back", servicestest.Click(town.Core, by))
	}
	_, err := propose(town.Maker)
	refusedAs(t, err, "change.not_yours_to_propose")
	change, err := propose(town.Approver)
	town.Must(err)
	refusedAs(t, town.Confirmed(town.Approver, change), "change.own_proposal")
	town.Must(town.Confirmed(town.Second, change))
	if now := town.Look(p); now.Stage != models.Held {
		t.Errorf("it goes on by itself: %s", now.Stage)
	}
	town.Must(town.Payouts.Resume(ctx, town.Second, p.OrderNo, "it is right", servicestest.Click(town.Core, town.Second)))
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Must(town.Payees.Block(ctx, town.Approver, number)) // it can be blocked anew
	town.Sound()
}

func TestD7_TheDatabaseLetsNobodyTakeABlockOffAlone(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	blocked(town, "4088748280272397")
	for _, statement := range []string{
		"UPDATE payee_blocks SET lifted_at = 5, change_id = 1", "UPDATE payee_blocks SET reason = 'none'", "DELETE FROM payee_blocks",
	} {
		err := town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO changes (kind, subject, content, digest, before, reason, state, proposed_by, proposed_at) VALUES ('unblock', '1', '{}', zeroblob(32), '', 'x', 'waiting', 1, 1); " + statement).Error
		})
		if err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func TestI24_TheListHoldsNoNumberAnybodyCanRead(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	blocked(town, "4088748280272397")
	town.Must(town.Payees.DeclareAccount(t.Context(), town.Approver, town.Approver.ID, "4088748280272398"))
	for _, table := range []string{"payee_blocks", "own_accounts", "events"} {
		var rows []map[string]any
		town.Must(town.Store.Read(t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for column, value := range row {
				if text, ok := value.(string); ok && strings.Contains(text, "40887482802723") {
					t.Errorf("%s.%s holds the number", table, column)
				}
			}
		}
	}
}

func TestR3_TheListKnowsItsNumbersUnderANewKey(t *testing.T) {
	town := servicestest.New(t)
	blocked(town, "4088748280272397")
	town.Must(town.Payees.DeclareAccount(t.Context(), town.Approver, town.Approver.ID, "0037651234"))
	town.Must(town.Store.LeavePost(town.Sender.Holder))
	rotation := services.Rotation{Core: town.Core, New: otherVault(t, "b")}
	_, err := rotation.Rotate(t.Context(), models.Machine("operator"))
	town.Must(err)
	town.Core.Vault = rotation.New
	_, err = town.Payouts.Draft(t.Context(), town.Maker, town.Form("apay.taiwan", 1), nil)
	refusedAs(t, err, "payee.blocked_number")
	refusedAs(t, town.Payees.DeclareAccount(t.Context(), town.Approver, town.Approver.ID, "0037651234"), "own.already")
	town.Sound()
}
