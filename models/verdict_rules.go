package models

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// acceptedEvidence lists the kinds of evidence that each verdict accepts (screens.md §4):
// the payee's word alone is never enough for "not paid".
var acceptedEvidence = map[Said][]EvidenceKind{
	SaidPaid:      {EvidenceGatewayReply, EvidenceStatement, EvidencePayeeReply},
	SaidNotPaid:   {EvidenceGatewayReply, EvidenceStatement},
	SaidReturned:  {EvidenceGatewayReply, EvidenceStatement},
	SaidLookAgain: {EvidenceNone},
}

// Accepts says whether the verdict may rest on evidence of this kind.
func (s Said) Accepts(kind EvidenceKind) bool { return slices.Contains(acceptedEvidence[s], kind) }

// Answers says whether the verdict settles a doubt of this kind.
func (s Said) Answers(about Doubt) bool {
	switch s {
	case SaidReturned:
		return about == Contradicted
	case SaidLookAgain:
		return about == Unsettled
	}
	return s.Known() && about != NoDoubt
}

// verdictMoves are the moves that two people make together.
var verdictMoves = map[Doubt]map[Said]Move{
	Unsettled:    {SaidPaid: MoveVerdictPaid, SaidNotPaid: MoveVerdictFailed},
	Contradicted: {SaidPaid: MoveSettlePaid, SaidNotPaid: MoveSettleFailed, SaidReturned: MoveSettleReturned},
}

// Move is what the verdict does to the order once two people agree; ok is false of one
// that settles nothing.
func (v Verdict) Move() (m Move, ok bool) {
	m, ok = verdictMoves[v.About][v.Says]
	return m, ok
}

// Limits of what is written about a case, in characters.
const (
	MostReason   = 1000 // a reason, or the words of the second person
	MostEvidence = 4 * MostReason
)

// longestRest is how far ahead a case may be looked at again.
const longestRest = 14 * 24 * time.Hour

// Check lists all that is wrong with a verdict that is proposed about the order; files is
// how many came with it. Whether "not paid" may be said yet is CheckNotPaid's.
func (v Verdict) Check(p Payout, files int, now time.Time) Refusals {
	if !v.Says.Answers(v.About) {
		return Refusals{Refuse(Invalid, "verdict.says_needed").On("says")}
	}
	if v.Says == SaidLookAgain {
		return slices.Concat(v.checkText(), v.checkReason(), v.checkRest(now))
	}
	return slices.Concat(v.checkEvidence(p, files), v.checkText(), v.checkReceived(p), v.checkReason())
}

// checkText limits what is quoted, also where none is needed.
func (v Verdict) checkText() Refusals {
	if length := utf8.RuneCountInString(v.Text); length > MostEvidence {
		return Refusals{tooLong("text", length, MostEvidence)}
	}
	return nil
}

func (v Verdict) checkReason() Refusals {
	switch length := utf8.RuneCountInString(v.Reason); {
	case length == 0:
		return Refusals{Refuse(Invalid, "reason.needed").On("reason")}
	case length > MostReason:
		return Refusals{tooLong("reason", length, MostReason)}
	}
	return nil
}

func (v Verdict) checkRest(now time.Time) Refusals {
	if v.LookAgainAt.After(now) && !v.LookAgainAt.After(now.Add(longestRest)) {
		return nil
	}
	return Refusals{Refuse(Invalid, "verdict.look_again_range").On("look_again_at")}
}

func (v Verdict) checkEvidence(p Payout, files int) (wrong Refusals) {
	if !v.Says.Accepts(v.Evidence) {
		wrong = append(wrong, Refuse(Invalid, "verdict.evidence_kind").On("evidence"))
	}
	switch {
	case v.Text == "":
		wrong = append(wrong, Refuse(Invalid, "verdict.evidence_needed").On("text"))
	case v.Says == SaidNotPaid && v.Evidence == EvidenceGatewayReply && !strings.Contains(v.Text, p.OrderNo):
		wrong = append(wrong, Refuse(Invalid, "verdict.names_order", "OrderNo", p.OrderNo).On("text"))
	}
	if v.Evidence == EvidencePayeeReply && files == 0 {
		wrong = append(wrong, Refuse(Invalid, "verdict.file_needed").On("files"))
	}
	return wrong
}

// checkReceived is about what arrived, which "paid" alone tells. While evidence disagrees
// another sum than was sent may have.
func (v Verdict) checkReceived(p Payout) Refusals {
	switch {
	case v.Says != SaidPaid:
		return nil
	case v.ReceivedMinor <= 0:
		return Refusals{Refuse(Invalid, "verdict.received_needed").On("received")}
	case v.ReceivedMinor != p.AmountMinor && v.About != Contradicted:
		return Refusals{Refuse(Invalid, "verdict.received_differs").On("received")}
	}
	return nil
}

func tooLong(field string, length, limit int) Refusal {
	return Refuse(Invalid, "text.too_long", "Length", length, "Limit", limit).On(field)
}
