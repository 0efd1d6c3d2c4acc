package views

import "countersign/views/ui"

// Errors are the answers of a form that need another look, in the page's order.
type Errors []ui.FieldError

// At is the sentence at a field, or "".
func (e Errors) At(field string) string {
	for _, one := range e {
		if one.ID == field {
			return one.Text
		}
	}
	return ""
}
