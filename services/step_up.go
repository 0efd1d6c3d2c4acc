package services

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/passkey"
)

// StepUp asks people to prove again that they are there, for one act (E12, S5, I22).
type StepUp struct {
	*Core
	Passwords *Passwords
	Demo      bool // a demonstration, whose people sign by a click
}

// Signed is a proof that its person was there for one act a moment ago. StepUp alone
// makes one. The act takes it in its own write, once.
type Signed struct {
	signature models.Signature
	whatever  bool                            // a click in a demonstration's story: it signs what takes it
	claim     func(tx *gorm.DB) (bool, error) // uses the factor up; false where it was used before
	opened    time.Time                       // when the person was shown what they sign first; zero where that is not known
}

// Reading is the proof of somebody who was shown what they sign at this time first.
func (s Signed) Reading(since time.Time) Signed {
	s.opened = since
	return s
}

// note adds to the details of the act's event by what it was signed, and how many seconds
// after it was opened, so that an auditor sees who approves without reading.
func (s Signed) note(signature models.Signature, now time.Time, d models.Details) models.Details {
	if read := now.Sub(s.opened); !s.opened.IsZero() && read >= 0 {
		d[models.ReadSeconds] = strconv.Itoa(int(read / time.Second))
	}
	return signature.Note(d)
}

// take uses the proof up for the act, and stores it.
func (s Signed) take(tx *gorm.DB, by models.PersonID, act models.Act, now time.Time) (models.Signature, error) {
	signature := s.signature
	if s.whatever {
		signature = models.SignatureOver(act, signature.PersonID, signature.Method, now, signature.Nonce)
	}
	switch {
	case s.claim == nil:
		return signature, stepUpRefusal(act, "step_up.missing", "")
	case signature.PersonID == by && signature.Of(act) && !signature.Is(act):
		return signature, stepUpRefusal(act, "step_up.changed", "")
	case signature.PersonID != by || !signature.Is(act):
		return signature, stepUpRefusal(act, "step_up.other_act", "")
	case !signature.Fresh(now):
		return signature, stepUpRefusal(act, "step_up.too_old", "")
	}
	first, err := s.claim(tx)
	if err == nil && first {
		signature.MadeAt = now.UTC().Truncate(time.Millisecond)
		first, err = models.KeepSignature(tx, &signature)
	}
	if err == nil && !first {
		err = stepUpRefusal(act, "step_up.used", "")
	}
	return signature, err
}

// Ways are the methods by which somebody signs here. Whoever has a factor uses it; a
// password does for those who have none, and a click for the people of a demonstration.
type Ways struct {
	Passkeys       []models.Passkey
	Code           bool
	Password       bool
	Click          bool
	UnknownPasskey bool // there are only passkeys whose key is not on record: they must be added again
}

// Ways reads what the person of a session signs by.
func (s *StepUp) Ways(db *gorm.DB, in models.Session) (w Ways, err error) {
	factors, err := models.FactorsOf(db, in.PersonID)
	if err != nil {
		return w, err
	}
	for _, p := range factors.Passkeys {
		if p.EnrolledSeq > 0 {
			w.Passkeys = append(w.Passkeys, p)
		}
	}
	w.Code = factors.Code != nil
	w.UnknownPasskey = factors.Any() && len(w.Passkeys) == 0 && !w.Code
	w.Click = !factors.Any() && s.Demo && in.Factor == models.FactorDemo
	w.Password = !factors.Any() && !w.Click
	return w, nil
}

// For narrows the ways to those that do for an act. Who came in by a recovery code has lost
// the factor that is to be replaced, and a passkey whose key is not on record signs nothing:
// there the password proves who changes factors, and nothing else.
func (w Ways) For(act models.Act, in models.Session) Ways {
	if act.AboutFactors() && (w.UnknownPasskey || in.Factor == models.FactorRecovery) {
		return Ways{Password: true}
	}
	return w
}

// Given is what came with the form of an act, before anything of it is believed.
type Given struct {
	Session  models.Session
	Address  string
	Passkey  *ActCeremony // nil: none
	Code     string
	Password string
}

// ActCeremony is a passkey's answer for an act. The stamp was found to be ours, of this
// browser; Stale is why not, a catalogue key.
type ActCeremony struct {
	Site   passkey.Site
	Answer passkey.Answer
	Issued time.Time
	Nonce  []byte
	Stale  string
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

// byPasskey takes what a passkey signed for exactly this act.
func (s *StepUp) byPasskey(ctx context.Context, by models.Person, act models.Act, g Given) (Signed, error) {
	address := s.tryName("address", g.Address)
	if err := s.countTry(ctx, address); err != nil {
		return Signed{}, err
	}
	signature := models.SignatureOver(act, by.ID, models.FactorPasskey, g.Passkey.Issued, g.Passkey.Nonce)
	was, is, why, err := s.holds(ctx, *g.Passkey, signature)
	if err != nil {
		return Signed{}, err
	}
	if why != "" {
		return Signed{}, s.refuse(ctx, by, act, g, models.FactorPasskey, why, "")
	}
	if err := keepAssertion(&signature, g.Passkey.Answer, was); err != nil {
		return Signed{}, err
	}
	claim := func(tx *gorm.DB) (bool, error) { return models.UsePasskey(tx, was, is, s.Now()) }
	return Signed{signature: signature, claim: claim}, s.takeBack(ctx, "", address)
}

// holds asks whether the answer is by a passkey of this person, over this act, on this
// content, and of a moment ago. why says what is wrong, "" if nothing is.
func (s *StepUp) holds(ctx context.Context, c ActCeremony, over models.Signature) (was, is models.Passkey, why string, err error) {
	if c.Stale != "" {
		return was, is, c.Stale, nil
	}
	was, is, why, err = s.checkPasskey(ctx, Ceremony{Site: c.Site, Answer: c.Answer})
	switch {
	case why != "":
		why = "step_up.wrong_passkey"
	case was.PersonID != over.PersonID || was.EnrolledSeq == 0:
		why = "step_up.not_yours"
	case !c.Answer.Over(over.Challenge()):
		why = "step_up.other_act"
	case !over.Fresh(s.Now()):
		why = "step_up.too_old"
	}
	return was, is, why, err
}

// keepAssertion puts into the signature what an outsider needs, and checks it as they will.
func keepAssertion(s *models.Signature, a passkey.Answer, p models.Passkey) error {
	proof, err := a.Assertion(p)
	if err == nil {
		_, err = proof.Verify(s.Challenge())
	}
	if err != nil {
		return fmt.Errorf("what the passkey signed would not stand without us: %w", err)
	}
	s.CredentialID, s.PublicKey, s.EnrolledSeq = proof.CredentialID, proof.PublicKey, p.EnrolledSeq
	s.AuthenticatorData, s.ClientData, s.Signature = proof.AuthenticatorData, proof.ClientData, proof.Signature
	return nil
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
