package handlers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// showFactors handles GET /people/:id/factors: what the person has, and a reset that waits.
func (h *Handlers) showFactors(c *gin.Context) error {
	shown, err := h.askedPerson(c)
	if err != nil {
		return err
	}
	return h.drawFactors(c, http.StatusOK, shown, "", nil)
}

func (h *Handlers) drawFactors(c *gin.Context, status int, shown models.Person, reason string, errs views.Errors) error {
	db, reader := h.Store.Read(c), person(c)
	factors, err := models.FactorsOf(db, shown.ID)
	if err != nil {
		return err
	}
	page := views.PersonFactorsPage{
		Shell: h.shell(c, i18n.T(c.Request.Context(), "reset.title", "Name", shown.Name), "people"), Person: shown, Factors: factors, Reason: reason, Errors: errs,
	}
	page.Shell.Errors = len(errs) > 0
	reset, err := models.OpenReset(db, shown.ID)
	switch {
	case isMissing(err):
		page.MayPropose = factors.CheckReset(shown, reader) == nil
		return h.show(c, status, views.PersonFactors(page))
	case err != nil:
		return err
	}
	proposer, err := models.FindPerson(db, reset.ProposedBy)
	if err != nil {
		return err
	}
	page.Reset, page.Proposer, page.MayDecide = &reset, proposer.Name, reset.CheckDecision(reader) == nil
	return h.show(c, status, views.PersonFactors(page))
}

type factorResetForm struct {
	Reason string `form:"reason"`
}

// proposeReset handles POST /people/:id/factors.
func (h *Handlers) proposeReset(c *gin.Context) error {
	var form factorResetForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	err = h.People.ProposeReset(c.Request.Context(), actor(c), shown.ID, form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.drawFactors(c, http.StatusUnprocessableEntity, shown, form.Reason, errs)
	}
	if err != nil {
		return err
	}
	say(c, "reset.proposed", "Name", shown.Name)
	return redirect(c, personPath(shown.ID)+"/factors")
}

// confirmReset handles POST /people/:id/factors/confirmation.
func (h *Handlers) confirmReset(c *gin.Context) error {
	return h.decideReset(c, func(ctx context.Context, by models.Actor, id models.PersonID) error {
		return h.People.ConfirmReset(ctx, by, id, proof(c))
	}, "reset.confirmed")
}

// refuseReset handles POST /people/:id/factors/refusal.
func (h *Handlers) refuseReset(c *gin.Context) error {
	return h.decideReset(c, h.People.RefuseReset, "reset.refused")
}

func (h *Handlers) decideReset(c *gin.Context, decide func(context.Context, models.Actor, models.PersonID) error, done string) error {
	shown, err := h.askedWith(c, &struct{}{})
	if err != nil {
		return err
	}
	if err := decide(c.Request.Context(), actor(c), shown.ID); err != nil {
		return err
	}
	say(c, done, "Name", shown.Name)
	return redirect(c, personPath(shown.ID)+"/factors")
}
