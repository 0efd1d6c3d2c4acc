package views

import (
	"context"
	"strings"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

// ApartPage is the matrix of roles that are kept apart, and who holds two of them.
type ApartPage struct {
	Rows       []ApartRow
	Exceptions []HeldApart
}

// ApartRow is one role against every other.
type ApartRow struct {
	Role  models.Role
	Cells []ApartCell // in the order of models.Roles
}

// ApartCell is one pair of roles.
type ApartCell struct {
	Same bool   // a role with itself
	Why  string // catalogue key; "" where somebody may hold both
	Both int    // how many active people hold both
}

// HeldApart is somebody who holds two roles that are kept apart.
type HeldApart struct {
	models.Apart
	Person models.Person
	Until  time.Time // zero: without an end, as the machine gave it
	Later  models.Role
	Reason string
}

// reasonsApart are the reasons of the matrix, each once.
func (p ApartPage) reasonsApart() (keys []string) {
	seen := map[string]bool{}
	for _, row := range p.Rows {
		for _, cell := range row.Cells {
			if cell.Why != "" && !seen[cell.Why] {
				seen[cell.Why] = true
				keys = append(keys, cell.Why)
			}
		}
	}
	return keys
}

// notWith says with which roles this one is kept apart.
func notWith(ctx context.Context, role models.Role) string {
	var words []string
	for _, other := range models.Roles {
		if models.KeptApart(role, other) != "" {
			words = append(words, strings.ToLower(i18n.T(ctx, "role."+string(other))))
		}
	}
	return i18n.T(ctx, "apart.not_with", "Roles", strings.Join(words, ", "))
}

func (e HeldApart) pair(ctx context.Context) string {
	return i18n.T(ctx, "apart.pair", "One", i18n.T(ctx, "role."+string(e.One)), "Other", strings.ToLower(i18n.T(ctx, "role."+string(e.Other))))
}
