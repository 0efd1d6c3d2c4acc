package views

import (
	"bytes"
	"context"
	"strconv"

	"countersign/models"
	"countersign/static"
	"countersign/views/i18n"
)

// DrawEvidence makes the pages of an evidence bundle: one page and our style sheet.
func DrawEvidence(ctx context.Context, d models.Dossier, events []models.Event) (map[string][]byte, error) {
	var page bytes.Buffer
	if err := EvidencePage(d, events).Render(ctx, &page); err != nil {
		return nil, err
	}
	return map[string][]byte{"index.html": page.Bytes(), "style.css": static.Sheet()}, nil
}

func evidenceTitle(ctx context.Context, d models.Dossier) string {
	return i18n.T(ctx, "evidence.title", "Amount", d.Amount, "Payee", d.Payee)
}

// proofWords say how an act was signed, and what that proves.
func proofWords(ctx context.Context, s *models.Signature) string {
	if s == nil {
		return i18n.T(ctx, "evidence.proof.none")
	}
	return i18n.T(ctx, "evidence.proof."+string(s.Method), "Event", strconv.FormatInt(s.EnrolledSeq, 10))
}

// deedEvent is the event that names the signature.
func deedEvent(events []models.Event, d models.DossierDeed) models.Event {
	for _, e := range events {
		if e.Seq == d.Event {
			return e
		}
	}
	return models.Event{}
}
