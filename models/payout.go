package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// PayoutID numbers payouts in the order of their creation.
type PayoutID int64

// Payout is one order: who is to be paid what, through which account, and what
// has become of it. State is moved by Record alone.
type Payout struct {
	ID             PayoutID
	OrderNo        string // ours, fixed at draft, sent to the gateway (I2)
	AccountID      AccountID
	Rail           string
	AmountMinor    int64
	Currency       string
	PayeeID        PayeeID
	PayeeVersionID PayeeVersionID
	PayeeBy        PersonID // who entered those details, and never signs the order (I25)
	PayeeName      string
	Last4          string
	AccountHash    []byte // keyed, for exact search
	Fields         Fields // the rail's fields that are not the payee's
	Reference      string
	Purpose        string
	TwinReason     string
	WarningReason  string
	MakerID        PersonID
	GivenTo        string // who else had the draft, and counts as its maker: ",7,12,"
	Digest         []byte // of the content that approvers sign (I3)
	SealedSalt     []byte // of the marks in that content, encrypted; none for orders of scheme 1
	PolicyVersion  int
	Algorithm      string
	ReplacesID     *PayoutID

	State
	Moves int // how often it moved; guards every update (I5)

	GatewayNo     string
	ReceivedMinor int64
	Fee           string
	Code          string
	CodeText      string
	HeldWhy       string
	FailNoticeAt  time.Time `gorm:"serializer:ms"`
	OwnerID       PersonID
	CreatedAt     time.Time `gorm:"serializer:ms;autoCreateTime:false"`
	SubmittedAt   time.Time `gorm:"serializer:ms"`
	ApprovedAt    time.Time `gorm:"serializer:ms"`
	SentAt        time.Time `gorm:"serializer:ms"`
	SettledAt     time.Time `gorm:"serializer:ms"`
	UnclearSince  time.Time `gorm:"serializer:ms"`
	StateSince    time.Time `gorm:"serializer:ms"`
	HeardAt       time.Time `gorm:"serializer:ms"`
	NoticesUntil  time.Time `gorm:"serializer:ms"`
	Questions     int
	NextActionAt  time.Time `gorm:"serializer:ms"`
	LeavesAt      time.Time `gorm:"serializer:ms"` // until then a released order can be called back (X24)
	LeasedBy      string
	LeasedUntil   time.Time `gorm:"serializer:ms"`

	counted tally // what payout_counts holds of it
}

// Fields are answers to a rail's questions, by name.
type Fields map[string]string

// GormDataType keeps the column TEXT.
func (Fields) GormDataType() string { return "text" }

// Value writes the fields as JSON with sorted names.
func (f Fields) Value() (driver.Value, error) {
	if f == nil {
		f = Fields{}
	}
	text, err := json.Marshal(map[string]string(f))
	return string(text), err
}

// Scan reads them back.
func (f *Fields) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("fields are %T, not text", value)
	}
	return json.Unmarshal([]byte(text), f)
}

// Amount is what the payee is to get.
func (p Payout) Amount() Money { return Money{p.AmountMinor, p.Currency} }

// Received is what a verified message says arrived; zero if none said.
func (p Payout) Received() Money { return Money{p.ReceivedMinor, p.Currency} }

// Final says whether the money's fate is known and undisputed.
func (p Payout) Final() bool {
	return !p.Clash && (p.Outcome == Paid || p.Outcome == Failed || p.Outcome == Returned)
}

// Open says whether the gateway still owes us a word.
func (p Payout) Open() bool { return p.Outcome == Pending || p.Outcome == Unclear }

// AfterFind remembers how the payout is counted.
func (p *Payout) AfterFind(*gorm.DB) error {
	p.counted = p.tally()
	return nil
}

// FindPayout reads one payout.
func FindPayout(db *gorm.DB, id PayoutID) (Payout, error) { return onePayout(db, "id = ?", id) }

// FindOrder reads the payout with this order number.
func FindOrder(db *gorm.DB, orderNo string) (Payout, error) {
	return onePayout(db, "order_no = ?", orderNo)
}

// LookForOrder is FindOrder where it may well not be there.
func LookForOrder(db *gorm.DB, orderNo string) (p Payout, found bool, err error) {
	return readPayout(db, "order_no = ?", orderNo)
}

// SuccessorOf reads the payout that replaces this one; ok is false if none does.
func SuccessorOf(db *gorm.DB, id PayoutID) (p Payout, ok bool, err error) {
	return readPayout(db, "replaces_id = ?", id)
}

var errNoPayout = Refuse(Missing, "payout.missing")

func onePayout(db *gorm.DB, condition string, value any) (Payout, error) {
	p, found, err := readPayout(db, condition, value)
	if err == nil && !found {
		return p, errNoPayout
	}
	return p, err
}

// AddPayout stores a new draft with its first event.
func AddPayout(tx *gorm.DB, p *Payout, by Actor, at time.Time, details Details) error {
	p.State, p.Moves, p.MakerID = Begin(), 1, by.ID
	p.CreatedAt, p.StateSince = at, at
	if err := tx.Create(p).Error; err != nil {
		return fmt.Errorf("store draft: %w", err)
	}
	if err := p.recount(tx); err != nil {
		return err
	}
	return Append(tx, p.event(MoveDraft, by, at, State{}, details))
}

// Record carries out a move: the state it leads to, every other field as the
// caller has set it, guarded so that exactly one row is hit, and one event, all
// in the caller's transaction (I5).
func Record(tx *gorm.DB, p *Payout, m Move, e Effect, by Actor, at time.Time, details Details) error {
	before := p.State
	next, err := before.After(m, e)
	if err != nil {
		return err
	}
	p.State = next
	p.stamp(before, at)
	if err := p.update(tx); err != nil {
		return err
	}
	if err := p.recount(tx); err != nil {
		return err
	}
	return Append(tx, p.event(m, by, at, before, details.with(e)))
}

// Keep stores fields that are no state (a schedule, an owner, a counter),
// guarded like a move.
func (p *Payout) Keep(tx *gorm.DB) error { return p.update(tx) }

// Remark adds an event about the payout that moves nothing.
func Remark(tx *gorm.DB, p Payout, verb string, by Actor, at time.Time, details Details) error {
	e := p.event(Move(verb), by, at, State{}, details)
	e.Before, e.After = "", ""
	return Append(tx, e)
}

// content are the columns that only an edit changes; handing is given at each
// submission, naming once by the gateway; progress are those that any move may change.
// Writing no more than needed spares the indexes on the others.
var (
	content = []string{
		"account_id", "rail", "amount_minor", "currency", "payee_id", "payee_version_id", "payee_by", "payee_name", "last4", "account_hash",
		"fields", "reference", "purpose", "twin_reason", "warning_reason", "digest", "sealed_salt",
	}
	handing  = []string{"submitted_at"}
	naming   = []string{"gateway_no"}
	progress = []string{
		"policy_version", "algorithm", "stage", "held_from", "outcome", "grade", "by_hand", "unclear_reason", "contradicted",
		"approvals", "approvals_needed", "need", "wants", "version", "room", "moves", "received_minor", "fee", "code", "code_text", "held_why",
		"fail_notice_at", "owner_id", "approved_at", "sent_at", "settled_at", "unclear_since", "state_since",
		"heard_at", "notices_until", "questions", "next_action_at", "leaves_at", "leased_by", "leased_until",
	}
)

// update writes the columns that may have changed, only if nobody moved the payout
// since it was read.
func (p *Payout) update(tx *gorm.DB) error {
	read := p.Moves
	p.Moves++
	rows, err := writePayout(tx, p, read)
	if err != nil {
		return fmt.Errorf("move payout %s: %w", p.OrderNo, err)
	}
	if rows != 1 {
		return Refuse(Conflict, "payout.moved_on")
	}
	p.counted.version, p.counted.named, p.counted.handed = p.Version, p.GatewayNo, p.SubmittedAt
	return nil
}

// stamp keeps the times that follow from the state.
func (p *Payout) stamp(before State, at time.Time) {
	if p.Stage != before.Stage || p.Outcome != before.Outcome || p.Clash != before.Clash {
		p.StateSince = at
	}
	if p.Outcome == before.Outcome {
		return
	}
	p.UnclearSince, p.SettledAt = time.Time{}, time.Time{}
	switch p.Outcome {
	case Unclear:
		p.UnclearSince = at
	case Paid, Failed, Returned:
		p.SettledAt = at
	}
	if before.Outcome == Unclear {
		p.OwnerID = 0
	}
}

func (p *Payout) event(m Move, by Actor, at time.Time, before State, details Details) Event {
	return Event{
		At: at, Verb: string(m), ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "payout", SubjectID: p.OrderNo, PayoutID: p.ID,
		Before: before.text(), After: p.State.text(), Details: p.decided(m, by, details),
	}
}

// with adds what Verify needs to fold the move again.
func (d Details) with(e Effect) Details {
	all := Details{}
	for name, value := range d {
		all[name] = value
	}
	if e.Grade > E0 {
		all["grade"] = fmt.Sprint(int(e.Grade))
	}
	if e.Reason != ReasonNone {
		all["reason"] = string(e.Reason)
	}
	if e.Needed > 0 {
		all["needed"] = fmt.Sprint(e.Needed)
	}
	if e.Need != "" {
		all["need"] = e.Need
	}
	if e.Wants != Anyone {
		all["wants"] = string(e.Wants)
	}
	if e.Room != "" {
		all["room"] = e.Room
	}
	return all
}
