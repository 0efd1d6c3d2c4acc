package handlers

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/views"
)

// readFilter reads the address; a rail must be one that we speak.
func readFilter(values url.Values, reader models.Person, now time.Time) (models.PayoutFilter, models.Refusals) {
	f, refused := models.ParsePayoutFilter(values, reader, now)
	if _, _, known := families.Rail(f.Rail); f.Rail != "" && !known {
		f.Rail = ""
		refused = append(refused, models.Refuse(models.Invalid, "filter.unknown_choice").On("rail"))
	}
	return f, refused
}

// shortcut is where an address leads that need not be a list: an exact number to
// its order, a whole account number to its hash, and one with empty answers, as
// forms make them, to the same without.
func (h *Handlers) shortcut(ctx context.Context, f models.PayoutFilter, values url.Values) (to string, ok bool, err error) {
	if f.Search.Text != "" {
		if to, ok, err := h.searched(ctx, f); err != nil || ok {
			return to, ok, err
		}
	}
	for name, all := range values {
		if slices.Contains(all, "") {
			values.Del(name)
			ok = true
		}
	}
	return listAddress("/payouts", values), ok, nil
}

func listAddress(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// searched is where the one box leads, unless to a list of what was typed.
func (h *Handlers) searched(ctx context.Context, f models.PayoutFilter) (to string, ok bool, err error) {
	db := h.Store.Read(ctx)
	orderNo, exactly, err := models.FindExactly(db, f.Search)
	if err != nil || exactly {
		return string(views.PayoutPath(orderNo)), exactly, err
	}
	number := f.Search.AccountNumber()
	if number == "" {
		return "", false, nil
	}
	if known, err := models.HasReference(db, f.Search); err != nil || known {
		return "", false, err
	}
	f.Number, f.Search = h.Payouts.HashAccount(number), models.Search{}
	return string(views.PayoutsPath(f)), true, nil
}

type searchForm struct {
	Q      string `form:"q"`
	Filter string `form:"filter"` // the address of the list that is searched
}

// searchPayouts handles POST /payouts/search: the box is sent by POST because an
// account number may be typed in it, which no address may hold (I24).
func (h *Handlers) searchPayouts(c *gin.Context) error {
	var form searchForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	values, err := url.ParseQuery(form.Filter)
	if err != nil {
		return unreadable{err}
	}
	values.Set("q", form.Q)
	values.Del("number")
	f, refused := readFilter(values, person(c), visitOf(c).began)
	if len(refused) > 0 {
		return refused
	}
	to, ok, err := h.searched(c.Request.Context(), f)
	if err == nil && !ok {
		to = string(views.PayoutsPath(f))
	}
	if err != nil {
		return err
	}
	return redirect(c, to)
}
