package services

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// Payouts are the verbs of makers and approvers.
type Payouts struct {
	*Core
	Accounts *Accounts
}

// Draft stores a checked form as a new order with its number, for good: the
// number survives Back, refresh, restart and every later edit (I2).
func (s *Payouts) Draft(ctx context.Context, by models.Person, form PayoutForm, files []Upload) (models.Payout, error) {
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
		if err := mayNow(tx, &by, models.VerbDraft); err != nil {
			return err
		}
		if err := c.Account.CheckScope(by); err != nil {
			return err
		}
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
	if err := old.CheckScope(by); err != nil {
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

// fill puts the checked answers into the order: a payee version, the money, and
// the digest of the whole.
func (s *Payouts) fill(tx *gorm.DB, p *models.Payout, c Checked, by models.PersonID) error {
	version, err := s.versionFor(tx, c, by)
	if err != nil {
		return err
	}
	p.AccountID, p.Rail, p.AmountMinor, p.Currency = c.Account.ID, c.Rail.ID, c.Amount.Minor, c.Amount.Currency
	p.PayeeID, p.PayeeVersionID, p.PayeeBy, p.PayeeName = version.PayeeID, version.ID, version.CreatedBy, version.Name
	p.Last4, p.AccountHash, p.Fields = version.Last4, version.AccountHash, c.Order
	p.Reference, p.Purpose = c.Form.Reference, c.Form.Purpose
	p.TwinReason, p.WarningReason = c.Form.TwinReason, c.Form.WarningReason
	s.salted(p)
	signed, err := s.content(*p, c.Payee)
	p.Digest = signed.Digest()
	return err
}

// refuseOldDetails stops a draft whose payee's details have changed since (I25).
func refuseOldDetails(tx *gorm.DB, p models.Payout) error {
	version, err := models.FindPayeeVersion(tx, p.PayeeVersionID)
	if err != nil {
		return err
	}
	newer, changed, err := models.NewerVersion(tx, version)
	if err != nil || !changed {
		return err
	}
	return models.Refuse(models.Conflict, "payout.old_details", "Last4", version.Last4, "Now", newer.Last4)
}

// versionFor is the version that was picked, or the one that the typed answers make.
func (s *Payouts) versionFor(tx *gorm.DB, c Checked, by models.PersonID) (models.PayeeVersion, error) {
	if c.Picked != nil {
		if _, changed, err := models.NewerVersion(tx, *c.Picked); err != nil || changed {
			return *c.Picked, orRefuse(err, models.Refuse(models.Invalid, "payee.changed_since").On("payee_version"))
		}
		return *c.Picked, nil
	}
	version, err := s.payeeVersion(c, by)
	if err != nil {
		return version, err
	}
	if err := models.KeepPayeeVersion(tx, &version, c.Form.SomebodyElse); err != nil {
		return version, err
	}
	return version, nil
}

// Edit changes an order that was not yet approved: a new version of its content,
// and every signature so far is void. Files are added to those it has.
func (s *Payouts) Edit(ctx context.Context, by models.Person, orderNo string, form PayoutForm, files ...Upload) error {
	p, err := models.FindOrder(s.Store.Read(ctx), orderNo)
	if err != nil {
		return err
	}
	c, err := s.Check(ctx, form, p.ID)
	if err != nil {
		return err
	}
	checkedFiles, refused := checkUploads(files)
	if c.Errors = append(c.Errors, refused...); !c.Clear() {
		return c.Errors
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := c.Account.CheckScope(by); err != nil {
			return err
		}
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
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckSubmit(by); err != nil {
			return err
		}
		if string(p.Digest) != string(digest) {
			return models.Refuse(models.Conflict, "payout.content_changed")
		}
		if err := s.refuseDoubt(tx, *p); err != nil {
			return err
		}
		if err := refuseOldDetails(tx, *p); err != nil {
			return err
		}
		if err := s.CheckPaying(tx, p.PayeeVersionID); err != nil {
			return err
		}
		policy, err := models.CurrentPolicy(tx)
		if err != nil {
			return err
		}
		facts, err := models.FindFacts(tx, *p, s.Now())
		if err != nil {
			return err
		}
		asked, err := policy.Need(facts)
		if err != nil {
			return err
		}
		if p.ReplacesID != nil {
			if err := models.AskAgain(tx, *p.ReplacesID, s.Now()); err != nil {
				return err
			}
		}
		p.PolicyVersion, p.SubmittedAt = policy.Version, facts.At
		return models.Record(tx, p, models.MoveSubmit, models.Asking(asked.Need), by.As(models.VerbDraft), facts.At, models.Details{
			"policy": strconv.Itoa(policy.Version), "policy_digest": fmt.Sprintf("%x", policy.Digest()), "facts": facts.Text(),
			"digest": fmt.Sprintf("%x", p.Digest),
		})
	})
}
