package services

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// Payouts are the verbs of makers and approvers.
type Payouts struct {
	*Core
	Accounts *Accounts
}

// Draft stores a checked form as a new order with its number, for good: the
// number survives Back, refresh, restart and every later edit (I2).
func (s *Payouts) Draft(ctx context.Context, by models.Person, form PayoutForm, files []Upload) (models.Payout, error) {
	if !by.May(models.VerbDraft) {
		return models.Payout{}, models.Refuse(models.Forbidden, "role.draft")
	}
	c, err := s.Check(ctx, form, 0)
	if err != nil {
		return models.Payout{}, err
	}
	checkedFiles, refused := checkUploads(files)
	if c.Errors = append(c.Errors, refused...); !c.Clear() {
		return models.Payout{}, c.Errors
	}
	p := models.Payout{OrderNo: s.newOrderNo()}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := s.replace(tx, &p, by, form.Replaces); err != nil {
			return err
		}
		if err := s.fill(tx, &p, c, by.ID); err != nil {
			return err
		}
		if err := models.AddPayout(tx, &p, by.As(models.VerbDraft), s.Now(), s.draftDetails(p, form.Replaces)); err != nil {
			return err
		}
		return s.attach(tx, p, by, nil, checkedFiles)
	})
	return p, err
}

func (s *Payouts) draftDetails(p models.Payout, replaces string) models.Details {
	d := models.Details{
		"amount": p.Amount().Decimal(), "currency": p.Currency, "payee": p.PayeeName, "last4": p.Last4, "rail": p.Rail,
		"digest": fmt.Sprintf("%x", p.Digest), "reference": p.Reference,
	}
	if replaces != "" {
		d["replaces"] = replaces
	}
	if p.TwinReason != "" {
		d["twin_reason"] = p.TwinReason
	}
	if p.WarningReason != "" {
		d["warning_reason"] = p.WarningReason
	}
	return d
}

// replace links the new order to the failed one that it replaces, or to the
// replacement of one that was called off: the chain has no gap (I14).
func (s *Payouts) replace(tx *gorm.DB, p *models.Payout, by models.Person, orderNo string) error {
	if orderNo == "" {
		return nil
	}
	old, err := models.FindOrder(tx, orderNo)
	if err != nil {
		return err
	}
	if err := old.CheckReplace(by); err != nil {
		return err
	}
	if old.Outcome != models.Failed && old.ReplacesID == nil {
		return nil // never sent: a copy, not a replacement
	}
	if _, taken, err := models.SuccessorOf(tx, old.ID); err != nil || taken {
		return orRefuse(err, models.Refuse(models.Conflict, "payout.replaced_already"))
	}
	p.ReplacesID = &old.ID
	return nil
}

func orRefuse(err error, refusal models.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}

// fill puts the checked answers into the order: a payee version, the money, and
// the digest of the whole.
func (s *Payouts) fill(tx *gorm.DB, p *models.Payout, c Checked, by models.PersonID) error {
	version, err := s.payeeVersion(c, by)
	if err != nil {
		return err
	}
	if err := models.KeepPayeeVersion(tx, &version); err != nil {
		return fmt.Errorf("keep payee: %w", err)
	}
	p.AccountID, p.Rail, p.AmountMinor, p.Currency = c.Account.ID, c.Rail.ID, c.Amount.Minor, c.Amount.Currency
	p.PayeeID, p.PayeeVersionID, p.PayeeName = version.PayeeID, version.ID, version.Name
	p.Last4, p.AccountHash, p.Fields = version.Last4, version.AccountHash, c.Order
	p.Reference, p.Purpose = c.Form.Reference, c.Form.Purpose
	p.TwinReason, p.WarningReason = c.Form.TwinReason, c.Form.WarningReason
	p.Digest = content(*p, c.Payee).Digest()
	return nil
}

// Edit changes an order that was not yet approved: a new version of its content,
// and every signature so far is void. Files are added to those it has.
func (s *Payouts) Edit(ctx context.Context, by models.Person, orderNo string, form PayoutForm, files ...Upload) (models.Payout, error) {
	p, err := models.FindOrder(s.Store.Read(ctx), orderNo)
	if err != nil {
		return p, err
	}
	c, err := s.Check(ctx, form, p.ID)
	if err != nil {
		return p, err
	}
	checkedFiles, refused := checkUploads(files)
	if c.Errors = append(c.Errors, refused...); !c.Clear() {
		return p, c.Errors
	}
	err = s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckEdit(by); err != nil {
			return err
		}
		was := *p
		if err := s.fill(tx, p, c, by.ID); err != nil {
			return err
		}
		err := models.Record(tx, p, models.MoveEdit, models.Effect{}, by.As(models.VerbDraft), s.Now(), changedDetails(was, *p))
		if err != nil {
			return err
		}
		return s.attach(tx, *p, by, nil, checkedFiles)
	})
	return p, err
}

// changedDetails names what an edit changed, old and new.
func changedDetails(was, is models.Payout) models.Details {
	d := models.Details{"digest": fmt.Sprintf("%x", is.Digest)}
	note := func(name, old, now string) {
		if old != now {
			d[name], d[name+"_before"] = now, old
		}
	}
	note("amount", was.Amount().String(), is.Amount().String())
	note("payee", was.PayeeName, is.PayeeName)
	note("last4", was.Last4, is.Last4)
	note("payee_version", fmt.Sprint(was.PayeeVersionID), fmt.Sprint(is.PayeeVersionID))
	note("rail", was.Rail, is.Rail)
	note("reference", was.Reference, is.Reference)
	note("purpose", was.Purpose, is.Purpose)
	note("twin_reason", was.TwinReason, is.TwinReason)
	note("warning_reason", was.WarningReason, is.WarningReason)
	return d
}

// Submit hands a draft to the approvers that the policy asks for. digest is of
// the answers that the maker has checked.
func (s *Payouts) Submit(ctx context.Context, by models.Person, orderNo string, digest []byte) error {
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckSubmit(by); err != nil {
			return err
		}
		if string(p.Digest) != string(digest) {
			return models.Refuse(models.Conflict, "payout.content_changed")
		}
		if err := s.refuseDoubt(tx, *p); err != nil {
			return err
		}
		policy, err := models.CurrentPolicy(tx)
		if err != nil {
			return err
		}
		needed, err := policy.Approvers(p.Amount())
		if err != nil {
			return err
		}
		p.PolicyVersion, p.SubmittedAt = policy.Version, s.Now()
		return models.Record(tx, p, models.MoveSubmit, models.Effect{Needed: needed}, by.As(models.VerbDraft), s.Now(), models.Details{
			"policy": strconv.Itoa(policy.Version), "digest": fmt.Sprintf("%x", p.Digest),
		})
	})
}

// Approve signs the content with this digest. The last signature that was
// missing makes the order ready to be sent.
func (s *Payouts) Approve(ctx context.Context, by models.Person, orderNo string, digest []byte) error {
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		signed, err := models.Approvers(tx, *p)
		if err != nil {
			return err
		}
		if err := p.CheckApproval(by, signed, digest); err != nil {
			return err
		}
		err = models.AddApproval(tx, &models.Approval{
			PayoutID: p.ID, Version: p.Version, PersonID: by.ID, Digest: p.Digest, PolicyVersion: p.PolicyVersion, At: s.Now(),
		})
		if err != nil {
			return err
		}
		move := models.MoveSign
		if p.Approvals+1 >= p.Needed {
			move = models.MoveApprove
			p.ApprovedAt, p.NextActionAt = s.Now(), s.Now()
		}
		return models.Record(tx, p, move, models.Effect{}, by.As(models.VerbApprove), s.Now(), models.Details{
			"policy": strconv.Itoa(p.PolicyVersion), "digest": fmt.Sprintf("%x", p.Digest),
		})
	})
}

// Reject ends an order that waits for approval; the maker reads why.
func (s *Payouts) Reject(ctx context.Context, by models.Person, orderNo, reason string) error {
	return s.decide(ctx, by, orderNo, models.MoveReject, reason)
}

// AskMaker puts a question to the maker without voiding anything.
func (s *Payouts) AskMaker(ctx context.Context, by models.Person, orderNo, question string) error {
	return s.decide(ctx, by, orderNo, models.MoveAskMaker, question)
}

func (s *Payouts) decide(ctx context.Context, by models.Person, orderNo string, m models.Move, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		signed, err := models.Approvers(tx, *p)
		if err != nil {
			return err
		}
		if err := p.CheckDecide(by, signed); err != nil {
			return err
		}
		return models.Record(tx, p, m, models.Effect{}, by.As(models.VerbApprove), s.Now(), models.Details{"reason_text": reason})
	})
}

// Withdraw calls an order off before it is sent.
func (s *Payouts) Withdraw(ctx context.Context, by models.Person, orderNo, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckWithdraw(by); err != nil {
			return err
		}
		p.NextActionAt, p.HeldWhy = never, ""
		return models.Record(tx, p, models.MoveWithdraw, models.Effect{}, by.As(models.VerbStop), s.Now(), models.Details{"reason_text": reason})
	})
}

// Hold stops an order before it is sent; it keeps its signatures.
func (s *Payouts) Hold(ctx context.Context, by models.Person, orderNo, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckHold(by); err != nil {
			return err
		}
		return hold(tx, p, by.As(models.VerbHold), s.Now(), "held.by_person", models.Details{"reason_text": reason})
	})
}

// Resume lets a held order go on from where it was.
func (s *Payouts) Resume(ctx context.Context, by models.Person, orderNo, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckResume(by); err != nil {
			return err
		}
		if err := mayGoOn(tx, *p); err != nil {
			return err
		}
		p.HeldWhy = ""
		if p.HeldFrom == models.Approved {
			p.NextActionAt = s.Now()
		}
		return models.Record(tx, p, models.MoveResume, models.Effect{}, by.As(models.VerbResume), s.Now(), models.Details{"reason_text": reason})
	})
}

// mayGoOn refuses a replacement while any order before it in the chain may have
// been paid.
func mayGoOn(tx *gorm.DB, p models.Payout) error {
	for p.ReplacesID != nil {
		old, err := models.FindPayout(tx, *p.ReplacesID)
		if err != nil {
			return err
		}
		if err := old.CheckSuccessor(); err != nil {
			return err
		}
		p = old
	}
	return nil
}

// Note adds a sentence, and files, to the timeline.
func (s *Payouts) Note(ctx context.Context, by models.Person, orderNo, text string, files []Upload) error {
	text = strings.TrimSpace(text)
	if text == "" && len(files) == 0 {
		return models.Refuse(models.Invalid, "note.empty").On("text")
	}
	if utf8.RuneCountInString(text) > maxReason {
		return models.Refuse(models.Invalid, "text.too_long", "Length", utf8.RuneCountInString(text), "Limit", maxReason).On("text")
	}
	checked, refused := checkUploads(files)
	if len(refused) > 0 {
		return refused
	}
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckNote(by); err != nil {
			return err
		}
		if err := s.attach(tx, *p, by, nil, checked); err != nil || text == "" {
			return err
		}
		return models.Remark(tx, *p, "noted", by.As(models.VerbNote), s.Now(), models.Details{"text": text})
	})
}

// Claim takes an unclear case on, so that two people do not work on it at once.
func (s *Payouts) Claim(ctx context.Context, by models.Person, orderNo string) error {
	return s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckClaim(by); err != nil {
			return err
		}
		p.OwnerID = by.ID
		if err := p.Keep(tx); err != nil {
			return err
		}
		return models.Remark(tx, *p, "claimed", by.As(models.VerbVerdict), s.Now(), nil)
	})
}

// Reveal opens the payee's details of an order; that it was done is on record
// before anything is shown (I24).
func (s *Payouts) Reveal(ctx context.Context, by models.Person, orderNo string) (models.Fields, error) {
	var fields models.Fields
	err := s.change(ctx, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckReveal(by); err != nil {
			return err
		}
		version, err := models.FindPayeeVersion(tx, p.PayeeVersionID)
		if err != nil {
			return err
		}
		if fields, err = s.payeeFields(version); err != nil {
			return err
		}
		return models.Remark(tx, *p, "revealed", by.As(models.VerbReveal), s.Now(), models.Details{"last4": p.Last4})
	})
	if err != nil {
		return nil, err
	}
	return fields, nil
}

// Answers are the form's values of an order, for its maker to edit or copy.
func (s *Payouts) Answers(ctx context.Context, by models.Person, p models.Payout) (PayoutForm, error) {
	if by.ID != p.MakerID {
		return PayoutForm{}, models.Refuse(models.Forbidden, "payout.not_yours")
	}
	version, err := models.FindPayeeVersion(s.Store.Read(ctx), p.PayeeVersionID)
	if err != nil {
		return PayoutForm{}, err
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return PayoutForm{}, err
	}
	return PayoutForm{
		AccountID: p.AccountID, Rail: p.Rail, Amount: p.Amount().Decimal(), Values: order(p, payee).Fields,
		Reference: p.Reference, Purpose: p.Purpose, TwinReason: p.TwinReason, WarningReason: p.WarningReason,
	}, nil
}

// Preview is the exact request that sending the order would make, secrets
// masked in its lines; only time and random parts will differ.
func (s *Payouts) Preview(ctx context.Context, p models.Payout) (gateway.Request, error) {
	return s.render(s.Store.Read(ctx), p, nil)
}

// render writes the create request of an order. It refuses content that is not
// what the digest on record was made of.
func (s *Payouts) render(db *gorm.DB, p models.Payout, account *gateway.Account) (gateway.Request, error) {
	stored, err := models.FindAccount(db, p.AccountID)
	if err != nil {
		return gateway.Request{}, err
	}
	opened, family, err := s.Accounts.openToSend(db, stored)
	if err != nil {
		return gateway.Request{}, err
	}
	version, err := models.FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil {
		return gateway.Request{}, err
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return gateway.Request{}, err
	}
	if string(content(p, payee).Digest()) != string(p.Digest) {
		return gateway.Request{}, fmt.Errorf("payout %s: its content does not fit the digest on record", p.OrderNo)
	}
	if account != nil {
		*account = opened
	}
	return family.Create(opened, order(p, payee), s.Now(), randomName())
}

// change reads the order and lets work move it, in one write.
func (c *Core) change(ctx context.Context, orderNo string, work func(tx *gorm.DB, p *models.Payout) error) error {
	return c.Store.Write(ctx, func(tx *gorm.DB) error {
		p, err := models.FindOrder(tx, orderNo)
		if err != nil {
			return err
		}
		return work(tx, &p)
	})
}

func needReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch long := utf8.RuneCountInString(reason); {
	case long == 0:
		return "", models.Refuse(models.Invalid, "reason.needed").On("reason")
	case long > maxReason:
		return "", models.Refuse(models.Invalid, "text.too_long", "Length", long, "Limit", maxReason).On("reason")
	}
	return reason, nil
}
