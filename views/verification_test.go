package views

import (
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

func TestEveryFindingSaysWhatItMeansAndWhatToDo(t *testing.T) {
	ctx := i18n.With(t.Context(), "en", time.UTC, time.UnixMilli(0))
	for _, name := range models.CheckNames() {
		f := models.Finding{Check: name, Where: "1", What: "found"}
		for _, words := range []string{FindingMeans(ctx, f), FindingAdvice(ctx, f), FindingPlace(ctx, f)} {
			if words == "" || strings.Contains(words, "[") {
				t.Errorf("%s has no words: %q", name, words)
			}
		}
	}
}
