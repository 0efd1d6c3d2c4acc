package gateway

import (
	"regexp"
	"slices"
	"strings"
)

const dots = "········"

// Mask hides all of a secret but its end: ········7397. Of an e-mail address
// it keeps the first two characters and the domain: li***@163.com.
func Mask(secret string) string {
	runes := []rune(secret)
	if at := strings.LastIndexByte(secret, '@'); at > 0 {
		local := []rune(secret[:at])
		return string(local[:min(2, len(local)-1)]) + "***" + secret[at:]
	}
	switch {
	case len(runes) == 0:
		return ""
	case len(runes) < 6:
		return dots
	case len(runes) < 8:
		return dots + string(runes[len(runes)-2:])
	}
	return dots + string(runes[len(runes)-4:])
}

// prose are the fields in which a gateway writes sentences, which may quote an
// account number.
var prose = []string{"error_msg", "msg", "message", "memo", "remark"}

var longDigits = regexp.MustCompile(`[0-9](?:[ -]?[0-9]){7,}`)

// MaskSentence masks the long numbers in what a gateway wrote for people: it may
// quote the account number, and sentences go into timelines and audit texts.
func MaskSentence(text string) string { return longDigits.ReplaceAllStringFunc(text, Mask) }

// Masked says whether a number in the sentence was masked.
func Masked(text string) bool { return strings.Contains(text, dots) }

// MaskedBody is a body as people may see it: every value under one of the
// secret names masked, at any depth, and long numbers in sentences too. What is
// no proper JSON keeps its text, with every long number masked.
func MaskedBody(body []byte, secretFields []string) string {
	object, err := ReadObject(body)
	if err != nil {
		return maskedText(body, secretFields)
	}
	var out strings.Builder
	writeMasked(&out, object.AsValue(), secretFields, "")
	return out.String()
}

// writeMasked writes one member a line, so that a phone can show it.
func writeMasked(out *strings.Builder, v Value, secret []string, indent string) {
	inner := indent + "  "
	switch v.shape {
	case ShapeObject:
		out.WriteString("{")
		for i, member := range v.object.members {
			out.WriteString(lineEnd(i) + inner + Quote(member.Name) + ": ")
			writeMasked(out, maskMember(member, secret), secret, inner)
		}
		closeBracket(out, len(v.object.members), indent, "}")
	case ShapeArray:
		out.WriteString("[")
		for i, item := range v.items {
			out.WriteString(lineEnd(i) + inner)
			writeMasked(out, item, secret, inner)
		}
		closeBracket(out, len(v.items), indent, "]")
	default:
		out.WriteString(v.Compact())
	}
}

func lineEnd(i int) string {
	if i > 0 {
		return ",\n"
	}
	return "\n"
}

func closeBracket(out *strings.Builder, members int, indent, bracket string) {
	if members > 0 {
		out.WriteString("\n" + indent)
	}
	out.WriteString(bracket)
}

// maskMember masks the whole value under a secret name, whatever its shape.
func maskMember(m Member, secret []string) Value {
	switch {
	case !m.Value.Carried():
		return m.Value
	case named(secret, m.Name) && m.Value.Scalar() == "":
		return StringValue(dots)
	case named(secret, m.Name):
		return StringValue(Mask(m.Value.Scalar()))
	case named(prose, m.Name) && m.Value.shape == ShapeString:
		return StringValue(MaskSentence(m.Value.text))
	}
	return m.Value
}

func named(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// maskedText is for what could not be read: a page of HTML, half an object. It
// rather masks too much.
func maskedText(body []byte, secretFields []string) string {
	text := strings.ToValidUTF8(string(body[:min(len(body), MaxBody)]), "\uFFFD")
	if len(secretFields) > 0 {
		names := make([]string, len(secretFields))
		for i, name := range secretFields {
			names[i] = regexp.QuoteMeta(name)
		}
		member := regexp.MustCompile(`(?i)("(?:` + strings.Join(names, "|") + `)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)`)
		text = member.ReplaceAllString(text, `${1}"`+dots+`"`)
	}
	text = MaskSentence(text)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (r < ' ' || r == 0x7F) {
			return '\uFFFD'
		}
		return r
	}, text)
}
