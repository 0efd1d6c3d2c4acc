package gateway

import (
	"strings"
)

// Shape is what a JSON value was when it came. The zero value is absent.
type Shape int

// The shapes of a value.
const (
	ShapeAbsent Shape = iota
	ShapeNull
	ShapeString
	ShapeNumber
	ShapeBool
	ShapeArray
	ShapeObject
)

// Value is one JSON value as it came. Numbers stay text: no float is made.
type Value struct {
	shape  Shape
	text   string // of a string, number or boolean
	items  []Value
	object *Object
}

// StringValue makes a JSON string.
func StringValue(text string) Value { return Value{shape: ShapeString, text: text} }

// NumberValue makes a JSON number of a literal that is already well-formed.
func NumberValue(literal string) Value { return Value{shape: ShapeNumber, text: literal} }

// Shape says what the value was.
func (v Value) Shape() Shape { return v.shape }

// Carried says whether the value is there and says something: neither absent,
// nor null, nor "".
func (v Value) Carried() bool {
	return v.shape > ShapeNull && (v.shape != ShapeString || v.text != "")
}

// Scalar is the text of a string, the literal of a number, or true and false;
// "" for everything else. Gateways send one field now as 100, now as "100".
func (v Value) Scalar() string { return v.text }

// Text is the text of a string and nothing else.
func (v Value) Text() (string, bool) {
	if v.shape != ShapeString {
		return "", false
	}
	return v.text, true
}

// Literal is the literal of a number and nothing else.
func (v Value) Literal() (string, bool) {
	if v.shape != ShapeNumber {
		return "", false
	}
	return v.text, true
}

// Items are the members of an array.
func (v Value) Items() []Value { return v.items }

// Object is the object, nil for every other shape.
func (v Value) Object() *Object { return v.object }

// Compact is the value as JSON without blanks, members in the order in which
// they came, nothing escaped that need not be.
func (v Value) Compact() string {
	var out strings.Builder
	v.write(&out)
	return out.String()
}

func (v Value) write(out *strings.Builder) {
	switch v.shape {
	case ShapeString:
		out.WriteString(Quote(v.text))
	case ShapeNumber, ShapeBool:
		out.WriteString(v.text)
	case ShapeArray:
		out.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				out.WriteByte(',')
			}
			item.write(out)
		}
		out.WriteByte(']')
	case ShapeObject:
		v.object.write(out)
	default:
		out.WriteString("null")
	}
}

// Member is one name and value of an object.
type Member struct {
	Name  string
	Value Value
}

// Object is a JSON object that keeps the order of its members.
type Object struct{ members []Member }

// Members are all of them, in order.
func (o *Object) Members() []Member {
	if o == nil {
		return nil
	}
	return o.members
}

// Get finds a member by its exact name. It may be asked of a missing object.
func (o *Object) Get(name string) Value {
	for _, member := range o.Members() {
		if member.Name == name {
			return member.Value
		}
	}
	return Value{}
}

// Add appends a string; it returns the object, so that a body reads as a list.
func (o *Object) Add(name, text string) *Object {
	return o.AddValue(name, StringValue(text))
}

// AddNumber appends a number by its literal.
func (o *Object) AddNumber(name, literal string) *Object {
	return o.AddValue(name, NumberValue(literal))
}

// AddValue appends any value.
func (o *Object) AddValue(name string, value Value) *Object {
	o.members = append(o.members, Member{Name: name, Value: value})
	return o
}

// AsValue makes the object a value, to stand inside another.
func (o *Object) AsValue() Value { return Value{shape: ShapeObject, object: o} }

// Encode is the object as compact JSON, members in order.
func (o *Object) Encode() []byte { return []byte(o.AsValue().Compact()) }

func (o *Object) write(out *strings.Builder) {
	out.WriteByte('{')
	for i, member := range o.Members() {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(Quote(member.Name))
		out.WriteByte(':')
		member.Value.write(out)
	}
	out.WriteByte('}')
}

// Quote writes a JSON string, escaping only what JSON makes us escape: the
// standard encoder would turn < > & and U+2028 into escapes that a signature
// over the text does not expect.
func Quote(text string) string {
	const hex = "0123456789abcdef"
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		switch escape := strings.IndexRune("\"\\\n\r\t\b\f", r); {
		case escape >= 0:
			out.WriteByte('\\')
			out.WriteByte(`"\nrtbf`[escape])
		case r < 0x20:
			out.WriteString(`\u00`)
			out.WriteByte(hex[r>>4])
			out.WriteByte(hex[r&15])
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}
