package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// askHandOn handles GET /approvals/:no/hand: who is to sign instead.
func (h *Handlers) askHandOn(c *gin.Context) error {
	return h.drawHandOn(c, http.StatusOK, handOnForm{}, nil)
}

func (h *Handlers) drawHandOn(c *gin.Context, status int, form handOnForm, errs views.Errors) error {
	page, err := h.approval(c)
	if err != nil {
		return err
	}
	page.Verdict, page.Reason, page.To, page.Errors = "hand", form.Reason, form.To, errs
	if page.People, err = h.canTake(c, page.Payout); err != nil {
		return err
	}
	return h.showDecision(c, status, page)
}

// canTake offers whoever may sign the order too.
func (h *Handlers) canTake(c *gin.Context, p models.Payout) (options []ui.Option, err error) {
	db, by := h.Store.Read(c), person(c)
	people, err := models.ActivePeople(db)
	if err != nil {
		return nil, err
	}
	signed, err := models.Approvers(db, p)
	if err != nil {
		return nil, err
	}
	standing, err := models.StandIns(db, people, h.Now())
	for _, to := range p.CanTake(by, people, signed, standing, h.Now()) {
		options = append(options, ui.Option{Value: strconv.FormatInt(int64(to.ID), 10), Text: to.Name + ", " + views.RoleWords(c.Request.Context(), to.Signer().Roles)})
	}
	return options, err
}

type handOnForm struct {
	To     string `form:"to"`
	Reason string `form:"reason"`
}

// handOn handles POST /payouts/:no/hand.
func (h *Handlers) handOn(c *gin.Context) error {
	var form handOnForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Payouts.HandOn(c.Request.Context(), person(c), c.Param("no"), chosenPerson(form.To), form.Reason)
	if errs, ok := formErrors(c, err); ok {
		return h.drawHandOn(c, http.StatusUnprocessableEntity, form, errs)
	}
	if isConflict(err) {
		return h.notRecorded(c, c.Param("no"), nil)
	}
	if err != nil {
		return err
	}
	say(c, "hand.was_handed")
	return h.nextToDecide(c)
}

// handedWords say who left an order to whom, the last one.
func handedWords(ctx context.Context, db *gorm.DB, p models.Payout, by models.PersonID, names map[models.PersonID]string) (string, error) {
	all, err := models.HandedOn(db, p)
	if err != nil || len(all) == 0 {
		return "", err
	}
	last := all[len(all)-1]
	if last.ToID == by {
		return i18n.T(ctx, "hand.to_you", "Name", names[last.FromID], "At", nearClock(ctx, last.At)), nil
	}
	return i18n.T(ctx, "hand.to", "Name", names[last.FromID], "To", names[last.ToID], "At", nearClock(ctx, last.At)), nil
}

// forWhom says for whom the reader stands in with this order, and who left it to whom.
func (h *Handlers) forWhom(ctx context.Context, db *gorm.DB, r *payoutRows, by models.Person) (string, error) {
	standing, err := h.standIns(db, by)
	if err != nil || r.payout.Stage != models.AwaitingApproval {
		return "", err
	}
	handed, err := handedWords(ctx, db, r.payout, by.ID, r.names)
	if err != nil {
		return "", err
	}
	with, err := withWords(ctx, db, r.payout, by.ID, r.names)
	return joinedWords([]string{handed, with}, forWords(ctx, standing, by.ID, r.payout, r.signers())), err
}

// withWords say who was reminded of an order and with whom it is now; "" if nobody was.
func withWords(ctx context.Context, db *gorm.DB, p models.Payout, by models.PersonID, names map[models.PersonID]string) (string, error) {
	r, err := models.FindReminder(db, p.ID)
	if err != nil || !r.Of(p) {
		return "", err
	}
	var before []string
	told := r.ToldTo()
	for _, id := range told[:max(len(told)-bit(r.PersonID != 0), 0)] {
		before = append(before, names[id])
	}
	return i18n.T(ctx, withKey(r.PersonID, by, len(before)), "Name", names[r.PersonID], "Names", strings.Join(before, ", "), "At", nearClock(ctx, r.At)), nil
}

func bit(is bool) int {
	if is {
		return 1
	}
	return 0
}

func withKey(with, by models.PersonID, before int) string {
	switch {
	case with == 0 && before == 0:
		return "remind.nobody"
	case with == 0:
		return "remind.controllers"
	case before == 0 && with == by:
		return "remind.with_you"
	case before == 0:
		return "remind.with"
	case with == by:
		return "remind.passed_you"
	}
	return "remind.passed"
}
