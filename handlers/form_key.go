package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"log/slog"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
)

// formKeyField is the hidden field of every form.
const formKeyField = "form_key"

// formKeys makes the one-time keys of forms, bound to the session they were shown
// in, so that a foreign post has none and a double click is one act (S6).
type formKeys struct {
	secret []byte
	lasts  time.Duration
	mu     sync.Mutex
	acting map[string]chan struct{} // keys whose first use has not ended
}

func newFormKeys(secret []byte, lasts time.Duration) *formKeys {
	return &formKeys{secret: secret, lasts: lasts, acting: map[string]chan struct{}{}}
}

// A key is the time it was made, a nonce, and the keyed hash of both with the
// session's id.
const (
	keyTime  = 8
	keyNonce = 16
	keyBytes = keyTime + keyNonce + sha256.Size
)

func (f *formKeys) make(sessionID string, at time.Time) string {
	key := binary.BigEndian.AppendUint64(make([]byte, 0, keyBytes), uint64(at.Unix()))
	key = key[:keyTime+keyNonce]
	rand.Read(key[keyTime:])
	return base64.RawURLEncoding.EncodeToString(append(key, f.sign(sessionID, key)...))
}

func (f *formKeys) sign(sessionID string, key []byte) []byte {
	mac := hmac.New(sha256.New, f.secret)
	mac.Write([]byte(sessionID))
	mac.Write([]byte{0})
	mac.Write(key)
	return mac.Sum(nil)
}

// check says whether we made the key, for this session, and not too long ago. Its
// digest is what is remembered of its use.
func (f *formKeys) check(sessionID, text string, now time.Time) ([]byte, error) {
	key, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(key) != keyBytes || sessionID == "" ||
		!hmac.Equal(key[keyTime+keyNonce:], f.sign(sessionID, key[:keyTime+keyNonce])) {
		return nil, models.Refuse(models.Forbidden, "form.foreign")
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(key)), 0)
	if now.Sub(made) > f.lasts {
		return nil, models.Refuse(models.Forbidden, "form.too_old")
	}
	sum := sha256.Sum256(key)
	return sum[:], nil
}

// enter waits until no other use of the key is going on, and gives the function
// that ends this one.
func (f *formKeys) enter(ctx context.Context, digest []byte) (func(), error) {
	for {
		f.mu.Lock()
		other, acting := f.acting[string(digest)]
		if !acting {
			mine := make(chan struct{})
			f.acting[string(digest)] = mine
			f.mu.Unlock()
			return func() { f.end(digest, mine) }, nil
		}
		f.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (f *formKeys) end(digest []byte, mine chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.acting, string(digest))
	close(mine)
}

// once carries out a deed at most once for each form that was shown. The key is
// claimed on the disk before the deed and learns where it led after it, so that
// even a crash in between never makes it two.
func (h *Handlers) once(c *gin.Context, action Action) error {
	v := visitOf(c)
	if err := parseForm(c); err != nil {
		return err
	}
	digest, err := h.formKeys.check(v.session.ID, single(c.Request.PostForm[formKeyField]), v.began)
	if err != nil {
		return err
	}
	if v.route.Verb == models.VerbPublic || v.route.asks {
		return h.act(c, action) // signing in twice is two sessions, and the second is the one that counts
	}
	ended, err := h.formKeys.enter(c, digest)
	if err != nil {
		return err
	}
	defer ended()
	key, first, err := h.claim(c, digest)
	switch {
	case err != nil:
		return err
	case !first && key.Location == "":
		return models.Refuse(models.Conflict, "form.already_sent")
	case !first:
		leave(c, key.Location)
		return nil
	}
	return h.settle(c, digest, h.act(c, action))
}

// act runs the deed; where it led is not yet told.
func (h *Handlers) act(c *gin.Context, action Action) error {
	if err := action(c); err != nil {
		return err
	}
	v := visitOf(c)
	if v.location == "" {
		return nil
	}
	if v.route.Verb != models.VerbPublic && !v.route.asks {
		return h.keepSession(c)
	}
	leave(c, v.location)
	return nil
}

func (h *Handlers) claim(ctx context.Context, digest []byte) (key models.FormKey, first bool, err error) {
	err = h.Store.Write(ctx, func(tx *gorm.DB) error {
		key, first, err = models.ClaimFormKey(tx, digest, h.Now())
		return err
	})
	return key, first, err
}

// settle notes what became of the deed. A refusal did nothing, so its form may be
// sent again; a fault may have done something, so it may not.
func (h *Handlers) settle(c *gin.Context, digest []byte, err error) error {
	location := visitOf(c).location
	switch {
	case err != nil && !isRefusal(err):
		return err
	case err == nil && location != "":
		h.noteKey(c, func(tx *gorm.DB) error { return models.LeadFormKey(tx, digest, location) })
		leave(c, location)
		return nil
	}
	h.noteKey(c, func(tx *gorm.DB) error { return models.FreeFormKey(tx, digest) })
	return err
}

// noteKey must not undo a deed that is done: without the note a second click is
// told that the form was already sent.
func (h *Handlers) noteKey(c *gin.Context, note func(tx *gorm.DB) error) {
	if err := h.Store.Write(c, note); err != nil {
		slog.Error("a form key was not noted", "ref", visitOf(c).ref, "error", err)
	}
}

// single is the only value of a field, or nothing.
func single(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}
