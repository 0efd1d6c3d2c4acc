package handlers

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views/i18n"
	"countersign/views/ui"
)

type heirsForm struct {
	Cases  string `form:"cases_to"`
	Drafts string `form:"drafts_to"`
}

// heirs are who was chosen; "" is nobody, and what is no number is a person who is not there.
func (f heirsForm) heirs() services.Heirs {
	return services.Heirs{Cases: chosenPerson(f.Cases), Drafts: chosenPerson(f.Drafts)}
}

func chosenPerson(text string) models.PersonID {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil && text != "" {
		id = -1
	}
	return models.PersonID(id)
}

// heirOptions offer people by name, and before them nobody.
func heirOptions(c *gin.Context, people []models.Person, nobody string) []ui.Option {
	options := []ui.Option{{Text: i18n.T(c.Request.Context(), nobody)}}
	for _, p := range people {
		options = append(options, ui.Option{Value: strconv.FormatInt(int64(p.ID), 10), Text: p.Name})
	}
	return options
}

// giveDrafts handles POST /people/:id/drafts: those of somebody who has left.
func (h *Handlers) giveDrafts(c *gin.Context) error {
	var form heirsForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	err = h.People.GiveDrafts(c.Request.Context(), actor(c), shown.ID, chosenPerson(form.Drafts))
	return h.afterChange(c, shown, rolesForm{}, err, "left.given")
}
