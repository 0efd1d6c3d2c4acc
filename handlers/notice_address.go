package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

type addressForm struct {
	PublicURL string `form:"public_url"`
	Reason    string `form:"reason"`
}

// newAddress handles GET /gateways/address.
func (h *Handlers) newAddress(c *gin.Context) error {
	standing, err := models.ReadSetting(h.Store.Read(c.Request.Context()), models.SettingPublicURL)
	if err != nil {
		return err
	}
	return h.askAddress(c, http.StatusOK, addressForm{PublicURL: standing}, nil)
}

func (h *Handlers) askAddress(c *gin.Context, status int, form addressForm, errs views.Errors) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	page := views.AddressPage{Shell: h.shell(c, i18n.T(ctx, "address.title"), "gateways"), Address: form.PublicURL, Reason: form.Reason, Errors: errs}
	if page.Waits, err = h.waitingChange(c, db, models.ChangeAddress, models.SettingPublicURL); err != nil {
		return err
	}
	if len(accounts) > 0 {
		if page.Example, err = h.Accounts.NotifyURL(ctx, accounts[0]); err != nil {
			return err
		}
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.NoticeAddress(page))
}

// changeAddress handles POST /gateways/address: it asks for a second person.
func (h *Handlers) changeAddress(c *gin.Context) error {
	var form addressForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	change, err := h.Accounts.ProposeAddress(c.Request.Context(), person(c), form.PublicURL, form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.askAddress(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "address.proposed")
	return redirect(c, views.ChangePath(change.ID))
}
