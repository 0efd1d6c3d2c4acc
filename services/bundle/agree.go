package bundle

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"countersign/models"
)

// agree holds the facts of the bundle against its events: what the events do not say
// was only claimed when the bundle was taken.
func (f *Found) agree(files map[string][]byte) error {
	d := f.Dossier
	if f.Events[0].Verb != string(models.MoveDraft) || f.Events[0].SubjectID != d.OrderNo || f.Events[0].PayoutID != d.PayoutID {
		return refused("The facts are not about the order of the events.")
	}
	state, wrong := models.Replay(f.Events)
	if len(wrong) > 0 || state != d.State {
		return refused("The events do not lead to the state that the facts name.")
	}
	for _, check := range []func(map[string][]byte) error{
		f.agreeContent, f.agreeOrder, f.agreePolicy, f.agreeSignatures, f.agreeSends, f.agreeAttempts, f.agreeWords, f.agreeVerdicts, f.agreeFiles, f.agreeThere, f.agreeDeeds, f.agreeOutcome,
	} {
		if err := check(files); err != nil {
			return err
		}
	}
	return nil
}

// agreeContent computes the digest again and holds it against what the last change of
// the order put on record.
func (f *Found) agreeContent(map[string][]byte) error {
	d := f.Dossier
	changes := f.of(models.MoveDraft, models.MoveEdit)
	if changes[len(changes)-1].Details["digest"] != d.Digest {
		return refused("The digest in the facts is not the one that the log names for the content.")
	}
	if d.Content.OrderNo != d.OrderNo || d.Content.Amount.String() != d.Amount {
		return refused("The content in the bundle is not that of the facts.")
	}
	f.Reckoned = d.Content.Scheme > 1
	if f.Reckoned && hex.EncodeToString(d.Content.Digest()) != d.Digest {
		return refused("The content in the bundle does not come to the digest that was signed.")
	}
	return nil
}

// agreeSignatures asks who signed, and over what (I3, I4).
func (f *Found) agreeSignatures(map[string][]byte) error {
	d, seen := f.Dossier, map[models.PersonID]bool{f.Events[0].ActorID: true}
	signed := f.signatures()
	if len(signed) != d.State.Approvals || len(signed) != len(d.Approvals) {
		return refused("The facts name other signatures than the log.")
	}
	for i, e := range signed {
		if e.Details["digest"] != d.Digest || d.Approvals[i].Digest != d.Digest {
			return refused("A signature names another content than the order's.")
		}
		if seen[e.ActorID] {
			return refused("%s signed the order and made it, or signed it twice.", e.Actor)
		}
		seen[e.ActorID] = true
		if err := agreeApproval(e, d.Approvals[i]); err != nil {
			return err
		}
		if err := f.agreeApproved(e, d.Approvals[i].Signature); err != nil {
			return err
		}
	}
	return nil
}

// agreeSends holds every attempt against the line that was written before it left (I7).
func (f *Found) agreeSends(map[string][]byte) error {
	sends, own, left := f.of(models.MoveSend), 0, 0
	attempts := map[string]models.DossierAttempt{}
	for _, a := range f.Dossier.Attempts {
		attempts[fmt.Sprint(a.ID)] = a
		if !a.NotSent {
			left++
		}
		if !a.Restored {
			own++
		}
	}
	if left > 1 || len(sends) != own {
		return refused("The facts name other sends than the log.")
	}
	for _, e := range sends {
		a, there := attempts[e.Details["attempt"]]
		if !there || a.RequestDigest != e.Details["request_digest"] || a.ContentDigest != e.Details["digest"] || a.ContentDigest != f.Dossier.Digest {
			return refused("The request in the facts is not the one that the log names.")
		}
		if !f.Dossier.State.Asks().Met(signersOf(f.signatures())) {
			return refused("The order left with fewer signatures than it needed.")
		}
	}
	return nil
}

// agreeFiles holds every attachment against the line that was written when it came, and
// what each approval says was there against those lines.
func (f *Found) agreeFiles(files map[string][]byte) error {
	known, there := map[string]models.Details{}, []string{}
	for _, e := range f.Events {
		if e.Verb == "attached" {
			known[e.Details["file_id"]] = e.Details
			there = append(there, e.Details["digest"])
		}
		if verb := models.Move(e.Verb); (verb == models.MoveSign || verb == models.MoveApprove) && differs(e, models.FilesSigned, strings.Join(there, " ")) {
			return refused("Event %d, of %s, names other attachments than were there.", e.Seq, e.Actor)
		}
	}
	if len(known) != len(f.Dossier.Files) {
		return refused("The facts name other attachments than the log.")
	}
	for _, file := range f.Dossier.Files {
		told := known[fmt.Sprint(file.ID)]
		if told["digest"] != digest(files[file.File]) || told["digest"] != file.Digest || told["file"] != file.Name || told["size"] != fmt.Sprint(file.Size) {
			return refused("The attachment %q is not the one that was attached.", file.Name)
		}
	}
	return nil
}

// agreeOutcome asks for what the outcome stands on: a notice, an answer, or two people
// (I9, I10).
func (f *Found) agreeOutcome(map[string][]byte) error {
	turn, ok := models.TurningPoint(f.Events)
	if !ok || !slices.Contains([]models.Outcome{models.Paid, models.Failed, models.Returned}, f.Dossier.State.Outcome) {
		return nil
	}
	says := string(f.Dossier.State.Outcome)
	for _, n := range f.Dossier.Notices {
		if fmt.Sprint(n.ID) == turn.Details["notice"] && n.Verified == "good" && n.Says == says {
			return nil
		}
	}
	for _, q := range f.Dossier.Questions {
		if fmt.Sprint(q.ID) == turn.Details["question"] && q.Says == says {
			return nil
		}
	}
	switch {
	case turn.Verb == string(models.MoveRefuse), turn.Verb == string(models.MoveClash):
		return nil
	case f.Dossier.State.ByHand && f.twoPeople(turn):
		return nil
	}
	return refused("The order is called %s, and nothing in the bundle shows why.", says)
}
