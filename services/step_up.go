package services

import (
	"context"
	"crypto/rand"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// StepUp asks people to prove again that they are there, for one act (E12, S5, I22).
type StepUp struct {
	*Core
	Passwords *Passwords
	Demo      bool // a demonstration, whose people sign by a click
}

// Given is what came with the form of an act, before anything of it is believed.
type Given struct {
	Session  models.Session
	Address  string
	Passkey  *ActCeremony // nil: none
	Code     string
	Password string
}

// Sign checks what somebody gave for an act. Whatever is wrong with it is on record, and
// nothing has happened.
func (s *StepUp) Sign(ctx context.Context, by models.Person, act models.Act, g Given) (Signed, error) {
	w, err := s.Ways(s.Store.Read(ctx), g.Session)
	if err != nil {
		return Signed{}, err
	}
	w = w.For(act, g.Session)
	switch {
	case g.Session.PersonID != by.ID:
		return Signed{}, s.refuse(ctx, by, act, g, "", "step_up.missing", "")
	case g.Passkey != nil && len(w.Passkeys) > 0:
		return s.byPasskey(ctx, by, act, g)
	case w.Code && (g.Code != "" || len(w.Passkeys) == 0):
		return s.byCode(ctx, by, act, g)
	case w.Password:
		return s.byPassword(ctx, by, act, g)
	case w.Click:
		return s.signed(act, by, models.FactorDemo, always), nil
	case w.UnknownPasskey:
		return Signed{}, s.refuse(ctx, by, act, g, models.FactorPasskey, "step_up.add_again", "")
	}
	return Signed{}, s.refuse(ctx, by, act, g, models.FactorPasskey, "step_up.no_passkey", "")
}

// Click is how people of a demonstration's story sign whatever they do; nowhere else is
// there such a way.
func (s *StepUp) Click(by models.Person) Signed {
	if !s.Demo {
		return Signed{}
	}
	signed := s.signed(models.Act{}, by, models.FactorDemo, always)
	signed.whatever = true
	return signed
}

func always(*gorm.DB) (bool, error) { return true, nil }

func (s *StepUp) signed(act models.Act, by models.Person, method models.FactorKind, claim func(*gorm.DB) (bool, error)) Signed {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	return Signed{signature: models.SignatureOver(act, by.ID, method, s.Now(), nonce), claim: claim}
}

// byCode takes a one-time code; the step that it is of is used up with the act (I22).
func (s *StepUp) byCode(ctx context.Context, by models.Person, act models.Act, g Given) (Signed, error) {
	tries := []string{s.tryName("factor", fmt.Sprint(by.ID)), s.tryName("address", g.Address)}
	if err := s.countTry(ctx, tries...); err != nil {
		return Signed{}, err
	}
	step, fits, err := s.stepOfPerson(ctx, by.ID, g.Code)
	if err != nil {
		return Signed{}, err
	}
	if !fits {
		return Signed{}, s.refuse(ctx, by, act, g, models.FactorCode, "step_up.wrong_code", "code")
	}
	claim := func(tx *gorm.DB) (bool, error) { return models.UseStep(tx, by.ID, step, s.Now()) }
	return s.signed(act, by, models.FactorCode, claim), s.takeBack(ctx, tries[0], tries[1])
}

func (s *StepUp) stepOfPerson(ctx context.Context, id models.PersonID, code string) (step int64, fits bool, err error) {
	factors, err := models.FactorsOf(s.Store.Read(ctx), id)
	if err != nil || factors.Code == nil {
		return 0, false, err
	}
	secret, err := s.Vault.Open(secretPlace(id), factors.Code.SealedSecret)
	if err != nil {
		return 0, false, err
	}
	step, fits, err = stepOf(string(secret), typed(code), s.Now())
	return step, fits && step > factors.Code.UsedStep, err
}

// byPassword is for those who have no factor: the password again.
func (s *StepUp) byPassword(ctx context.Context, by models.Person, act models.Act, g Given) (Signed, error) {
	if g.Password == "" { // no try at guessing it
		return Signed{}, s.refuse(ctx, by, act, g, models.FactorPassword, "step_up.wrong_password", "password")
	}
	tries := []string{s.tryName("login", by.Login), s.tryName("address", g.Address)}
	if err := s.countTry(ctx, tries...); err != nil {
		return Signed{}, err
	}
	fits, err := s.Passwords.fits(ctx, g.Password, by.PasswordHash)
	if err != nil {
		return Signed{}, err
	}
	if !fits {
		return Signed{}, s.refuse(ctx, by, act, g, models.FactorPassword, "step_up.wrong_password", "password")
	}
	still := func(tx *gorm.DB) (bool, error) {
		now, err := models.FindPerson(tx, by.ID)
		return now.PasswordHash == by.PasswordHash, err
	}
	return s.signed(act, by, models.FactorPassword, still), s.takeBack(ctx, tries[0], tries[1])
}

// takeBack takes back the count of tries that were right.
func (s *StepUp) takeBack(ctx context.Context, login, address string) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error { return models.TakeBackTry(tx, login, address) })
}

// refuse puts on record that a step-up failed, and says so in the words of its act.
func (s *StepUp) refuse(ctx context.Context, by models.Person, act models.Act, g Given, method models.FactorKind, why, field string) error {
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "step_up_refused", ActorID: by.ID, Actor: by.Name, Subject: act.Subject, SubjectID: act.SubjectID,
			Details: models.Details{"act": string(act.Verb), "method": string(method), "why": why, "address": g.Address},
		})
	})
	if err != nil {
		return err
	}
	return stepUpRefusal(act, why, field)
}

// StepUpRefused is the key of every refusal of a step-up; its last value says why.
const StepUpRefused = "step_up.refused"

// stepUpRefusal says that nothing was done, in the words of the act, and why.
func stepUpRefusal(act models.Act, why, field string) error {
	if field == "" {
		field = "step_up"
	}
	return models.Refuse(models.Invalid, StepUpRefused, "Nothing", gateway.Word("step_up.nothing_"+string(act.Verb)), "Why", gateway.Word(why)).On(field)
}
