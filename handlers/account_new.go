package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

type accountForm struct {
	Family        string   `form:"family"`
	Name          string   `form:"name"`
	BaseURL       string   `form:"base_url"`
	Here          bool     `form:"here"`
	Zone          string   `form:"zone"`
	MerchantID    string   `form:"merchant_id"`
	Key           string   `form:"key"`
	Authorization string   `form:"authorization"`
	Algorithm     string   `form:"algorithm"`
	QueryShape    string   `form:"query_shape"`
	Rails         []string `form:"rails"`
	Timeout       string   `form:"timeout"`
	Questions     string   `form:"questions"`
	VerdictWait   string   `form:"verdict_wait"`
	Verdicts      string   `form:"verdict_questions"`
	NotFinal      string   `form:"not_final"`
	Reason        string   `form:"reason"`
	Anyway        bool     `form:"anyway"`
	stuck         []string // what nobody could sign through it
}

// newAccount handles GET /gateways/new.
func (h *Handlers) newAccount(c *gin.Context) error {
	family, ok := families.Find(c.Query("family"))
	if !ok {
		family = families.All()[0]
	}
	return h.askAccount(c, http.StatusOK, accountForm{
		Family: family.Name(), Zone: person(c).Zone, Algorithm: family.Algorithms()[0], QueryShape: "list", Here: h.Accounts.LoopbackOnly,
		Timeout: "30", Questions: models.DefaultQuestions, VerdictWait: minutes(family.NoticeWindow()), Verdicts: "3", Rails: onlyRail(family),
	}, nil)
}

func onlyRail(family gateway.Family) []string {
	if rails := family.Rails(); len(rails) == 1 {
		return []string{rails[0].ID}
	}
	return nil
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }

func (h *Handlers) askAccount(c *gin.Context, status int, form accountForm, errs views.Errors) error {
	family, ok := families.Find(form.Family)
	if !ok {
		return models.Refuse(models.Invalid, "account.family_unknown")
	}
	ctx := c.Request.Context()
	page := views.NewAccountPage{
		Shell: h.shell(c, i18n.T(ctx, "account.add"), "gateways"), Family: family.Name(), Answers: form.answers(),
		Algorithms: family.Algorithms(), Zones: zones(form.Zone), Window: i18n.Span(ctx, family.NoticeWindow()),
		MayBeHere: h.mayBeHere(), Stuck: form.stuck, Errors: errs,
	}
	for _, rail := range family.Rails() {
		page.Rails = append(page.Rails, views.RailChoice{ID: rail.ID, Currency: rail.Currency})
	}
	for _, family := range families.All() {
		page.Families = append(page.Families, family.Name())
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.NewAccount(page))
}

// answers are what may be shown again: everything but the keys.
func (f accountForm) answers() views.AccountAnswers {
	return views.AccountAnswers{
		Name: f.Name, BaseURL: f.BaseURL, MerchantID: f.MerchantID, Algorithm: f.Algorithm, QueryShape: f.QueryShape, Zone: f.Zone,
		Timeout: f.Timeout, Questions: f.Questions, VerdictWait: f.VerdictWait, Verdicts: f.Verdicts, NotFinal: f.NotFinal, Rails: f.Rails, Here: f.Here, Reason: f.Reason,
	}
}

// mayBeHere says whether a gateway on this machine may be connected: only to try
// things out.
func (h *Handlers) mayBeHere() bool { return h.Accounts.LoopbackOnly || h.Sandbox != nil }

// addAccount handles POST /gateways/new: it asks for a second person.
func (h *Handlers) addAccount(c *gin.Context) error {
	var form accountForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if again, err := h.stuckAccount(c, &form); again || err != nil {
		return err
	}
	change, err := h.Accounts.Propose(ctx, person(c), services.NewAccount{
		Name: form.Name, Family: form.Family, BaseURL: form.BaseURL, MerchantID: form.MerchantID,
		Keys:      services.Keys{Key: form.Key, Authorization: form.Authorization},
		Algorithm: form.Algorithm, QueryShape: form.QueryShape, Rails: form.Rails, Zone: form.Zone,
		AllowLoopback: form.Here && h.mayBeHere(), Timeout: number(form.Timeout, time.Second), Questions: form.Questions,
		VerdictWait: number(form.VerdictWait, time.Minute), VerdictQuestions: int(number(form.Verdicts, 1)),
		NotFinal: form.NotFinal,
	}, form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.askAccount(c, http.StatusUnprocessableEntity, form, h.withKeysAgain(ctx, form, errs))
	}
	if err != nil {
		return err
	}
	say(c, "account.proposed", "Account", change.Subject)
	return redirect(c, views.ChangePath(change.ID))
}

// stuckAccount shows the form again where nobody could sign some of what goes through the
// account, unless that is meant.
func (h *Handlers) stuckAccount(c *gin.Context, form *accountForm) (again bool, err error) {
	if len(form.Rails) == 0 {
		return false, nil
	}
	_, rail, known := families.Rail(form.Rails[0])
	if !known {
		return false, nil
	}
	ctx := c.Request.Context()
	form.stuck, err = h.stuckThrough(ctx, models.GatewayAccount{Name: form.Name, Currency: rail.Currency, Rails: strings.Join(form.Rails, ",")})
	if err != nil || len(form.stuck) == 0 || form.Anyway {
		return false, err
	}
	return true, h.askAccount(c, http.StatusUnprocessableEntity, *form, h.withKeysAgain(ctx, *form, stuckError(c)))
}

// withKeysAgain tells that the keys have to be entered once more, since the form
// comes back without them.
func (h *Handlers) withKeysAgain(ctx context.Context, form accountForm, errs views.Errors) views.Errors {
	for field, sent := range map[string]string{"key": form.Key, "authorization": form.Authorization} {
		if sent != "" && errs.At(field) == "" {
			errs = append(errs, ui.FieldError{ID: field, Text: i18n.T(ctx, "account.key_again."+field)})
		}
	}
	return inOrder(errs, accountFields)
}

// accountFields is the order of the page, in which its errors are listed.
var accountFields = []string{
	"name", "base_url", "zone", "merchant_id", "key", "authorization", "algorithm", "query_shape", "rails", "timeout", "questions",
	"verdict_wait", "verdict_questions", "not_final", "reason", "anyway",
}

func inOrder(errs views.Errors, fields []string) views.Errors {
	slices.SortStableFunc(errs, func(a, b ui.FieldError) int { return slices.Index(fields, a.ID) - slices.Index(fields, b.ID) })
	return errs
}

// number reads a whole number of units; what is none is out of every range.
func number(text string, unit time.Duration) time.Duration {
	n, err := strconv.Atoi(text)
	if text == "" {
		return 0
	}
	if err != nil || n < 1 || n > 1_000_000 {
		return -1
	}
	return time.Duration(n) * unit
}
