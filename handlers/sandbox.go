package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// SandboxControl is the sandbox as its page uses it.
type SandboxControl interface {
	Scenarios() []sandbox.Scenario
	State() sandbox.State
	Order(number string) (sandbox.Order, bool)
	SetNext(merchantID, scenarioID string, count int) error
	SetSpeed(times int)
	Push(number string, p sandbox.Push) error
}

// sandboxVerb is what one must be allowed to do: in a demonstration everybody may
// play the gateways, elsewhere who connects them.
func (h *Handlers) sandboxVerb() models.Verb {
	if h.Demo {
		return models.VerbSandbox
	}
	return models.VerbGateway
}

// The choices of the form.
var (
	sandboxCounts = []int{1, 2, 3, 5, 10, 50, 0} // 0 takes the choice back
	sandboxSpeeds = []int{1, 10, 60, 600, 3600}
)

// sandboxOrders is how many orders the page compares.
const sandboxOrders = 20

type sandboxChoice struct {
	Account  string `form:"account"`
	Count    string `form:"count"`
	Speed    string `form:"speed"`
	Scenario string `form:"scenario"`
}

// showSandbox handles GET /gateways/sandbox.
func (h *Handlers) showSandbox(c *gin.Context) error {
	return h.drawSandbox(c, http.StatusOK, sandboxChoice{}, nil)
}

func (h *Handlers) drawSandbox(c *gin.Context, status int, choice sandboxChoice, errs views.Errors) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	sent, err := models.LastSent(db, sandboxOrders)
	if err != nil {
		return err
	}
	page := views.SandboxPage{
		Shell: h.shell(c, i18n.T(ctx, "control.title"), "gateways"), Form: h.sandboxForm(ctx, accounts, choice, true),
		MaySee: person(c).May(models.VerbSee),
	}
	page.Form.Errors, page.Shell.Errors = errs, len(errs) > 0
	for _, p := range sent {
		page.Orders = append(page.Orders, h.bothSides(p, accounts))
	}
	for _, p := range sandbox.Pushes() {
		page.Pushes = append(page.Pushes, ui.Option{Value: string(p), Text: i18n.T(ctx, p.Key())})
	}
	return h.show(c, status, views.Sandbox(page))
}

// bothSides is what we have on record of an order, and what the gateway knows.
func (h *Handlers) bothSides(p models.Payout, accounts []models.GatewayAccount) views.SandboxOrder {
	theirs, _ := h.Sandbox.Order(p.OrderNo)
	order := views.SandboxOrder{
		Payout: p, Exists: theirs.Exists, Word: string(theirs.Word), Paid: theirs.PaidAmount, Deliveries: len(theirs.Deliveries),
		Queries: theirs.Queries, Notices: len(theirs.Notices),
	}
	if len(theirs.Notices) > 0 {
		order.LastAnswer = theirs.Notices[len(theirs.Notices)-1].Status
	}
	if play, ok := sandbox.Find(theirs.Scenario); ok {
		order.Scenario = play.Key
	}
	for _, a := range accounts {
		if a.ID == p.AccountID {
			order.Account = a.Name
		}
	}
	return order
}

// chooseNext handles POST /gateways/sandbox.
func (h *Handlers) chooseNext(c *gin.Context) error {
	var choice sandboxChoice
	if err := readForm(c, &choice); err != nil {
		return err
	}
	err := h.obey(c.Request.Context(), choice)
	if errs, ok := formErrors(c, err); ok {
		return h.drawSandbox(c, http.StatusUnprocessableEntity, choice, errs)
	}
	if err != nil {
		return err
	}
	say(c, "control.is_set")
	return redirect(c, "/gateways/sandbox")
}

// obey sets the speed, and the scenario if one was chosen.
func (h *Handlers) obey(ctx context.Context, choice sandboxChoice) error {
	speed, err := strconv.Atoi(choice.Speed)
	if err != nil || speed < 1 || speed > sandboxSpeeds[len(sandboxSpeeds)-1] {
		return models.Refuse(models.Invalid, "control.speed_range").On("speed")
	}
	count, err := strconv.Atoi(choice.Count)
	if err != nil || count < 0 || count > 1000 {
		return models.Refuse(models.Invalid, "control.count_range").On("count")
	}
	if choice.Scenario != "" || count == 0 {
		if err := h.setNext(ctx, choice, count); err != nil {
			return err
		}
	}
	h.Sandbox.SetSpeed(speed)
	return nil
}

func (h *Handlers) setNext(ctx context.Context, choice sandboxChoice, count int) error {
	id, err := strconv.ParseInt(choice.Account, 10, 64)
	if err != nil {
		return models.Refuse(models.Invalid, "control.account_needed").On("account")
	}
	account, err := models.FindAccount(h.Store.Read(ctx), models.AccountID(id))
	if err != nil {
		return err
	}
	return sandboxRefusal(h.Sandbox.SetNext(account.MerchantID, choice.Scenario, count), "account")
}

// sandboxRefusal is the sandbox's "no" in our words.
func sandboxRefusal(err error, field string) error {
	if no := (*sandbox.ControlError)(nil); errors.As(err, &no) {
		return models.Refuse(models.Conflict, no.Key).On(field)
	}
	return err
}

type pushForm struct {
	Push string `form:"push"`
}

// pushNotice handles POST /gateways/sandbox/:no/push: the gateway says something of
// the order, over the wire like everything else.
func (h *Handlers) pushNotice(c *gin.Context) error {
	var form pushForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	push := sandbox.Push(form.Push)
	if err := sandboxRefusal(h.Sandbox.Push(c.Param("no"), push), ""); err != nil {
		return err
	}
	say(c, "control.was_said", "Push", i18n.T(c.Request.Context(), push.Key()), "Number", c.Param("no"))
	return redirect(c, "/gateways/sandbox")
}
