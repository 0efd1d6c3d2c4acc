package handlers

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// bundleForm is which orders a bundle is to hold.
type bundleForm struct {
	From     string `form:"from"`
	To       string `form:"to"`
	Account  string `form:"account"`
	Currency string `form:"currency"`
}

// wish reads the form, in the reader's zone.
func (f bundleForm) wish(zone *time.Location) services.PeriodWish {
	w := services.PeriodWish{Zone: zone}
	if from, err := time.ParseInLocation(time.DateOnly, f.From, zone); err == nil {
		w.From = from
	}
	if to, err := time.ParseInLocation(time.DateOnly, f.To, zone); err == nil {
		w.Until = to.AddDate(0, 0, 1)
	}
	if id := asID(f.Account); id > 0 {
		w.Scope.Accounts = []models.AccountID{models.AccountID(id)}
	}
	if f.Currency != "" {
		w.Scope.Currencies = []string{f.Currency}
	}
	return w
}

// showBundles handles GET /audit/bundles: the form for the bundle of a period, how far the
// one under way is, and the one that waits to be fetched.
func (h *Handlers) showBundles(c *gin.Context) error {
	last := models.MonthOf(visitOf(c).began, i18n.Zone(c.Request.Context())).Before()
	form := bundleForm{From: last.From.Format(time.DateOnly), To: last.Until.AddDate(0, 0, -1).Format(time.DateOnly)}
	return h.drawBundles(c, http.StatusOK, form, nil)
}

func (h *Handlers) drawBundles(c *gin.Context, status int, form bundleForm, errs views.Errors) error {
	ctx := c.Request.Context()
	accounts, err := models.Accounts(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	page := views.BundlesPage{Form: views.BundleForm(form), Accounts: accounts, Errors: errs}
	running, last := h.Bundles.State(person(c))
	if running != nil {
		page.Running = bundleView(*running)
		c.Header("Refresh", "2") // so that the page moves on, without a script too
	}
	if last != nil {
		page.Last = bundleView(*last)
		if last.Wrong != nil {
			page.Wrong = i18n.T(ctx, "bundles.wrong")
			if refused := refusalsIn(last.Wrong); len(refused) > 0 {
				page.Wrong = refusalText(ctx, refused[0])
			}
		}
	}
	page.Shell = h.shell(c, i18n.T(ctx, "bundles.title"), "audit")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.Bundles(page))
}

func bundleView(j services.BundleJob) *views.BundleView {
	return &views.BundleView{
		By: j.By.Name, Since: j.Since, From: j.Wish.From, Until: j.Wish.Until.AddDate(0, 0, -1), Orders: j.Progress.Orders, Of: j.Progress.Of,
		Bytes: j.Progress.Bytes, Ended: j.Ended, Taken: j.Taken.Orders, Events: j.Taken.Events, Files: j.Taken.Files, Size: j.Size,
	}
}

// askBundle handles POST /audit/bundles. The bundle is made behind the page.
func (h *Handlers) askBundle(c *gin.Context) error {
	var form bundleForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	err := h.Bundles.Ask(ctx, person(c), form.wish(i18n.Zone(ctx)))
	if errs, ok := formErrors(c, err); ok {
		return h.drawBundles(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "bundles.started")
	return redirect(c, "/audit/bundles")
}

// fetchBundle handles GET /audit/bundles.zip. That it was taken has been on record since
// before it was whole.
func (h *Handlers) fetchBundle(c *gin.Context) error {
	file, job, err := h.Bundles.Fetch(c.Request.Context(), person(c))
	if err != nil {
		return err
	}
	defer file.Close()
	name := "evidence-" + job.Wish.From.Format(time.DateOnly) + "-" + job.Wish.Until.AddDate(0, 0, -1).Format(time.DateOnly) + ".zip"
	if err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	c.Header("Content-Type", "application/zip")
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Header("Content-Length", strconv.FormatInt(job.Size, 10))
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return nil
	}
	_, err = io.Copy(c.Writer, file)
	return err
}
