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
