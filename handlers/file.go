package handlers

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
)

// savedOnly is the policy of a file that others attached: whatever opens it runs and
// loads nothing of it. framedByUs is that of a PDF that a page of ours shows in a frame:
// a sandbox would keep the browser's own viewer out, so that the frame may be ours alone
// instead. framesOurs is what such a page may do beyond all others (S7, S8).
const (
	savedOnly  = "default-src 'none'; sandbox"
	framedByUs = "default-src 'none'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
	framesOurs = contentPolicy + "; frame-src 'self'"
)

// downloadFile handles GET /payouts/:no/files/:id. What others attached is saved,
// never opened here: a browser shall run nothing of it (S8).
func (h *Handlers) downloadFile(c *gin.Context) error {
	file, err := h.findFile(c)
	if err != nil {
		return err
	}
	give(c, file, "attachment", savedOnly)
	return nil
}

// viewFile handles GET /payouts/:no/files/:id/view: a PDF for the frame on the card, and
// for whoever opens it by itself. What is none is only ever saved.
func (h *Handlers) viewFile(c *gin.Context) error {
	file, err := h.findFile(c)
	if err != nil {
		return err
	}
	if file.Type != models.PDF {
		return models.Refuse(models.Missing, "file.missing")
	}
	give(c, file, "inline", framedByUs)
	return nil
}

func give(c *gin.Context, file models.File, how, policy string) {
	c.Header("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": file.Name}))
	c.Header("Content-Security-Policy", policy)
	c.Data(http.StatusOK, file.Type, file.Content)
}

// findFile reads the attachment that the address names, its bytes as they are on record.
func (h *Handlers) findFile(c *gin.Context) (file models.File, err error) {
	db := h.Store.Read(c.Request.Context())
	p, err := models.FindOrder(db, c.Param("no"))
	if err != nil {
		return file, err
	}
	number, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return file, models.Refuse(models.Missing, "file.missing")
	}
	if file, err = models.FindFile(db, p.ID, number); err != nil {
		return file, err
	}
	return file, file.CheckBytes()
}

// mayFrame lets the page that is about to be shown hold frames of ours, if it has a PDF to
// show in one.
func mayFrame(c *gin.Context, files []views.OrderFile) {
	for _, f := range files {
		if f.Sheets {
			c.Header("Content-Security-Policy", framesOurs)
		}
	}
}
