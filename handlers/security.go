package handlers

import (
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// contentPolicy lets a page load what is ours and nothing else, and nothing
// inline (S7).
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// enter begins every request: headers, a reference, the clock, and the line in
// the log when it ends.
func (h *Handlers) enter(c *gin.Context) {
	v := &visit{ref: newRef(), began: h.Now()}
	c.Set(visitKey, v)
	h.protect(c.Writer.Header())
	c.Next()
	h.log(c, v)
}

// protect sets the headers of S7. Whatever may be kept says so itself later.
func (h *Handlers) protect(header http.Header) {
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	if h.Secure {
		header.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// log writes one line without personal data: no address, no query, no name.
func (h *Handlers) log(c *gin.Context, v *visit) {
	level := slog.LevelInfo
	if v.route.plain {
		level = slog.LevelDebug
	}
	took := h.Now().Sub(v.began)
	h.metrics.note(c, v, took.Seconds())
	slog.Log(c, level, "request", "method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status(),
		"ms", took.Milliseconds(), "ref", v.ref)
}

// crossOrigin refuses posts that another site's page made (S6). Gateways have no
// page; their notices are signed.
func crossOrigin() *http.CrossOriginProtection {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("POST /webhooks/")
	return protection
}

func (h *Handlers) sameSite(r *http.Request) error {
	if h.origin.Check(r) != nil {
		return models.Refuse(models.Forbidden, "form.other_site")
	}
	return nil
}

// fromThisMachine says whether the request came over loopback and through nobody.
func fromThisMachine(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// localPath is where somebody may be led after signing in: a path of ours, never
// another host.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t\x00") || len(next) > 512 {
		return "/"
	}
	return next
}
