package handlers

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"countersign/models"
)

// watch reads, whenever somebody asks, what keeps watch over orders.
type watch struct{ h *Handlers }

var (
	unheardOrders = prometheus.NewDesc("countersign_unheard_orders", "Orders settled by asking alone since the gateway fell silent; 0 while its notices come.", []string{"account"}, nil)
	sweeperSeen   = prometheus.NewDesc("countersign_sweeper_seconds", "Seconds since the sweeper last showed that it lives.", nil, nil)
	awaySeconds   = prometheus.NewDesc("countersign_last_outage_seconds", "How long the last outage of ours was.", nil, nil)
)

// Describe names the figures.
func (w watch) Describe(to chan<- *prometheus.Desc) {
	to <- unheardOrders
	to <- sweeperSeen
	to <- awaySeconds
}

// Collect reads them. Without a database there are none, which alarms look for too.
func (w watch) Collect(to chan<- prometheus.Metric) {
	db := w.h.Store.Read(context.Background())
	accounts, err := models.Accounts(db)
	if err != nil {
		return
	}
	for _, a := range accounts {
		to <- prometheus.MustNewConstMetric(unheardOrders, prometheus.GaugeValue, float64(a.SilentOrders), a.Name)
	}
	if duties, err := models.Duties(db); err == nil && !duties["sweeper"].At.IsZero() {
		to <- prometheus.MustNewConstMetric(sweeperSeen, prometheus.GaugeValue, w.h.Now().Sub(duties["sweeper"].At).Seconds())
	}
	if away, _, ok, err := models.LastAway(db); err == nil && ok {
		to <- prometheus.MustNewConstMetric(awaySeconds, prometheus.GaugeValue, away.Length().Seconds())
	}
}
