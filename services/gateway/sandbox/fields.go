package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"countersign/services/gateway"
)

// field is one member of a JSON object as it is going to be written.
type field struct {
	name   string
	text   string // of the string, or the literal
	quoted bool   // a string
}

// fields is a JSON object in the making. The wrong shapes are spelled with it as
// exactly as the right ones, so it takes any literal and any name twice.
type fields []field

func (f fields) text(name, text string) fields {
	return append(f, field{name: name, text: text, quoted: true})
}

func (f fields) raw(name, literal string) fields {
	return append(f, field{name: name, text: literal})
}

func (f fields) number(name string, value int64) fields {
	return f.raw(name, strconv.FormatInt(value, 10))
}

// orNull is a string, or null where there is none.
func (f fields) orNull(name, text string) fields {
	if text == "" {
		return f.raw(name, "null")
	}
	return f.text(name, text)
}

func (f fields) has(name string) bool { return f.index(name) >= 0 }

func (f fields) index(name string) int {
	return slices.IndexFunc(f, func(one field) bool { return one.name == name })
}

// with gives a copy in which the field, if it is there, is changed.
func (f fields) with(name string, change func(*field)) fields {
	changed := slices.Clone(f)
	if at := changed.index(name); at >= 0 {
		change(&changed[at])
	}
	return changed
}

// put sets a field to a string, at its place or at the end.
func (f fields) put(name, text string) fields {
	if !f.has(name) {
		return slices.Clone(f).text(name, text)
	}
	return f.with(name, func(one *field) { one.text, one.quoted = text, true })
}

// putRaw sets a field to a literal, at its place or at the end.
func (f fields) putRaw(name, literal string) fields {
	return f.put(name, literal).with(name, func(one *field) { one.quoted = false })
}

// value is the text of a field, "" if there is none.
func (f fields) value(name string) string {
	if at := f.index(name); at >= 0 {
		return f[at].text
	}
	return ""
}

func (f fields) without(names ...string) fields {
	return slices.DeleteFunc(slices.Clone(f), func(one field) bool { return slices.Contains(names, one.name) })
}

// sorted is the same object with its names in order.
func (f fields) sorted() fields {
	ordered := slices.Clone(f)
	slices.SortStableFunc(ordered, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return ordered
}

// json is the object, compact, in the order of its fields.
func (f fields) json() string {
	var out strings.Builder
	out.WriteByte('{')
	for i, one := range f {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(gateway.Quote(one.name) + ":")
		if one.quoted {
			out.WriteString(gateway.Quote(one.text))
		} else {
			out.WriteString(one.text)
		}
	}
	out.WriteByte('}')
	return out.String()
}
