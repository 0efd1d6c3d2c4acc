package handlers

import (
	"context"
	"strconv"

	"countersign/models"
	"countersign/views/i18n"
)

// orWords lists roles as a choice: an approver or a controller.
func orWords(ctx context.Context, roles []models.Role) string {
	text := ""
	for i, role := range roles {
		if i > 0 && i == len(roles)-1 {
			text += " " + i18n.T(ctx, "role.or") + " "
		} else if i > 0 {
			text += ", "
		}
		text += i18n.T(ctx, "role.a."+string(role))
	}
	return text
}

// sizeWords writes a limit of bytes: 64 KB, 6 MB.
func sizeWords(bytes int64) string {
	if bytes >= 1<<20 {
		return strconv.FormatInt(bytes>>20, 10) + " MB"
	}
	return strconv.FormatInt(bytes>>10, 10) + " KB"
}
