package handlers

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/passkey"
	"countersign/views"
)

// toAct is what the stamps of acts were made for.
const toAct = "an act"

// proofForm are the fields of a step-up, in every form that asks for one.
type proofForm struct {
	Stamp    string `form:"stamp"`
	Answer   string `form:"answer,raw"`
	Code     string `form:"code"`
	Password string `form:"password,raw"`
}

// askStepUp is how the reader proves that they are there for the act on this page. A
// passkey is asked about exactly this act, on exactly this content (X8).
func (h *Handlers) askStepUp(c *gin.Context, act models.Act) (views.StepUp, error) {
	var question string
	page, err := h.askAnyStepUp(c, act, func(ask asker) (err error) {
		question, err = ask(act)
		return err
	})
	page.Question = views.PasskeyQuestion(question)
	return page, err
}

// askStepUpBy asks about the act of the answer that the reader chooses in the field by.
func (h *Handlers) askStepUpBy(c *gin.Context, by string, acts map[string]models.Act) (views.StepUp, error) {
	questions := map[string]json.RawMessage{}
	page, err := h.askAnyStepUp(c, models.Act{}, func(ask asker) error {
		for answer, act := range acts {
			question, err := ask(act)
			if err != nil {
				return err
			}
			questions[answer] = json.RawMessage(question)
		}
		return nil
	})
	if err != nil || len(questions) == 0 {
		return page, err
	}
	all, err := json.Marshal(questions)
	page.By, page.Question = by, views.PasskeyQuestion(all)
	return page, err
}

// asker gives the question to a passkey about one act.
type asker func(models.Act) (string, error)

// askAnyStepUp lets ask be called where there is a passkey to ask. The ways are those of
// any act, but for one that has its own.
func (h *Handlers) askAnyStepUp(c *gin.Context, about models.Act, ask func(asker) error) (page views.StepUp, err error) {
	v := visitOf(c)
	ways, err := h.StepUp.Ways(h.Store.Read(c), v.stored)
	if err != nil {
		return page, err
	}
	ways = ways.For(about, v.stored)
	page = views.StepUp{
		Asked: true, Code: ways.Code, Password: ways.Password, Click: ways.Click, Passkeys: len(ways.Passkeys) > 0, AddAgain: ways.UnknownPasskey,
	}
	site, ok, err := h.site(c)
	if err != nil || !ok || !page.Passkeys {
		return page, err
	}
	page.Stamp = h.challenges.make(toAct+"\x00"+h.sessions.idOf(v.session), v.began)
	issued, nonce, err := readStamp(page.Stamp)
	if err != nil {
		return page, err
	}
	return page, ask(func(act models.Act) (string, error) { return site.Request(act.Challenge(issued, nonce), ways.Passkeys) })
}

// readStamp takes the time and the nonce out of a stamp, of which a challenge is made.
func readStamp(stamp string) (issued time.Time, nonce []byte, err error) {
	key, err := base64.RawURLEncoding.DecodeString(stamp)
	if err != nil || len(key) != keyBytes {
		return issued, nil, models.Refuse(models.Forbidden, "form.foreign")
	}
	return time.Unix(int64(binary.BigEndian.Uint64(key)), 0), key[keyTime : keyTime+keyNonce], nil
}

// signed takes the proof that came with the form of an act. What is refused is on record.
func (h *Handlers) signed(c *gin.Context, act models.Act, form proofForm) (services.Signed, error) {
	given := services.Given{Session: visitOf(c).stored, Address: c.ClientIP(), Code: form.Code, Password: form.Password}
	if form.Answer != "" {
		ceremony, err := h.actCeremony(c, form)
		if err != nil {
			return services.Signed{}, err
		}
		given.Passkey = ceremony
	}
	return h.StepUp.Sign(c.Request.Context(), person(c), act, given)
}

// signedReason are the fields of a form that asks why, and whose act may be signed.
type signedReason struct {
	Reason string `form:"reason"`
	Digest string `form:"digest"` // of what was shown
	proofForm
}

// shown is the digest of what the page showed; one that cannot be read fits nothing.
func (f signedReason) shown() []byte { return readDigest(f.Digest) }

func readDigest(text string) []byte {
	digest, err := hex.DecodeString(text)
	if err != nil {
		return nil
	}
	return digest
}

// sign lets somebody act who has just proven that they are there for it.
func (h *Handlers) sign(c *gin.Context, act models.Act, proof proofForm, do func(services.Signed) error) error {
	signed, err := h.signed(c, act, proof)
	if err != nil {
		return err
	}
	err = do(signed)
	h.notDone(c, err)
	return err
}

// actCeremony reads a passkey's answer, and asks of its stamp whether it is ours and this
// browser's.
func (h *Handlers) actCeremony(c *gin.Context, form proofForm) (*services.ActCeremony, error) {
	site, ok, err := h.site(c)
	if err != nil {
		return nil, err
	}
	ceremony := &services.ActCeremony{Site: site}
	said, wrong := passkey.Read([]byte(form.Answer))
	if !ok || wrong != nil {
		ceremony.Stale = "step_up.wrong_passkey"
		return ceremony, nil
	}
	ceremony.Answer = said
	if _, err := h.ours(c, toAct, form.Stamp); err != nil {
		ceremony.Stale = staleKeys[refusalsIn(err)[0].Key]
		return ceremony, nil
	}
	ceremony.Issued, ceremony.Nonce, err = readStamp(form.Stamp)
	return ceremony, err
}

// staleKeys say of a stamp in the words of acts what is wrong with it.
var staleKeys = map[string]string{"form.too_old": "step_up.too_old", "form.foreign": "step_up.other_browser"}

// notDone puts on record that an act was refused though its person had proven to be
// there, or because the proof no longer held (I19).
func (h *Handlers) notDone(c *gin.Context, err error) {
	all := refusalsIn(err)
	if len(all) == 0 || all[0].Kind == models.Forbidden { // those are noted by answer
		return
	}
	why := all[0].Key
	if word, ok := lastOf(all[0].Args).(gateway.Word); ok && why == services.StepUpRefused {
		why = string(word)
	}
	h.noteAttempt(c, why)
}

func lastOf(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[len(args)-1]
}
