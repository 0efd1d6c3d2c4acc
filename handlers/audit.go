package handlers

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// showAudit handles GET /audit.
func (h *Handlers) showAudit(c *gin.Context) error {
	ctx, values := c.Request.Context(), c.Request.URL.Query()
	f, refused := models.ParseEventFilter(values, i18n.Zone(ctx), visitOf(c).began)
	if len(refused) == 0 {
		if to, ok := auditShortcut(f, values); ok {
			leave(c, to)
			return nil
		}
	}
	page := views.AuditPage{Filter: f, Size: auditSize(values.Get("size")), At: asID(values.Get("at")), Errors: filterErrors(ctx, refused)}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return h.fillAudit(ctx, db, &page, person(c), values) })
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "nav.audit"), "audit")
	status := http.StatusOK
	if len(refused) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return h.show(c, status, views.Audit(page))
}

// auditShortcut leads from a number in the search box to its entry, and from an
// address with empty answers to the same without.
func auditShortcut(f models.EventFilter, values url.Values) (to string, ok bool) {
	if seq, number := models.EntryMentions(f.Search); number && f.Search[0] != '0' {
		values.Del("q")
		values.Set("at", strconv.FormatInt(seq, 10))
		ok = true
	}
	for name, all := range values {
		if slices.Contains(all, "") {
			values.Del(name)
			ok = true
		}
	}
	return listAddress("/audit", values), ok
}

func auditSize(text string) int {
	size, err := strconv.Atoi(text)
	if err != nil || !slices.Contains(views.AuditSizes, size) {
		return views.AuditSizes[0]
	}
	return size
}

func (h *Handlers) fillAudit(ctx context.Context, db *gorm.DB, p *views.AuditPage, by models.Person, values url.Values) (err error) {
	if p.People, err = models.People(db); err != nil {
		return err
	}
	if p.Questions, err = questionCounts(db, p.Filter); err != nil {
		return err
	}
	if p.Heads, err = headsOf(db); err != nil {
		return err
	}
	if p.Chain, err = chain(db); err != nil || len(p.Errors) > 0 {
		return err
	}
	at := models.EventPage{Before: asID(values.Get("before")), After: asID(values.Get("after")), Size: p.Size}
	if p.At > 0 {
		at.Before, at.After = p.At+1, 0
	}
	list, err := models.ListEvents(db, p.Filter, at)
	if err != nil {
		return err
	}
	p.Newer, p.Older = list.Newer, list.Older
	if p.Acts, err = h.actsOf(ctx, db, by, list.Events); err != nil {
		return err
	}
	p.Found, p.Capped, err = models.CountEvents(db, p.Filter)
	return err
}

// questionCounts counts the answers to every saved question in the filter's span
// of time.
func questionCounts(db *gorm.DB, f models.EventFilter) (counts []views.Exception, err error) {
	for _, question := range models.AuditQuestions {
		e := views.Exception{Filter: f.Asking(question)}
		if e.Acts, e.Capped, err = models.CountEvents(db, e.Filter); err != nil {
			return nil, err
		}
		counts = append(counts, e)
	}
	return counts, nil
}

func chain(db *gorm.DB) (views.Chain, error) {
	duties, err := models.Duties(db)
	if err != nil {
		return views.Chain{}, err
	}
	entries, head, err := models.Head(db)
	return views.Chain{Entries: entries, Head: hex.EncodeToString(head), Checked: duties["verify"]}, err
}

// headsOf are the signed heads as far as they matter now.
func headsOf(db *gorm.DB) (h views.Heads, err error) {
	if h.Last, _, err = models.LastHead(db); err != nil {
		return h, err
	}
	if h.Left, h.Way, _, err = models.LastDeparture(db); err != nil {
		return h, err
	}
	if h.Waiting, h.Stuck, err = models.StuckHeads(db); err != nil {
		return h, err
	}
	h.Verifier, err = models.ReadSetting(db, models.SettingHeadVerifier)
	return h, err
}

// actsOf joins the orders and verdicts that the events are about, and what they changed in
// the words of its page.
func (h *Handlers) actsOf(ctx context.Context, db *gorm.DB, by models.Person, events []models.Event) ([]views.Act, error) {
	orders, err := models.OrdersOf(db, events)
	if err != nil {
		return nil, err
	}
	verdicts, err := models.VerdictsOf(db, events)
	if err != nil {
		return nil, err
	}
	reader, err := h.readLines(ctx, db, by)
	if err != nil {
		return nil, err
	}
	acts := make([]views.Act, len(events))
	for i, e := range events {
		acts[i] = views.Act{Event: e}
		if acts[i].Lines, err = reader.of(e); err != nil {
			return nil, err
		}
		if order, about := orders[e.PayoutID]; about {
			acts[i].Order = &order
		}
		if v, about := verdicts[e.Details["verdict"]]; about {
			judge(&acts[i], v, by)
		}
	}
	return acts, nil
}

// judge puts a proposal beside its act. Whoever might be the second person does
// not read here what the first one proposed.
func judge(a *views.Act, v models.Verdict, by models.Person) {
	a.Verdict = &v
	if v.State != models.VerdictOpen || v.ProposerID == by.ID || !by.May(models.VerbVerdict) {
		return
	}
	a.Hidden, a.Details = true, models.Details{"verdict": a.Details["verdict"], "about": a.Details["about"]}
}
