package handlers

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// downloadFile handles GET /payouts/:no/files/:id. What others attached is saved,
// never opened here: a browser shall run nothing of it (S8).
func (h *Handlers) downloadFile(c *gin.Context) error {
	db := h.Store.Read(c.Request.Context())
	p, err := models.FindOrder(db, c.Param("no"))
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return models.Refuse(models.Missing, "file.missing")
	}
	file, err := models.FindFile(db, p.ID, number)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	c.Header("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Data(http.StatusOK, file.Type, file.Content)
	return nil
}
