package demo

import (
	"context"
	"time"

	"countersign/models"
	"countersign/services"
)

// planWatch plans what stands on the block list, and an account that is a colleague's own.
func (s *story) planWatch() {
	s.plan(s.ago(40*time.Minute), func(ctx context.Context) error {
		baumann := s.payee("Heinz Gerhard Baumann")
		return s.payees.DeclareAccount(ctx, s.people[ortega], s.people[ortega].ID, baumann.answers()[baumann.field])
	})
	s.blocked(19*day, tsai, services.NewBlock{
		Kind: models.BlockNumber, Number: "6228480402637874213", Name: "李强", Reason: "The bank in Shenzhen told us that the card was used to pass money on",
	})
	s.blocked(8*day, lin, services.NewBlock{
		Kind: models.BlockName, Name: "Consultora Inti Raymi SAC", Reason: "Sends invoices for work that nobody ordered; case 2026-14 of the legal department",
	})
}

func (s *story) blocked(ago time.Duration, who string, n services.NewBlock) {
	s.plan(s.ago(ago), func(ctx context.Context) error { return s.payees.Block(ctx, s.people[who], n) })
}
