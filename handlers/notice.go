package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// showNotice handles GET /notices/:id.
func (h *Handlers) showNotice(c *gin.Context) error {
	return h.drawNotice(c, http.StatusOK, lookedForm{}, nil)
}

func (h *Handlers) askedNotice(c *gin.Context) (models.Notice, error) {
	id := asID(c.Param("id"))
	if id == 0 {
		return models.Notice{}, models.Refuse(models.Missing, "notice.missing")
	}
	return models.FindNotice(h.Store.Read(c.Request.Context()), id)
}

func (h *Handlers) drawNotice(c *gin.Context, status int, form lookedForm, errs views.Errors) error {
	n, err := h.askedNotice(c)
	if err != nil {
		return err
	}
	page, err := h.noticePage(c, n)
	if err != nil {
		return err
	}
	title := i18n.T(c.Request.Context(), "notice.title", "Number", i18n.Number(int(n.ID)))
	page.Shell, page.Answer, page.Errors = h.shell(c, title, "notices"), form.Reason, errs
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.Notice(page))
}

func (h *Handlers) noticePage(c *gin.Context, n models.Notice) (page views.NoticePage, err error) {
	ctx, reader := c.Request.Context(), person(c)
	db := h.Store.Read(ctx)
	digest := sha256.Sum256(n.Body)
	page = views.NoticePage{
		Notice: n, Bytes: len(n.Body), Digest: hex.EncodeToString(digest[:]), Headers: maskedHeaders(n.Headers), MaySort: reader.May(models.VerbSort),
	}
	if page.Account, err = models.FindAccount(db, n.AccountID); err != nil {
		return page, err
	}
	reading, err := h.Notices.Reading(ctx, n)
	if err != nil {
		return page, err
	}
	page.Text, page.Lines = reading.Text, wireFields(reading.Lines)
	if reading.WordKey != "" {
		page.Word = i18n.T(ctx, reading.WordKey, reading.WordArgs...)
	}
	if reader.May(models.VerbSee) {
		if page.Payout, err = orderOf(db, n); err != nil {
			return page, err
		}
	}
	if n.LookedBy != 0 {
		page.Looked, page.By, err = looked(db, n)
	}
	return page, err
}

// maskedHeaders hides most of a signature, as the body's is hidden.
func maskedHeaders(headers string) string {
	lines := strings.Split(headers, "\n")
	for i, line := range lines {
		if name, value, ok := strings.Cut(line, ": "); ok && name == "Sign" {
			lines[i] = name + ": " + gateway.Mask(value)
		}
	}
	return strings.Join(lines, "\n")
}

// wireFields are the fields of something on the wire as a page shows them.
func wireFields(lines []gateway.WireLine) (fields []ui.WireField) {
	for _, line := range lines {
		fields = append(fields, ui.WireField{Name: line.Name, Value: line.Value, Note: line.Note, Number: line.Mark})
	}
	return fields
}

// orderOf is the order that a notice names, if it is one of this account's.
func orderOf(db *gorm.DB, n models.Notice) (*models.Payout, error) {
	if n.OrderNo == "" {
		return nil, nil
	}
	p, err := models.FindOrder(db, n.OrderNo)
	if no := (models.Refusal{}); errors.As(err, &no) || err == nil && p.AccountID != n.AccountID {
		return nil, nil
	}
	return &p, err
}

// looked is what somebody wrote who looked at the notice, and their name.
func looked(db *gorm.DB, n models.Notice) (words, name string, err error) {
	if words, err = models.LookedAtWords(db, n.ID); err != nil {
		return "", "", err
	}
	by, err := models.FindPerson(db, n.LookedBy)
	return words, by.Name, err
}

// lookAtNotice handles POST /notices/:id/look.
func (h *Handlers) lookAtNotice(c *gin.Context) error {
	var form lookedForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	n, err := h.askedNotice(c)
	if err != nil {
		return err
	}
	err = h.Notices.LookedAt(c.Request.Context(), person(c), n.ID, form.Reason)
	if errs, ok := formErrors(c, err); ok {
		return h.drawNotice(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "notice.was_looked_at", "Number", i18n.Number(int(n.ID)))
	return redirect(c, "/notices")
}

type lookedForm struct {
	Reason string `form:"reason"`
}
