package views

import "countersign/views/ui"

// Errors are the answers of a form that need another look, in the page's order.
type Errors []ui.FieldError

// AllAt are all sentences at a field.
func (e Errors) AllAt(field string) (texts []string) {
	for _, one := range e {
		if one.ID == field {
			texts = append(texts, one.Text)
		}
	}
	return texts
}

// At is the sentence at a field, or "".
func (e Errors) At(field string) string {
	for _, one := range e {
		if one.ID == field {
			return one.Text
		}
	}
	return ""
}
