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

// Limits of a queue: how many orders are weighed, and how many are listed.
const (
	casesWeighed = 1000
	casesListed  = 200
)

// listUnclear handles GET /unclear: the list, with the first case beside it.
func (h *Handlers) listUnclear(c *gin.Context) error {
	return h.drawQueue(c, http.StatusOK, "unclear", "", nil)
}

// showUnclear handles GET /unclear/:no.
func (h *Handlers) showUnclear(c *gin.Context) error {
	return h.drawQueue(c, http.StatusOK, "unclear", c.Param("no"), nil)
}

// listContradictions handles GET /contradictions.
func (h *Handlers) listContradictions(c *gin.Context) error {
	return h.drawQueue(c, http.StatusOK, "contradictions", "", nil)
}

// showContradiction handles GET /contradictions/:no.
func (h *Handlers) showContradiction(c *gin.Context) error {
	return h.drawQueue(c, http.StatusOK, "contradictions", c.Param("no"), nil)
}

// drawQueue draws a queue and one case of it; typed is a refused form. An order
// that is settled by now leads to its own page.
func (h *Handlers) drawQueue(c *gin.Context, status int, queue, orderNo string, typed *refusedForm) error {
	ctx := c.Request.Context()
	page := views.CasesPage{Queue: queue, Chosen: orderNo != ""}
	var standing []models.StandIn
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) (err error) {
		if standing, err = h.workingStandIns(db); err != nil {
			return err
		}
		return h.fillQueue(ctx, db, &page)
	})
	if err != nil {
		return err
	}
	if orderNo == "" && len(page.Rows) > 0 {
		orderNo = page.Rows[0].Payout.OrderNo
	}
	if orderNo != "" {
		r, err := h.readPayout(ctx, orderNo)
		if err != nil {
			return err
		}
		if !r.waitsIn(queue) {
			leave(c, r.elsewhere())
			return nil
		}
		page.Case = r.caseOf(ctx, queue, person(c), h.Now(), c.Query("evidence") == "opened", typed)
		page.Case.StandIn = caseStandIn(standing, r.payout)
		if err := h.askJudge(c, r, page.Case); err != nil {
			return err
		}
	}
	for i := range page.Rows {
		page.Rows[i].Chosen = page.Rows[i].Payout.OrderNo == orderNo
		page.Rows[i].StandIn = caseStandIn(standing, page.Rows[i].Payout)
	}
	return h.showQueue(c, status, page, typed)
}

func (h *Handlers) showQueue(c *gin.Context, status int, page views.CasesPage, typed *refusedForm) error {
	ctx := c.Request.Context()
	title, draw := i18n.T(ctx, "nav.unclear"), views.Unclear
	if page.Queue == "contradictions" {
		title, draw = i18n.T(ctx, "clash.title"), views.Contradictions
	}
	page.Shell = h.shell(c, title, "unclear")
	page.Shell.Errors = typed != nil
	return h.show(c, status, draw(page))
}

// fillQueue reads the list, its figures and who watches over it.
func (h *Handlers) fillQueue(ctx context.Context, db *gorm.DB, page *views.CasesPage) (err error) {
	var orders []models.Payout
	if page.Queue == "contradictions" {
		orders, err = models.ContradictedOrders(db)
		page.Figures.Risk = sumsOf(orders)
	} else {
		orders, err = models.UnclearOrders(db, casesWeighed)
		byRisk(orders, h.Now())
	}
	if err != nil {
		return err
	}
	flags, err := models.CaseFlags(db, orders)
	if err != nil {
		return err
	}
	raisedFirst(orders, flags)
	if err := h.fillFigures(db, page); err != nil {
		return err
	}
	listed := orders[:min(len(orders), casesListed)]
	page.Left = max(page.Figures.Cases, len(orders)) - len(listed)
	if page.Rows, err = caseRows(db, listed); err != nil || len(page.Rows) > 0 {
		for i := range page.Rows {
			page.Rows[i].Flag = flags[page.Rows[i].Payout.ID]
		}
		return err
	}
	return h.fillWatch(ctx, db, page)
}

func (h *Handlers) fillFigures(db *gorm.DB, page *views.CasesPage) error {
	duties, err := models.Duties(db)
	if err != nil {
		return err
	}
	ran := duties["sweeper"].At
	page.Sweeper = views.Sweeper{At: ran, Silent: ran.IsZero() || h.Now().Sub(ran) >= sweeperLate}
	if page.Risk, err = riskRows(db); err != nil {
		return err
	}
	cells, err := models.PayoutCounts(db)
	for _, cell := range cells {
		if cell.Contradicted {
			page.Clashes += int(cell.Orders)
		}
	}
	if err != nil || page.Queue == "contradictions" {
		return err
	}
	page.Figures, err = models.CountUnclear(db, h.Now())
	return err
}

func caseRows(db *gorm.DB, orders []models.Payout) (rows []views.CaseRow, err error) {
	names, err := models.Names(db)
	if err != nil {
		return nil, err
	}
	open, err := models.OpenVerdicts(db)
	if err != nil {
		return nil, err
	}
	accounts, err := models.Accounts(db)
	if err != nil {
		return nil, err
	}
	at := map[models.AccountID]models.GatewayAccount{}
	for _, a := range accounts {
		at[a.ID] = a
	}
	letters, err := models.LastEnquiries(db, idsOf(orders))
	if err != nil {
		return nil, err
	}
	successors, err := models.Successors(db, idsOf(orders))
	for _, p := range orders {
		_, waits := open[p.ID]
		row := views.CaseRow{
			Payout: p, Badge: p.Badge(models.Flags{}), Gateway: at[p.AccountID].Name, Owner: names[p.OwnerID], Waits: waits,
			NoticesEnd: p.NotPaidFrom(at[p.AccountID]),
		}
		if letter, sent := letters[p.ID]; sent {
			row.Letter = &letter
		}
		if next, replaced := successors[p.ID]; replaced {
			row.Successor = &next
		}
		rows = append(rows, row)
	}
	return rows, err
}

func idsOf(orders []models.Payout) (ids []models.PayoutID) {
	for _, p := range orders {
		ids = append(ids, p.ID)
	}
	return ids
}

// riskRows are the money at risk with the names of its accounts.
func riskRows(db *gorm.DB) (rows []views.RiskRow, err error) {
	risks, err := models.AtRisk(db)
	if err != nil || len(risks) == 0 {
		return nil, err
	}
	accounts, err := models.Accounts(db)
	for _, r := range risks {
		row := views.RiskRow{Risk: r}
		for _, a := range accounts {
			if a.ID == r.AccountID {
				row.Gateway = a.Name
			}
		}
		rows = append(rows, row)
	}
	return rows, err
}
