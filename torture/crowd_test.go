package torture

import (
	"sync"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

// I4, I5, I6, I21: people and senders at once, through three copies of the program
// in two processes: of those who want the same order one wins, by what they are told
// and by what is on record.
func TestI05_I21_OfManyAtOnceExactlyOneWins(t *testing.T) {
	c := newCrowded(t)
	many := size(1500, 4500)
	serials := make(chan int)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			for serial := range serials {
				c.hold(contests[serial%len(contests)], serial)
			}
		})
	}
	for serial := range many {
		serials <- serial
	}
	close(serials)
	group.Wait()
	for _, finding := range c.findings[:min(len(c.findings), 20)] {
		t.Error(finding)
	}
	verified, err := models.Verify(c.Store.Read(t.Context()))
	c.Must(err)
	c.Sound()
	report(t, "people at once", "%d orders in %d kinds of contest, through %d copies in 2 processes; wrong winners, lines or rows %d; %d acts came too late and were told so; "+
		"%d events in one chain, gaps %d; verify findings %d", many, len(contests), len(c.copies), len(c.findings), c.lost.Load(),
		verified.Events, countOf(verified, "chain"), len(verified.Findings))
}

// countOf counts the findings of one check.
func countOf(r models.Report, check string) (count int) {
	for _, finding := range r.Findings {
		if finding.Check == check {
			count++
		}
	}
	return count
}

// Three senders believe that they hold the lease, because they do, and sweep the same
// orders at the same time: each leaves once (I6 holds even if the lease fails).
func TestI21_SendersWithTheSameLeaseSendEachOrderOnce(t *testing.T) {
	c := newCrowded(t)
	var orders []models.Payout
	for serial := range size(60, 600) {
		orders = append(orders, c.approved(serial))
	}
	var group sync.WaitGroup
	for _, through := range c.copies {
		group.Go(func() { through(humanAct{Verb: "sweep", By: "maker"}) })
	}
	group.Wait()
	for _, p := range orders {
		if sent := c.Sandbox.Deliveries(p.OrderNo); sent != 1 {
			t.Errorf("%s was sent %d times: %+v", p.OrderNo, sent, c.look(p.OrderNo).State)
		}
	}
	c.Sound()
}

// The known-bad variant: an update that is not guarded by what was read lets all of
// them win, and the same judge says so.
func TestI05_AnUnguardedUpdateHasManyWinners(t *testing.T) {
	c := newCrowded(t)
	unguarded := func(a humanAct) told {
		p := c.look(a.Order)
		if err := p.CheckSubmit(c.Maker); err != nil {
			return tellOf(p, err)
		}
		c.meet.Done()
		c.meet.Wait() // all have looked before anybody writes
		return tellOf(p, c.Store.Write(t.Context(), func(tx *gorm.DB) error {
			if err := tx.Exec("UPDATE payouts SET stage = 'awaiting_approval', approvals_needed = 1, moves = moves + 1 WHERE id = ?", p.ID).Error; err != nil {
				return err
			}
			return models.Remark(tx, p, string(models.MoveSubmit), c.Maker.As(models.VerbDraft), c.Now(), models.Details{})
		}))
	}
	sound := c.copies
	for _, k := range contests {
		if k.name != "a double click on submit" {
			continue
		}
		set := k.set
		k.set = func(c *crowded, serial int) models.Payout {
			p := set(c, serial)
			c.meet.Add(4)
			c.copies = []func(humanAct) told{unguarded}
			return p
		}
		c.hold(k, 1)
	}
	c.copies = sound
	if len(c.findings) < 2 {
		t.Errorf("four winners passed for one: %v", c.findings)
	}
}
