package gateway

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"countersign/models"
)

// sample is a rail with every kind of field.
var sample = Rail{
	Currency: "TWD", Min: models.Money{Minor: 100, Currency: "TWD"}, Max: models.Money{Minor: 1000, Currency: "TWD"},
	NameField: "name", AccountField: "number", BankField: "bank", Forbidden: "&=",
	Fields: []Field{
		{Name: "remark", Key: "remark", Kind: KindText, MaxLen: 5},
		{Name: "name", Key: "name", Kind: KindText, Required: true, Payee: true, MaxLen: 6},
		{Name: "note", Key: "note", Kind: KindText, Payee: true, Local: true},
		{Name: "bank", Key: "bank", Kind: KindSearch, Required: true, Payee: true, Choices: []Option{{Value: "004", Label: "Bank of Taiwan"}, {Value: "822", Label: "CTBC"}}},
		{Name: "number", Key: "number", Kind: KindAccount, Required: true, Payee: true, MaxLen: 10,
			Vary: func(values map[string]string) string {
				if values["bank"] == "822" {
					return "number.long"
				}
				return "number"
			}},
		{Name: "branch", Key: "branch", Kind: KindText, Required: true, Payee: true,
			When: func(values map[string]string) bool { return values["bank"] == "004" }},
	},
	Rules: func(_ models.Money, values map[string]string) []FieldError {
		if values["number"] == "13" {
			return []FieldError{{Field: "number", Key: "unlucky", Warning: true}}
		}
		return nil
	},
}

var fine = map[string]string{"name": "陳怡君", "bank": "822", "number": "12"}

var fiveTWD = models.Money{Minor: 500, Currency: "TWD"}

func with(changes map[string]string) map[string]string {
	values := maps.Clone(fine)
	maps.Copy(values, changes)
	return values
}

func keys(wrong []FieldError) string {
	var all []string
	for _, e := range wrong {
		all = append(all, e.Field+" "+e.Key)
	}
	return strings.Join(all, ", ")
}

func TestWhatARailFindsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"nothing":                    {nil, ""},
		"a name is missing":          {map[string]string{"name": ""}, "name answer.missing"},
		"a name is too long":         {map[string]string{"name": "鴻達物流股份有限公司"}, "name answer.too_long"},
		"six Chinese characters fit": {map[string]string{"name": "鴻達物流股份"}, ""},
		"a bank nobody knows":        {map[string]string{"bank": "999"}, "bank answer.not_a_choice"},
		"a bank without its zeros":   {map[string]string{"bank": "4"}, "bank answer.not_a_choice"},
		"a field of another bank":    {map[string]string{"bank": "004"}, "branch answer.missing"},
		"an ampersand":               {map[string]string{"name": "A&B"}, "name answer.splits"},
		"an equals sign":             {map[string]string{"name": "A=B"}, "name answer.splits"},
		"both where nothing is sent": {map[string]string{"note": "A&B=C"}, ""},
		"a line break":               {map[string]string{"name": "A\nB"}, "name answer.control"},
		"a null byte":                {map[string]string{"name": "A\x00B"}, "name answer.control"},
		"a line separator":           {map[string]string{"name": "A\u2028B"}, "name answer.control"},
		"a zero-width space":         {map[string]string{"name": "A\u200bB"}, "name answer.invisible"},
		"a byte order mark":          {map[string]string{"name": "A\ufeffB"}, "name answer.invisible"},
		"a direction mark":           {map[string]string{"name": "A\u202eB"}, "name answer.invisible"},
		"a soft hyphen":              {map[string]string{"name": "A\u00adB"}, "name answer.invisible"},
		"a Hangul filler":            {map[string]string{"name": "A\u3164B"}, "name answer.invisible"},
		"a variation selector":       {map[string]string{"name": "陳\ufe00"}, "name answer.invisible"},
		"a no-break space":           {map[string]string{"name": "A\u00a0B"}, "name answer.invisible"},
		"a private character":        {map[string]string{"name": "A\ue000"}, "name answer.invisible"},
		"a Chinese blank may stand":  {map[string]string{"name": "王\u3000明"}, ""},
		"bytes that are no text":     {map[string]string{"name": "A\xff"}, "name answer.unreadable"},
		"only a warning":             {map[string]string{"number": "13"}, "number unlucky"},
		"optional, and too long":     {map[string]string{"remark": "123456"}, "remark answer.too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := keys(sample.Validate(fiveTWD, with(c.change))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAllIsSaidAtOnceInTheFormsOrder(t *testing.T) {
	wrong := sample.Validate(models.Money{}, map[string]string{"remark": "123456"})
	want := "name answer.missing, bank answer.missing, number answer.missing, amount amount.missing, remark answer.too_long"
	if got := keys(wrong); got != want {
		t.Fatalf("got %s", got)
	}
	if !Stops(wrong) || Stops([]FieldError{{Warning: true}}) || Stops(nil) {
		t.Error("what stops a submission")
	}
}

func TestTheLimitsOfARail(t *testing.T) {
	for _, c := range []struct {
		amount models.Money
		want   string
	}{
		{models.Money{Minor: 99, Currency: "TWD"}, "amount amount.too_small"},
		{models.Money{Minor: 100, Currency: "TWD"}, ""},
		{models.Money{Minor: 1000, Currency: "TWD"}, ""},
		{models.Money{Minor: 1001, Currency: "TWD"}, "amount amount.too_large"},
		{models.Money{Minor: 500, Currency: "CNY"}, "amount amount.other_currency"},
		{models.Money{Minor: -500, Currency: "TWD"}, "amount amount.missing"},
	} {
		if got := keys(sample.Validate(c.amount, fine)); got != c.want {
			t.Errorf("%v: %q", c.amount, got)
		}
	}
	asked := models.Money{Minor: 245000, Currency: "TWD"}
	want := []any{"Amount", asked, "Most", sample.Max}
	if got := sample.Validate(asked, fine)[0].Args; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestTheLabelFollowsTheAnswers(t *testing.T) {
	wrong := sample.Validate(fiveTWD, with(map[string]string{"number": ""}))
	if len(wrong) != 1 || wrong[0].Args[1] != Word("number.long") {
		t.Errorf("%+v", wrong)
	}
}

func TestCleaningAnswers(t *testing.T) {
	got := sample.Clean(map[string]string{
		"name": "  王　小明１ ", "bank": " ８２２ ", "number": " 4088-7482 8027–２３９７\u00a0", "branch": "left over", "stray": "x", "remark": " ",
	})
	want := map[string]string{"name": "王 小明1", "bank": "822", "number": "4088748280272397"}
	if !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if again := sample.Clean(got); !maps.Equal(again, got) {
		t.Errorf("cleaning twice gives %q", again)
	}
}

func TestTheBanksName(t *testing.T) {
	if got := sample.BankName(fine); got != "CTBC" {
		t.Error(got)
	}
	if got := sample.BankName(nil); got != "" {
		t.Error(got)
	}
}
