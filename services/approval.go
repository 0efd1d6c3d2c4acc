package services

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// Approve approves the content with this digest, which the person has just signed. The
// last signature that was missing makes the order ready to be sent.
func (s *Payouts) Approve(ctx context.Context, by models.Person, orderNo string, digest []byte, signed Signed) error {
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := checkApproval(tx, *p, by, digest); err != nil {
			return err
		}
		signature, err := signed.take(tx, by.ID, p.Act(models.ActApprove, digest), s.Now())
		if err != nil {
			return err
		}
		return s.approve(tx, p, by, signed, signature)
	})
}

func checkApproval(tx *gorm.DB, p models.Payout, by models.Person, digest []byte) error {
	approvers, err := models.Approvers(tx, p)
	if err != nil {
		return err
	}
	return p.CheckApproval(by, approvers, digest)
}

// approve puts a signature on the order, unless nothing is paid there (D7).
func (s *Payouts) approve(tx *gorm.DB, p *models.Payout, by models.Person, signed Signed, signature models.Signature) error {
	if err := s.CheckPaying(tx, p.PayeeVersionID); err != nil {
		return err
	}
	if err := models.CheckOwnPayout(tx, *p, by, s.Now()); err != nil {
		return err
	}
	given, err := models.Approvals(tx, *p)
	if err != nil {
		return err
	}
	approval := models.Approval{
		PayoutID: p.ID, Version: p.Version, PersonID: by.ID, Digest: p.Digest, PolicyVersion: p.PolicyVersion,
		Roles: models.RoleList(by.Signer().Roles), SignatureID: &signature.ID, At: s.Now(),
	}
	if err := models.AddApproval(tx, &approval); err != nil {
		return err
	}
	move, effect := p.Signed(models.SignersOf(append(given, approval)))
	details := signed.note(signature, s.Now(), models.Details{"policy": strconv.Itoa(p.PolicyVersion), "digest": fmt.Sprintf("%x", p.Digest), "roles": approval.Roles})
	if err := nameFiles(tx, *p, signed, details); err != nil {
		return err
	}
	if err := markApproval(tx, *p, signature, details, s.Now()); err != nil {
		return err
	}
	if move == models.MoveApprove {
		released, err := s.released(tx, p, details)
		if err != nil {
			return err
		}
		effect.Room = released.Room
	}
	return models.Record(tx, p, move, effect, by.As(models.VerbApprove), s.Now(), details)
}

// nameFiles puts on record what is attached to the order as somebody signs it, all of which
// was there when they opened it: the content that they sign does not hold it (B4).
func nameFiles(tx *gorm.DB, p models.Payout, signed Signed, details models.Details) error {
	files, err := models.Files(tx, p.ID)
	if err != nil || len(files) == 0 {
		return err
	}
	details[models.FilesSigned] = models.DigestsOf(files)
	return models.CheckFilesRead(files, signed.opened)
}

// markApproval notes what an auditor looks for, by the hours of the order's own policy (M7).
func markApproval(tx *gorm.DB, p models.Payout, signature models.Signature, details models.Details, at time.Time) error {
	policy, err := models.FindPolicy(tx, p.PolicyVersion)
	if err != nil {
		return err
	}
	signature.MarkApproval(details, policy.Rules.Hours, at)
	return nil
}
