package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/static"
)

// sweeperLate is after how long a silent sweeper means that we are not ready.
const sweeperLate = 2 * time.Minute

// showHealth says that the process answers. It asks the database nothing.
func (h *Handlers) showHealth(c *gin.Context) error {
	c.JSON(http.StatusOK, gin.H{"healthy": true})
	return nil
}

// showReadiness says whether this process can do its work, and which part cannot;
// no more than that is public (S14).
func (h *Handlers) showReadiness(c *gin.Context) error {
	parts := h.readiness(c.Request.Context())
	status := http.StatusOK
	for _, ready := range parts {
		if !ready {
			status = http.StatusServiceUnavailable
		}
	}
	c.JSON(status, gin.H{"ready": status == http.StatusOK, "database": parts["database"], "writing": parts["writing"], "sweeper": parts["sweeper"]})
	return nil
}

func (h *Handlers) readiness(ctx context.Context) map[string]bool {
	duties, err := models.Duties(h.Store.Read(ctx))
	sweeper := duties["sweeper"]
	return map[string]bool{
		"database": err == nil, "writing": h.Store.Broken() == nil,
		"sweeper": sweeper.OK && h.Now().Sub(sweeper.At) < sweeperLate,
	}
}

func (h *Handlers) showVersion(c *gin.Context) error {
	c.JSON(http.StatusOK, gin.H{"version": h.Version})
	return nil
}

// asset serves the files that browsers load; their names say their content, so
// they may be kept.
func asset(c *gin.Context) error {
	static.Handler().ServeHTTP(c.Writer, c.Request)
	return nil
}
