package handlers

import (
	"bytes"
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// notRecorded tells somebody who was deciding what changed meanwhile, by whom and
// when. digest is of the content that they saw, nil where that does not matter.
func (h *Handlers) notRecorded(c *gin.Context, no string, digest []byte) error {
	ctx := c.Request.Context()
	r, err := h.readPayout(ctx, no)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "decide.not_recorded")
	if digest != nil {
		title = i18n.T(ctx, "decide.approval_not_recorded")
	}
	page := views.Stale{Title: title, OrderNo: no, Ref: visitOf(c).ref, Waits: r.payout.Stage == models.AwaitingApproval}
	page.What, page.Edit = r.sinceThen(ctx, person(c), digest)
	page.Shell = h.shell(c, title, "approvals")
	return h.show(c, http.StatusConflict, views.NotRecorded(page))
}

// overtaking are the moves after which there is nothing left to decide.
var overtaking = []models.Move{models.MoveApprove, models.MoveReject, models.MoveWithdraw, models.MoveHold}

// sinceThen says why a decision did not count: the content changed, the same
// person has signed, or others were faster.
func (r *payoutRows) sinceThen(ctx context.Context, by models.Person, digest []byte) (string, *models.Event) {
	edit := r.last(string(models.MoveEdit))
	another := digest != nil && !bytes.Equal(digest, r.payout.Digest)
	switch {
	case another && edit != nil:
		return i18n.T(ctx, "decide.since_edited", "Name", edit.Actor, "At", nearClock(ctx, edit.At)), edit
	case another && r.payout.Stage == models.AwaitingApproval:
		return i18n.T(ctx, "decide.other_content"), nil
	}
	for _, a := range r.approvals {
		if a.PersonID == by.ID {
			return i18n.T(ctx, "decide.since_signed", "At", nearClock(ctx, a.At)), nil
		}
	}
	if file := r.last("attached"); file != nil && r.payout.Stage == models.AwaitingApproval {
		return i18n.T(ctx, "decide.since_attached", "Name", file.Actor, "File", file.Details["file"], "At", nearClock(ctx, file.At)), nil
	}
	if moved := r.lastOf(overtaking...); moved != nil {
		return i18n.T(ctx, "decide.since_"+moved.Verb, "Name", moved.Actor, "At", nearClock(ctx, moved.At)), nil
	}
	if edit != nil {
		return i18n.T(ctx, "decide.since_edited", "Name", edit.Actor, "At", nearClock(ctx, edit.At)), edit
	}
	return i18n.T(ctx, "decide.since_moved"), nil
}

// lastOf is the newest event with one of these verbs, nil if there was none.
func (r *payoutRows) lastOf(moves ...models.Move) (newest *models.Event) {
	for _, move := range moves {
		if e := r.last(string(move)); e != nil && (newest == nil || e.Seq > newest.Seq) {
			newest = e
		}
	}
	return newest
}
