package handlers

import (
	"strings"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
)

// paperShown is how many bytes of a text stand on the card; the rest is in the file.
const paperShown = 4000

// papers are the attachments as an approver looks at them without leaving the card:
// pictures, PDFs in a frame, the beginning of texts (B4).
func papers(db *gorm.DB, files []models.File) ([]views.OrderFile, error) {
	shown := orderFiles(files)
	for i, f := range files {
		shown[i].Picture, shown[i].Sheets = strings.HasPrefix(f.Type, "image/"), f.Type == models.PDF
		if !strings.HasPrefix(f.Type, "text/") {
			continue
		}
		whole, err := models.FindFile(db, f.PayoutID, f.ID)
		if err != nil {
			return nil, err
		}
		if err := whole.CheckBytes(); err != nil {
			return nil, err
		}
		shown[i].Text, shown[i].Cut = beginning(string(whole.Content))
	}
	return shown, nil
}

func beginning(text string) (string, bool) {
	if len(text) <= paperShown {
		return text, false
	}
	return strings.ToValidUTF8(text[:paperShown], ""), true
}
