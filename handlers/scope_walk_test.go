package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

var changing = regexp.MustCompile(`[0-9A-F]{4}-[0-9A-F]{4}|name="form_key" value="[^"]*"|value="[0-9a-f]{64}"`)

// same is what an answer says, without what differs between any two.
func (p page) same(path string) string {
	body := changing.ReplaceAllString(p.body, "")
	for _, part := range strings.Split(path, "/") {
		if len(part) > 3 && strings.ContainsAny(part, "0123456789") {
			body = strings.ReplaceAll(body, part, "X")
		}
	}
	return fmt.Sprintf("%d %s %s", p.status, p.header.Get("Location"), body)
}

// leaks are the answers in which somebody who does not see a thing can tell it from one
// that is not there, whatever stands for that one.
func (r *realm) leaks(b *browser, route Route, hidden models.Payout, kinds []string) (found []string) {
	path, about := r.names(hidden).address(route)
	if !about {
		return nil
	}
	forms, nowhere := []url.Values{nil}, r.nowhere()
	if route.Method == http.MethodPost {
		forms = append(forms, r.goodForm(route, hidden))
	}
	for i, form := range forms {
		got := b.does(route.Method, path, form)
		if good := i == len(forms)-1; good && got.status != http.StatusNotFound {
			found = append(found, fmt.Sprintf("%s %s: status %d: %.200s", route.Method, path, got.status, got.text()))
		}
		for _, kind := range kinds {
			missing, _ := nowhere[kind].address(route)
			if none := b.does(route.Method, missing, form); got.same(path) != none.same(missing) {
				found = append(found, fmt.Sprintf("%s %s: %d %.300s; where it is %s: %d %.300s", route.Method, path, got.status, got.text(), kind, none.status, none.text()))
			}
		}
	}
	return found
}

func (b *browser) does(method, path string, form url.Values) page {
	switch method {
	case http.MethodHead:
		return b.head(path)
	case http.MethodPost:
		return b.again(path, form)
	}
	return b.get(path)
}

// again sends a form with the key of the one before, as long as none of them was taken:
// what is refused did nothing, and its key is good once more.
func (b *browser) again(path string, form url.Values) page {
	if b.kept == "" {
		b.kept = b.key()
	}
	got := b.postKey(path, b.kept, form)
	if got.status < 400 || got.status >= 500 {
		b.kept = ""
	}
	return got
}

// TestI23_OutOfScopeIsAnsweredLikeMissing walks every route with a thing in it, as every
// role that may pass it, and compares what is answered about an order outside the scope
// with what is answered about none.
func TestI23_OutOfScopeIsAnsweredLikeMissing(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	walked, seen := 0, 0
	for i, role := range models.Roles {
		b := r.limited(role)
		if i%2 == 1 {
			b = r.seeing(role, models.Scope{Currencies: []string{"TWD"}})
		}
		for n, route := range r.Routes() {
			if route.live && route.Method == http.MethodGet || !b.person.May(route.Verb) {
				continue // a stream does not end; its HEAD asks the same
			}
			for _, leak := range r.leaks(b, route, r.lima, turns(r.nowhere(), i+n)) {
				t.Errorf("as %s: %s", role, leak)
			}
			if path, about := r.names(r.taipei).address(route); about && route.Method == http.MethodGet {
				walked++
				if b.get(path).status == http.StatusOK {
					seen++
				}
			}
		}
	}
	if walked < 30 || seen*3 < walked {
		t.Errorf("only %d of %d pages within the scope were to be seen: the walk proves little", seen, walked)
	}
	report := r.order(r.lima.OrderNo)
	if report.State != r.lima.State || report.Version != r.lima.Version {
		t.Errorf("the order outside the scope moved: %+v", report.State)
	}
}

// What belongs to another thing is missing under one's own, whether it is there or not.
func TestI23_AThingOfAnotherIsMissingUnderOnesOwn(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	whole, limited := r.as(models.Resolver), r.limited(models.Resolver)
	for _, path := range []string{"/payouts/:no/files/:id", "/payouts/:no/enquiry/:id/reply", "/payees/:id/changes/:change"} {
		own, crossed, none := r.names(r.taipei), r.names(r.taipei), r.names(r.taipei)
		other := r.names(r.lima)
		crossed.file, crossed.enquiry, crossed.change = other.file, other.enquiry, other.change
		none.file, none.enquiry, none.change = "99999", "99999", "99999"
		at := func(n names) string {
			address, _ := n.address(Route{Path: path})
			return address
		}
		for _, b := range []*browser{whole, limited} {
			b.get(at(own)).is(http.StatusOK)
			got, missing := b.get(at(crossed)).is(http.StatusNotFound), b.get(at(none)).is(http.StatusNotFound)
			if got.same(at(crossed)) != missing.same(at(none)) {
				t.Errorf("%s: %.300s instead of %.300s", at(crossed), got.text(), missing.text())
			}
		}
	}
}

// The known-bad variant: a handler that reads past the scope is caught by the walk.
func TestI23_AHandlerThatReadsPastTheScopeIsCaught(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	bad := Route{Method: http.MethodGet, Path: "/payouts/:no/careless", Verb: models.VerbSee, body: formBytes}
	r.engine.Handle(bad.Method, bad.Path, r.page(bad, func(c *gin.Context) error {
		p, err := models.FindOrder(r.Store.Read(context.Background()), c.Param("no"))
		if err != nil {
			return err
		}
		c.String(http.StatusOK, p.PayeeName)
		return nil
	}))
	good := bad
	good.Path = "/payouts/:no/careful"
	r.engine.Handle(good.Method, good.Path, r.page(good, func(c *gin.Context) error {
		p, err := models.FindOrder(r.Store.Read(c), c.Param("no"))
		if err != nil {
			return err
		}
		c.String(http.StatusOK, p.PayeeName)
		return nil
	}))
	b := r.limited(models.Auditor)
	if len(r.leaks(b, bad, r.lima, []string{"unknown"})) == 0 {
		t.Error("the walk does not see a handler that forgets the scope")
	}
	if leaks := r.leaks(b, good, r.lima, []string{"unknown"}); len(leaks) > 0 {
		t.Errorf("the walk accuses a handler that keeps to it: %v", leaks)
	}
}
