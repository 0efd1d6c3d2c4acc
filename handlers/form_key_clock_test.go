package handlers

import (
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

// A used key is forgotten only once its session is gone: a clock that went forward and
// was set back again brings no deed back (S6, I20).
func TestS6_I20_AUsedKeyIsNotForgottenBeforeItsSession(t *testing.T) {
	t.Parallel()
	for _, far := range []time.Duration{services.SessionIdle - time.Second, services.SessionIdle + time.Second, services.SessionWhole + time.Second,
		services.FormKeyLasts + time.Second, services.FormKeyLasts + time.Hour + time.Second, 400 * 24 * time.Hour} {
		a, acts := deedApp(t)
		b := a.as(models.Maker)
		key := b.key()
		b.postKey("/deed", key, nil).leadsTo("/done")
		a.clock.pass(far)
		must(t, a.SignIn.Tidy(t.Context()))
		a.clock.pass(-far)
		again := b.postKey("/deed", key, nil)
		if *acts != 1 || again.status != http.StatusSeeOther && again.status != http.StatusUnauthorized {
			t.Errorf("forward by %s and back: %d acts, status %d", far, *acts, again.status)
		}
	}
}

// The known-bad variant: a tidying that forgets keys and leaves sessions lets the
// deed be done twice.
func TestS6_I20_AKeyForgottenBeforeItsSessionWouldActAgain(t *testing.T) {
	t.Parallel()
	a, acts := deedApp(t)
	b := a.as(models.Maker)
	key := b.key()
	b.postKey("/deed", key, nil).leadsTo("/done")
	a.write(func(tx *gorm.DB) error { return models.DropFormKeys(tx, a.Now().Add(time.Hour)) })
	b.postKey("/deed", key, nil)
	if *acts != 2 {
		t.Errorf("%d acts: the test above would not see a second one", *acts)
	}
}

func deedApp(t *testing.T) (*app, *int) {
	acts := 0
	return newApp(t).withRoute("/deed", func(c *gin.Context) error {
		acts++
		return redirect(c, "/done")
	}), &acts
}
