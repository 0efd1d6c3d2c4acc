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
	headsWaiting  = prometheus.NewDesc("countersign_heads_waiting", "Signed heads of the log that could not leave this machine yet.", nil, nil)
	headLeft      = prometheus.NewDesc("countersign_head_left_seconds", "Seconds since a signed head of the log last left this machine.", nil, nil)
	awaySeconds   = prometheus.NewDesc("countersign_last_outage_seconds", "How long the last outage of ours was.", nil, nil)
)

// Describe names the figures.
func (w watch) Describe(to chan<- *prometheus.Desc) {
	to <- unheardOrders
	to <- sweeperSeen
	to <- awaySeconds
	to <- headsWaiting
	to <- headLeft
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
	if heads, err := headsOf(db); err == nil {
		to <- prometheus.MustNewConstMetric(headsWaiting, prometheus.GaugeValue, float64(heads.Waiting))
		if heads.Left.ID > 0 {
			to <- prometheus.MustNewConstMetric(headLeft, prometheus.GaugeValue, w.h.Now().Sub(heads.Way.LeftAt).Seconds())
		}
	}
	if away, _, ok, err := models.LastAway(db); err == nil && ok {
		to <- prometheus.MustNewConstMetric(awaySeconds, prometheus.GaugeValue, away.Length().Seconds())
	}
}
