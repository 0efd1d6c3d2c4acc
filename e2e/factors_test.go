package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

const (
	ownPassword   = "quiet lantern over harbour"
	secondStepURL = "/sign-in/factor"
)

func (b *browser) adds(login, role string) {
	b.t.Helper()
	b.visit("/people/new")
	for name, value := range map[string]string{"name": "Newcomer " + login, "login": login, "roles": role, "reason": "joins the desk"} {
		b.fill(name, value)
	}
	b.follow("Add person")
	b.follow("Sign and propose")
}

// newcomer is a person whom no other test is: a change of factors signs everybody out who
// is the same person. They come by the link that the people admin hands them.
func newcomer(t *testing.T, login, role string) *browser {
	t.Helper()
	admin := be(t, peopleMan)
	admin.adds(login, role)
	admin.fill("link_reason", "comes in on Monday")
	admin.follow("Ask for a link")
	admin.follow("Sign and propose")
	admin.sees("This link is shown this once")
	admin.look(place{name: "invitation link"})
	link := ask[string](admin, `document.querySelector('#link').innerText`)
	if role != "maker" { // the tests with a mere maker look at no order
		grant(t, login)
	}
	code := lets(t, login)
	b := open(t, 1440, 1000)
	b.visit(strings.TrimPrefix(link, base))
	b.look(place{name: "invitation"})
	b.fill("code", code)
	b.fill("password", ownPassword)
	b.fill("again", ownPassword)
	b.follow("Choose and sign in")
	b.sees("Signed-in browsers")
	again := open(t, 1440, 1000)
	again.visit(strings.TrimPrefix(link, base))
	again.sees("This link does not work any more")
	return b
}

// enter gives login and password at the door.
func (b *browser) enter(login, password string) {
	b.t.Helper()
	b.visit("/sign-in?next=/profile")
	b.fill("login", login)
	b.fill("password", password)
	b.follow("Sign in")
}

// provesBy proves who is there by the password, where there is no factor yet.
func (b *browser) provesBy(password, button string) {
	b.t.Helper()
	b.fill("password", password)
	b.follow(button)
}

// holdKey gives the window a device that makes passkeys and that its owner unlocks.
func (b *browser) holdKey() {
	b.t.Helper()
	b.do(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
}

func (b *browser) signOut() {
	b.t.Helper()
	ask[bool](b, `(f => { document.documentElement.dataset.before = '1'; f.submit(); return true; })(document.querySelector('form[action="/sign-out"]'))`)
	b.arrived()
	b.sees("You are signed out")
}

func TestAPasskeyIsMadeAndSignsIn(t *testing.T) {
	t.Parallel()
	b := newcomer(t, "passkey@harbourpine.example", "maker")
	b.holdKey()
	b.visit("/profile")
	b.follow("Add a passkey")
	b.fill("name", "Work laptop")
	b.follow("Make the passkey")
	b.sees("No passkey was added.")
	b.provesBy(ownPassword, "Sign and add it")
	b.sees("The passkey is added", "Recovery codes")
	b.follow("Make ten codes")
	b.sees("These codes are shown this once")
	b.look(place{name: "recovery codes"})
	if left := ask[int](b, `document.querySelectorAll('.recovery li').length`); left != 10 {
		t.Errorf("%d recovery codes", left)
	}
	b.follow("I have them on paper")
	b.sees("Work laptop", "10 recovery codes left")
	b.look(place{name: "profile with factors"})
	b.signOut()
	b.visit("/sign-in?next=/profile")
	b.follow("Sign in with a passkey")
	b.sees("Work laptop", "Newcomer passkey")
	b.signOut()
	b.enter("passkey@harbourpine.example", ownPassword)
	b.sees("One thing more")
	b.misses("Work laptop")
	b.visit("/profile")
	b.misses("Work laptop")
	b.visit(secondStepURL + "?next=/profile")
	b.look(place{name: "second step by passkey"})
	b.follow("Use your passkey")
	b.sees("Work laptop")
	b.follow("Remove")
	b.sees("The passkey is still there.")
	b.look(place{name: "removal of a passkey"})
	b.follow("Sign and remove it with your passkey")
	b.sees("It is removed")
	b.signOut()
	b.visit("/sign-in")
	b.follow("Sign in with a passkey")
	b.sees("Nobody is let in with that passkey")
}

func TestAOneTimeCodeSignsInOnce(t *testing.T) {
	t.Parallel()
	const login = "codes@harbourpine.example"
	b := newcomer(t, login, "maker")
	b.visit("/profile")
	b.follow("Add one-time codes")
	if !ask[bool](b, `(i => i.complete && i.naturalWidth > 200)(document.querySelector('main img'))`) {
		t.Error("the picture of the secret is not there")
	}
	secret := strings.ReplaceAll(ask[string](b, `document.querySelector('#secret').innerText`), " ", "")
	b.fill("code", "000 000")
	b.follow("Add one-time codes")
	b.sees("That is not the code of this moment")
	b.fill("code", codeAt(t, secret, 0))
	b.follow("Add one-time codes")
	b.provesBy(ownPassword, "Sign and add them")
	b.sees("One-time codes are asked for from now on")
	b.signOut()
	code := codeAt(t, secret, 30*time.Second)
	b.enter(login, ownPassword)
	b.look(place{name: "second step by code"})
	b.fill("code", code)
	b.follow("Sign in")
	b.sees("Newcomer codes")
	again := open(t, 1440, 1000)
	again.enter(login, ownPassword)
	again.fill("code", code)
	again.follow("Sign in")
	again.sees("it was used before")
	again.look(place{name: "second step refused"})
	again.visit("/profile")
	again.misses("Newcomer codes")
}

// codeAt is what the device shows so much later than now.
func codeAt(t *testing.T, secret string, later time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(later))
	if err != nil {
		t.Fatal(fmt.Errorf("code: %w", err))
	}
	return code
}

// lets confirms that the newcomer comes in, and gives the code that a controller alone has.
func lets(t *testing.T, login string) (code string) {
	t.Helper()
	b := be(t, controller)
	b.visit("/changes")
	b.pick("Link that lets Newcomer " + login + " in")
	b.follow("Confirm")
	b.sees("This code is shown this once")
	b.look(place{name: "link code"})
	return ask[string](b, `document.querySelector('#code').innerText`)
}

// grant lets a controller confirm the role that a newcomer was proposed for.
func grant(t *testing.T, login string) {
	t.Helper()
	b := be(t, controller)
	b.visit("/changes")
	b.pick("Roles of Newcomer " + login)
	b.follow("Confirm")
	b.sees("Confirmed")
}

// addKey gives the person of the window a passkey.
func (b *browser) addKey() {
	b.t.Helper()
	b.holdKey()
	b.visit("/profile")
	b.follow("Add a passkey")
	b.fill("name", "Phone")
	b.follow("Make the passkey")
	b.provesBy(ownPassword, "Sign and add it")
	b.sees("The passkey is added")
}

func TestX8_APayoutIsApprovedWithAPasskey(t *testing.T) {
	t.Parallel()
	maker, b := be(t, maker), newcomer(t, "signer@harbourpine.example", "approver")
	b.addKey()
	b.signOut()
	b.visit("/sign-in?next=/profile")
	b.follow("Sign in with a passkey")
	orderNo := maker.hand(taiwan, "1210.75", "E2E-passkey")
	b.visit("/approvals/" + orderNo)
	b.look(place{name: "approval by passkey"})
	b.follow("Approve with your passkey")
	b.sees("Approved.", "Yours was the last signature")
	b.visit("/payouts/" + orderNo)
	b.sees("approved by passkey")
	rejected := maker.hand(taiwan, "1220.75", "E2E-passkey-reject")
	b.visit("/approvals/" + rejected + "/reject")
	b.fill("because", "paid")
	b.fill("reason", "Entered twice")
	b.look(place{name: "rejection by passkey"})
	b.follow("Reject with your passkey")
	b.sees("Rejected.")
}

func TestE12_ACodeApprovesOnAPhoneWithoutAScript(t *testing.T) {
	t.Parallel()
	maker, b := be(t, maker), newcomer(t, "coder@harbourpine.example", "approver")
	b.visit("/profile")
	b.follow("Add one-time codes")
	secret := strings.ReplaceAll(ask[string](b, `document.querySelector('#secret').innerText`), " ", "")
	b.fill("code", codeAt(t, secret, 0))
	b.follow("Add one-time codes")
	b.provesBy(ownPassword, "Sign and add them")
	orderNo := maker.hand(taiwan, "1230.75", "E2E-code")
	b.size(390, 844)
	b.do(emulation.SetScriptExecutionDisabled(true))
	b.visit("/approvals/" + orderNo)
	b.follow("Approve")
	b.sees("You are about to approve")
	b.fill("code", "000000")
	b.follow("Approve with a code")
	b.sees("Nothing was approved.", "not the one of this moment")
	b.do(emulation.SetScriptExecutionDisabled(false))
	b.look(place{name: "approval refused by code"})
	b.do(emulation.SetScriptExecutionDisabled(true))
	b.fill("code", codeAt(t, secret, 30*time.Second))
	b.follow("Approve with a code")
	b.sees("Approved.")
}
