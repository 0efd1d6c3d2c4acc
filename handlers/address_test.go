package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"countersign/models"
)

// triesFrom sends wrong passwords for somebody else each time, as one client whose address
// and whose word about it are given, and counts how many were looked at before it was shut out.
func (a *app) triesFrom(remote string, says func(try int) string) (looked int) {
	a.t.Helper()
	b := a.nobody()
	key := b.key()
	for try := range 25 {
		form := url.Values{formKeyField: {key}, "login": {fmt.Sprintf("nobody%d", try)}, "password": {"wrong wrong wrong"}, "next": {""}}
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.RemoteAddr = remote
		if strings.Contains(remote, "%d") {
			r.RemoteAddr = fmt.Sprintf(remote, try)
		}
		for name, value := range map[string]string{"X-Forwarded-For": says(try), "X-Real-Ip": fmt.Sprintf("203.0.113.%d", try), "Forwarded": "for=203.0.113.9"} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if b.send(r).status == http.StatusTooManyRequests {
			return looked
		}
		looked++
	}
	return looked
}

func madeUp(try int) string { return fmt.Sprintf("198.51.100.%d", try) }

func TestS4_AMadeUpForwardedAddressGivesNoMoreTries(t *testing.T) {
	t.Parallel()
	if n := newApp(t).triesFrom("192.0.2.9:5", madeUp); n != 10 {
		t.Errorf("without a proxy %d tries were looked at", n)
	}
	behind := func(c *Config) { c.TrustedProxies = []string{"10.0.0.1"} }
	through := func(try int) string { return madeUp(try) + ", 192.0.2.9" } // the proxy adds whom it saw
	if n := newApp(t, behind).triesFrom("10.0.0.1:5", through); n != 10 {
		t.Errorf("behind the proxy %d tries were looked at", n)
	}
	if n := newApp(t, behind).triesFrom("192.0.2.9:5", madeUp); n != 10 {
		t.Errorf("past the proxy %d tries were looked at", n)
	}
}

// An installation that believes everybody is what must never be: the count shows it.
func TestS4_WhoBelievesEverybodyCountsNobody(t *testing.T) {
	t.Parallel()
	all := func(c *Config) { c.TrustedProxies = []string{"0.0.0.0/0"} }
	if n := newApp(t, all).triesFrom("192.0.2.9:5", madeUp); n < 25 {
		t.Errorf("the count does not see made-up addresses: %d", n)
	}
}

func TestS4_TheAddressesOfOneIPv6NetworkCountTogether(t *testing.T) {
	t.Parallel()
	none := func(int) string { return "" }
	if n := newApp(t).triesFrom("[2001:db8:7:1::%d]:5", none); n != 10 {
		t.Errorf("%d tries out of one network were looked at", n)
	}
	if n := newApp(t).triesFrom("[2001:db8:7:%d::1]:5", none); n < 25 {
		t.Errorf("other networks were shut out after %d", n)
	}
}

// Whoever may say where notices are posted leads nobody's invitation, and nobody's passkey,
// to a place of theirs.
func TestAnInvitationLeadsWhereTheStartSaid(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(c *Config) { c.PublicURL = testOrigin })
	key := a.as(models.Maker).withPasskey()
	a.as(models.GatewayAdmin).post("/gateways/address", url.Values{"public_url": {"https://evil.example"}, "reason": {"a new name"}}).leadsTo("/changes/1")
	a.as(models.Controller).confirms(1)
	p := a.add(models.Maker)
	shown := a.as(models.PeopleAdmin).post(fmt.Sprintf("/people/%d/invitation", p.ID), lost).is(http.StatusOK)
	shown.says(testOrigin + "/invitations/").keepsQuiet("evil.example")
	b := a.nobody()
	b.post("/sign-in/passkey", url.Values{"answer": {key.get(b.get("/sign-in").asked())}, "next": {""}}).leadsTo("/")
}
