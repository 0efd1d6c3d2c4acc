package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"countersign/models"
)

// names are what stands in addresses, for each kind of parameter.
type names struct {
	order, send                                        string
	account, payee, change, notice, file, enquiry, own string
}

// names are those of an order and of all that there is about it.
func (r *realm) names(p models.Payout) names {
	d := r.desks[p.ID]
	text := func(n int64) string { return fmt.Sprint(n) }
	return names{
		order: p.OrderNo, send: d.send, account: text(int64(p.AccountID)), payee: text(int64(p.PayeeID)),
		change: text(d.change), notice: text(d.notice), file: text(d.file), enquiry: text(d.enquiry), own: "1",
	}
}

const missingOrder = "01M7YTY3FWKJNBWZ9BZ7QS4AS4"

// nowhere are the names of nothing: well formed, malformed in every way that a reader of
// numbers could take for one, and such as something of another kind has.
func (r *realm) nowhere() map[string]names {
	each := func(order, number string) names {
		return names{order, order, number, number, number, number, number, number, number}
	}
	shown := r.names(r.taipei)
	return map[string]names{
		"unknown":         each(missingOrder, "99999"),
		"none":            each("0", "0"),
		"negative":        each("-1", "-1"),
		"too large":       each(strings.Repeat("9", 40), "9223372036854775808"),
		"a word":          each("x", "x"),
		"cut off":         each(shown.order[:25], "%00"),
		"in small":        each(strings.ToLower(shown.order), "1e0"),
		"of another kind": each(shown.payee, shown.order),
		"with more":       each(shown.order+"%20", shown.payee+"%20"),
		"a condition":     each("%27%20OR%201=1", "1%20OR%201=1"),
	}
}

// turns are the kinds that it is the turn of; one is always among them. Those who may pass a
// route are enough for all of them.
func turns(all map[string]names, turn int) []string {
	kinds := slices.Sorted(maps.Keys(all))
	return []string{"unknown", kinds[turn%len(kinds)], kinds[(turn+len(kinds)/2)%len(kinds)]}
}

// part is how a route begins up to a parameter, and what stands there.
type part struct {
	route, name string
	scoped      bool // it belongs to a scope
}

// parts are all that routes can name, each after those that it begins with.
func (n names) parts() []part {
	parts := []part{
		{"/sends/:no", n.send, true}, {"/gateways/sandbox/:no", n.order, false}, {"/people/:id", n.own, false}, {"/payees/blocked/:id", n.own, false},
		{"/payees/finds/:id", n.own, false}, {"/profile/delegations/:id", n.own, false}, {"/profile/passkeys/:id", n.own, false}, {"/profile/sessions/:handle", n.own, false},
		{"/setup/:secret", n.own, false}, {"/invitations/:secret", n.own, false}, {"/webhooks/:slug", n.own, false}, {"/static/*path", "none.css", false},
		{"/changes/:id", n.change, true}, {"/notices/:id", n.notice, true}, {"/gateways/:id", n.account, true}, {"/payees/:id", n.payee, true},
		{"/payees/" + n.payee + "/changes/:change", n.change, true},
	}
	for _, under := range []string{"/payouts/", "/approvals/", "/unclear/", "/contradictions/"} {
		parts = append(parts, part{under + ":no", n.order, true})
	}
	return append(parts, part{"/payouts/" + n.order + "/files/:id", n.file, true}, part{"/payouts/" + n.order + "/enquiry/:id", n.enquiry, true})
}

// address fills a route with these names. about says whether the thing belongs to a scope.
func (n names) address(route Route) (path string, about bool) {
	path = route.Path
	for _, part := range n.parts() {
		if strings.HasPrefix(path, part.route) {
			path = part.route[:strings.LastIndex(part.route, "/")+1] + part.name + path[len(part.route):]
			about = about || part.scoped
		}
	}
	return path, about
}

// Every route with a parameter has something to stand there: a new one that has not fails
// here, so that no walk leaves it out.
func TestI23_EveryRouteWithAParameterHasAnAddress(t *testing.T) {
	t.Parallel()
	r := newRealm(t, func(c *Config) { c.Demo = true })
	all := r.nowhere()
	all["there"] = r.names(r.taipei)
	for _, route := range r.Routes() {
		for kind, n := range all {
			if path, _ := n.address(route); strings.ContainsAny(path, ":*") {
				t.Errorf("%s %s has no address that is %s", route.Method, path, kind)
			}
		}
	}
	if path, _ := all["there"].address(Route{Path: "/orchards/:id"}); !strings.Contains(path, ":") {
		t.Error("a route that nobody knows is filled")
	}
}
