package handlers

import (
	"context"
	"slices"
	"strings"

	"countersign/services/gateway"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// fewChoices stand side by side; more are a list to choose from.
const fewChoices = 3

// narrowField is a box so short that a second one stands beside it, in letters.
const narrowField = 16

// questionID is the id of a rail's question on the page, apart from the page's own.
func questionID(field string) string { return "f-" + field }

// questions are the rail's own ones, about the payee or about the order, in its
// order; what belongs together stands in one row.
func questions(ctx context.Context, rail gateway.Rail, values map[string]string, errs views.Errors, payee bool) (rows []views.FormRow) {
	var last gateway.Field
	for _, field := range rail.Fields {
		if field.Payee != payee || !field.Asked(values) {
			continue
		}
		asked := question(ctx, field, values, errs)
		if i := len(rows) - 1; i >= 0 && len(rows[i]) == 1 && belongTogether(last, field) {
			rows[i] = append(rows[i], asked)
			rows[i][0].Width, rows[i][1].Width = "", ""
		} else {
			rows = append(rows, views.FormRow{asked})
		}
		last = field
	}
	return rows
}

// belongTogether is true of a bank and the kind of account, of a choice and its
// short number, and of two answers that may be left out.
func belongTogether(first, second gateway.Field) bool {
	switch {
	case first.Kind == gateway.KindSearch:
		return second.Kind == gateway.KindChoice
	case first.Kind == gateway.KindChoice:
		return second.Width > 0 && second.Width <= narrowField
	}
	return !first.Required && !second.Required
}

func question(ctx context.Context, field gateway.Field, values map[string]string, errs views.Errors) views.FormField {
	key := field.KeyFor(values)
	asked := views.FormField{Kind: "text", Field: ui.Field{
		ID: questionID(field.Name), Name: "f." + field.Name, Label: i18n.T(ctx, key), Value: values[field.Name], Error: errs.At(questionID(field.Name)),
		Optional: !field.Required, Account: field.Kind == gateway.KindAccount, Complete: "off", Width: "full",
	}}
	if field.Hint {
		asked.Hint = i18n.T(ctx, key+".hint")
	}
	if field.Width > 0 && field.Width <= narrowField {
		asked.Width = "half"
	}
	switch field.Kind {
	case gateway.KindSearch:
		asked.Kind, asked.Options, asked.Value = "combo", searchOptions(ctx, field), searchValue(ctx, field, values[field.Name])
		asked.Example = i18n.T(ctx, "draft.search_example")
	case gateway.KindChoice:
		asked.Kind, asked.Options = choiceOptions(ctx, field)
	}
	return asked
}

// keepSecrets says of each secret answer that it may be left as it is.
func keepSecrets(ctx context.Context, rail gateway.Rail, rows []views.FormRow) []views.FormRow {
	for _, row := range rows {
		for i := range row {
			field, _ := rail.Field(strings.TrimPrefix(row[i].Name, "f."))
			if field.Secret {
				row[i].Hint, row[i].Optional = i18n.T(ctx, "payee.keep_secret"), true
			}
		}
	}
	return rows
}

func choiceOptions(ctx context.Context, field gateway.Field) (kind string, options []ui.Option) {
	for _, choice := range field.Choices {
		options = append(options, ui.Option{Value: choice.Value, Text: choiceName(ctx, choice)})
	}
	if len(options) <= fewChoices {
		return "radio", options
	}
	return "select", append([]ui.Option{{Text: i18n.T(ctx, "form.choose")}}, options...)
}

func choiceName(ctx context.Context, o gateway.Option) string {
	if o.Key != "" {
		return i18n.T(ctx, o.Key)
	}
	return o.Label
}

// choiceWords is a choice of many as people find it, by code or by name: 822 CTBC.
func choiceWords(ctx context.Context, o gateway.Option) string {
	return o.Value + " " + choiceName(ctx, o)
}

func searchOptions(ctx context.Context, field gateway.Field) (options []ui.Option) {
	for _, choice := range field.Choices {
		options = append(options, ui.Option{Value: choiceWords(ctx, choice)})
	}
	return options
}

func searchValue(ctx context.Context, field gateway.Field, value string) string {
	if choice, ok := field.Option(value); ok {
		return choiceWords(ctx, choice)
	}
	return value
}

// resolved turns what was typed into a search into the choice that is meant; what
// means none, or several, stays as typed and is refused.
func resolved(ctx context.Context, rail gateway.Rail, typed map[string]string) map[string]string {
	for _, field := range rail.Fields {
		if field.Kind == gateway.KindSearch {
			typed[field.Name] = resolve(ctx, field, typed[field.Name])
		}
	}
	return typed
}

func resolve(ctx context.Context, field gateway.Field, typed string) string {
	code, _, _ := strings.Cut(typed, " ")
	if _, ok := field.Option(code); ok {
		return code
	}
	var found []string
	for _, choice := range field.Choices {
		name := choiceName(ctx, choice)
		if strings.EqualFold(name, typed) {
			return choice.Value
		}
		if typed != "" && strings.Contains(strings.ToLower(name), strings.ToLower(typed)) {
			found = append(found, choice.Value)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return typed
}

// inPageOrder sorts the errors as the page asks, and names the rail's questions
// as the page does.
func inPageOrder(rail gateway.Rail, errs views.Errors) views.Errors {
	order := []string{"twin_reason", "warning_reason", "payee_version", "somebody_else", "seen"}
	var extra []string
	for _, field := range rail.Fields {
		if field.Payee {
			order = append(order, questionID(field.Name))
		} else {
			extra = append(extra, questionID(field.Name))
		}
	}
	order = slices.Concat(order, []string{"amount", "reference", "purpose"}, extra, []string{"files"})
	sorted := slices.Clone(errs)
	for i := range sorted {
		if _, ok := rail.Field(sorted[i].ID); ok {
			sorted[i].ID = questionID(sorted[i].ID)
		}
	}
	slices.SortStableFunc(sorted, func(a, b ui.FieldError) int { return slices.Index(order, a.ID) - slices.Index(order, b.ID) })
	return sorted
}
