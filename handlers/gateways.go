package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// balanceHours is how far back the line of a balance goes.
const balanceHours = 48

// listGateways handles GET /gateways.
func (h *Handlers) listGateways(c *gin.Context) error {
	ctx, reader := c.Request.Context(), person(c)
	db := h.Store.Read(ctx)
	cards, err := h.accountCards(ctx, db, reader)
	if err != nil {
		return err
	}
	public, err := models.ReadSetting(db, models.SettingPublicURL)
	if err != nil {
		return err
	}
	page, err := h.cordParts(ctx, reader)
	if err != nil {
		return err
	}
	page.Accounts, page.PublicURL, page.MayAdd, page.MayTest = cards, public, reader.May(models.VerbGateway), reader.May(models.VerbAsk)
	page.MaySee = reader.May(models.VerbSee)
	page.Shell = h.shell(c, i18n.T(ctx, "nav.gateways"), "gateways")
	page.Shell.Stream = "/gateways/stream"
	if h.Sandbox != nil && len(cards) > 0 && reader.May(h.sandboxVerb()) {
		form := h.sandboxForm(ctx, accountsOf(cards), sandboxChoice{}, false)
		page.Sandbox = &form
	}
	return h.show(c, http.StatusOK, views.Gateways(page))
}

// cordParts are what of the page changes while it stays open.
func (h *Handlers) cordParts(ctx context.Context, reader models.Person) (p views.GatewaysPage, err error) {
	p.MayStop, p.MayRestart = reader.May(models.VerbCord), reader.May(models.VerbRestart)
	p.Cord, err = h.cord(ctx, reader)
	return p, err
}

// streamGateways handles GET /gateways/stream: the counts, and whether anything is sent.
func (h *Handlers) streamGateways(c *gin.Context) error {
	by := person(c)
	return h.follow(c, func(ctx context.Context) (templ.Component, error) {
		shell, err := h.countedShell(h.Store.Read(ctx), by)
		if err != nil {
			return nil, err
		}
		page, err := h.cordParts(ctx, by)
		return templ.Join(views.CountUpdates(shell), views.CordUpdate(page)), err
	})
}

func (h *Handlers) accountCards(ctx context.Context, db *gorm.DB, by models.Person) (cards []views.AccountCard, err error) {
	accounts, err := models.Accounts(db)
	if err != nil {
		return nil, err
	}
	cells, err := models.PayoutCounts(db)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		card, err := weighedCard(db, cells, a, i18n.Now(ctx))
		if err != nil {
			return nil, err
		}
		if card.Trend, err = models.BalanceByHour(db, a.ID, i18n.Now(ctx), balanceHours); err != nil {
			return nil, err
		}
		if card.NotifyURL, err = h.Accounts.NotifyURL(ctx, a); err != nil {
			return nil, err
		}
		if a.Paused != "" {
			if card.PauseWords, err = models.PauseWords(db, a); err != nil {
				return nil, err
			}
			if card.Asked, err = h.askedToSend(ctx, by, services.AccountSubject(a.ID)); err != nil {
				return nil, err
			}
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// weighedCard is an account with its health and its money.
func weighedCard(db *gorm.DB, cells []models.PayoutCount, a models.GatewayAccount, now time.Time) (card views.AccountCard, err error) {
	card.Account = a
	if card.Health, err = models.HealthOf(db, a.ID, now); err != nil {
		return card, err
	}
	card.Funds, err = models.FundsOf(db, cells, a)
	return card, err
}

func accountsOf(cards []views.AccountCard) (accounts []models.GatewayAccount) {
	for _, card := range cards {
		accounts = append(accounts, card.Account)
	}
	return accounts
}

// askedAccount is the account that the address names.
func (h *Handlers) askedAccount(c *gin.Context) (models.GatewayAccount, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return models.GatewayAccount{}, models.Refuse(models.Missing, "account.missing")
	}
	return models.FindAccount(h.Store.Read(c), models.AccountID(id))
}

// testAccount handles POST /gateways/:id/test.
func (h *Handlers) testAccount(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	asked, err := h.Sender.TestAccount(ctx, person(c), account.ID)
	if err != nil {
		return err
	}
	took := i18n.Span(ctx, time.Duration(asked.TookMS)*time.Millisecond)
	if asked.Problem == "" {
		say(c, "account.test_good", "Account", account.Name, "Span", took)
	} else {
		sayIn(c, "amber", "account.test_bad", "Account", account.Name, "Why", problemWords(ctx, asked))
	}
	return redirect(c, "/gateways")
}

// problemWords say why an answer is no information.
func problemWords(ctx context.Context, q models.Question) string {
	if status, ok := strings.CutPrefix(q.Problem, "http_"); ok {
		return i18n.T(ctx, "problem.http", "Status", status)
	}
	words := i18n.T(ctx, "problem."+q.Problem)
	if q.Code != "" {
		return i18n.T(ctx, "account.with_code", "Words", words, "Code", q.Code)
	}
	return words
}

// newPause handles GET /gateways/:id/pause.
func (h *Handlers) newPause(c *gin.Context) error {
	return h.askPause(c, http.StatusOK, switchForm{}, nil)
}

func (h *Handlers) askPause(c *gin.Context, status int, form switchForm, errs views.Errors) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	return h.showSwitch(c, status, views.SwitchPage{
		Title: i18n.T(ctx, "account.pause_title", "Account", account.Name), Action: views.AccountPath(account.ID, "pause"),
		Means:  []string{i18n.T(ctx, "account.pause_means"), i18n.T(ctx, "cord.asking_goes_on"), i18n.T(ctx, "account.pause_end")},
		Submit: i18n.T(ctx, "account.pause_submit", "Account", account.Name), Kind: "danger", Icon: "player-pause", Reason: form.Reason, Errors: errs,
	})
}

// pauseAccount handles POST /gateways/:id/pause.
func (h *Handlers) pauseAccount(c *gin.Context) error {
	return h.switchAccount(c, func(a models.GatewayAccount, form switchForm) error {
		return h.Accounts.Pause(c.Request.Context(), person(c), a.ID, form.Reason)
	}, h.askPause, "account.is_paused")
}

// newReopening handles GET /gateways/:id/reopening.
func (h *Handlers) newReopening(c *gin.Context) error {
	return h.askReopening(c, http.StatusOK, switchForm{}, nil)
}

func (h *Handlers) askReopening(c *gin.Context, status int, form switchForm, errs views.Errors) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	return h.askToSend(c, status, services.AccountSubject(account.ID), views.SwitchPage{
		Title: i18n.T(ctx, "account.reopen_title", "Account", account.Name), Action: views.AccountPath(account.ID, "reopening"),
		Means:  []string{i18n.T(ctx, "account.reopen_means"), i18n.T(ctx, "sending.takes_two")},
		Submit: i18n.T(ctx, "sending.ask"), Kind: "primary", Reason: form.Reason, Errors: errs,
	})
}

// reopenAccount handles POST /gateways/:id/reopening: it asks another controller.
func (h *Handlers) reopenAccount(c *gin.Context) error {
	return h.switchAccount(c, func(a models.GatewayAccount, form switchForm) error {
		_, err := h.Accounts.ProposeReopening(c.Request.Context(), person(c), a.ID, form.Reason, proof(c))
		return err
	}, h.askReopening, "account.reopen_asked")
}

type askAgain func(c *gin.Context, status int, form switchForm, errs views.Errors) error

func (h *Handlers) switchAccount(c *gin.Context, act func(models.GatewayAccount, switchForm) error, again askAgain, done string) error {
	var form switchForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	if err = services.CheckReason(form.Reason); err == nil {
		err = act(account, form)
	}
	return afterSwitch(c, form, err, again, done, account.Name)
}

// afterSwitch shows the form again if its reason was refused, and says what was
// done otherwise.
func afterSwitch(c *gin.Context, form switchForm, err error, again askAgain, done, account string) error {
	if errs, ok := formErrors(c, err); ok {
		return again(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	sayIn(c, "amber", done, "Account", account)
	return redirect(c, "/gateways")
}

func (h *Handlers) showSwitch(c *gin.Context, status int, page views.SwitchPage) error {
	page.Shell = h.shell(c, page.Title, "gateways")
	page.Shell.Errors = len(page.Errors) > 0
	return h.show(c, status, views.Switch(page))
}
