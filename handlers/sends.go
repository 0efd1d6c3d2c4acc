package handlers

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// sendsShown is how many sends a list shows.
const sendsShown = 200

// listSends handles GET /sends.
func (h *Handlers) listSends(c *gin.Context) error {
	ctx := c.Request.Context()
	page := views.SendsPage{Closed: c.Query("list") == "closed", Shown: sendsShown}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return fillSends(db, &page) })
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "sends.title"), "unclear")
	return h.show(c, http.StatusOK, views.Sends(page))
}

func fillSends(db *gorm.DB, p *views.SendsPage) error {
	read := models.LooseSends
	if p.Closed {
		read = models.ClosedSends
	}
	sends, err := read(db, sendsShown)
	if err != nil {
		return err
	}
	if p.Rows, err = namedSends(db, sends); err != nil {
		return err
	}
	open, closed, err := models.CountLooseSends(db)
	if err != nil {
		return err
	}
	p.Counts = [2]int{int(open), int(closed)}
	found, err := finding(db)
	if err != nil {
		return err
	}
	cord, err := models.ReadSetting(db, models.SettingCord)
	if p.Ever = found != nil; p.Ever && (open > 0 || views.IsFinding(cord)) {
		p.Finding = found // what has been dealt with is in the log
	}
	return err
}

// namedSends adds the orders, accounts and people by their names.
func namedSends(db *gorm.DB, sends []models.LooseSend) (rows []views.Send, err error) {
	if err := models.AddOrders(db, sends); err != nil {
		return nil, err
	}
	accounts, err := models.Accounts(db)
	if err != nil {
		return nil, err
	}
	names, err := models.Names(db)
	if err != nil {
		return nil, err
	}
	for _, s := range sends {
		row := views.Send{LooseSend: s, Account: s.AccountSlug, LookedBy: names[s.LookedBy], Agreed: names[s.AgreedBy]}
		for _, a := range accounts {
			if a.Slug == s.AccountSlug {
				row.Account = a.Name
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// finding is how the database fits its journal of sends; nil if it always did.
func finding(db *gorm.DB) (*views.Finding, error) {
	found, ever, err := models.LastRestoreFound(db)
	if err != nil || !ever {
		return nil, err
	}
	f := views.Finding{RestoreFound: found, Kind: views.KindOf(found)}
	open, _, err := models.CountLooseSends(db)
	if err != nil {
		return nil, err
	}
	f.Open = int(open)
	cells, err := models.PayoutCounts(db)
	for _, cell := range cells {
		switch cell.Stage { // whichever of them it was before, it may have been approved and have left since
		case models.Draft, models.AwaitingApproval, models.Approved, models.Held:
			f.Unsent += int(cell.Orders)
		}
	}
	return &f, err
}

// showSend handles GET /sends/:no.
func (h *Handlers) showSend(c *gin.Context) error {
	return h.drawSend(c, http.StatusOK, sendForm{}, nil)
}

type sendForm struct {
	Reason string `form:"reason"`
	Act    string `form:"act"`
}

func (h *Handlers) drawSend(c *gin.Context, status int, form sendForm, errs views.Errors) error {
	ctx := c.Request.Context()
	page := views.SendPage{Reason: form.Reason, Errors: errs}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return fillSend(ctx, db, &page, c.Param("no"), person(c)) })
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "sends.one", "Number", page.Send.OrderNo), "unclear")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.SendOne(page))
}

func fillSend(ctx context.Context, db *gorm.DB, p *views.SendPage, orderNo string, by models.Person) error {
	send, err := models.FindLooseSend(db, orderNo)
	if err != nil {
		return err
	}
	rows, err := namedSends(db, []models.LooseSend{send})
	if err != nil {
		return err
	}
	p.Send, p.MayRead = rows[0], by.May(models.VerbNotices)
	heard, err := models.CountNotices(db, models.NoticeFilter{List: models.NoticesQuarantined, OrderNo: send.OrderNo}, views.CountedNotices)
	if err != nil {
		return err
	}
	p.Notices = int(heard)
	approvers, err := send.Approvers(db)
	if err != nil {
		return err
	}
	look := send.CheckLook(by)
	p.MayLook, p.MayAgree = look == nil, send.CheckAgree(by, approvers) == nil
	if look != nil && by.May(models.VerbVerdict) && !send.Closed() {
		p.MayNot = refusalText(ctx, look)
	}
	return nil
}

// lookAtSend handles POST /sends/:no/look: one writes down what the gateway says,
// another agrees.
func (h *Handlers) lookAtSend(c *gin.Context) error {
	var form sendForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	act, done := h.Verdicts.LookAtSend, "sends.was_looked_at"
	if form.Act == "agree" {
		act, done = h.Verdicts.AgreeOnSend, "sends.was_closed"
	}
	err := act(c.Request.Context(), person(c), c.Param("no"), form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.drawSend(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, done, "Number", c.Param("no"))
	return redirect(c, "/sends")
}
