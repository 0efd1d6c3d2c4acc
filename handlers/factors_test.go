package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"gorm.io/gorm"

	"countersign/models"
)

// newSite is an installation that is reached at an address with a name.
func newSite(t *testing.T) *app {
	a := newApp(t)
	must(t, a.Accounts.SetPublicURL(t.Context(), models.Machine("test"), testOrigin))
	return a
}

var (
	sealedPattern   = regexp.MustCompile(`name="sealed" value="([^"]+)"`)
	secretPattern   = regexp.MustCompile(`<code id="secret">([^<]+)</code>`)
	recoveryPattern = regexp.MustCompile(`<li><code>([A-Z2-7-]+)</code></li>`)
)

// withCodes gives the browser's person one-time codes, and returns their secret.
func (b *browser) withCodes() (secret string) {
	b.t.Helper()
	page := b.get("/profile/codes").is(http.StatusOK)
	secret = strings.ReplaceAll(secretPattern.FindStringSubmatch(page.body)[1], " ", "")
	sealed := sealedPattern.FindStringSubmatch(page.body)[1]
	b.post("/profile/codes", url.Values{"sealed": {sealed}, "code": {b.code(secret)}}).is(http.StatusSeeOther)
	return secret
}

// code is what a device shows at this moment.
func (a *app) code(secret string) string {
	a.t.Helper()
	code, err := totp.GenerateCode(secret, a.clock.now())
	must(a.t, err)
	return code
}

// withPasskey gives the browser's person a passkey.
func (b *browser) withPasskey() *authenticator {
	b.t.Helper()
	key := newAuthenticator(b.t)
	b.addPasskey(key).is(http.StatusSeeOther)
	return key
}

func (b *browser) addPasskey(key *authenticator) page {
	b.t.Helper()
	asked := b.get("/profile/passkeys").is(http.StatusOK).asked()
	return b.post("/profile/passkeys", url.Values{"name": {"Work laptop"}, "answer": {key.create(asked)}})
}

// give gives login and password, and stops at the second step.
func (b *browser) give(p models.Person) page {
	b.t.Helper()
	return b.post("/sign-in", url.Values{"login": {p.Login}, "password": {password}, "next": {"/profile"}}).
		leadsTo("/sign-in/factor?next=%2Fprofile")
}

// sends sends the code that the second step asks for.
func (b *browser) sends(code string) page {
	b.t.Helper()
	return b.post("/sign-in/code", url.Values{"code": {code}, "next": {"/profile"}})
}

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

func letIn(a *app, p models.Person, code string, browsers int) (in int) {
	var all []*browser
	for range browsers {
		b := a.nobody()
		b.give(p)
		b.get("/sign-in/factor")
		all = append(all, b)
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	for _, b := range all {
		key := keyPattern.FindStringSubmatch(b.get("/sign-in/factor").body)[1]
		group.Go(func() {
			if b.postKey("/sign-in/code", key, url.Values{"code": {code}, "next": {""}}).status == http.StatusSeeOther {
				mu.Lock()
				in++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return in
}

func TestHalfASignInOpensNothing(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker, models.PeopleAdmin, models.Controller)
	owner.withCodes()
	b := a.nobody()
	b.give(owner.person)
	if open := b.openDoors(); len(open) > 0 {
		t.Fatalf("half a sign-in opens %v", open)
	}
	b.get("/sign-in/factor").is(http.StatusOK)
	a.clock.pass(6 * time.Minute)
	b.get("/sign-in/factor").leadsTo("/sign-in?ended=step")
	b.get("/sign-in?ended=step").says("came too late")
}

// A half sign-in that is stored as a session is what must never be: the walk sees it, and
// so does the look for ids that were known before.
func TestAHalfSignInThatWereASessionWouldBeSeen(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker, models.PeopleAdmin, models.Controller)
	owner.withCodes()
	b := a.nobody()
	b.give(owner.person)
	var id string
	must(t, a.sessions.codec.Decode("countersign", b.cookies["countersign"].Value, &id))
	a.write(func(tx *gorm.DB) error {
		return models.OpenSession(tx, &models.Session{
			Digest: digestOf(id), PersonID: owner.person.ID, CreatedAt: a.clock.now(), SeenAt: a.clock.now(), Data: []byte("{}"),
		})
	})
	b.person = owner.person
	if open := b.openDoors(); len(open) < 20 {
		t.Fatalf("the walk sees only %v", open)
	}
}

// openDoors are the routes that let this browser pass though nobody is signed in.
func (b *browser) openDoors() (open []string) {
	b.t.Helper()
	for _, route := range b.Routes() {
		if route.plain || route.live || route.Path == "/sign-out" || route.Verb == models.VerbPublic || route.Verb == models.VerbNotify {
			continue
		}
		path := parameter.ReplaceAllString(route.Path, "1")
		got := b.head(path)
		if route.Method != http.MethodHead {
			got = b.get(path)
		}
		if route.Method == http.MethodPost {
			got = b.post(path, nil)
		}
		if got.status != http.StatusUnauthorized && !(got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in")) {
			open = append(open, route.Method+" "+route.Path)
		}
	}
	return open
}

func TestI22_NoIdThatWasKnownBeforeTheSecondStepHoldsAfterIt(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	secret := owner.withCodes()
	a.clock.pass(time.Minute)
	b := a.nobody()
	b.get("/sign-in")
	planted := *b.cookies["countersign"]
	b.give(owner.person)
	half := *b.cookies["countersign"]
	b.sends(a.code(secret)).leadsTo("/profile")
	if planted.Value == half.Value || half.Value == b.cookies["countersign"].Value {
		t.Fatal("the id stayed the same over a step")
	}
	for name, known := range map[string]http.Cookie{"before the password": planted, "between the steps": half} {
		attacker := a.nobody()
		attacker.cookies["countersign"] = &known
		if got := attacker.get("/profile"); got.status != http.StatusSeeOther {
			t.Errorf("the id from %s opens the profile", name)
		}
		attacker.get("/sign-in/factor").leadsTo("/sign-in?ended=step")
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

func TestAPasskeyAloneLetsItsOwnerIn(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	key := owner.withPasskey()
	owner.get("/profile").says("Passkey “Work laptop”", "never")
	b := a.nobody()
	asked := b.get("/sign-in").asked()
	if len(asked.Allowed) > 0 {
		t.Fatal("the door tells which passkeys there are")
	}
	planted := *b.cookies["countersign"]
	answer := key.get(asked)
	b.post("/sign-in/passkey", url.Values{"answer": {answer}, "next": {"/profile"}}).leadsTo("/profile")
	b.get("/profile").is(http.StatusOK).says(owner.person.Name)
	if planted.Value == b.cookies["countersign"].Value {
		t.Fatal("the id that was known before the sign-in still holds")
	}
	replay := a.nobody()
	replay.cookies["countersign"] = &planted
	replay.post("/sign-in/passkey", url.Values{"answer": {answer}, "next": {""}}).is(http.StatusUnprocessableEntity).says("Nobody is let in with that passkey")
}

func TestS4_EveryPasskeyThatDoesNotHoldIsAnsweredInTheSameWords(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	key := owner.withPasskey()
	gone := a.as(models.Maker)
	theirs := gone.withPasskey()
	must(t, a.People.Deactivate(t.Context(), models.Machine("test"), gone.person.ID))
	elsewhere, locked, forged := *key, *key, *key
	elsewhere.origin, locked.locked, forged.key = "https://pay.examp1e.com", true, newAuthenticator(t).key
	unknown := newAuthenticator(t)
	unknown.owner = key.owner
	answers := map[string]bool{}
	for name, bad := range map[string]*authenticator{"elsewhere": &elsewhere, "locked": &locked, "forged": &forged, "unknown": unknown, "deactivated": theirs} {
		b := a.nobody()
		got := b.post("/sign-in/passkey", url.Values{"answer": {bad.get(b.get("/sign-in").asked())}, "next": {""}})
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, got.status)
		}
		answers[got.text()] = true
	}
	b := a.nobody()
	b.get("/sign-in")
	for _, odd := range []string{"", "{}", `{"id":"x"}`, "null"} {
		answers[b.post("/sign-in/passkey", url.Values{"answer": {odd}, "next": {""}}).text()] = true
	}
	if len(answers) != 1 {
		t.Errorf("different answers: %v", answers)
	}
	if refused := a.events("factor_refused"); len(refused) != 5 {
		t.Errorf("%d on record", len(refused))
	}
}

func TestACopiedPasskeyIsRefused(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	key := owner.withPasskey()
	copied := *key
	enter := func(key *authenticator) page {
		b := a.nobody()
		return b.post("/sign-in/passkey", url.Values{"answer": {key.get(b.get("/sign-in").asked())}, "next": {""}})
	}
	enter(key).leadsTo("/")
	enter(key).leadsTo("/")
	enter(&copied).is(http.StatusUnprocessableEntity)
	if refused := a.events("factor_refused"); len(refused) != 1 || refused[0].Details["why"] != "factor.why_copied" || refused[0].ActorID != owner.person.ID {
		t.Fatalf("on record: %+v", refused)
	}
}

func TestAPasskeyIsTakenForTheSecondStepFromItsOwnerAlone(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner, other := a.as(models.Maker), a.as(models.Maker)
	key, theirs := owner.withPasskey(), other.withPasskey()
	b := a.nobody()
	b.give(owner.person)
	asked := b.get("/sign-in/factor").asked()
	if len(asked.Allowed) != 1 || asked.Allowed[0].ID != encoding.EncodeToString(key.id) {
		t.Fatalf("asked for %v", asked.Allowed)
	}
	send := func(answer string) page {
		return b.post("/sign-in/factor", url.Values{"answer": {answer}, "next": {"/profile"}})
	}
	send(theirs.get(asked)).is(http.StatusUnprocessableEntity)
	atTheDoor := a.nobody()
	send(key.get(atTheDoor.get("/sign-in").asked())).is(http.StatusForbidden) // another browser's question
	send(key.get(asked)).leadsTo("/profile")
	b.get("/profile").says(owner.person.Name)
}

func TestAPasskeyIsNotAddedToAnotherQuestionOrTwice(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner, other := a.as(models.Maker), a.as(models.Maker)
	asked := other.get("/profile/passkeys").asked()
	key := newAuthenticator(t)
	form := url.Values{"name": {"Blue key"}, "answer": {key.create(asked)}}
	owner.post("/profile/passkeys", form).is(http.StatusForbidden)
	other.post("/profile/passkeys", url.Values{"name": {""}, "answer": form["answer"]}).is(http.StatusUnprocessableEntity).says("Name the passkey")
	other.post("/profile/passkeys", form).leadsTo("/profile/recovery")
	owner.addPasskey(key).is(http.StatusConflict).says("known here already")
}

func TestTenRecoveryCodesAreShownOnceAndEachWorksOnce(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner := a.as(models.Maker)
	owner.withCodes()
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
	owner.post("/profile/recovery", nil).is(http.StatusOK)
	enter(codes[5]).is(http.StatusUnprocessableEntity)
	nothingOf(a, codes...)
}

// nothingOf fails if one of the texts lies open in a table or the log.
func nothingOf(a *app, secrets ...string) {
	a.t.Helper()
	for _, table := range []string{"events", "recovery_codes", "code_factors", "form_keys", "sessions"} {
		var rows []map[string]any
		must(a.t, a.Store.Read(a.t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for column, value := range row {
				text, _ := value.(string)
				if bytes, ok := value.([]byte); ok {
					text = string(bytes)
				}
				for _, secret := range secrets {
					if strings.Contains(text, secret) || strings.Contains(text, strings.ReplaceAll(secret, "-", "")) {
						a.t.Errorf("%s.%s holds a secret", table, column)
					}
				}
			}
		}
	}
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
	b.withCodes()
	other.get("/profile").is(http.StatusSeeOther)
	stolen := a.nobody()
	stolen.cookies["countersign"] = &before
	stolen.get("/profile").is(http.StatusSeeOther)
	b.get("/profile").is(http.StatusOK)
	b.post("/profile/codes/removal", nil).leadsTo("/profile")
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

func TestALostFactorIsTakenAwayByTwoPeople(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	owner, admin, controller := a.as(models.Maker), a.as(models.PeopleAdmin, models.Controller), a.as(models.Controller)
	owner.withCodes()
	path := personPath(owner.person.ID) + "/factors"
	controller.post(path, url.Values{"reason": {"Lost phone"}}).is(http.StatusForbidden)
	admin.post(path, url.Values{"reason": {""}}).is(http.StatusUnprocessableEntity)
	admin.post(path, url.Values{"reason": {"Lost phone, seen in person"}}).leadsTo(path)
	admin.post(path, url.Values{"reason": {"Again"}}).is(http.StatusConflict)
	admin.get(path).says("Waits for a controller").keepsQuiet("Take the factor away")
	admin.post(path+"/confirmation", nil).is(http.StatusForbidden).says("somebody else has to decide")
	owner.get("/profile").is(http.StatusOK)
	controller.get("/").says(owner.person.Name + " has lost a second factor")
	controller.get(path).says("Lost phone, seen in person", "Take the factor away")
	controller.post(path+"/confirmation", nil).leadsTo(path)
	owner.get("/profile").is(http.StatusSeeOther)
	a.nobody().signIn(owner.person)
	if done := a.events("factor_reset_confirmed"); len(done) != 1 || done[0].ActorID != controller.person.ID || done[0].Details["proposed_by"] != admin.person.Name {
		t.Fatalf("on record: %+v", done)
	}
	controller.post(path+"/confirmation", nil).is(http.StatusNotFound)
}

func TestNobodyTakesPartInTheirOwnReset(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	admin, controller := a.as(models.PeopleAdmin), a.as(models.Controller)
	admin.withCodes()
	controller.withPasskey()
	own, theirs := personPath(admin.person.ID)+"/factors", personPath(controller.person.ID)+"/factors"
	admin.post(own, url.Values{"reason": {"Lost"}}).is(http.StatusForbidden)
	admin.post(theirs, url.Values{"reason": {"Lost"}}).leadsTo(theirs)
	controller.post(theirs+"/confirmation", nil).is(http.StatusForbidden)
	other := a.as(models.Controller)
	other.post(theirs+"/refusal", nil).leadsTo(theirs)
	other.get(theirs).says("The second factor of", "stays")
	err := a.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Create(&models.FactorReset{PersonID: 1, State: models.ResetConfirmed, ProposedBy: 2, DecidedBy: new(models.PersonID(2))}).Error
	})
	if err == nil {
		t.Fatal("the table takes one person for two")
	}
}
