package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// way is one way of paying: an account and a rail that it may use.
type way struct {
	account models.GatewayAccount
	rail    gateway.Rail
}

// filling is a payout's form on its way: what is asked and what was answered.
type filling struct {
	way
	form  services.PayoutForm
	order models.Payout // that is being changed; zero for a new one
	like  models.Payout // whose answers it begins with; zero for none
	errs  views.Errors
	files bool // some were sent
}

// waysOfPaying are all accounts with each of their rails.
func waysOfPaying(db *gorm.DB) (all []way, err error) {
	accounts, err := models.Accounts(db)
	for _, account := range accounts {
		for _, id := range account.RailIDs() {
			if _, rail, ok := families.Rail(id); ok {
				all = append(all, way{account, rail})
			}
		}
	}
	return all, err
}

// newPayout handles GET /payouts/new: the form of the way of paying that the
// address names, begun with an earlier order or a known payee.
func (h *Handlers) newPayout(c *gin.Context) error {
	all, err := waysOfPaying(h.Store.Read(c.Request.Context()))
	if err != nil {
		return err
	}
	f, err := h.beginFilling(c)
	if err != nil {
		return err
	}
	f.way, err = chosenWay(c, all, f.form)
	if err != nil {
		return err
	}
	if f.rail.ID == "" {
		return h.chooseWay(c, all)
	}
	f.form.AccountID, f.form.Rail = f.account.ID, f.rail.ID
	return h.showPayoutForm(c, http.StatusOK, f)
}

// beginFilling takes the answers of the order or the payee that the address names.
func (h *Handlers) beginFilling(c *gin.Context) (f filling, err error) {
	ctx := c.Request.Context()
	if no := c.Query("from"); no != "" {
		return h.fillingLike(c, no)
	}
	if c.Query("payee") == "" {
		return f, nil
	}
	version, err := models.FindPayeeVersion(h.Store.Read(ctx), models.PayeeVersionID(asID(c.Query("payee"))))
	f.form.PayeeVersion, f.form.Rail = version.ID, version.Rail
	return f, err
}

// fillingLike begins with the answers of an order that came to nothing. One that
// failed is replaced, so that nobody replaces it twice.
func (h *Handlers) fillingLike(c *gin.Context, no string) (f filling, err error) {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	if f.like, err = models.FindOrder(db, no); err != nil {
		return f, err
	}
	if err := f.like.CheckReplace(person(c)); err != nil {
		return f, err
	}
	if _, taken, err := models.SuccessorOf(db, f.like.ID); err != nil || taken {
		return f, orRefusal(err, models.Refuse(models.Conflict, "payout.replaced_already"))
	}
	f.form, err = h.Payouts.Beginning(ctx, person(c), f.like)
	f.form.Amount, f.form.Replaces, f.form.TwinReason, f.form.WarningReason = asTyped(f.like.Amount()), no, "", ""
	return f, err
}

func orRefusal(err error, refusal models.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}

// chosenWay is what the address says, or what the answers begin with, or the only
// one there is. Without a choice it is none.
func chosenWay(c *gin.Context, all []way, begun services.PayoutForm) (way, error) {
	rail, account := c.DefaultQuery("rail", begun.Rail), c.Query("account")
	if account == "" && begun.AccountID != 0 {
		account = accountValue(begun.AccountID)
	}
	if rail == "" && account == "" && len(all) == 1 {
		return all[0], nil
	}
	if rail == "" {
		return way{}, nil
	}
	for _, w := range all {
		if w.rail.ID == rail && (account == "" || accountValue(w.account.ID) == account) {
			return w, nil
		}
	}
	return way{}, models.Refuse(models.Missing, "rail.missing")
}

func accountValue(id models.AccountID) string { return strconv.FormatInt(int64(id), 10) }

func wayPath(w way) templ.SafeURL {
	return templ.SafeURL("/payouts/new?" + url.Values{"rail": {w.rail.ID}, "account": {accountValue(w.account.ID)}}.Encode())
}

// chooseWay asks for account and rail.
func (h *Handlers) chooseWay(c *gin.Context, all []way) error {
	title := i18n.T(c.Request.Context(), "draft.title")
	return h.show(c, http.StatusOK, views.ChooseWay(views.PayoutForm{
		Shell: h.shell(c, title, "payouts"), Title: title, Ways: wayLinks(c, all, way{}),
	}))
}

func wayLinks(c *gin.Context, all []way, here way) (links []views.Way) {
	ctx := c.Request.Context()
	for _, w := range all {
		links = append(links, views.Way{
			Href: wayPath(w), Rail: i18n.T(ctx, w.rail.Key), Here: w.rail.ID == here.rail.ID && w.account.ID == here.account.ID,
			Account: i18n.T(ctx, "draft.through", "Account", w.account.Name, "Currency", w.rail.Currency),
		})
	}
	return links
}
