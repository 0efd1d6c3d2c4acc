package handlers

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"countersign/models"
)

// metrics are the figures of this process. Others add theirs to the registry.
type metrics struct {
	registry *prometheus.Registry
	took     *prometheus.HistogramVec
	pages    http.Handler
}

func newMetrics(registry *prometheus.Registry, h *Handlers) (*metrics, error) {
	if registry == nil {
		registry = prometheus.NewRegistry()
	}
	m := &metrics{registry: registry, took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "countersign_request_seconds", Help: "How long requests took, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	open := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "countersign_open_streams", Help: "Pages that are kept up to date."},
		func() float64 { return float64(h.Hub.Watching()) })
	for _, c := range []prometheus.Collector{m.took, open, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	if err := registry.Register(watch{h}); err != nil {
		return nil, err
	}
	m.pages = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m, nil
}

// note counts a request; a stream's time would say how patient its reader is.
func (m *metrics) note(c *gin.Context, v *visit, seconds float64) {
	if v.route.live {
		return
	}
	m.took.WithLabelValues(method(c.Request.Method), v.route.Path, strconv.Itoa(c.Writer.Status())).Observe(seconds)
}

// method keeps strangers from making a series for each word they invent.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return name
	}
	return "other"
}

// Metrics serves the figures on an address of their own.
func (h *Handlers) Metrics() http.Handler { return h.metrics.pages }

// showMetrics handles GET /metrics: for whoever holds the token, or, where none is
// set and no proxy stands in front, for this machine alone (S14).
func (h *Handlers) showMetrics(c *gin.Context) error {
	if !h.mayReadMetrics(c.Request) {
		return models.Refuse(models.Missing, "error.no_page")
	}
	h.metrics.pages.ServeHTTP(c.Writer, c.Request)
	return nil
}

func (h *Handlers) mayReadMetrics(r *http.Request) bool {
	if h.MetricsToken == "" {
		return !h.Secure && fromThisMachine(r)
	}
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	given, kept := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(h.MetricsToken))
	return ok && subtle.ConstantTimeCompare(given[:], kept[:]) == 1
}
