// Package demo gives a new installation six weeks of made-up business, so that a
// visitor finds people at work, money on its way and a day's worth of trouble.
// Nothing is written past the services: every order was drafted, signed, sent to
// a sandbox and heard of there, on a clock that the story sets.
package demo

import (
	"context"
	"errors"
	"fmt"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
)

// Config is the house in which the story is to have happened.
type Config struct {
	Core      *services.Core   // its clock says when the story ends
	Sandbox   *sandbox.Sandbox // the running one, made of Merchants
	Gateways  string           // where it listens: http://127.0.0.1:8091
	PublicURL string           // where it reaches us with notices: http://127.0.0.1:8080
	Seed      uint64           // the same seed tells the same story
	Rest      int              // minutes that a new payee's details rest at its end; 0 asks nothing of new payees
}

// ErrNotEmpty refuses to mix a story into the work of real people.
var ErrNotEmpty = errors.New("demo: somebody works here already; the story needs a new database")

// Begin tells the story in a new house; in one that knows it already it only
// reminds the sandbox.
func Begin(ctx context.Context, c Config) error {
	err := Seed(ctx, c)
	if errors.Is(err, ErrNotEmpty) {
		return Recall(ctx, c)
	}
	return err
}

// Seed tells the whole story into an empty installation, up to this moment, and
// lets the running sandbox know of it. The story is stored whole or not at all.
func Seed(ctx context.Context, c Config) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.Core.Store.AsOne(ctx, func(whole *models.Store) error {
		core := *c.Core
		core.Store, c.Core = whole, &core
		return seed(ctx, c)
	})
}

func seed(ctx context.Context, c Config) error {
	people, err := models.People(c.Core.Store.Read(ctx))
	if err != nil {
		return err
	}
	if len(people) > 0 {
		return ErrNotEmpty
	}
	s, err := newStory(c)
	if err != nil {
		return err
	}
	defer s.platform.Close()
	if err := s.tell(ctx); err != nil {
		return fmt.Errorf("demo: %s: %w", s.clock.now().Format("2 Jan 15:04:05"), err)
	}
	if err := Recall(ctx, c); err != nil {
		return err
	}
	return s.rest(ctx)
}

// check keeps the story on this machine: the sandbox posts nowhere else.
func (c Config) check() error {
	for _, address := range []string{c.Gateways, c.PublicURL} {
		if err := gateway.CheckBaseURL(address, true); err != nil {
			return fmt.Errorf("demo: %s: %w", address, err)
		}
	}
	return nil
}
