package torture

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

// thousand is an order of 1,000 TWD that one signature is missing for.
func (c *crowded) thousand(serial int) models.Payout {
	form := c.Form("apay.taiwan", serial)
	form.Amount, form.TwinReason, form.SomebodyElse = "1000", "one of many", true
	form.Values["number"] = fmt.Sprintf("40887482%08d", serial)
	return c.submittedBy("maker", serial, form)
}

// limitTo sets what may be released in a day.
func (c *crowded) limitTo(whole int64) {
	limits := models.Limits{Zone: "UTC", Limits: []models.Limit{{Scope: models.LimitDay, Currency: "TWD", Minor: whole * 100}}}
	_, err := (&services.Limits{Core: c.Core}).Set(context.Background(), models.Machine("test"), limits, "for the test")
	c.Must(err)
}

// beyond judges orders by what has room and what has reached the gateway.
func (c *crowded) beyond(orders []models.Payout, room int) (found []string) {
	have, arrived := 0, 0
	for _, p := range orders {
		if c.look(p.OrderNo).Consumes() {
			have++
		}
		arrived += c.Sandbox.Deliveries(p.OrderNo)
	}
	if have != room {
		found = append(found, fmt.Sprintf("%d orders have room under a limit for %d", have, room))
	}
	if arrived != room {
		found = append(found, fmt.Sprintf("%d orders reached the gateway under a limit for %d", arrived, room))
	}
	return found
}

// atOnce lets everybody act at the same moment.
func atOnce(orders []models.Payout, act func(i int, p models.Payout)) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for i, p := range orders {
		group.Go(func() {
			<-start
			act(i, p)
		})
	}
	close(start)
	group.Wait()
}

// I18: fifty releases at once, through three copies of the program in two processes,
// against a limit with room for ten: exactly ten are released and reach the gateway. The
// others wait, and go once there is room.
func TestI18_OfFiftyReleasesAtOnceExactlyTenHaveRoom(t *testing.T) {
	c := newCrowded(t)
	rounds := size(1, 20)
	for round := range rounds {
		c.limitTo(1)
		var orders []models.Payout
		for serial := range 50 {
			orders = append(orders, c.thousand(round*50+serial+1))
		}
		c.limitTo(int64(10_000*(round+1) + 40_000*round))
		atOnce(orders, func(i int, p models.Payout) { c.does(i, c.approves("approver", p)) })
		sweep(c)
		for _, wrong := range c.beyond(orders, 10) {
			t.Error(wrong)
		}
		c.limitTo(int64(50_000 * (round + 1)))
		sweep(c)
		for _, wrong := range c.beyond(orders, 50) {
			t.Error("once there is room: " + wrong)
		}
	}
	c.Sound()
	report(t, "limits", "%d times 50 releases at once through %d copies in 2 processes against room for 10: 10 each time, the other 40 once there was room; verify findings 0", rounds, len(c.copies))
}

func sweep(c *crowded) {
	for worked := 1; worked > 0; {
		var err error
		worked, err = c.Sender.Sweep(context.Background())
		c.Must(err)
	}
}

// Known-bad: room is asked for before the write that takes it. The same judge says so.
func TestI18_ALimitThatIsAskedOutsideTheWriteIsOverrun(t *testing.T) {
	c := newCrowded(t)
	var orders []models.Payout
	for serial := range 50 {
		orders = append(orders, c.thousand(serial+1))
	}
	c.limitTo(10_000)
	var asked sync.WaitGroup
	asked.Add(len(orders))
	atOnce(orders, func(_ int, p models.Payout) {
		db := c.Store.Read(t.Context())
		limits, err := models.CurrentLimits(db)
		c.Must(err)
		meters, err := limits.Content.Meters(db, p, "2026-11-02")
		c.Must(err)
		asked.Done()
		asked.Wait()
		if len(models.ShortOf(meters)) > 0 {
			return
		}
		c.Must(c.Store.Write(t.Context(), func(tx *gorm.DB) error {
			p, err := models.FindPayout(tx, p.ID)
			if err != nil {
				return err
			}
			p.NextActionAt = c.Now()
			err = models.AddApproval(tx, &models.Approval{PayoutID: p.ID, Version: p.Version, PersonID: c.Approver.ID, Digest: p.Digest, SignatureID: c.Signature(tx, c.Approver, p), At: c.Now()})
			if err != nil {
				return err
			}
			return models.Record(tx, &p, models.MoveApprove, models.Effect{Room: "2026-11-02"}, c.Approver.As(models.VerbApprove), c.Now(), nil)
		}))
	})
	sweep(c)
	if found := c.beyond(orders, 10); len(found) != 2 {
		t.Errorf("a limit that was overrun passed: %v", found)
	}
}
