package services

import (
	"context"
	"errors"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// Heirs are who takes over from somebody who leaves; 0 is nobody: cases are everybody's
// again, and drafts stay where they are, for nobody to submit.
type Heirs struct {
	Cases  models.PersonID
	Drafts models.PersonID
}

// signLeaving takes an admin's proof that this person goes and that these two take over: who
// inherits cases and drafts is a part of what is signed, and of what the log says.
func (s *People) signLeaving(tx *gorm.DB, by models.Actor, p models.Person, to Heirs, signed Signed) (models.Details, error) {
	cases, err := heirOf(tx, to.Cases, models.VerbVerdict, "cases_to")
	if err != nil {
		return nil, err
	}
	drafts, err := heirOf(tx, to.Drafts, models.VerbDraft, "drafts_to")
	if err != nil {
		return nil, err
	}
	details := models.Details{"name": p.Name, "cases_to": cases.Login, "drafts_to": drafts.Login}
	trim(details)
	act, err := p.LeavingAct(cases.Login, drafts.Login)
	if err != nil || by.ID == 0 {
		return details, err
	}
	lines := append(personLines(p), models.ChangeLine{Name: "left.cases_heir", After: heirWords(cases, "left.to_queue")}, models.ChangeLine{Name: "left.drafts_heir", After: heirWords(drafts, "left.to_nobody")})
	signature, err := signed.over(tx, by.ID, Deed{Act: act, Name: p.Name, Lines: lines}, s.Now())
	return signature.Note(details), err
}

func heirWords(heir models.Person, nobody models.Word) any {
	if heir.ID == 0 {
		return nobody
	}
	return heir.Name
}

// leave settles what waited for a person who is gone, each thing with its event, in the
// write that ends their access. Orders that they submitted stay as they are: others go on
// signing them, and their maker stays their maker.
func (s *People) leave(tx *gorm.DB, by models.Actor, gone models.Person, to Heirs) error {
	if err := s.endDelegations(tx, by, gone.ID); err != nil {
		return err
	}
	if err := s.handBack(tx, by, gone, to.Cases); err != nil {
		return err
	}
	if err := s.withdrawVerdicts(tx, by, gone); err != nil {
		return err
	}
	return s.giveDrafts(tx, by, gone, to.Drafts)
}

// handBack gives the cases that the person had to another who may settle them, and those
// that this one may not, or all if there is nobody, to everybody.
func (s *People) handBack(tx *gorm.DB, by models.Actor, gone models.Person, to models.PersonID) error {
	cases, err := models.CasesOf(tx, gone.ID)
	if err != nil || len(cases) == 0 {
		return err
	}
	heir, err := heirOf(tx, to, models.VerbVerdict, "cases_to")
	if err != nil {
		return err
	}
	for _, p := range cases {
		verb, details := "handed_back", models.Details(nil)
		if p.OwnerID = 0; to != 0 && p.CheckPropose(heir) == nil && p.CheckScope(heir) == nil {
			p.OwnerID = to
			verb, details = "handed_over", models.Details{"from": gone.Name, "to": heir.Name}
		}
		if err := p.Keep(tx); err != nil {
			return err
		}
		if err := models.Remark(tx, p, verb, by, s.Now(), details); err != nil {
			return err
		}
	}
	return nil
}

// heirOf is the person who was chosen, who has to be active and hold a role that does
// such things.
func heirOf(tx *gorm.DB, id models.PersonID, v models.Verb, field string) (heir models.Person, err error) {
	if id == 0 {
		return heir, nil
	}
	heir, err = models.FindPerson(tx, id)
	if err == nil && (!heir.Active || !heir.May(v)) {
		err = models.Refuse(models.Invalid, "given.may_not", "Name", heir.Name).On(field)
	}
	return heir, err
}

// withdrawVerdicts takes back what the person proposed and nobody has judged: nobody answers
// for it any more, and an order that stays in doubt loses nothing.
func (s *People) withdrawVerdicts(tx *gorm.DB, by models.Actor, gone models.Person) error {
	open, err := models.ProposalsOf(tx, gone.ID)
	if err != nil {
		return err
	}
	for _, v := range open {
		p, err := models.FindPayout(tx, v.PayoutID)
		if err != nil {
			return err
		}
		v.State, v.ConfirmedAt = models.VerdictCancelled, s.Now()
		if err := models.CloseVerdict(tx, &v); err != nil {
			return err
		}
		if err := models.Remark(tx, p, "verdict_left", by, s.Now(), models.Details{"said": string(v.Says), "from": gone.Name}); err != nil {
			return err
		}
	}
	return nil
}

// giveDrafts gives the drafts that the person has to another maker. What that one may not
// have, for it is outside their part of the business, stays where it is.
func (s *People) giveDrafts(tx *gorm.DB, by models.Actor, gone models.Person, to models.PersonID) error {
	heir, err := heirOf(tx, to, models.VerbDraft, "drafts_to")
	if err != nil || to == 0 {
		return err
	}
	drafts, err := models.DraftsOf(tx, gone.ID)
	if err != nil {
		return err
	}
	for _, p := range drafts {
		var refusal models.Refusal
		if err := p.CheckTakeDraft(heir); errors.As(err, &refusal) {
			continue
		} else if err != nil {
			return err
		}
		if err := models.GiveDraft(tx, &p, heir.ID); err != nil {
			return err
		}
		details := models.Details{"from": gone.Name, "to": heir.Name, "to_id": strconv.FormatInt(int64(heir.ID), 10)}
		if err := models.Remark(tx, p, "draft_given", by, s.Now(), details); err != nil {
			return err
		}
	}
	return nil
}

// GiveDrafts gives the drafts of somebody who has left to another maker: those that stayed
// behind, and those that came back to them since.
func (s *People) GiveDrafts(ctx context.Context, by models.Actor, id, to models.PersonID) error {
	return s.change(ctx, by, id, func(tx *gorm.DB, gone models.Person) error {
		switch {
		case gone.Active:
			return models.Refuse(models.Conflict, "given.still_here", "Name", gone.Name)
		case to == 0:
			return models.Refuse(models.Invalid, "given.to_whom").On("drafts_to")
		}
		return s.giveDrafts(tx, by, gone, to)
	})
}
