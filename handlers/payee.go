package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// ordersShown is how many of a payee's orders stand on their page.
const ordersShown = 12

// payeeRows is everything on record about one payee, read at one moment.
type payeeRows struct {
	payee    models.Payee
	versions []models.PayeeVersion // the newest first
	orders   []models.Payout
	names    map[models.PersonID]string
}

func (r *payeeRows) latest() models.PayeeVersion { return r.versions[0] }

func (h *Handlers) readPayee(c *gin.Context) (*payeeRows, error) {
	r := &payeeRows{}
	return r, h.Store.Read(c.Request.Context()).Transaction(func(db *gorm.DB) (err error) {
		if r.payee, err = models.FindPayee(db, models.PayeeID(asID(c.Param("id")))); err != nil {
			return err
		}
		if r.versions, err = models.PayeeVersions(db, r.payee.ID); err != nil {
			return err
		}
		if r.orders, err = models.OrdersTo(db, r.payee.ID, ordersShown); err != nil {
			return err
		}
		r.names, err = models.Names(db)
		return err
	})
}

// showPayee handles GET /payees/:id.
func (h *Handlers) showPayee(c *gin.Context) error {
	r, err := h.readPayee(c)
	if err != nil {
		return err
	}
	return h.drawPayee(c, r)
}

func (h *Handlers) drawPayee(c *gin.Context, r *payeeRows) error {
	ctx, by := c.Request.Context(), person(c)
	page := views.PayeePage{
		Shell: h.shell(c, r.payee.Name, "payees"), Payee: r.payee, Rail: railWords(ctx, r.latest().Rail),
		MayDraft: by.May(models.VerbDraft), EnteredBy: r.names[r.payee.CreatedBy],
	}
	for i, v := range r.versions {
		details := views.PayeeDetails{PayeeVersion: v, By: r.names[v.CreatedBy], Reveal: v.CheckReveal(by) == nil}
		if v.ConfirmedBy != nil {
			details.Confirmed = r.names[*v.ConfirmedBy]
		}
		if i > 0 {
			details.Until = r.versions[i-1].CreatedAt
		}
		page.Versions = append(page.Versions, details)
	}
	for _, p := range r.orders {
		page.Orders = append(page.Orders, views.PayeeOrder{Payout: p, Status: statusOf(p), Version: r.numberOf(p.PayeeVersionID)})
	}
	waits, err := h.waitingChange(c, h.Store.Read(ctx), models.ChangePayee, r.payee.ID.Value())
	if err != nil {
		return err
	}
	if err := h.addRest(c, r, &page); err != nil {
		return err
	}
	no, err := h.whyBlocked(h.Store.Read(ctx), r.latest().ID)
	if err != nil {
		return err
	}
	page.Blocked, page.MayBlock = refusalText(ctx, no), no == nil && models.CheckBlocking(by) == nil
	page.Waits, page.MayChange = waits, waits == nil && r.payee.CheckChange(by) == nil
	return h.show(c, http.StatusOK, views.ShowPayee(page))
}

// addRest says what is asked of money to new details, and whether the reader may propose
// to lift it (D4).
func (h *Handlers) addRest(c *gin.Context, r *payeeRows, page *views.PayeePage) error {
	ctx, by, v := c.Request.Context(), person(c), r.latest()
	db := h.Store.Read(ctx)
	rules, err := models.ReadPayeeRules(db)
	if err != nil {
		return err
	}
	standing, err := models.FindStanding(db, models.Payout{PayeeID: v.PayeeID, PayeeVersionID: v.ID, AccountHash: v.AccountHash})
	if err != nil || !standing.New() {
		return err
	}
	_, rail, _ := families.Rail(v.Rail)
	page.Rest.Until = standing.RestsUntil(rules)
	if most, named := rules.Starter[rail.Currency]; named {
		page.Rest.Most = models.Money{Minor: most, Currency: rail.Currency}
	}
	page.Rest.Over = !page.Rest.Until.After(h.Now())
	if page.Rest.Waits, err = h.waitingChange(c, db, models.ChangeRests, services.VersionSubject(v.ID)); err != nil {
		return err
	}
	page.Rest.MayLift = page.Rest.Waits == nil && by.May(models.VerbResume) && by.ID != v.CreatedBy
	return nil
}

type liftForm struct {
	Reason string `form:"reason"`
}

// liftRest handles POST /payees/:id/release: somebody proposes that money may go to new
// details now.
func (h *Handlers) liftRest(c *gin.Context) error {
	var form liftForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	v, err := models.LatestVersion(h.Store.Read(ctx), models.PayeeID(asID(c.Param("id"))))
	if err != nil {
		return err
	}
	change, err := h.changes.Propose(ctx, actor(c), models.ChangeRests, services.VersionSubject(v.ID), h.Payees.Released(v), form.Reason, proof(c))
	if err != nil {
		return err
	}
	say(c, "payee.lift_proposed")
	return redirect(c, "/changes/"+strconv.FormatInt(change.ID, 10))
}

// numberOf is which of the payee's details an order uses, for ever (I25).
func (r *payeeRows) numberOf(id models.PayeeVersionID) int {
	for _, v := range r.versions {
		if v.ID == id {
			return v.Number
		}
	}
	return 0
}

type revealForm struct {
	Version string `form:"version"`
}

// revealPayee handles POST /payees/:id/reveal. That somebody looked is on record
// before anything is shown; the browser leaves the page by itself.
func (h *Handlers) revealPayee(c *gin.Context) error {
	var form revealForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	version, err := models.FindPayeeVersion(h.Store.Read(ctx), models.PayeeVersionID(asID(form.Version)))
	if err == nil && version.PayeeID != models.PayeeID(asID(c.Param("id"))) {
		err = models.Refuse(models.Missing, "payee.missing")
	}
	if err != nil {
		return err
	}
	fields, err := h.Payees.Reveal(ctx, person(c), version.ID)
	if err != nil {
		return err
	}
	_, rail, _ := families.Rail(version.Rail)
	field, _ := rail.Field(rail.AccountField)
	seconds := int(revealed / time.Second)
	back := views.PayeePath(version.PayeeID)
	c.Header("Refresh", strconv.Itoa(seconds)+";url="+string(back))
	page := views.PayeeReveal{
		Shell: h.shell(c, i18n.T(ctx, "reveal.title"), "payees"), Version: version, Back: back,
		Label: i18n.T(ctx, field.KeyFor(fields)), Number: fields[rail.AccountField], Lasts: seconds,
	}
	page.Shell.Stream = ""
	return h.show(c, http.StatusOK, views.RevealPayee(page))
}
