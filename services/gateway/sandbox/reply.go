package sandbox

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// Reply is the way an answer travels, or what comes in its place. Each is a
// Reply of create calls and of queries alike.
type Reply func(*exchange)

// exchange is one call and the answer that it should get.
type exchange struct {
	s      *Sandbox
	w      http.ResponseWriter
	r      *http.Request
	m      *merchant // nil until the caller is known
	family string
	body   []byte // the right answer

	rec   *record // of a create call, as are the next
	nth   int     // of its deliveries
	cents int64
	data  fields // within the right answer
}

// answer sends the right answer the right way, or what the reply makes of it.
func (e *exchange) answer(reply Reply) {
	if reply == nil {
		e.send(http.StatusOK, jsonType, e.body)
		return
	}
	reply(e)
}

const jsonType = "application/json;charset=utf-8"

func (e *exchange) send(status int, contentType string, body []byte) {
	if contentType != "" {
		e.w.Header().Set("Content-Type", contentType)
	}
	e.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	e.w.WriteHeader(status)
	_, _ = e.w.Write(body) // the caller may have left; that is his affair
}

func (e *exchange) flush() {
	if f, ok := e.w.(http.Flusher); ok {
		f.Flush()
	}
}

// ReplyStatus answers with an HTTP status and a page for people, no code (M2, M12).
func ReplyStatus(status int) Reply {
	return func(e *exchange) {
		title := strconv.Itoa(status) + " " + http.StatusText(status)
		e.send(status, "text/html", []byte("<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>\n"))
	}
}

// ReplyWith answers with the right body under another HTTP status: a business
// refusal in a 400 (M9).
func ReplyWith(status int) Reply {
	return func(e *exchange) { e.send(status, jsonType, e.body) }
}

// ReplyBody answers 200 with a body of the test's choice (M7, M8).
func ReplyBody(contentType, body string) Reply {
	return func(e *exchange) { e.send(http.StatusOK, contentType, []byte(body)) }
}

// ReplySays answers with a refusal although the order may be booked (M10, M11).
func ReplySays(code Refusal) Reply {
	return func(e *exchange) {
		e.send(http.StatusOK, jsonType, speaks(e.family).refusal(code.code(e.family)))
	}
}

// ReplyRedirect sends the caller back to the same address: who follows it counts
// as a second delivery (M13).
func ReplyRedirect(status int) Reply {
	return func(e *exchange) {
		e.w.Header().Set("Location", e.r.URL.RequestURI())
		e.send(status, "", nil)
	}
}

// ReplySilent never answers. It ends when the caller gives up (M3).
func ReplySilent(e *exchange) {
	select {
	case <-e.r.Context().Done():
	case <-e.s.closing:
	}
	panic(http.ErrAbortHandler)
}

// ReplyLate gives the right answer after the caller's deadline (M3).
func ReplyLate(e *exchange) {
	if !e.s.hold(e.r.Context().Done(), e.s.late) {
		panic(http.ErrAbortHandler)
	}
	e.answer(nil)
}

// ReplyEmpty is 200 without a body (M6).
func ReplyEmpty(e *exchange) { e.send(http.StatusOK, jsonType, nil) }

// ReplyNoContent is 204 (M6).
func ReplyNoContent(e *exchange) { e.w.WriteHeader(http.StatusNoContent) }

// ReplyPage is a page for people in a 200, as a proxy's error page is (M7).
func ReplyPage(e *exchange) {
	e.send(http.StatusOK, "text/html", []byte("<html><body>The system is being upgraded. Code 0000.</body></html>"))
}

// ReplyBroken is the right answer without its last byte (M7).
func ReplyBroken(e *exchange) { e.send(http.StatusOK, jsonType, e.body[:len(e.body)-1]) }

// ReplyCharset is the right answer with bytes that are no UTF-8 (M7).
func ReplyCharset(e *exchange) {
	e.send(http.StatusOK, "application/json;charset=gbk", addMember(e.body, "\"note\":\"\xca\xd5\xb5\xbd\""))
}

// ReplyHuge is the right answer followed by more than anybody should read (M7).
func ReplyHuge(e *exchange) {
	e.send(http.StatusOK, jsonType, addMember(e.body, `"note":"`+strings.Repeat("x", 1<<20)+`"`))
}

// ReplyBomb is a small answer that unpacks to 16 MiB (M7).
func ReplyBomb(e *exchange) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(addMember(e.body, `"note":"`+strings.Repeat("x", 16<<20)+`"`))
	_ = z.Close()
	e.w.Header().Set("Content-Encoding", "gzip")
	e.send(http.StatusOK, jsonType, packed.Bytes())
}

// ReplyOddCode names the success code in another type than documented (M8).
func ReplyOddCode(e *exchange) {
	other := strings.NewReplacer(`"error_code":"0000"`, `"error_code":0`, `"code":200`, `"code":"200"`)
	e.send(http.StatusOK, jsonType, []byte(other.Replace(string(e.body))))
}

// ReplyNoCode leaves the code out (M8).
func ReplyNoCode(e *exchange) {
	other := strings.NewReplacer(`"error_code":"0000",`, ``, `"code":200,`, ``)
	e.send(http.StatusOK, jsonType, []byte(other.Replace(string(e.body))))
}

// ReplyTwoCodes names the code twice, differently (M8).
func ReplyTwoCodes(e *exchange) {
	second := `"error_code":"0012"`
	if e.family == Cashy {
		second = `"code":500`
	}
	e.send(http.StatusOK, jsonType, addMember(e.body, second))
}

// ReplyOtherOrder answers a create call well, for another order (M17).
func ReplyOtherOrder(e *exchange) {
	p := speaks(e.family)
	e.body = p.envelope(e.data.put(p.names().number, another(e.rec.Number)))
	e.answer(nil)
}

// ReplyOtherAmount answers a create call well, with another amount (M17).
func ReplyOtherAmount(e *exchange) {
	p := speaks(e.family)
	e.body = p.envelope(e.data.putRaw("amount", p.amount(less(e.cents))))
	e.answer(nil)
}

// ReplyBadSign carries a signature that does not fit, where the family would put
// one: in the answer, or in a header of it (M18).
func ReplyBadSign(e *exchange) {
	if e.family == Apay {
		e.body = addMember(e.body, `"sign":"`+strings.Repeat("0", 64)+`"`)
	} else {
		e.w.Header().Set("Sign", strings.Repeat("0", 32))
	}
	e.answer(nil)
}

// addMember puts one more member at the end of a JSON object.
func addMember(object []byte, member string) []byte {
	open := bytes.TrimSuffix(object, []byte("}"))
	return append(append(bytes.Clone(open), ','), member+"}"...)
}
