package bundle

import (
	"cmp"
	"encoding/hex"

	"countersign/models"
	"countersign/services/gateway"
)

// This file holds what people signed beside the approvals that count against the lines
// that name their signatures: both halves of a verdict and of the closing of a
// contradiction, rejections, holds let go, and approvals that became void (I10, X8).

// deed is what an event says that its person did: as the act that they had to sign, and
// in words.
type deed struct {
	act       models.Act
	did, over string
	masked    bool
}

// agreeDeeds asks of every line that a person signed whether the bundle carries exactly
// that signature, and whether it is over this very act; and that no other is carried.
func (f *Found) agreeDeeds(map[string][]byte) error {
	carried := map[int64]*models.Signature{}
	for i, d := range f.Dossier.Deeds {
		carried[d.Event] = &f.Dossier.Deeds[i].Signature
	}
	if len(carried) != len(f.Dossier.Deeds) {
		return refused("The facts tell two signatures of one event.")
	}
	for _, e := range f.signatures() {
		if carried[e.Seq] != nil {
			return refused("The facts tell the approval of event %d twice.", e.Seq)
		}
		carried[e.Seq] = nil
	}
	for i, e := range f.Events {
		s, told := carried[e.Seq]
		delete(carried, e.Seq)
		if told && s == nil {
			continue // an approval that counts
		}
		if err := f.agreeDeed(i, s); err != nil {
			return err
		}
	}
	if len(carried) > 0 {
		return refused("The facts tell a signature that no event of the order names.")
	}
	return nil
}

func (f *Found) agreeDeed(i int, s *models.Signature) error {
	e := f.Events[i]
	d, known := f.deedOf(i)
	by := SignedBy{Person: e.Actor, Did: d.did, Over: d.over, Masked: d.masked, Change: e.Details["change"]}
	switch named := e.Details["signature"]; {
	case named == "" && s == nil && !known:
		return nil
	case named == "" && s == nil:
		f.Deeds = append(f.Deeds, by)
		return f.agreeUnsigned(e)
	case s == nil:
		return refused("Event %d names a signature of %s, and the bundle does not carry it. Bundles that an older version took carry none but those of approvals: take it anew.", e.Seq, e.Actor)
	case !known:
		return refused("Event %d names a signature of %s, and what it is over is not known to this checker.", e.Seq, e.Actor)
	}
	if err := f.agreeProof(e, s, d.act, &by); err != nil {
		return err
	}
	f.Deeds = append(f.Deeds, by)
	return nil
}

// agreeUnsigned refuses an act without a proof on an order of which the log named proofs
// before: only versions that kept none left acts without. A hold may also end with a
// change that two people signed.
func (f *Found) agreeUnsigned(e models.Event) error {
	if e.Verb == string(models.MoveResume) {
		return nil
	}
	for _, before := range f.Events {
		if before.Seq < e.Seq && before.Details["signature"] != "" {
			return refused("The log names proofs of what people did with the order, and none of what %s did by event %d.", e.Actor, e.Seq)
		}
	}
	return nil
}

// deedOf computes from what the bundle tells what the person of an event had to sign.
func (f *Found) deedOf(i int) (deed, bool) {
	e, p := f.Events[i], f.before(i)
	content := "exactly the content that the order had then"
	switch verb := models.Move(e.Verb); {
	case e.ActorID == 0:
		return deed{}, false
	case verb == models.MoveSign || verb == models.MoveApprove:
		return deed{act: p.Act(models.ActApprove, p.Digest), did: "gave an approval that counts no more", over: content}, true
	case verb == models.MoveReject:
		return deed{act: p.Act(models.ActReject, p.Digest), did: "rejected the order", over: content}, true
	case verb == models.MoveResume:
		return deed{act: p.Act(models.ActResume, p.Digest), did: "let the order go on", over: content}, true
	case e.Verb == "verdict_proposed":
		says := e.Details["said"]
		return deed{act: p.VerdictAct(models.ActPropose, p.CaseDigest(nil), models.Said(says)), did: "proposed " + saying(says), over: "exactly this case and this answer"}, true
	case e.Details["verdict"] != "":
		return f.judged(e, p), true
	}
	return deed{}, false
}

// judged is what the second person signed: the case with the proposal as they were shown
// it, and their own answer.
func (f *Found) judged(e models.Event, p models.Payout) deed {
	shown, masked := f.proposal(e)
	d := deed{did: "confirmed " + saying(e.Details["said"]), over: "exactly this case, this proposal and this answer", masked: masked}
	if chose := e.Details["chose"]; chose != "" {
		d.did = "answered " + saying(chose) + " to the proposal " + saying(e.Details["said"])
	}
	d.act = p.VerdictAct(models.ActConfirm, p.CaseOver(shown), models.Said(cmp.Or(e.Details["chose"], e.Details["said"])))
	return d
}

// proposal is the digest of the proposal that an event is about. It is computed from the
// bundle, unless a number in its text is masked there: then the bundle tells it.
func (f *Found) proposal(e models.Event) (digest []byte, masked bool) {
	for _, v := range f.Dossier.Verdicts {
		if e.Details["verdict"] != number(v.ID) {
			continue
		}
		if told, err := hex.DecodeString(v.Proposal); v.Proposal != "" && err == nil && gateway.Masked(v.Text) {
			return told, true
		}
		return models.Verdict{ID: v.ID, Evidence: models.EvidenceKind(v.Evidence), Text: v.Text}.Digest(), false
	}
	return nil, false
}

// before is the order as it stood before an event: what its people were shown.
func (f *Found) before(i int) models.Payout {
	p, content := models.Payout{OrderNo: f.Dossier.OrderNo}, ""
	for _, e := range f.Events[:i] {
		if verb := models.Move(e.Verb); verb == models.MoveDraft || verb == models.MoveEdit {
			content = e.Details["digest"]
		}
	}
	p.State, _ = models.Replay(f.Events[:i]) // that the events fit was asked before
	p.Digest, _ = hex.DecodeString(content)
	return p
}
