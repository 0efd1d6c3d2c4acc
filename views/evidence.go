package views

import (
	"bytes"
	"context"

	"countersign/models"
	"countersign/static"
)

// DrawEvidence makes the pages of an evidence bundle: one page and our style sheet.
func DrawEvidence(ctx context.Context, d models.Dossier, events []models.Event) (map[string][]byte, error) {
	var page bytes.Buffer
	if err := EvidencePage(d, events).Render(ctx, &page); err != nil {
		return nil, err
	}
	return map[string][]byte{"index.html": page.Bytes(), "style.css": static.Sheet()}, nil
}
