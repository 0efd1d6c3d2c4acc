package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// showEnquiry handles GET /payouts/:no/enquiry: the letter to the gateway's staff,
// in the language that the address asks for.
func (h *Handlers) showEnquiry(c *gin.Context) error {
	return h.drawEnquiry(c, http.StatusOK, enquiryForm{Letter: c.Query("letter")}, nil)
}

type enquiryForm struct {
	Letter  string `form:"letter"`
	Channel string `form:"channel"`
	Person  string `form:"person"`
	SentAt  string `form:"sent_at"`
}

func (h *Handlers) drawEnquiry(c *gin.Context, status int, form enquiryForm, errs views.Errors) error {
	ctx, by := c.Request.Context(), person(c)
	r, err := h.readPayout(ctx, c.Param("no"))
	if err != nil {
		return err
	}
	if r.payout.Stage != models.Sent {
		return models.Refuse(models.Conflict, "payout.nothing_to_ask")
	}
	lang := r.letterLang(form.Letter)
	page := views.EnquiryPage{
		Shell: h.shell(c, i18n.T(ctx, "enquiry.title"), "unclear"), Payout: r.payout, Gateway: r.account.Name, Lang: lang,
		Letter: h.letter(ctx, r, lang), Form: views.EnquiryForm{Channel: form.Channel, Person: form.Person, SentAt: form.SentAt},
		Sent: r.letters(by), Errors: errs,
	}
	page.Shell.Errors = len(errs) > 0
	if form.SentAt == "" && len(errs) == 0 {
		page.Form.SentAt = h.Now().In(i18n.Zone(ctx)).Format(momentLayout)
	}
	if err := r.payout.CheckEnquire(by); err != nil {
		page.MayNot = refusalText(ctx, err)
	}
	return h.show(c, status, views.Enquiry(page))
}

// markEnquiry handles POST /payouts/:no/enquiry: somebody has sent the letter, and
// the clock of waiting starts.
func (h *Handlers) markEnquiry(c *gin.Context) error {
	var form enquiryForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	r, err := h.readPayout(ctx, c.Param("no"))
	if err != nil {
		return err
	}
	lang := r.letterLang(form.Letter)
	// A time that cannot be read stays zero, which the verb refuses in words.
	at, _ := time.ParseInLocation(momentLayout, form.SentAt, i18n.Zone(ctx))
	err = h.Verdicts.Enquire(ctx, person(c), r.payout.OrderNo, services.SentEnquiry{
		Language: lang, Channel: form.Channel, Person: form.Person, SentAt: at, Text: h.letter(ctx, r, lang),
	})
	if errs, ok := formErrors(c, err); ok {
		return h.drawEnquiry(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "enquiry.marked")
	return redirect(c, r.verdictPath())
}

type replyForm struct {
	Reply  string            `form:"reply"`
	Person string            `form:"person"`
	Files  []services.Upload `form:"files"`
}

// newReply handles GET /payouts/:no/enquiry/:id/reply.
func (h *Handlers) newReply(c *gin.Context) error {
	return h.drawReply(c, http.StatusOK, nil, nil)
}

// drawReply draws the form; the person who was asked is offered as the one who
// answered.
func (h *Handlers) drawReply(c *gin.Context, status int, typed *replyForm, errs views.Errors) error {
	ctx, by := c.Request.Context(), person(c)
	r, err := h.readPayout(ctx, c.Param("no"))
	if err != nil {
		return err
	}
	letter, err := r.letterNumbered(c.Param("id"), by)
	if err != nil {
		return err
	}
	if err := r.payout.CheckReply(by, letter.Enquiry); err != nil {
		return err
	}
	page := views.ReplyPage{
		Shell: h.shell(c, i18n.T(ctx, "enquiry.file_reply"), "unclear"), Payout: r.payout, Badge: r.badge(), Gateway: r.account.Name,
		Letter: letter, Person: letter.Person, Errors: errs,
	}
	if typed != nil {
		page.Reply, page.Person = typed.Reply, typed.Person
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.EnquiryReply(page))
}

// fileReply handles POST /payouts/:no/enquiry/:id/reply.
func (h *Handlers) fileReply(c *gin.Context) error {
	var form replyForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx, no := c.Request.Context(), c.Param("no")
	id, _ := strconv.ParseInt(c.Param("id"), 10, 64) // none has the number 0
	err := h.Verdicts.FileReply(ctx, person(c), no, id, services.EnquiryReply{Text: form.Reply, Person: form.Person, Files: chosen(form.Files)})
	if errs, ok := formErrors(c, err); ok {
		return h.drawReply(c, http.StatusUnprocessableEntity, &form, errs)
	}
	if err != nil {
		return err
	}
	p, err := models.FindOrder(h.Store.Read(ctx), no)
	if err != nil {
		return err
	}
	say(c, "enquiry.filed")
	return redirect(c, placeOf(p))
}

// placeOf is where people find the order now: in its queue, or settled.
func placeOf(p models.Payout) string {
	if p.Clash || p.Outcome == models.Unclear {
		return verdictPath(p)
	}
	return string(views.PayoutPath(p.OrderNo))
}

// letterLang is the language asked for, or the one of the account's staff.
func (r *payoutRows) letterLang(asked string) string {
	if i18n.IsLetterLanguage(asked) {
		return asked
	}
	return views.LetterLang(r.account)
}

// letter writes the enquiry from what is on record.
func (h *Handlers) letter(ctx context.Context, r *payoutRows, lang string) string {
	l := views.Letter{
		Lang: lang, OrderNo: r.payout.OrderNo, GatewayNo: r.payout.GatewayNo, Merchant: r.account.MerchantID, Last4: r.payout.Last4,
		Amount: r.payout.Amount(), Wire: h.wireAmount(ctx, r), Sent: r.payout.SentAt, Zone: r.account.Location(),
		Doubt: r.doubt(), Clash: r.clash, Questions: len(r.questions),
	}
	if len(r.questions) > 0 {
		l.Asked = r.asked(ctx, r.questions[0])
	}
	return l.Text()
}

// wireAmount is the amount as the request had it, in the gateway's own unit; "" if
// the bytes cannot be opened, for the letter stands without it.
func (h *Handlers) wireAmount(ctx context.Context, r *payoutRows) string {
	for _, a := range r.attempts {
		sent, err := h.Payouts.Sent(ctx, r.payout, a)
		if err != nil || a.NotSent {
			continue
		}
		for _, line := range sent.Lines {
			if line.Name == "amount" {
				return line.Value
			}
		}
	}
	return ""
}

// letters are those that were sent, the newest first.
func (r *payoutRows) letters(by models.Person) (sent []views.SentLetter) {
	for _, e := range r.enquiries {
		s := views.SentLetter{Enquiry: e, By: r.names[e.SentBy], MayReply: r.payout.CheckReply(by, e) == nil}
		if e.FiledBy != nil {
			s.FiledBy = r.names[*e.FiledBy]
		}
		sent = append(sent, s)
	}
	return sent
}

func (r *payoutRows) letterNumbered(text string, by models.Person) (views.SentLetter, error) {
	for _, s := range r.letters(by) {
		if strconv.FormatInt(s.ID, 10) == text {
			return s, nil
		}
	}
	return views.SentLetter{}, models.Refuse(models.Missing, "enquiry.missing")
}
