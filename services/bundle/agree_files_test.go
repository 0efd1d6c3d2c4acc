package bundle

import (
	"testing"

	"countersign/models"
)

// An approval says what lay beside the order when it was given. Whoever writes the log
// cannot name a file there that came later, or leave one out.
func TestI03_AnApprovalNamesTheAttachmentsThatWereThere(t *testing.T) {
	t.Parallel()
	bytes := map[string][]byte{"one.pdf": []byte("one"), "two.pdf": []byte("two")}
	one, two := digest(bytes["one.pdf"]), digest(bytes["two.pdf"])
	for names, holds := range map[string]bool{one: true, "": false, two: false, one + " " + two: false} {
		f := Found{}
		f.Dossier.Files = []models.DossierFile{
			{ID: 1, Name: "one.pdf", Size: 3, Digest: one, File: "one.pdf"}, {ID: 2, Name: "two.pdf", Size: 3, Digest: two, File: "two.pdf"},
		}
		f.Events = []models.Event{
			{Seq: 1, Verb: "attached", Details: models.Details{"file_id": "1", "digest": one, "file": "one.pdf", "size": "3"}},
			{Seq: 2, Verb: string(models.MoveApprove), Details: models.Details{models.FilesSigned: names}},
			{Seq: 3, Verb: "enquiry_answered", Details: models.Details{"files": "1"}}, // a count
			{Seq: 4, Verb: "attached", Details: models.Details{"file_id": "2", "digest": two, "file": "two.pdf", "size": "3"}},
		}
		if err := f.agreeFiles(bytes); (err == nil) != holds {
			t.Errorf("an approval that names %q: %v", names, err)
		}
	}
	before := Found{Events: []models.Event{{Seq: 2, Verb: string(models.MoveApprove), Details: models.Details{}}}}
	if err := before.agreeFiles(nil); err != nil {
		t.Errorf("an approval of before that was kept: %v", err)
	}
}
