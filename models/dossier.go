package models

import "time"

// Dossier is what is on record of one order, as it may be handed to an outsider:
// secrets masked, names in the place of ids (X14). Raw texts are files beside it.
type Dossier struct {
	OrderNo   string            `json:"order_no"`
	PayoutID  PayoutID          `json:"payout_id"`
	Gateway   string            `json:"gateway"`
	Amount    string            `json:"amount"`
	Payee     string            `json:"payee"`
	Last4     string            `json:"last4"`
	Maker     string            `json:"maker"`
	Replaces  string            `json:"replaces,omitempty"`
	GatewayNo string            `json:"gateway_no,omitempty"`
	State     State             `json:"state"`
	Digest    string            `json:"digest"`  // of the content that was signed
	Content   Content           `json:"content"` // what it is made of
	TakenAt   time.Time         `json:"taken_at"`
	TakenBy   string            `json:"taken_by"`
	Details   *DossierPayee     `json:"details,omitempty"` // of the payee, as the order keeps them
	Policy    *Policy           `json:"policy,omitempty"`  // under which it was submitted
	Approvals []DossierApproval `json:"approvals"`
	Deeds     []DossierDeed     `json:"deeds,omitempty"` // what else people signed
	Attempts  []DossierAttempt  `json:"attempts"`
	Questions []DossierQuestion `json:"questions"`
	Notices   []DossierNotice   `json:"notices"`
	Verdicts  []DossierVerdict  `json:"verdicts"`
	Files     []DossierFile     `json:"files"`
}

// DossierApproval is one signature.
type DossierApproval struct {
	Version int       `json:"version"`
	Person  string    `json:"person"`
	Digest  string    `json:"digest"`
	Policy  int       `json:"policy"`
	Roles   string    `json:"roles,omitempty"`
	At      time.Time `json:"at"`

	Signature *Signature `json:"signature,omitempty"` // how the person proved that they were there; nil before that was kept
}

// DossierDeed is the signature that an event of the order names, other than under the
// approvals that count: of a verdict, a rejection, a hold let go, an approval become void.
type DossierDeed struct {
	Event     int64     `json:"event"`
	Signature Signature `json:"signature"`
}

// DossierAttempt is one send: what left, and what came back.
type DossierAttempt struct {
	ID            int64     `json:"id"`
	StartedAt     time.Time `json:"started_at"`
	Bytes         int       `json:"bytes"`
	RequestDigest string    `json:"request_digest"` // of the exact bytes
	ContentDigest string    `json:"content_digest"`
	NotSent       bool      `json:"not_sent"`
	Restored      bool      `json:"restored"`
	HTTP          int       `json:"http"`
	Fault         string    `json:"fault,omitempty"`
	ReadAs        string    `json:"read_as"`
	Code          string    `json:"code,omitempty"`
	Request       string    `json:"request,omitempty"` // file with the masked text
	Response      string    `json:"response,omitempty"`
}

// DossierQuestion is one query and its answer.
type DossierQuestion struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	HTTP     int       `json:"http"`
	Fault    string    `json:"fault,omitempty"`
	Says     string    `json:"says"`
	Problem  string    `json:"problem,omitempty"`
	Word     string    `json:"word,omitempty"`
	Effect   string    `json:"effect"`
	Digest   string    `json:"digest,omitempty"` // of the exact bytes of the answer
	Response string    `json:"response,omitempty"`
}

// DossierNotice is one notice as it came.
type DossierNotice struct {
	ID         int64     `json:"id"`
	At         time.Time `json:"at"`
	Address    string    `json:"address"`
	Seen       int       `json:"seen"`
	Verified   string    `json:"verified"`
	Algorithm  string    `json:"algorithm"`
	Says       string    `json:"says"`
	Word       string    `json:"word"`
	Quarantine string    `json:"quarantine,omitempty"`
	Digest     string    `json:"digest"` // of the exact bytes
	Body       string    `json:"body"`
}

// DossierVerdict is what two people decided, or one proposed.
type DossierVerdict struct {
	ID          int64     `json:"id"`
	About       string    `json:"about"`
	Says        string    `json:"says"`
	Evidence    string    `json:"evidence"`
	Text        string    `json:"text"`
	Reason      string    `json:"reason"`
	Proposer    string    `json:"proposer"`
	ProposedAt  time.Time `json:"proposed_at"`
	State       string    `json:"state"`
	Confirmer   string    `json:"confirmer,omitempty"`
	ConfirmedAt time.Time `json:"confirmed_at"`
	Answer      string    `json:"answer,omitempty"`
	Proposal    string    `json:"proposal,omitempty"` // digest of it as its judge was shown it, where the text here is masked
}

// DossierFile is something that was attached.
type DossierFile struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
	File   string `json:"file"`
}

// Replay folds the events of one order through the table of moves, as Verify does,
// and says what does not fit.
func Replay(events []Event) (State, []Finding) {
	var r Report
	var is State
	w := walk{report: &r, read: map[string]*State{}}
	for _, e := range events {
		if e.After != "" {
			row := eventRow{seq: e.Seq, verb: e.Verb, subjectID: e.SubjectID, payoutID: int64(e.PayoutID), after: e.After, text: e.Details.text()}
			row.carried = effectIn(row.text)
			w.fold(&row)
		}
		if told := w.folds.of(e.PayoutID); told != nil {
			is = *told
		}
	}
	return is, r.Findings
}

// TurningPoint is the last event that made the outcome what it is; ok is false where none did.
func TurningPoint(events []Event) (turn Event, ok bool) {
	for _, e := range events {
		was, wrong := ReadState(e.Before)
		is, alsoWrong := ReadState(e.After)
		if wrong == nil && alsoWrong == nil && e.After != "" && was.Outcome != is.Outcome {
			turn, ok = e, true
		}
	}
	return turn, ok
}
