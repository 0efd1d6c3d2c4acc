package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"countersign/models"
	"countersign/views"
)

func digestText(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// joinAttempt puts the raw reply under the line that says how it was read.
func (r *payoutRows) joinAttempt(h *views.Happening) {
	attempt := id(h.Event, "attempt")
	for _, a := range r.attempts {
		if a.ID == attempt && h.Verb != string(models.MoveSend) && len(a.Response) > 0 {
			h.Raw = append(h.Raw, *r.raw("raw.reply", a.HTTPStatus, a.Response))
		}
	}
}

// joinNotice puts the raw notice under its line, and counts how often the same
// facts came: in the same bytes, or in others that differ only in nonce or time.
func (r *payoutRows) joinNotice(h *views.Happening) {
	wanted := id(h.Event, "notice")
	if wanted == 0 {
		return
	}
	for _, n := range r.heard {
		if n.ID != wanted {
			continue
		}
		h.Heard = &views.Heard{ID: n.ID, Check: n.Verified, Algorithm: n.Algorithm, Says: n.Says, Open: r.mayNotices}
		h.Times = r.sameNotices(n)
		raw := r.raw("raw.notice", 0, n.Body)
		raw.Head = n.Address
		h.Raw = append(h.Raw, *raw)
	}
}

func (r *payoutRows) sameNotices(n models.Notice) (times int) {
	if n.Quarantine != "" {
		return n.Seen
	}
	for _, other := range r.heard {
		if other.Quarantine == "" && bytes.Equal(other.SameDigest, n.SameDigest) {
			times += other.Seen
		}
	}
	return times
}

// joinQuestion puts the question and its raw answer under its line.
func (r *payoutRows) joinQuestion(ctx context.Context, h *views.Happening) {
	wanted := id(h.Event, "question")
	if wanted == 0 {
		return
	}
	for _, q := range r.questions {
		if q.ID == wanted {
			h.Asked = r.asked(ctx, q)
			if body := r.responses[q.ID]; len(body) > 0 {
				h.Raw = append(h.Raw, *r.raw("raw.answer", q.HTTPStatus, body))
			}
		}
	}
}

func (r *payoutRows) asked(ctx context.Context, q models.Question) *views.Asked {
	return &views.Asked{
		At: q.AskedAt, By: r.names[q.AskedBy], Says: q.Says, Problem: q.Problem, Word: q.Word,
		Means: explain(ctx, r.family, q.Word, q.Message, q.Code), HTTP: q.HTTPStatus, Took: time.Duration(q.TookMS) * time.Millisecond,
	}
}

// joinLetter puts the letter to the gateway's staff under the line that says that
// it was sent.
func (r *payoutRows) joinLetter(h *views.Happening) {
	wanted := id(h.Event, "enquiry")
	for _, e := range r.enquiries {
		if e.ID == wanted && h.Verb == "enquiry_sent" {
			h.Raw = append(h.Raw, views.RawText{Key: "raw.letter", Bytes: len(e.Text), Digest: digestText([]byte(e.Text)), Text: e.Text})
		}
	}
}

// shownQuestions are the questions whose raw answers the page shows: those that
// told something, and the newest of each run that did not.
func (r *payoutRows) shownQuestions() (ids []int64) {
	run := false
	for i := len(r.events) - 1; i >= 0; i-- {
		h := views.Happening{Event: r.events[i]}
		if question := id(h.Event, "question"); question > 0 && !(run && fruitless(h)) {
			ids = append(ids, question)
		}
		run = fruitless(h)
	}
	return ids
}

// joinVerdict puts the evidence and the reason under a proposal, and the second person's words
// under their decision. A proposal that is still to be judged keeps its own.
func (r *payoutRows) joinVerdict(h *views.Happening) {
	wanted := id(h.Event, "verdict")
	for _, v := range r.verdicts {
		if v.ID != wanted {
			continue
		}
		h.Evidence = string(v.Evidence)
		switch {
		case h.Verb != "verdict_proposed":
			h.Quote = v.Answer
		case v.State == models.VerdictOpen:
			h.Hidden = true
		case v.Text != "":
			h.Quote, h.Why = v.Text, v.Reason
		default:
			h.Quote = v.Reason
		}
	}
}
