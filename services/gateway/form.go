package gateway

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"countersign/models"
)

// AmountField is FieldError.Field where the amount is wrong.
const AmountField = "amount"

// Field finds a field by its name.
func (r Rail) Field(name string) (Field, bool) {
	for _, field := range r.Fields {
		if field.Name == name {
			return field, true
		}
	}
	return Field{}, false
}

// Option finds a choice by its value.
func (f Field) Option(value string) (Option, bool) {
	for _, option := range f.Choices {
		if option.Value == value {
			return option, true
		}
	}
	return Option{}, false
}

// BankName is the name of the bank that the answers choose, "" without one.
func (r Rail) BankName(values map[string]string) string {
	field, _ := r.Field(r.BankField)
	option, _ := field.Option(values[r.BankField])
	return option.Label
}

// Clean takes out of the answers what people type for their eyes: blanks
// around, blanks and hyphens within numbers, full-width letters and digits. Answers
// that the rail does not ask for are left out.
func (r Rail) Clean(values map[string]string) map[string]string {
	clean := make(map[string]string, len(r.Fields))
	for _, field := range r.Fields {
		value := norm.NFC.String(strings.TrimSpace(values[field.Name]))
		if field.Name == r.NameField {
			value = plainName(value)
		} else {
			value = narrow(value)
		}
		if field.Kind == KindAccount {
			value = unspaced(value)
		}
		if value != "" {
			clean[field.Name] = value
		}
	}
	for _, field := range r.Fields {
		if !field.Asked(clean) {
			delete(clean, field.Name)
		}
	}
	return clean
}

// plainName makes the full-width letters, digits and blanks of a name plain, and one
// blank of several. Full-width brackets and stops stay: Chinese firms are registered
// with them, and a bank compares names as they were registered.
func plainName(value string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000':
			return ' '
		case r > '\uFF00' && r < '\uFF5F' && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return r - '！' + '!'
		}
		return r
	}, value)
	words := strings.FieldsFunc(plain, func(r rune) bool { return r == ' ' })
	return strings.Join(words, " ")
}

// narrow turns the full-width forms of ASCII into ASCII: １２ is 12.
func narrow(value string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, value)
}

// PlainNumber is a number as it is kept, however it was typed: without blanks and
// hyphens, full-width digits made plain.
func PlainNumber(typed string) string {
	return unspaced(narrow(norm.NFC.String(strings.TrimSpace(typed))))
}

// unspaced takes blanks and every sort of hyphen out of a number.
func unspaced(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '\u2212' {
			return -1
		}
		return r
	}, value)
}

// Validate checks clean answers and the amount: each field by itself, then the
// rail's own rules. It returns all that is wrong at once, in the form's order.
func (r Rail) Validate(amount models.Money, values map[string]string) []FieldError {
	var wrong []FieldError
	for _, field := range r.Fields {
		if field.Asked(values) {
			wrong = append(wrong, r.checkField(field, values)...)
		}
	}
	wrong = append(wrong, r.checkAmount(amount)...)
	if r.Rules != nil {
		wrong = append(wrong, r.Rules(amount, values)...)
	}
	return r.inOrder(wrong)
}

// inOrder sorts as the form asks, the amount last but for what has no field.
func (r Rail) inOrder(wrong []FieldError) []FieldError {
	place := func(e FieldError) int {
		at := slices.IndexFunc(r.Fields, func(f Field) bool { return f.Name == e.Field })
		switch {
		case at < 0:
			return len(r.Fields)
		case r.Fields[at].Payee:
			return at - len(r.Fields) // who is paid, then how much, then what for
		}
		return len(r.Fields) + 1 + at
	}
	slices.SortStableFunc(wrong, func(a, b FieldError) int { return place(a) - place(b) })
	return wrong
}

// Stops says whether any of the errors is more than a warning.
func Stops(wrong []FieldError) bool {
	return slices.ContainsFunc(wrong, func(e FieldError) bool { return !e.Warning })
}

func (r Rail) checkField(field Field, values map[string]string) []FieldError {
	value, label := values[field.Name], Word(field.KeyFor(values))
	wrong := func(key string, args ...any) []FieldError {
		return []FieldError{{Field: field.Name, Key: key, Args: append([]any{"Field", label}, args...)}}
	}
	length := utf8.RuneCountInString(value)
	switch {
	case value == "" && field.Required:
		return wrong("answer.missing")
	case value == "":
		return nil
	case !utf8.ValidString(value):
		return wrong("answer.unreadable")
	case len(field.Choices) > 0:
		if _, ok := field.Option(value); !ok {
			return wrong("answer.not_a_choice")
		}
		return nil
	}
	forbidden := r.Forbidden
	if field.Local {
		forbidden = "" // the wire never sees it
	}
	if place, key := unfit(value, forbidden); key != "" {
		return wrong(key, "Place", place+1, "Char", string([]rune(value)[place]))
	}
	if field.MaxLen > 0 && length > field.MaxLen {
		return wrong("answer.too_long", "Count", length, "Most", field.MaxLen)
	}
	return nil
}

// unfit finds the first character that may not be sent, and why.
func unfit(value, forbidden string) (place int, key string) {
	for place, r := range []rune(value) {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return place, "answer.control"
		case invisible(r):
			return place, "answer.invisible"
		case strings.ContainsRune(forbidden, r):
			return place, "answer.splits"
		}
	}
	return 0, ""
}

// invisible is true for what changes a text without being seen: zero-width and
// direction marks, fillers, variation selectors, private and unassigned
// characters, and blanks that are not the common ones.
func invisible(r rune) bool {
	switch {
	case r == ' ', r == '\u3000':
		return false
	case r == '\u115F', r == '\u1160', r == '\u3164', r == '\uFFA0', r == '\u034F', r == '\uFFFD':
		return true
	case r == '\u17B4', r == '\u17B5', r == '\u2800':
		return true
	}
	return unicode.Is(unicode.Variation_Selector, r) || !unicode.IsPrint(r)
}

func (r Rail) checkAmount(amount models.Money) []FieldError {
	wrong := func(key string, args ...any) []FieldError {
		return []FieldError{{Field: AmountField, Key: key, Args: append([]any{"Amount", amount}, args...)}}
	}
	switch {
	case amount.Minor <= 0:
		return wrong("amount.missing")
	case amount.Currency != r.Currency:
		return wrong("amount.other_currency", "Currency", r.Currency)
	case !r.Min.IsZero() && amount.Minor < r.Min.Minor:
		return wrong("amount.too_small", "Least", r.Min)
	case !r.Max.IsZero() && amount.Minor > r.Max.Minor:
		return wrong("amount.too_large", "Most", r.Max)
	}
	return nil
}
