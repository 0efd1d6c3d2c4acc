package services

import (
	"strings"

	"countersign/models"
)

// asWritten refuses to take evidence of what something else than this program wrote: the
// bundle would show it, and whoever opens it would believe it.
func (g *gathering) asWritten() error {
	rows, err := models.ReadOrderRows(g.db)
	if err != nil {
		return err
	}
	if err := rows.Take(g.payout.ID, g.events); err != nil {
		return err
	}
	return altered(rows)
}

func altered(rows *models.OrderRows) error {
	names, err := rows.Altered()
	if err != nil || len(names) == 0 {
		return err
	}
	return models.Refuse(models.Conflict, "evidence.altered", "Rows", strings.Join(names[:min(len(names), alteredMost)], ", "), "Count", len(names))
}

// alteredMost is how many altered rows a refusal names.
const alteredMost = 5
