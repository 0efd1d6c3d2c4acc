package sandbox

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// letter is a notice, or a row of a query's answer, on its way to being signed.
type letter struct {
	family      string
	key         string
	algorithm   string // apay: of the order
	fields      fields
	sign        func(string) string // what becomes of the signature; nil keeps it
	spell       func([]byte) []byte // what becomes of the text; nil keeps it
	method      string
	url         string
	contentType string
	header      http.Header
	body        []byte
	slow        bool // half of the body, and then nothing for long
}

func (l *letter) signed(sign string) string {
	if l.sign == nil {
		return sign
	}
	return l.sign(sign)
}

func (l *letter) spelled(text string) []byte {
	if l.spell == nil {
		return []byte(text)
	}
	return l.spell([]byte(text))
}

// Alter is something wrong with a notice or with a row. The zero value leaves it
// as it should be.
type Alter struct{ change func(*letter) }

func (a Alter) apply(l *letter) {
	if a.change != nil {
		a.change(l)
	}
}

// AlterBoth is one alteration after the other.
func AlterBoth(a, b Alter) Alter {
	return Alter{func(l *letter) { a.apply(l); b.apply(l) }}
}

// letter writes the notice that says word of an order. Under the lock.
func (s *Sandbox) letter(r *record, word Word, alter Alter, now time.Time) *letter {
	p := speaks(r.Family)
	l := &letter{
		family: r.Family, key: r.m.Key, algorithm: r.Algorithm, method: http.MethodPost,
		url: r.NotifyURL, contentType: p.contentType(), header: http.Header{},
		fields: p.stamp(p.notice(r, word), now),
	}
	alter.apply(l)
	p.seal(l)
	l.header.Set("Content-Type", l.contentType)
	return l
}

func onSign(change func(string) string) Alter {
	return Alter{func(l *letter) { l.sign = change }}
}

func onText(change func([]byte) []byte) Alter {
	return Alter{func(l *letter) { l.spell = change }}
}

func onFields(change func(fields, protocol) fields) Alter {
	return Alter{func(l *letter) { l.fields = change(l.fields, speaks(l.family)) }}
}

// onAmount respells the amount, which it gets as its literal.
func onAmount(change func(literal string) (text string, quoted bool)) Alter {
	return onFields(func(f fields, _ protocol) fields {
		return f.with("amount", func(one *field) { one.text, one.quoted = change(one.text) })
	})
}

// What can be wrong with a signature (M30).
var (
	AlterBadSign   = onSign(another)
	AlterNoSign    = onSign(func(string) string { return "" })
	AlterUpperSign = onSign(strings.ToUpper) // not wrong: letter case is ignored
	AlterOtherKey  = Alter{func(l *letter) { l.key += "0" }}
	// AlterOtherAlgorithm signs well by the algorithm that the order does not use.
	AlterOtherAlgorithm = Alter{func(l *letter) {
		if l.algorithm == HMAC {
			l.algorithm = MD5
		} else {
			l.algorithm = HMAC
		}
	}}
	// AlterOtherBody carries the signature of another body.
	AlterOtherBody = Alter{func(l *letter) {
		forged := *l
		AlterLess.apply(&forged)
		speaks(l.family).seal(&forged)
		sign := forged.header.Get("Sign")
		if l.family == Apay {
			sign = forged.fields.value("sign")
		}
		l.sign = func(string) string { return sign }
	}}
)

// What can be wrong with the facts, under a good signature.
var (
	AlterLess = onFields(func(f fields, p protocol) fields { // M29
		cut := p.amount(less(p.cents(f.value("amount"))))
		f = f.putRaw("amount", cut)
		if f.has("real_amount") {
			f = f.putRaw("real_amount", cut)
		}
		return f
	})
	AlterRealLess = onFields(func(f fields, p protocol) fields { // M29
		return f.putRaw("real_amount", p.amount(less(p.cents(f.value("amount")))))
	})
	AlterOtherOrder = onFields(func(f fields, p protocol) fields { // M20, M35
		return f.put(p.names().number, another(f.value(p.names().number)))
	})
	AlterOtherMerchant = onFields(func(f fields, p protocol) fields {
		return f.put(p.names().merchant, another(f.value(p.names().merchant)))
	})
	AlterMoreFields = onFields(func(f fields, _ protocol) fields { // M33
		return f.text("settle_batch", "B-20").raw("tags", `["fast","<new>"]`).raw("risk", "0")
	})
	AlterFewerFields = onFields(func(f fields, _ protocol) fields { // M33
		return f.without("real_amount", "fee", "error_msg", "completionTime", "resultDesc", "payType")
	})
	AlterSplit = onFields(func(f fields, _ protocol) fields { // M32
		return f.put("error_msg", "closed&fee=0")
	})
	AlterLine = onFields(func(f fields, _ protocol) fields { // M32
		return f.put("error_msg", "closed\nstatus")
	})
	AlterHuge = onFields(func(f fields, _ protocol) fields { // M40
		return f.text("note", strings.Repeat("x", 1<<20))
	})
)

// AlterNumber speaks of the order with that number instead (M20).
func AlterNumber(number string) Alter {
	return onFields(func(f fields, p protocol) fields { return f.put(p.names().number, number) })
}

// What can be wrong with the spelling, under a signature over just that (M31).
var (
	AlterLetterCase = onFields(func(f fields, _ protocol) fields { return f.raw("Amount", "1") })
	AlterTwice      = onText(func(body []byte) []byte { return addMember(body, `"amount":1`) })
	AlterTrailing   = onText(func(body []byte) []byte { return append(bytes.Clone(body), "{}"...) })
	AlterQuoted     = onAmount(func(literal string) (string, bool) { return literal, true })
	AlterPoint      = onAmount(func(literal string) (string, bool) { return pointed(literal), false })
	AlterNull       = onAmount(func(string) (string, bool) { return "null", false })
	AlterExponent   = onAmount(func(literal string) (string, bool) { return exponent(literal), false })
)

// What can be wrong with the call itself (M40).
var (
	AlterGet  = Alter{func(l *letter) { l.method = http.MethodGet }}
	AlterText = Alter{func(l *letter) { l.contentType = "text/plain" }}
	AlterSlow = Alter{func(l *letter) { l.slow = true }}
)

// pointed adds decimal places that say nothing: 50000.0, 100.00.
func pointed(literal string) string {
	if strings.Contains(literal, ".") {
		return literal + "0"
	}
	return literal + ".0"
}

// exponent writes the same number as whole digits and a power of ten: 1e5.
func exponent(literal string) string {
	if whole, fraction, ok := strings.Cut(literal, "."); ok {
		return whole + fraction + "e-" + string(rune('0'+len(fraction)))
	}
	whole := strings.TrimRight(literal, "0")
	return whole + "e" + string(rune('0'+len(literal)-len(whole)))
}
