package handlers

import (
	"encoding/base64"
	"net"
	"net/url"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/passkey"
	"countersign/views"
)

// What a challenge was made for: an answer to one question answers no other.
const (
	atDoor     = "signing in"
	inTwoSteps = "the second step"
	toAdd      = "adding"
)

// challenge is what a passkey signs: bound to the browser's session and to one purpose,
// good for some minutes and for one use. It is kept nowhere before it is answered.
func (h *Handlers) challenge(c *gin.Context, purpose string) ([]byte, error) {
	v := visitOf(c)
	text := h.challenges.make(purpose+"\x00"+h.sessions.idOf(v.session), v.began)
	return base64.RawURLEncoding.DecodeString(text)
}

// ours says whether a challenge is one of ours for this browser and purpose, and gives
// the digest under which its use is noted.
func (h *Handlers) ours(c *gin.Context, purpose, challenge string) ([]byte, error) {
	v := visitOf(c)
	if v.session.ID == "" {
		return nil, models.Refuse(models.Forbidden, "form.foreign")
	}
	return h.challenges.check(purpose+"\x00"+v.session.ID, challenge, v.began)
}

// publicAddress is where people reach this installation. What its start was told stands
// over the setting: whoever may change where notices are posted shall neither lead
// invitations elsewhere nor make passkeys void.
func (h *Handlers) publicAddress(c *gin.Context) (string, error) {
	if h.PublicURL != "" {
		return h.PublicURL, nil
	}
	return models.ReadSetting(h.Store.Read(c), models.SettingPublicURL)
}

// site is what passkeys are bound to here: the public address of the installation, or
// this machine by its name. An address of numbers has no passkeys.
func (h *Handlers) site(c *gin.Context) (site passkey.Site, ok bool, err error) {
	address, err := h.publicAddress(c)
	if err != nil {
		return site, false, err
	}
	public, wrong := url.Parse(address)
	if wrong == nil && public.Scheme == "https" && net.ParseIP(public.Hostname()) == nil {
		return passkey.Site{Host: public.Hostname(), Origin: public.Scheme + "://" + public.Host}, true, nil
	}
	name, _, wrong := net.SplitHostPort(c.Request.Host)
	if wrong != nil {
		name = c.Request.Host
	}
	return passkey.Site{Host: name, Origin: "http://" + c.Request.Host}, name == "localhost", nil
}

// ownOrigin is where a link of ours leads: to the public address, or to how the reader
// reached this page.
func (h *Handlers) ownOrigin(c *gin.Context) (string, error) {
	site, public, err := h.site(c)
	switch {
	case err != nil:
		return "", err
	case public:
		return site.Origin, nil
	case h.Secure:
		return "https://" + c.Request.Host, nil
	}
	return "http://" + c.Request.Host, nil
}

// askPasskey is the question that a button of the page puts to the browser; none where
// passkeys cannot be.
func (h *Handlers) askPasskey(c *gin.Context, purpose string, among []models.Passkey) (views.PasskeyQuestion, error) {
	site, ok, err := h.site(c)
	if err != nil || !ok {
		return "", err
	}
	challenge, err := h.challenge(c, purpose)
	if err != nil {
		return "", err
	}
	question, err := site.Request(challenge, among)
	return views.PasskeyQuestion(question), err
}

// ceremony reads what the browser answered. An answer that is none, or to somebody
// else's question, is refused like one that does not hold.
func (h *Handlers) ceremony(c *gin.Context, purpose, answer string) (services.Ceremony, error) {
	site, ok, err := h.site(c)
	if err != nil {
		return services.Ceremony{}, err
	}
	said, wrong := passkey.Read([]byte(answer))
	if !ok || wrong != nil {
		return services.Ceremony{}, models.Refuse(models.Invalid, "sign_in.passkey_wrong")
	}
	claim, err := h.ours(c, purpose, said.Challenge)
	return services.Ceremony{Site: site, Answer: said, Challenge: claim}, err
}
