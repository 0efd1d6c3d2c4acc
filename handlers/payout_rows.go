package handlers

import (
	"context"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// payoutRows is everything on record about one order, read at one moment.
type payoutRows struct {
	payout      models.Payout
	account     models.GatewayAccount
	family      gateway.Family
	rail        gateway.Rail
	version     models.PayeeVersion
	newer       *models.PayeeVersion
	names       map[models.PersonID]string
	people      []models.Person
	approvals   []models.Approval
	events      []models.Event
	tries       []models.Event // of people who were refused
	mayAudit    bool           // the reader sees those
	attempts    []models.Attempt
	heard       []models.Notice
	quarantined []models.QuarantineMatch // of an order in doubt
	questions   []models.Question
	responses   map[int64][]byte // of the questions that stand for themselves
	verdicts    []models.Verdict
	enquiries   []models.Enquiry      // letters to the gateway's staff, the newest first
	clash       *models.Contradiction // the open one
	files       []models.File
	predecessor *models.Payout
	successor   *models.Payout
	cord        string
	meters      []models.Meter // of an order that is not released yet: the limits that concern it
	rests       time.Time      // until when the payee's new details rest; zero for at once
	headSeq     int64
	head        []byte
	now         time.Time
	expires     time.Time     // of an order that waits for signatures
	window      time.Duration // of such an order: how long it can be called back once it is signed
	mayNotices  bool          // the reader may open notices
	blocked     error         // why nothing is paid to the payee; nil where they are not on the block list
}

// readPayout reads all of it from one snapshot, so that no two parts of the page
// tell of different moments.
func (h *Handlers) readPayout(ctx context.Context, orderNo string) (*payoutRows, error) {
	r := &payoutRows{}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		for _, read := range []func(*gorm.DB) error{
			func(db *gorm.DB) error { return r.readOrder(db, orderNo) },
			r.readPeople, r.readPast, r.readVerdicts, r.readRelatives, r.readState,
			func(db *gorm.DB) error { return r.readLimits(db, h.Now()) },
			func(db *gorm.DB) error { return h.readBlocked(db, r) },
		} {
			if err := read(db); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

func (r *payoutRows) readOrder(db *gorm.DB, orderNo string) (err error) {
	if r.payout, err = models.FindOrder(db, orderNo); err != nil {
		return err
	}
	r.family, r.rail, _ = families.Rail(r.payout.Rail)
	if r.account, err = models.FindAccount(db, r.payout.AccountID); err != nil {
		return err
	}
	if r.version, err = models.FindPayeeVersion(db, r.payout.PayeeVersionID); err != nil {
		return err
	}
	newer, changed, err := models.NewerVersion(db, r.version)
	if changed {
		r.newer = &newer
	}
	return err
}

func (r *payoutRows) readPeople(db *gorm.DB) (err error) {
	if r.people, err = models.People(db); err != nil {
		return err
	}
	r.names = map[models.PersonID]string{}
	for _, p := range r.people {
		r.names[p.ID] = p.Name
	}
	r.approvals, err = models.Approvals(db, r.payout)
	return err
}

func (r *payoutRows) readPast(db *gorm.DB) (err error) {
	all, err := models.EventsOf(db, r.payout.ID)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Turned() {
			r.tries = append(r.tries, e)
		} else {
			r.events = append(r.events, e)
		}
	}
	if r.attempts, err = models.Attempts(db, r.payout.ID); err != nil {
		return err
	}
	if r.heard, err = models.NoticesOf(db, r.payout.ID); err != nil {
		return err
	}
	if r.payout.Outcome == models.Unclear || r.payout.Clash {
		if r.quarantined, err = models.SearchQuarantine(db, r.payout); err != nil {
			return err
		}
	}
	if r.questions, err = models.QuestionsOf(db, r.payout.ID); err != nil {
		return err
	}
	r.responses, err = models.Responses(db, r.shownQuestions())
	return err
}

func (r *payoutRows) readVerdicts(db *gorm.DB) (err error) {
	if r.verdicts, err = models.Verdicts(db, r.payout.ID); err != nil {
		return err
	}
	if r.enquiries, err = models.Enquiries(db, r.payout.ID); err != nil {
		return err
	}
	if r.files, err = models.Files(db, r.payout.ID); err != nil {
		return err
	}
	clash, open, err := models.OpenContradictionOf(db, r.payout.ID)
	if open {
		r.clash = &clash
	}
	return err
}

func (r *payoutRows) readRelatives(db *gorm.DB) error {
	successor, ok, err := models.SuccessorOf(db, r.payout.ID)
	if ok {
		r.successor = &successor
	}
	if err != nil || r.payout.ReplacesID == nil {
		return err
	}
	predecessor, err := models.FindPayout(db, *r.payout.ReplacesID)
	r.predecessor = &predecessor
	return err
}

func (r *payoutRows) readState(db *gorm.DB) (err error) {
	if r.cord, err = models.ReadSetting(db, models.SettingCord); err != nil {
		return err
	}
	if r.headSeq, r.head, err = models.Head(db); err != nil || r.payout.Stage != models.Approved {
		return err
	}
	rules, err := models.ReadPayeeRules(db)
	if err != nil {
		return err
	}
	standing, err := models.FindStanding(db, r.payout)
	r.rests = standing.RestsUntil(rules)
	return err
}

func (r *payoutRows) readLimits(db *gorm.DB, now time.Time) (err error) {
	r.now = now
	if r.payout.Stage == models.AwaitingApproval {
		limits, err := models.CurrentLimits(db)
		if err != nil {
			return err
		}
		r.expires, r.window = limits.Content.Expires(r.payout), limits.Content.Window(r.payout.Amount())
	}
	if released := r.payout.Stage != models.AwaitingApproval && r.payout.Stage != models.Approved || r.payout.Room != ""; !released {
		r.meters, _, err = models.MetersNow(db, r.payout, now)
	}
	return err
}

// openVerdict is the proposal that waits for a second person.
func (r *payoutRows) openVerdict() (models.Verdict, bool) {
	for _, v := range r.verdicts {
		if v.State == models.VerdictOpen {
			return v, true
		}
	}
	return models.Verdict{}, false
}

func (r *payoutRows) signers() (ids []models.PersonID) {
	for _, a := range r.approvals {
		ids = append(ids, a.PersonID)
	}
	return ids
}

// verdictPath is where people settle the order: the queue of unclear orders or
// that of contradictions.
func (r *payoutRows) verdictPath() string { return verdictPath(r.payout) }

func verdictPath(p models.Payout) string {
	if p.Clash {
		return "/contradictions/" + p.OrderNo
	}
	return "/unclear/" + p.OrderNo
}
