package services

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
)

// Confirm carries another's proposal out. seen is the digest of what the person looked
// at. A proposal whose ground is another by now is not carried out: it ends as overtaken,
// and whoever wanted to confirm it is told so.
func (s *Changes) Confirm(ctx context.Context, by models.Actor, id int64, seen []byte, signed Signed) (models.Change, error) {
	return s.confirm(ctx, by, id, seen, signed, func(*gorm.DB, models.Change) error { return nil })
}

// confirm is Confirm with what else the same write does.
func (s *Changes) confirm(ctx context.Context, by models.Actor, id int64, seen []byte, signed Signed, more func(*gorm.DB, models.Change) error) (models.Change, error) {
	var gone error
	c, err := s.decide(ctx, by, id, models.Change.CheckDecide, func(tx *gorm.DB, c models.Change, actor models.Actor) error {
		if err := c.CheckDigest(seen); err != nil {
			return err
		}
		now, err := s.standing(tx, c)
		if err != nil {
			return err
		}
		if now != c.Before {
			gone = models.Refuse(models.Conflict, "change.overtaken")
			return s.end(tx, c, models.ChangeOvertaken, actor, "", unsigned)
		}
		if err := s.carryOut(tx, c, actor, signed); err != nil {
			return err
		}
		return more(tx, c)
	})
	if err == nil {
		err = gone
	}
	return c, err
}

func (s *Changes) carryOut(tx *gorm.DB, c models.Change, by models.Actor, signed Signed) error {
	if err := s.Of(c.Kind).Check(tx, c); err != nil {
		return err
	}
	signature, err := signed.take(tx, by.ID, c.ConfirmAct(c.Digest), s.Now())
	if err != nil {
		return err
	}
	if err := s.end(tx, c, models.ChangeConfirmed, by, "", signature); err != nil {
		return err
	}
	return s.Of(c.Kind).Apply(tx, c, by)
}

// Refuse leaves everything as it is, for a reason.
func (s *Changes) Refuse(ctx context.Context, by models.Actor, id int64, reason string) (models.Change, error) {
	reason, err := needReason(reason)
	if err != nil {
		return models.Change{}, err
	}
	return s.decide(ctx, by, id, models.Change.CheckDecide, func(tx *gorm.DB, c models.Change, actor models.Actor) error {
		return s.end(tx, c, models.ChangeRefused, actor, reason, unsigned)
	})
}

// Withdraw takes one's own proposal back.
func (s *Changes) Withdraw(ctx context.Context, by models.Actor, id int64) (models.Change, error) {
	return s.decide(ctx, by, id, models.Change.CheckWithdraw, func(tx *gorm.DB, c models.Change, actor models.Actor) error {
		return s.end(tx, c, models.ChangeWithdrawn, actor, "", unsigned)
	})
}

// decide reads change and person as they are now (S19), asks whether they may, and acts,
// in one write.
func (s *Changes) decide(ctx context.Context, by models.Actor, id int64, check func(models.Change, models.Person) error, act func(*gorm.DB, models.Change, models.Actor) error) (c models.Change, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		p, err := activePerson(tx, by.ID)
		if err != nil {
			return err
		}
		if c, err = models.FindChange(tx, id); err != nil {
			return err
		}
		if err := c.CheckSee(p); err != nil {
			return err
		}
		if err := c.CheckSubject(tx, p); err != nil {
			return err
		}
		if err := check(c, p); err != nil {
			return err
		}
		return act(tx, c, p.As(c.Verb(p)))
	})
	return c, err
}

// end stores how a proposal ended, with its entry in the log.
func (s *Changes) end(tx *gorm.DB, c models.Change, state models.ChangeState, by models.Actor, answer string, signature models.Signature) error {
	var decider *models.PersonID
	if by.ID != 0 {
		decider = &by.ID
	}
	if err := c.End(tx, state, decider, answer, s.Now()); err != nil {
		return err
	}
	if kind, keeps := s.Of(c.Kind).(dropper); keeps && state != models.ChangeConfirmed {
		if err := kind.Drop(tx, c); err != nil {
			return err
		}
	}
	return s.note(tx, by, "change_"+string(state), c, answer, signature)
}

// overtake ends what somebody proposed who is gone, and what concerns them: nobody
// answers for it any more.
func (s *Changes) overtake(tx *gorm.DB, by models.Actor, id models.PersonID) error {
	waiting, err := models.WaitingChanges(tx)
	if err != nil {
		return err
	}
	for _, c := range waiting {
		if !c.Touches(id) {
			continue
		}
		if err := s.end(tx, c, models.ChangeOvertaken, by, "", unsigned); err != nil {
			return err
		}
	}
	return nil
}

// unsigned is what ends a proposal and leaves everything as it is: it takes no proof.
var unsigned models.Signature

// note writes the entry in the log: what was to change from what into what, the digest
// that both people agree on, and by what it was signed.
func (s *Changes) note(tx *gorm.DB, by models.Actor, verb string, c models.Change, answer string, signature models.Signature) error {
	name, _, err := s.Of(c.Kind).Subject(tx, c.Subject)
	if err != nil {
		return err
	}
	lines, err := s.Of(c.Kind).Lines(tx, c)
	if err != nil {
		return err
	}
	details := models.Details{"kind": string(c.Kind), "of": name, "digest": hex.EncodeToString(c.Digest), "reason_text": c.Reason}
	details["before"], details["after"] = plainLines(lines)
	if answer != "" {
		details["reason_text"] = answer
	}
	if err := models.UnderPolicy(tx, by, details); err != nil {
		return err
	}
	return models.Append(tx, models.Event{
		At: s.Now(), Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "change", SubjectID: fmt.Sprint(c.ID), Details: signature.Note(details),
	})
}

// plainLines write lines as the log keeps them: roles: maker; until: 2026-12-01.
func plainLines(lines []models.ChangeLine) (before, after string) {
	var was, is []string
	for _, line := range lines {
		name := line.Name[strings.LastIndex(line.Name, ".")+1:] + ": "
		was, is = append(was, name+plainValue(line.Before)), append(is, name+plainValue(line.After))
	}
	return strings.Join(was, "; "), strings.Join(is, "; ")
}

func plainValue(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case []models.Role:
		return roleList(value)
	}
	return fmt.Sprint(value)
}
