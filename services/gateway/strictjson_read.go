package gateway

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// reader takes a text apart of which ReadObject knows already that it is valid JSON
// with whole surrogates and not too deep. The standard library's own way of reading
// member by member takes four times as long, which every notice would pay; that both
// read the same is what FuzzStrictJSON tries.
type reader struct {
	text []byte
	at   int
}

func (r *reader) value() (Value, error) {
	switch c := r.next(); c {
	case '{':
		return r.members()
	case '[':
		return r.items()
	case '"':
		return StringValue(r.string()), nil
	}
	switch word := r.word(); word[0] {
	case 'n':
		return Value{shape: ShapeNull}, nil
	case 't', 'f':
		return Value{shape: ShapeBool, text: word}, nil
	default:
		return NumberValue(word), nil
	}
}

func (r *reader) members() (Value, error) {
	object, seen := &Object{members: make([]Member, 0, usual)}, names{few: make([]string, 0, usual)}
	for r.step(); r.next() != '}'; {
		name := r.string()
		if !seen.add(fold(name)) {
			return Value{}, &RepeatedName{Name: name}
		}
		r.next()
		r.step() // the colon
		value, err := r.value()
		if err != nil {
			return Value{}, err
		}
		object.members = append(object.members, Member{Name: name, Value: value})
		r.comma()
	}
	r.step()
	return Value{shape: ShapeObject, object: object}, nil
}

// usual is how many members most objects have at the most.
const usual = 16

// names are those of one object. A few are looked through, which is quicker; a body
// of thousands must not make us compare each with each.
type names struct {
	few  []string
	many map[string]bool
}

// add says whether the name is new.
func (n *names) add(name string) bool {
	if slices.Contains(n.few, name) || n.many[name] {
		return false
	}
	if len(n.few) < cap(n.few) {
		n.few = append(n.few, name)
		return true
	}
	if n.many == nil {
		n.many = map[string]bool{}
	}
	n.many[name] = true
	return true
}

func (r *reader) items() (Value, error) {
	list := Value{shape: ShapeArray}
	for r.step(); r.next() != ']'; {
		item, err := r.value()
		if err != nil {
			return Value{}, err
		}
		list.items = append(list.items, item)
		r.comma()
	}
	r.step()
	return list, nil
}

// next skips blanks and looks at what comes.
func (r *reader) next() byte {
	for strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
	return r.text[r.at]
}

func (r *reader) step() { r.at++ }

// comma steps over one, if one comes.
func (r *reader) comma() {
	if r.next() == ',' {
		r.step()
		r.next()
	}
}

// word is a number, true, false or null.
func (r *reader) word() string {
	length := bytes.IndexAny(r.text[r.at:], ",]} \t\r\n")
	if length < 0 {
		length = len(r.text) - r.at
	}
	word := string(r.text[r.at : r.at+length])
	r.at += length
	return word
}

// string reads what stands between quotes, and steps over both.
func (r *reader) string() string {
	start, escaped := r.at+1, false
	for r.at = start; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	text := r.text[start:r.at]
	r.step()
	if escaped {
		return unescape(text)
	}
	return string(text)
}

// unescape writes out what the escapes of a valid string stand for.
func unescape(text []byte) string {
	const short, meant = `bfnrt`, "\b\f\n\r\t"
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch at := strings.IndexByte(short, text[i]); {
		case at >= 0:
			out.WriteByte(meant[at])
		case text[i] != 'u':
			out.WriteByte(text[i]) // a quote, a backslash or a slash
		default:
			r := hex4(text[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				r = utf16.DecodeRune(r, hex4(text[i+3:]))
				i += 6
			}
			out.WriteRune(r)
		}
	}
	return out.String()
}

// hex4 reads the four digits of a Unicode escape.
func hex4(text []byte) rune {
	code, _ := strconv.ParseUint(string(text[:4]), 16, 16) // valid JSON has nothing else there
	return rune(code)
}
