package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

var (
	sealedPattern   = regexp.MustCompile(`name="sealed" value="([^"]+)"`)
	secretPattern   = regexp.MustCompile(`<code id="secret">([^<]+)</code>`)
	recoveryPattern = regexp.MustCompile(`<li><code>([A-Z2-7-]+)</code></li>`)
)

func TestACodeIsAskedForAfterThePassword(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	owner.get("/profile").is(http.StatusOK).says("One-time codes are asked for from now on", "Last used")
	a.clock.pass(time.Minute)
	b := a.nobody()
	b.give(owner.person)
	b.get("/sign-in/factor").is(http.StatusOK).says("The password is right", "One-time code")
	b.sends("000000").is(http.StatusUnprocessableEntity).says("That is not right, or it was used before")
	b.sends(a.code(secret)).leadsTo("/profile")
	b.get("/profile").is(http.StatusOK).says(owner.person.Name)
	signed := a.events("signed_in")
	if last := signed[len(signed)-1]; last.Details["factor"] != "code" || last.ActorID != owner.person.ID {
		t.Fatalf("on record: %+v", last)
	}
	if refused := a.events("factor_refused"); len(refused) != 1 || refused[0].ActorID != owner.person.ID || refused[0].Details["why"] != "factor.why_code" {
		t.Fatalf("refused on record: %+v", refused)
	}
	if added := a.events("factor_added"); len(added) != 1 || added[0].Details["factor"] != "code" {
		t.Fatalf("added on record: %+v", added)
	}
}

func TestI22_ACodeWorksOnce(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	b := a.nobody()
	b.give(owner.person)
	b.sends(a.code(secret)).is(http.StatusUnprocessableEntity) // it confirmed the secret
	a.clock.pass(time.Minute)
	code := a.code(secret)
	b.sends(code).leadsTo("/profile")
	again := a.nobody()
	again.give(owner.person)
	again.sends(code).is(http.StatusUnprocessableEntity).says("used before")
	again.get("/profile").is(http.StatusSeeOther)
	a.clock.pass(30 * time.Second)
	again.sends(code).is(http.StatusUnprocessableEntity)
	again.sends(a.code(secret)).leadsTo("/profile")
}

// Of many browsers that send the same code at the same moment, one is let in. A table that
// forgets the step lets more in, and the count says so.
func TestI22_OfManyWhoSendTheSameCodeOneIsLetIn(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	a.clock.pass(time.Minute)
	if in := letIn(a, owner.person, a.code(secret), 6); in != 1 {
		t.Fatalf("%d were let in with one code", in)
	}
	a.clock.pass(time.Minute)
	a.write(func(tx *gorm.DB) error {
		return tx.Exec("CREATE TRIGGER forgets AFTER UPDATE OF used_step ON code_factors WHEN NEW.used_step > 0 BEGIN UPDATE code_factors SET used_step = 0; END").Error
	})
	if in := letIn(a, owner.person, a.code(secret), 3); in < 2 {
		t.Fatalf("the count does not see a code that works twice: %d", in)
	}
}

func TestS4_WrongCodesShutOutWhoeverSendsThem(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	a.clock.pass(time.Minute)
	b := a.nobody()
	b.give(owner.person)
	for i := range 10 {
		if i == 5 {
			b.give(owner.person) // the right password gives no tries back
		}
		b.sends("123456").is(http.StatusUnprocessableEntity)
	}
	b.sends(a.code(secret)).is(http.StatusTooManyRequests).says("10 tries were wrong")
	a.clock.pass(31 * time.Minute)
	b.give(owner.person)
	b.sends(a.code(secret)).leadsTo("/profile")
}

func TestTenRecoveryCodesAreShownOnceAndEachWorksOnce(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	shown := owner.post("/profile/recovery", nil).is(http.StatusOK).says("shown this once")
	var codes []string
	for _, found := range recoveryPattern.FindAllStringSubmatch(shown.body, -1) {
		codes = append(codes, found[1])
	}
	if len(codes) != 10 {
		t.Fatalf("%d codes", len(codes))
	}
	owner.get("/profile/recovery").says("10 codes are left").keepsQuiet(codes[0])
	enter := func(code string) page {
		b := a.nobody()
		b.give(owner.person)
		return b.sends(code)
	}
	enter(strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))).leadsTo("/profile")
	enter(codes[3]).is(http.StatusUnprocessableEntity)
	owner.get("/profile").says("9 recovery codes left")
	if used := a.events("recovery_used"); len(used) != 1 || used[0].Details["left"] != "9" {
		t.Fatalf("on record: %+v", used)
	}
	a.clock.pass(time.Minute)
	owner.signsBy("/profile/recovery", nil, url.Values{"code": {a.code(secret)}}).is(http.StatusOK).says("shown this once")
	enter(codes[5]).is(http.StatusUnprocessableEntity)
	nothingOf(a, codes...)
}

func TestFactorsChangeSoonAfterASignInOnly(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	b := a.as(models.Maker)
	secret := b.withCodes()
	nothingOf(a, secret)
	a.clock.pass(14 * time.Minute)
	b.get("/profile").says("Remove")
	a.clock.pass(2 * time.Minute)
	b.get("/profile").says("sign in again", "more than 15 minutes ago")
	b.post("/profile/codes/removal", nil).is(http.StatusForbidden).says("sign in again")
	b.post("/profile/recovery", nil).is(http.StatusForbidden)
	if factors, err := models.FactorsOf(a.Store.Read(t.Context()), b.person.ID); err != nil || !factors.Any() {
		t.Fatalf("removed: %v", err)
	}
}

func TestI22_AChangeOfFactorsEndsEveryOtherSession(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	b := a.as(models.Maker)
	other := a.nobody()
	other.signIn(b.person)
	before := *b.cookies["countersign"]
	secret := b.withCodes()
	other.get("/profile").is(http.StatusSeeOther)
	stolen := a.nobody()
	stolen.cookies["countersign"] = &before
	stolen.get("/profile").is(http.StatusSeeOther)
	b.get("/profile").is(http.StatusOK)
	a.clock.pass(time.Minute)
	b.signsBy("/profile/codes/removal", nil, url.Values{"code": {a.code(secret)}}).leadsTo("/profile")
	b.get("/profile").says("It is removed", "whoever learns your password")
	a.nobody().signIn(b.person)
}

func TestWhereEveryoneNeedsAFactorNothingElseIsOpen(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	b := a.as(models.Maker)
	must(t, a.Policy.DemandFactor(t.Context(), models.Machine("test"), true))
	for _, path := range []string{"/", "/payouts", "/policy"} {
		b.get(path).leadsTo("/profile")
	}
	b.post("/payouts/search", url.Values{"q": {"x"}}).is(http.StatusForbidden).says("Add a second factor first")
	b.get("/profile").says("Add a second factor first")
	b.withCodes()
	b.get("/payouts").is(http.StatusOK)
	b.post("/profile/codes/removal", nil).is(http.StatusConflict).says("before you remove the last")
	if changed := a.events("setting_changed"); changed[len(changed)-1].SubjectID != "second_factor" {
		t.Fatal("the demand is not on record")
	}
}

// A stolen session has no factor and no password: it neither takes the owner's factors
// away nor adds one of its own, however young it is. The proof is of the factor that there
// is; a password does only where there is none.
func TestS3_AStolenSessionChangesNoFactor(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	thief := &browser{app: owner.app, cookies: owner.cookies, person: owner.person}
	form, _ := thief.codesForm()
	thief.postOnly("/profile/codes", form).is(http.StatusUnprocessableEntity).says("No codes were added", "Your password")
	thief.signsBy("/profile/codes", form, url.Values{"password": {"a guess at the password"}}).says("That is not your password")
	if len(a.events("factor_added")) != 0 {
		t.Fatal("a session alone added a factor")
	}
	secret := owner.withCodes()
	a.clock.pass(time.Minute)
	thief.cookies = owner.cookies
	thief.postOnly("/profile/codes/removal", nil).is(http.StatusUnprocessableEntity).says("The codes are still there", "One-time code")
	thief.signsBy("/profile/codes/removal", nil, url.Values{"password": {password}}).says("not the one of this moment")
	thief.signsBy("/profile/codes/removal", nil, url.Values{"code": {"000000"}}).says("not the one of this moment")
	if len(a.events("factor_removed")) != 0 {
		t.Fatal("a session alone removed a factor")
	}
	a.clock.pass(time.Minute)
	owner.signsBy("/profile/codes/removal", nil, url.Values{"code": {a.code(secret)}}).leadsTo("/profile")
	if removed := a.events("factor_removed"); len(removed) != 1 || removed[0].Details["method"] != "code" || removed[0].Details["signature"] == "" {
		t.Fatalf("on record: %+v", removed)
	}
}

// Whoever has lost their factor comes in by password and recovery code, and signs the
// change of factors by the password, which signs nothing else for them.
func TestS3_ARecoveryCodeLeadsToANewFactor(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	owner.withCodes()
	shown := owner.post("/profile/recovery", nil).is(http.StatusOK)
	code := recoveryPattern.FindStringSubmatch(shown.body)[1]
	b := a.nobody()
	b.give(owner.person)
	b.sends(code).leadsTo("/profile")
	b.person = owner.person
	b.signsBy("/profile/codes/removal", nil, url.Values{"password": {password}}).leadsTo("/profile")
	if removed := a.events("factor_removed"); len(removed) != 1 || removed[0].Details["method"] != "password" {
		t.Fatalf("on record: %+v", removed)
	}
}
