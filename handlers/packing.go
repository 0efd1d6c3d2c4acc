package handlers

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"
)

// packed serves a whole page as small as its reader's browser can take it.
var packed = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(packFrom), gzhttp.CompressionLevel(packLevel), gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the settings are ours
	}
	return wrap
}()

// Under packFrom bytes there is nothing to gain; level 1 costs a third of drawing the
// page and gains most (docs/performance.md).
const (
	packFrom  = 1 << 10
	packLevel = 1
)

// deliver sends a page that is drawn. It is packed only where one of our own pages, or the
// reader, asked for it: on the length of a packed answer another site could try out what
// stands on it (docs/decisions/0013-packed-pages.md).
func deliver(c *gin.Context, status int, page []byte) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Header("Content-Length", strconv.Itoa(len(page)))
	c.Header("Vary", "Sec-Fetch-Site")
	whole := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.Write(page) // a browser that left does not need the rest
	})
	if askedFromHere(c.Request) {
		whole = packed(whole)
	}
	whole(c.Writer, c.Request)
}

// askedFromHere says whether no page of another site made the browser ask. A browser that
// does not say so gets the page as it is.
func askedFromHere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	}
	return false
}
