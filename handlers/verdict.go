package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// momentLayout is how browsers write a day with its time.
const momentLayout = "2006-01-02T15:04"

type proposalForm struct {
	Says        string            `form:"says"`
	Evidence    string            `form:"evidence"`
	Text        string            `form:"text"`
	Reason      string            `form:"reason"`
	Received    string            `form:"received"`
	LookAgainAt string            `form:"look_again_at"`
	Files       []services.Upload `form:"files"`
}

type judgementForm struct {
	Verdict string `form:"verdict"`
	Says    string `form:"says"`
	Reason  string `form:"reason"`
}

// refusedForm is a form of a case that comes back as it was typed.
type refusedForm struct {
	proposalForm
	errs views.Errors
}

func (f *refusedForm) proposal() views.ProposalForm {
	return views.ProposalForm{
		Says: f.Says, Evidence: f.Evidence, Text: f.Text, Reason: f.Reason, Received: f.Received, LookAgainAt: f.LookAgainAt,
	}
}

// queueOf is the queue that the route belongs to.
func queueOf(c *gin.Context) string {
	if strings.HasPrefix(c.FullPath(), "/contradictions/") {
		return "contradictions"
	}
	return "unclear"
}

// proposeVerdict handles POST /unclear/:no/verdict and /contradictions/:no/verdict:
// the first of two people says what became of an order, and on what evidence.
func (h *Handlers) proposeVerdict(c *gin.Context) error {
	var form proposalForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	// A time that cannot be read stays zero, which the verb refuses in words.
	again, _ := time.ParseInLocation(momentLayout, form.LookAgainAt, i18n.Zone(ctx))
	err := h.Verdicts.Propose(ctx, person(c), c.Param("no"), services.Proposal{
		Says: form.Says, Evidence: form.Evidence, Text: form.Text, Reason: form.Reason, Received: form.Received,
		LookAgainAt: again, Files: chosen(form.Files),
	})
	if errs, ok := formErrors(c, err); ok {
		return h.drawQueue(c, http.StatusUnprocessableEntity, queueOf(c), c.Param("no"), &refusedForm{form, errs})
	}
	if err != nil {
		return err
	}
	say(c, "case.proposed")
	return redirect(c, "/"+queueOf(c)+"/"+c.Param("no"))
}

// confirmVerdict handles POST /unclear/:no/confirmation and
// /contradictions/:no/confirmation: the second person's own choice.
func (h *Handlers) confirmVerdict(c *gin.Context) error {
	var form judgementForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx, no := c.Request.Context(), c.Param("no")
	proposed, _ := strconv.ParseInt(form.Verdict, 10, 64)
	agreed, err := h.Verdicts.Confirm(ctx, person(c), no, proposed, form.Says, form.Reason)
	if errs, ok := formErrors(c, err); ok {
		typed := &refusedForm{proposalForm{Says: form.Says, Reason: form.Reason}, errs}
		return h.drawQueue(c, http.StatusUnprocessableEntity, queueOf(c), no, typed)
	}
	if err != nil {
		return err
	}
	return h.afterJudgement(c, no, form.Says, agreed)
}

func (h *Handlers) afterJudgement(c *gin.Context, no, says string, agreed bool) error {
	ctx := c.Request.Context()
	p, err := models.FindOrder(h.Store.Read(ctx), no)
	if err != nil {
		return err
	}
	switch {
	case !agreed:
		sayIn(c, "amber", "case.disagreed")
	case says == "look_again":
		say(c, "case.again")
	default:
		say(c, "case.confirmed", "Said", i18n.T(ctx, "verdict.says."+says))
		return redirect(c, string(views.PayoutPath(no)))
	}
	return redirect(c, verdictPath(p))
}
