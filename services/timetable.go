package services

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Task is a duty that comes round. It may run twice and must not mind.
type Task struct {
	Name  string
	Every time.Duration
	Do    func(context.Context) error
}

// Timetable are the duties of a running program; nothing about money is among
// them, for the orders are their own timers.
type Timetable []Task

// Run does every duty once at the start and then in its rhythm, until ctx ends.
func (t Timetable) Run(ctx context.Context) {
	var group sync.WaitGroup
	for _, task := range t {
		group.Go(func() { task.run(ctx) })
	}
	group.Wait()
}

func (t Task) run(ctx context.Context) {
	ticker := time.NewTicker(t.Every)
	defer ticker.Stop()
	for {
		if err := t.Do(ctx); err != nil && ctx.Err() == nil {
			slog.Error("a duty failed", "duty", t.Name, "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
