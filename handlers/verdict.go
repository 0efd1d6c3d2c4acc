package handlers

import (
	"encoding/hex"
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
	Says        models.Said         `form:"says"`
	Evidence    models.EvidenceKind `form:"evidence"`
	Text        string              `form:"text"`
	Reason      string              `form:"reason"`
	Received    string              `form:"received"`
	LookAgainAt string              `form:"look_again_at"`
	Files       []services.Upload   `form:"files"`
	Digest      string              `form:"digest"` // of the case that was shown
	proofForm
}

type judgementForm struct {
	Verdict string      `form:"verdict"`
	Says    models.Said `form:"says"`
	Reason  string      `form:"reason"`
	Digest  string      `form:"digest"` // of the case that was shown
	proofForm
}

// refusedForm is a form of a case that comes back as it was typed.
type refusedForm struct {
	proposalForm
	errs views.Errors
}

func (f *refusedForm) proposal() views.ProposalForm {
	return views.ProposalForm{
		Says: string(f.Says), Evidence: string(f.Evidence), Text: f.Text, Reason: f.Reason, Received: f.Received, LookAgainAt: f.LookAgainAt,
	}
}

// askJudge asks whoever may judge the case to prove that they are there, for the answer
// that they choose.
func (h *Handlers) askJudge(c *gin.Context, r *payoutRows, page *views.Case) (err error) {
	verb, proposal := models.ActPropose, (*models.Verdict)(nil)
	if v, open := r.openVerdict(); open {
		verb, proposal = models.ActConfirm, &v
	}
	if page.Proposal == nil && (page.Judging == nil || !page.Judging.Opened) {
		return nil
	}
	shown, acts := r.payout.CaseDigest(proposal), map[string]models.Act{}
	for _, says := range models.AllSaid {
		acts[string(says)] = r.payout.VerdictAct(verb, shown, says)
	}
	page.Digest = hex.EncodeToString(shown)
	page.StepUp, err = h.askStepUpBy(c, "says", acts)
	return err
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
	act := models.Payout{OrderNo: c.Param("no")}.VerdictAct(models.ActPropose, readDigest(form.Digest), form.Says)
	err := h.sign(c, act, form.proofForm, func(signed services.Signed) error {
		return h.Verdicts.Propose(ctx, person(c), c.Param("no"), services.Proposal{
			Says: form.Says, Evidence: form.Evidence, Text: form.Text, Reason: form.Reason, Received: form.Received,
			LookAgainAt: again, Files: chosen(form.Files),
		}, signed)
	})
	if errs, ok := formErrors(c, err); ok {
		return h.drawQueue(c, http.StatusUnprocessableEntity, queueOf(c), c.Param("no"), &refusedForm{proposalForm: form, errs: errs})
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
	agreed := false
	act := models.Payout{OrderNo: no}.VerdictAct(models.ActConfirm, readDigest(form.Digest), form.Says)
	err := h.sign(c, act, form.proofForm, func(signed services.Signed) (err error) {
		agreed, err = h.Verdicts.Confirm(ctx, person(c), no, proposed, form.Says, form.Reason, signed)
		return err
	})
	if errs, ok := formErrors(c, err); ok {
		typed := &refusedForm{proposalForm: proposalForm{Says: form.Says, Reason: form.Reason}, errs: errs}
		return h.drawQueue(c, http.StatusUnprocessableEntity, queueOf(c), no, typed)
	}
	if err != nil {
		return err
	}
	return h.afterJudgement(c, no, form.Says, agreed)
}

func (h *Handlers) afterJudgement(c *gin.Context, no string, says models.Said, agreed bool) error {
	ctx := c.Request.Context()
	p, err := models.FindOrder(h.Store.Read(ctx), no)
	if err != nil {
		return err
	}
	switch {
	case !agreed:
		sayIn(c, "amber", "case.disagreed")
	case says == models.SaidLookAgain:
		say(c, "case.again")
	default:
		say(c, "case.confirmed", "Said", i18n.T(ctx, "verdict.says."+string(says)))
		return redirect(c, string(views.PayoutPath(no)))
	}
	return redirect(c, verdictPath(p))
}
