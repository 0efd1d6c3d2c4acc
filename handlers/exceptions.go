package handlers

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// monthOf is the month in the address, this one where it names none.
func monthOf(c *gin.Context) (models.Month, error) {
	zone := i18n.Zone(c.Request.Context())
	text := c.Query("month")
	if text == "" {
		return models.MonthOf(visitOf(c).began, zone), nil
	}
	month, ok := models.ReadMonth(text, zone)
	if !ok {
		return month, models.Refuse(models.Missing, "exceptions.no_month")
	}
	return month, nil
}

// showExceptions handles GET /audit/exceptions: what stood out in a month (M7).
func (h *Handlers) showExceptions(c *gin.Context) error {
	ctx := c.Request.Context()
	month, err := monthOf(c)
	if err != nil {
		return err
	}
	page := views.ExceptionsPage{Month: month, Later: !month.Until.After(visitOf(c).began)}
	err = h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		kinds, err := models.Exceptional(db, month)
		if err != nil {
			return err
		}
		for _, kind := range kinds {
			acts, err := h.actsOf(ctx, db, person(c), kind.Events)
			if err != nil {
				return err
			}
			page.Kinds = append(page.Kinds, views.MonthlyKind{ExceptionKind: kind, Acts: acts})
		}
		return nil
	})
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "exceptions.nav"), "audit")
	return h.show(c, http.StatusOK, views.Exceptions(page))
}

// exportExceptions handles GET /audit/exceptions.csv: every act of the report, kind by
// kind, the newest first. That it was taken out is on record before the first row leaves.
func (h *Handlers) exportExceptions(c *gin.Context) error {
	ctx := c.Request.Context()
	month, err := monthOf(c)
	if err != nil {
		return err
	}
	ceiling, _, err := models.Head(h.Store.Read(ctx))
	if err != nil || c.Request.Method == http.MethodHead {
		return err
	}
	details := models.Details{"filter": "month=" + month.Text(), "up_to": strconv.FormatInt(ceiling, 10)}
	if err := h.Proof.Exported(ctx, person(c), "exceptions", details); err != nil {
		return err
	}
	s, err := openSheet(c, "exceptions-"+month.Text()+".csv")
	if err != nil {
		return err
	}
	if err := sheetHead(ctx, s, person(c), "export.exceptions", month.Text()); err != nil {
		return err
	}
	if err := s.names(append([]string{"kind"}, actColumns...)...); err != nil {
		return err
	}
	for _, question := range models.ExceptionKinds {
		if err := h.writeActRows(c, s, month.Asking(question), ceiling, string(question)); err != nil {
			return err
		}
	}
	return s.close()
}
