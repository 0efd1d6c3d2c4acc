package handlers

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/pquerna/otp"

	"countersign/models"
	"countersign/services"
	"countersign/services/passkey"
	"countersign/views"
	"countersign/views/i18n"
)

// newCodes handles GET /profile/codes: a secret for the device that will make the codes.
func (h *Handlers) newCodes(c *gin.Context) error {
	key, sealed, err := h.Factors.OfferCodes(person(c))
	if err != nil {
		return err
	}
	return h.drawCodes(c, http.StatusOK, key, views.CodesPage{Sealed: base64.RawURLEncoding.EncodeToString(sealed)})
}

func (h *Handlers) drawCodes(c *gin.Context, status int, key *otp.Key, page views.CodesPage) error {
	picture, err := pictureOf(key)
	if err != nil {
		return err
	}
	page.Shell, page.Picture, page.Secret = h.shell(c, i18n.T(c.Request.Context(), "codes.title"), "profile"), picture, key.Secret()
	page.Shell.Errors, page.Aged = len(page.Errors) > 0, h.aged(c)
	return h.show(c, status, views.Codes(page))
}

// The picture of a secret: so many points wide, with the quiet edge that readers need.
const (
	picturePoints = 264
	pictureEdge   = 24
)

// pictureOf draws what a device reads with its camera, as an image inside the page: it
// must not lie at an address of its own (I24).
func pictureOf(key *otp.Key) (string, error) {
	squares, err := key.Image(picturePoints, picturePoints)
	if err != nil {
		return "", err
	}
	whole := image.NewGray(image.Rect(0, 0, picturePoints+2*pictureEdge, picturePoints+2*pictureEdge))
	draw.Draw(whole, whole.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(whole, squares.Bounds().Add(image.Pt(pictureEdge, pictureEdge)), squares, squares.Bounds().Min, draw.Src)
	var drawn bytes.Buffer
	err = png.Encode(&drawn, whole)
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(drawn.Bytes()), err
}

type codesForm struct {
	Sealed string `form:"sealed"`
	Code   string `form:"code"`
}

// addCodes handles POST /profile/codes. The same secret comes back with a wrong code.
func (h *Handlers) addCodes(c *gin.Context) error {
	var form codesForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	sealed, err := base64.RawURLEncoding.DecodeString(form.Sealed)
	if err != nil {
		return models.Refuse(models.Conflict, "factor.offer_over")
	}
	ctx, v := c.Request.Context(), visitOf(c)
	err = h.Factors.AddCodes(ctx, actor(c), v.stored, services.NewCodes{Sealed: sealed, Code: form.Code, TypedAt: v.typed()}, v.signed)
	if errs, ok := formErrors(c, err); ok {
		key, err := h.Factors.Offered(v.person, sealed)
		if err != nil {
			return err
		}
		return h.drawCodes(c, http.StatusUnprocessableEntity, key, views.CodesPage{Sealed: form.Sealed, Errors: errs})
	}
	return h.afterFactorChange(c, err, models.FactorCode, "factor.codes_added")
}

// removeCodes handles POST /profile/codes/removal.
func (h *Handlers) removeCodes(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	err := h.Factors.RemoveCodes(c.Request.Context(), actor(c), visitOf(c).stored, proof(c))
	return h.afterFactorChange(c, err, visitOf(c).stored.Factor, "factor.removed")
}

// newPasskey handles GET /profile/passkeys: a name, and the question to the browser.
func (h *Handlers) newPasskey(c *gin.Context) error {
	return h.drawPasskey(c, http.StatusOK, views.PasskeyPage{})
}

func (h *Handlers) drawPasskey(c *gin.Context, status int, page views.PasskeyPage) error {
	ctx, p := c.Request.Context(), person(c)
	site, ok, err := h.site(c)
	if err != nil {
		return err
	}
	if page.Question, err = h.passkeyToMake(c, site, ok, p); err != nil {
		return err
	}
	page.Shell, page.Aged = h.shell(c, i18n.T(ctx, "passkey.title"), "profile"), h.aged(c)
	page.Shell.Errors = len(page.Errors) > 0
	return h.show(c, status, views.NewPasskey(page))
}

func (h *Handlers) passkeyToMake(c *gin.Context, site passkey.Site, ok bool, p models.Person) (views.PasskeyQuestion, error) {
	if !ok {
		return "", nil
	}
	factors, err := models.FactorsOf(h.Store.Read(c), p.ID)
	if err != nil {
		return "", err
	}
	challenge, err := h.challenge(c, toAdd)
	if err != nil {
		return "", err
	}
	question, err := site.Creation(h.Factors.Owner(p, factors), challenge, factors.Passkeys)
	return views.PasskeyQuestion(question), err
}

type newPasskeyForm struct {
	Name   string `form:"name"`
	Answer string `form:"answer,raw"`
}

// addPasskey handles POST /profile/passkeys.
func (h *Handlers) addPasskey(c *gin.Context) error {
	var form newPasskeyForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.takePasskey(c, form)
	if errs, ok := formErrors(c, err); ok {
		return h.drawPasskey(c, http.StatusUnprocessableEntity, views.PasskeyPage{Name: form.Name, Errors: errs})
	}
	return h.afterFactorChange(c, err, models.FactorPasskey, "factor.passkey_added")
}

func (h *Handlers) takePasskey(c *gin.Context, form newPasskeyForm) error {
	if err := models.CheckPasskeyName(form.Name); err != nil {
		return err
	}
	site, ok, err := h.site(c)
	if err != nil {
		return err
	}
	challenge, wrong := passkey.ChallengeOf([]byte(form.Answer))
	if !ok || wrong != nil {
		return models.Refuse(models.Invalid, "factor.passkey_refused").On("name")
	}
	claim, err := h.ours(c, toAdd, challenge)
	if err != nil {
		return err
	}
	return h.Factors.AddPasskey(c.Request.Context(), actor(c), visitOf(c).stored, services.NewPasskey{
		Name: form.Name, Site: site, Challenge: challenge, Claim: claim, Answer: []byte(form.Answer),
	}, proof(c))
}

// removePasskey handles POST /profile/passkeys/:id/removal.
func (h *Handlers) removePasskey(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return models.Refuse(models.Missing, "factor.missing")
	}
	err = h.Factors.RemovePasskey(c.Request.Context(), actor(c), visitOf(c).stored, id, proof(c))
	return h.afterFactorChange(c, err, visitOf(c).stored.Factor, "factor.removed")
}

// afterFactorChange goes on under a new id: every session of the person has ended (I22).
// Whoever has just got a first factor is led to the codes for when it is lost.
func (h *Handlers) afterFactorChange(c *gin.Context, err error, factor models.FactorKind, done string) error {
	if err != nil {
		return err
	}
	p, err := models.FindPerson(h.Store.Read(c), person(c).ID)
	if err != nil {
		return err
	}
	factors, err := models.FactorsOf(h.Store.Read(c), p.ID)
	if err != nil {
		return err
	}
	switch {
	case visitOf(c).stored.Factor == models.FactorDemo:
		factor = models.FactorDemo
	case !factors.Any():
		factor = ""
	}
	if err := h.begin(c, p, factor); err != nil {
		return err
	}
	say(c, done)
	if factors.Any() && factors.CodesMade.IsZero() {
		return redirect(c, "/profile/recovery")
	}
	return redirect(c, "/profile")
}

// newRecovery handles GET /profile/recovery.
func (h *Handlers) newRecovery(c *gin.Context) error { return h.drawRecovery(c, nil) }

// makeRecovery handles POST /profile/recovery. The codes are on this answer and nowhere
// else: whoever sends the form again gets others, and these are void.
func (h *Handlers) makeRecovery(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	codes, err := h.Factors.MakeRecoveryCodes(c.Request.Context(), actor(c), visitOf(c).stored, proof(c))
	if err != nil {
		return err
	}
	return h.drawRecovery(c, codes)
}

func (h *Handlers) drawRecovery(c *gin.Context, codes []string) error {
	p := person(c)
	factors, err := models.FactorsOf(h.Store.Read(c), p.ID)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.Recovery(views.RecoveryPage{
		Shell: h.shell(c, i18n.T(c.Request.Context(), "recovery.title"), "profile"), Codes: codes, Login: p.Login,
		Left: factors.CodesLeft, Made: factors.CodesMade, Any: factors.Any(), Aged: h.aged(c),
	}))
}

// aged says whether the sign-in is too old for a change of factors.
func (h *Handlers) aged(c *gin.Context) bool {
	v := visitOf(c)
	return v.stored.CheckFresh(v.began) != nil
}
