package handlers

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// sampleNames are what an address of a sample says beside the filter.
var sampleNames = []string{"size", "seed", "up_to"}

// readSample reads a sample from the address: its population is a filter of the log.
func readSample(c *gin.Context) (models.Sample, error) {
	values := c.Request.URL.Query()
	own := url.Values{}
	for _, name := range sampleNames {
		own[name] = values[name]
		values.Del(name)
	}
	f, refused := models.ParseEventFilter(values, i18n.Zone(c.Request.Context()), visitOf(c).began)
	if len(refused) > 0 {
		return models.Sample{Filter: f}, refused
	}
	size, _ := strconv.Atoi(own.Get("size"))
	return models.Sample{Filter: f, Size: size, Seed: strings.TrimSpace(own.Get("seed")), UpTo: asID(own.Get("up_to"))}, nil
}

// showSample handles GET /audit/sample: the form, and the sample that its address names.
func (h *Handlers) showSample(c *gin.Context) error {
	ctx := c.Request.Context()
	s, err := readSample(c)
	if err != nil {
		return err
	}
	page := views.SamplePage{Sample: s, Shell: h.shell(c, i18n.T(ctx, "sample.title"), "audit")}
	if s.Seed == "" && s.Size == 0 {
		page.Sample.Size, page.Sample.Seed = 25, rand.Text()[:8]
		return h.show(c, http.StatusOK, views.SampleOfActs(page))
	}
	if errs, ok := formErrors(c, s.Check()); ok {
		page.Errors, page.Shell.Errors = errs, true
		return h.show(c, http.StatusUnprocessableEntity, views.SampleOfActs(page))
	}
	if s.UpTo == 0 {
		if s.UpTo, _, err = models.Head(h.Store.Read(ctx)); err != nil {
			return err
		}
		leave(c, string(views.SamplePath("/audit/sample", s)))
		return nil
	}
	err = h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		if page.Drawn, err = s.Draw(db); err != nil {
			return err
		}
		page.Acts, err = h.actsOf(ctx, db, person(c), page.Drawn.Events)
		return err
	})
	if errs, ok := formErrors(c, err); ok {
		page.Errors, page.Shell.Errors = errs, true
		return h.show(c, http.StatusUnprocessableEntity, views.SampleOfActs(page))
	}
	if err != nil {
		return err
	}
	page.Done = true
	return h.show(c, http.StatusOK, views.SampleOfActs(page))
}

// exportSample handles GET /audit/sample.csv. What was drawn, by which seed and from which
// population, is on record before the first row leaves.
func (h *Handlers) exportSample(c *gin.Context) error {
	ctx := c.Request.Context()
	s, err := readSample(c)
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	db := h.Store.Read(ctx)
	drawn, err := s.Draw(db)
	if err != nil || c.Request.Method == http.MethodHead {
		return err
	}
	acts, err := h.actsOf(ctx, db, person(c), drawn.Events)
	if err != nil {
		return err
	}
	err = h.Proof.Exported(ctx, person(c), "sample", models.Details{
		"filter": s.Filter.Values().Encode(), "seed": s.Seed, "size": strconv.Itoa(s.Size), "up_to": strconv.FormatInt(s.UpTo, 10),
		"population": strconv.Itoa(drawn.Population), "digest": drawn.Digest,
	})
	if err != nil {
		return err
	}
	return h.writeSample(c, s, drawn, acts)
}

func (h *Handlers) writeSample(c *gin.Context, s models.Sample, drawn models.Drawn, acts []views.Act) error {
	ctx := c.Request.Context()
	out, err := openSheet(c, "sample-"+strconv.FormatInt(s.UpTo, 10)+".csv")
	if err != nil {
		return err
	}
	filter := views.AuditPage{Filter: s.Filter}
	filter.People, _ = models.People(h.Store.Read(ctx)) // without them the words name numbers
	if err := sheetHead(ctx, out, person(c), "export.sample", strings.Join(filter.FilterWords(ctx), "; ")); err != nil {
		return err
	}
	for _, line := range [][]string{
		{"Seed", s.Seed}, {"Up to entry", strconv.FormatInt(s.UpTo, 10)}, {"Drawn from", strconv.Itoa(drawn.Population)}, {"Digest of those", drawn.Digest}, {},
	} {
		if err := out.note(line...); err != nil {
			return err
		}
	}
	if err := out.names(actColumns...); err != nil {
		return err
	}
	for _, act := range acts {
		if err := out.row(actCells(ctx, act)...); err != nil {
			return err
		}
	}
	return out.close()
}
