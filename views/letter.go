package views

import (
	"strconv"
	"strings"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

// Letter is the enquiry to a gateway's staff: facts alone, in a language of
// theirs. Of the payee's account it knows the last four (I24).
type Letter struct {
	Lang                                string
	OrderNo, GatewayNo, Merchant, Last4 string
	Amount                              models.Money
	Wire                                string // the amount as it stood in the request, in the gateway's unit
	Sent                                time.Time
	Zone                                *time.Location // the gateway's
	Doubt                               Doubt
	Clash                               *models.Contradiction
	Asked                               *Asked // the newest question
	Questions                           int
}

// LetterLang is the language that the staff of an account most likely read.
func LetterLang(a models.GatewayAccount) string {
	switch {
	case strings.HasPrefix(a.Zone, "America/"):
		return "es"
	case a.Zone == "Asia/Taipei", a.Zone == "Asia/Hong_Kong", a.Zone == "Asia/Macau":
		return "zh-Hant"
	case a.Zone == "Asia/Shanghai", a.Family == "apay":
		return "zh-Hans"
	}
	return "en"
}

// Text writes it.
func (l Letter) Text() string {
	return l.say("letter.text", "OrderNo", l.OrderNo, "GatewayNo", l.orElse(l.GatewayNo, "letter.no_number"), "Merchant", l.Merchant,
		"Amount", l.amount(), "Last4", l.Last4, "Sent", l.moment(l.Sent), "Saw", l.saw(), "Heard", l.heard())
}

func (l Letter) say(key string, args ...any) string { return i18n.Letter(l.Lang, key, args...) }

func (l Letter) orElse(text, key string) string {
	if text == "" {
		return l.say(key)
	}
	return text
}

func (l Letter) amount() string {
	if l.Wire == "" {
		return l.Amount.String()
	}
	return l.say("letter.amount_wire", "Amount", l.Amount.String(), "Wire", l.Wire)
}

// moment writes a time as the gateway has it, and in UTC: no day or hour is left
// to guess.
func (l Letter) moment(at time.Time) string {
	if at.IsZero() {
		return l.say("letter.unsent")
	}
	return at.In(l.Zone).Format("2006-01-02 15:04:05 UTC-07:00") + " = " + at.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

func (l Letter) saw() string {
	if l.Clash != nil {
		return l.say("saw.clash", "Standing", l.say("standing."+orNone(l.Clash.Standing)), "News", l.say("news."+orNone(l.Clash.News)))
	}
	d := l.Doubt
	return l.say("saw."+orNone(string(d.Reason)), "HTTP", d.HTTP, "Code", d.Code, "Took", strconv.Itoa(int((d.Took+time.Second/2)/time.Second)))
}

func (l Letter) heard() string {
	if l.Asked == nil {
		return l.say("letter.not_asked")
	}
	return l.say("letter.heard", "Count", l.Questions, "At", l.moment(l.Asked.At), "Answer", l.answer())
}

func (l Letter) answer() string {
	switch status, http := strings.CutPrefix(l.Asked.Problem, "http_"); {
	case http:
		return l.say("problem.http", "Status", status)
	case l.Asked.Problem != "" && l.Asked.Says == "unknown":
		return l.say("problem." + l.Asked.Problem)
	}
	return l.say("heard." + orNone(l.Asked.Says))
}
