package handlers

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
)

// attemptPlaces are what the things in addresses are called in the log, by how their
// routes begin; the first that fits a parameter counts.
var attemptPlaces = []struct{ route, parameter, name string }{
	{"/payouts/:no", "no", models.AtOrder},
	{"/payouts/:no/files/:id", "id", models.AtFile},
	{"/payouts/:no/enquiry/:id", "id", models.AtEnquiry},
	{"/approvals/:no", "no", models.AtOrder},
	{"/unclear/:no", "no", models.AtOrder},
	{"/contradictions/:no", "no", models.AtOrder},
	{"/gateways/sandbox/:no", "no", models.AtOrder},
	{"/sends/:no", "no", models.AtSend},
	{"/people/:id", "id", models.AtPerson},
	{"/payees/blocked/:id", "id", models.AtBlock},
	{"/payees/finds/:id", "id", models.AtFind},
	{"/payees/:id", "id", models.AtPayee},
	{"/payees/:id/changes/:change", "change", models.AtChange},
	{"/changes/:id", "id", models.AtChange},
	{"/notices/:id", "id", models.AtNotice},
	{"/gateways/:id", "id", models.AtAccount},
}

// The shapes of what goes on record: what somebody typed in the place of a number does not.
var (
	attemptNumber = regexp.MustCompile(`^[A-Za-z0-9]{1,32}$`)
	attemptDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)
	attemptListed = regexp.MustCompile(`^[A-Za-z0-9]{1,32}:[0-9a-f]{64}$`)
)

// attemptListMost bounds how many orders of a list an entry names.
const attemptListMost = 100

// attemptAt is what a request was at: the thing in its address, and the content that its
// form names.
func attemptAt(c *gin.Context) models.Details {
	at := models.Details{}
	for _, place := range attemptPlaces {
		number := c.Param(place.parameter)
		if strings.HasPrefix(c.FullPath(), place.route) && attemptNumber.MatchString(number) {
			at[place.name] = number
		}
	}
	if digest := c.Request.PostFormValue("digest"); attemptDigest.MatchString(digest) {
		at[models.AtDigest] = digest
	}
	if listed := c.Request.PostForm["order"]; len(listed) > 0 && len(listed) <= attemptListMost && allListed(listed) {
		at[models.AtOrders] = strings.Join(listed, " ")
	}
	return at
}

func allListed(orders []string) bool {
	for _, one := range orders {
		if !attemptListed.MatchString(one) {
			return false
		}
	}
	return true
}

// noteRefusal puts on record that a person tried what they may not (I19).
func (h *Handlers) noteRefusal(c *gin.Context, err error) {
	why := "role"
	if !errors.As(err, &mayNot{}) {
		all := refusalsIn(err)
		if len(all) == 0 || all[0].Kind != models.Forbidden {
			return
		}
		why = all[0].Key
	}
	h.noteAttempt(c, why)
}

// noteAttempt writes it down, so many times a minute.
func (h *Handlers) noteAttempt(c *gin.Context, why string) {
	v := visitOf(c)
	if v.person.ID == 0 || !h.refusals.allow(int64(v.person.ID), v.began) {
		return
	}
	a := services.Attempt{Verb: v.route.Verb, Route: c.Request.Method + " " + c.FullPath(), Why: why, At: attemptAt(c)}
	if err := h.SignIn.Refused(c.Request.Context(), v.person, a); err != nil {
		slog.Error("a refusal is not on record", "ref", v.ref, "error", err)
	}
}
