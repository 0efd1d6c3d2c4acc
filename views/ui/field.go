package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Field is one question of a form. Its id is its name unless given.
type Field struct {
	ID       string
	Name     string
	Label    string
	Note     string // softer, behind the label: "6 digits, works once"
	Hint     string // under the label
	Error    string // the sentence of the summary, at the field
	Value    string // as typed
	Type     string // text unless given: email, password, search
	Mode     string // inputmode: numeric, decimal
	Complete string // autocomplete
	Example  string // placeholder
	Width    string // "half" or "full"; else as wide as its column
	Max      int    // letters
	Account  bool   // monospace, for account numbers and codes
	Slim     bool   // in a row of filters
	Optional bool   // said in words
	ReadOnly bool
	Focus    bool
	Extra    templ.Attributes
}

// Option is one answer among several.
type Option struct {
	Value    string
	Text     string
	Disabled bool
}

func (f Field) id() string {
	if f.ID == "" {
		return f.Name
	}
	return f.ID
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) class() string {
	class := "field"
	if f.Error != "" {
		class += " wrong"
	}
	if f.Width != "" {
		class += " " + f.Width
	}
	return class
}

func (f Field) inputClass() string {
	class := "input"
	if f.Account {
		class += " account"
	}
	if f.Slim {
		class += " slim"
	}
	return class
}

// attributes are those that only some fields have.
func (f Field) attributes() templ.Attributes {
	found := f.described()
	for name, value := range map[string]string{"inputmode": f.Mode, "autocomplete": f.Complete, "placeholder": f.Example} {
		if value != "" {
			found[name] = value
		}
	}
	if f.Max > 0 {
		found["maxlength"] = strconv.Itoa(f.Max)
	}
	if f.ReadOnly {
		found["readonly"] = true
	}
	if f.Focus {
		found["autofocus"] = true
	}
	for name, value := range f.Extra {
		found[name] = value
	}
	return found
}

// described ties hint and error to the field for those who cannot see that they stand above it.
func (f Field) described() templ.Attributes {
	found := f.helped()
	if f.Error != "" {
		found["aria-invalid"] = "true"
	}
	return found
}

// helped is described without the verdict, which a group of radios may not carry.
func (f Field) helped() templ.Attributes {
	var by []string
	if f.Hint != "" {
		by = append(by, f.id()+"-hint")
	}
	if f.Error != "" {
		by = append(by, f.id()+"-error")
	}
	if by == nil {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-describedby": strings.Join(by, " ")}
}

// optionID gives the first option the id of the field, for the link of the summary.
func (f Field) optionID(i int) string {
	if i == 0 {
		return f.id()
	}
	return f.id() + "-" + strconv.Itoa(i)
}
