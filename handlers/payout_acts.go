package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// payoutDeed is a deed about one order that a page of its own asks the reason for.
type payoutDeed struct {
	name  string // of its words: hold, resume, withdraw, note
	path  string // behind the order's
	check func(p models.Payout, by models.Person) error
	do    func(h *Handlers, ctx context.Context, by models.Person, orderNo, reason string, signed services.Signed) error
	act   models.ActVerb // of a deed that is signed
}

var (
	holdDeed = payoutDeed{"hold", "/hold", models.Payout.CheckHold, func(h *Handlers, ctx context.Context, by models.Person, no, reason string, _ services.Signed) error {
		return h.Payouts.Hold(ctx, by, no, reason)
	}, ""}
	resumeDeed = payoutDeed{"resume", "/resume", models.Payout.CheckResume, func(h *Handlers, ctx context.Context, by models.Person, no, reason string, signed services.Signed) error {
		return h.Payouts.Resume(ctx, by, no, reason, signed)
	}, models.ActResume}
	withdrawDeed = payoutDeed{"withdraw", "/withdrawal", models.Payout.CheckWithdraw, func(h *Handlers, ctx context.Context, by models.Person, no, reason string, _ services.Signed) error {
		return h.Payouts.Withdraw(ctx, by, no, reason)
	}, ""}
	noteDeed = payoutDeed{name: "note", path: "/notes", check: models.Payout.CheckNote}
)

// askFor shows the page of a deed: GET /payouts/:no/hold, /resume, /withdrawal, /notes.
func (h *Handlers) askFor(d payoutDeed) Action {
	return func(c *gin.Context) error { return h.drawDeed(c, http.StatusOK, d, "", nil) }
}

func (h *Handlers) drawDeed(c *gin.Context, status int, d payoutDeed, text string, errs views.Errors) error {
	ctx := c.Request.Context()
	p, err := models.FindOrder(h.Store.Read(ctx), c.Param("no"))
	if err != nil {
		return err
	}
	if err := d.check(p, person(c)); err != nil {
		return err
	}
	if d.act == models.ActResume {
		if no, err := h.whyBlocked(h.Store.Read(ctx), p.PayeeVersionID); no != nil || err != nil {
			return errors.Join(no, err)
		}
	}
	account, err := models.FindAccount(h.Store.Read(ctx), p.AccountID)
	if err != nil {
		return err
	}
	page := views.PayoutDeedPage{
		Shell: h.shell(c, i18n.T(ctx, "deed."+d.name), "payouts"), Payout: p, Badge: p.Badge(models.Flags{HeldWhy: p.HeldWhy}),
		Gateway: account.Name, Deed: d.name, Action: string(views.PayoutPath(p.OrderNo)) + d.path, Text: text, Errors: errs,
	}
	page.Shell.Errors = len(errs) > 0
	if d.act != "" {
		if page.StepUp, err = h.askStepUp(c, p.Act(d.act, p.Digest)); err != nil {
			return err
		}
	}
	return h.show(c, status, views.PayoutDeed(page))
}

// carryOut handles the POST of a deed with a reason.
func (h *Handlers) carryOut(d payoutDeed) Action {
	return func(c *gin.Context) error {
		var form signedReason
		if err := readForm(c, &form); err != nil {
			return err
		}
		err := h.doDeed(c, d, form)
		if errs, ok := formErrors(c, err); ok {
			return h.drawDeed(c, http.StatusUnprocessableEntity, d, form.Reason, errs)
		}
		if err != nil {
			return err
		}
		say(c, "deed."+d.name+"_done")
		return redirect(c, string(views.PayoutPath(c.Param("no"))))
	}
}

// stopPayout handles POST /payouts/:no/stop: one click; the reason may follow as a note.
func (h *Handlers) stopPayout(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	if err := h.Payouts.Stop(c.Request.Context(), person(c), c.Param("no")); err != nil {
		return err
	}
	say(c, "deed.stop_done")
	return redirect(c, string(views.PayoutPath(c.Param("no"))))
}

// doDeed carries a deed out, signed if it is one of those.
func (h *Handlers) doDeed(c *gin.Context, d payoutDeed, form signedReason) error {
	if err := services.CheckReason(form.Reason); err != nil {
		return err
	}
	do := func(signed services.Signed) error {
		return d.do(h, c.Request.Context(), person(c), c.Param("no"), form.Reason, signed)
	}
	if d.act == "" {
		return do(services.Signed{})
	}
	return h.sign(c, models.Payout{OrderNo: c.Param("no")}.Act(d.act, form.shown()), form.proofForm, do)
}

type noteForm struct {
	Text  string            `form:"text"`
	Files []services.Upload `form:"files"`
}

// notePayout handles POST /payouts/:no/notes.
func (h *Handlers) notePayout(c *gin.Context) error {
	var form noteForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Payouts.Note(c.Request.Context(), person(c), c.Param("no"), form.Text, chosen(form.Files))
	if errs, ok := formErrors(c, err); ok {
		return h.drawDeed(c, http.StatusUnprocessableEntity, noteDeed, form.Text, errs)
	}
	if err != nil {
		return err
	}
	say(c, "deed.note_done")
	return redirect(c, string(views.PayoutPath(c.Param("no"))))
}

// chosen leaves out the empty file that browsers send where none was chosen.
func chosen(files []services.Upload) (sent []services.Upload) {
	for _, file := range files {
		if file.Name != "" || len(file.Content) > 0 {
			sent = append(sent, file)
		}
	}
	return sent
}

// claimPayout handles POST /payouts/:no/claim.
func (h *Handlers) claimPayout(c *gin.Context) error {
	var form struct {
		Back string `form:"back"`
	}
	if err := readForm(c, &form); err != nil {
		return err
	}
	if err := h.Payouts.Claim(c.Request.Context(), person(c), c.Param("no")); err != nil {
		return err
	}
	say(c, "deed.claim_done")
	return redirect(c, backFrom(form.Back, c.Param("no")))
}

// queryPayout handles POST /payouts/:no/query: the answer is told in words, and
// what it did not change too.
func (h *Handlers) queryPayout(c *gin.Context) error {
	var form struct {
		Back string `form:"back"`
	}
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	q, err := h.Sender.AskNow(ctx, person(c), c.Param("no"))
	if err != nil {
		return err
	}
	effect := "deed.ask_moved"
	if q.Effect == "none" {
		effect = "deed.ask_no_change"
	}
	sayIn(c, toneOfAnswer(q), effect, "Answer", views.AnswerWords(ctx, q.Says, q.Problem))
	return redirect(c, backFrom(form.Back, c.Param("no")))
}

func toneOfAnswer(q models.Question) string {
	if q.Effect == "none" {
		return "grey"
	}
	return "green"
}

// backFrom is the page that the button stood on.
func backFrom(back, orderNo string) string {
	switch back {
	case "unclear", "contradictions":
		return "/" + back + "/" + orderNo
	}
	return string(views.PayoutPath(orderNo))
}

// revealed is how long an account number stays on the screen.
const revealed = 60 * time.Second

// revealPayout handles POST /payouts/:no/reveal. That somebody looked is on record
// before anything is shown; the browser leaves the page by itself, also without
// script.
func (h *Handlers) revealPayout(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	ctx, no := c.Request.Context(), c.Param("no")
	fields, err := h.Payouts.Reveal(ctx, person(c), no)
	if err != nil {
		return err
	}
	p, err := models.FindOrder(h.Store.Read(ctx), no)
	if err != nil {
		return err
	}
	_, rail, _ := families.Rail(p.Rail)
	field, _ := rail.Field(rail.AccountField)
	seconds := int(revealed / time.Second)
	c.Header("Refresh", strconv.Itoa(seconds)+";url="+string(views.PayoutPath(p.OrderNo)))
	page := views.RevealPage{
		Shell: h.shell(c, i18n.T(ctx, "reveal.title"), "payouts"), Payout: p, Badge: p.Badge(models.Flags{HeldWhy: p.HeldWhy}),
		Label: i18n.T(ctx, field.KeyFor(fields)), Number: fields[rail.AccountField], Lasts: seconds,
	}
	page.Shell.Stream = ""
	return h.show(c, http.StatusOK, views.Reveal(page))
}
