package torture

import (
	"context"
	"fmt"

	"countersign/models"
)

// judge counts who won: by what each was told, and by what is on record.
func (c *crowded) judge(k contest, before models.Payout, acts []humanAct, said []told) {
	winners := 0
	for i, one := range said {
		switch {
		case one.won() && acts[i].By == k.never:
			c.find("%s, %s: %s won", k.name, before.OrderNo, k.never)
		case one.won():
			winners++
		case one.Fault != "":
			c.find("%s, %s: %s of %s met a fault: %s", k.name, before.OrderNo, acts[i].Verb, acts[i].By, one.Fault)
		default:
			c.lost.Add(1)
		}
	}
	if winners != k.winners() {
		c.find("%s, %s: %d were told that they had won: %+v", k.name, before.OrderNo, winners, said)
	}
	if lines := c.lines(before, k.moves); lines != int64(k.winners()) {
		c.find("%s, %s: %d lines in the log", k.name, before.OrderNo, lines)
	}
	if sent := c.Sandbox.Deliveries(before.OrderNo); sent > 1 {
		c.find("%s, %s: sent %d times", k.name, before.OrderNo, sent)
	}
	c.judgeRow(k, c.look(before.OrderNo))
}

// judgeRow looks whether the row agrees with the log.
func (c *crowded) judgeRow(k contest, p models.Payout) {
	signed, err := models.Approvals(c.Store.Read(context.Background()), p)
	if err != nil {
		panic(err)
	}
	sent := c.Sandbox.Deliveries(p.OrderNo) == 1
	if len(signed) != p.Approvals || p.Approvals > p.Needed || sent != (p.Stage == models.Sent) {
		c.find("%s, %s: %d signatures, sent %v, and the row says %+v", k.name, p.OrderNo, len(signed), sent, p.State)
	}
}

// lines counts what the log says of the contest.
func (c *crowded) lines(p models.Payout, moves []string) (count int64) {
	err := c.Store.Read(context.Background()).Model(&models.Event{}).Where("payout_id = ? AND verb IN ?", p.ID, moves).Count(&count).Error
	if err != nil {
		panic(err)
	}
	return count
}

func (c *crowded) find(what string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.findings = append(c.findings, fmt.Sprintf(what, args...))
}
