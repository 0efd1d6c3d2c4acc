package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
)

var (
	invitationPattern = regexp.MustCompile(`<code id="link"[^>]*>https?://[^/<]+(/invitations/[A-Z2-7]{26})</code>`)
	codePattern       = regexp.MustCompile(`<code id="code"[^>]*>([A-Z2-7-]{19})</code>`)
)

// halves are a link and its code, which two people have.
type halves struct{ path, code string }

// with is the form of whoever has both halves.
func (l halves) with(password string) url.Values {
	form := twice(password)
	form.Set("code", l.code)
	return form
}

var lost = url.Values{"link_reason": {"lost the password"}}

// asks asks for a link to a person and gives its path, and the change that waits.
func (b *browser) asks(id models.PersonID) (path string, change int64) {
	b.t.Helper()
	shown := b.post(fmt.Sprintf("/people/%d/invitation", id), lost).is(http.StatusOK).says("shown this once")
	waits, _, err := models.WaitingChange(b.Store.Read(b.t.Context()), models.ChangeLink, services.PersonSubject(id))
	must(b.t, err)
	return invitationPattern.FindStringSubmatch(shown.body)[1], waits.ID
}

// hands confirms a link and gives its code.
func (b *browser) hands(change int64) (code string) {
	b.t.Helper()
	return codePattern.FindStringSubmatch(b.confirm(change).is(http.StatusOK).says("shown this once").body)[1]
}

// invites lets somebody in: the browser's person asks, a controller confirms.
func (b *browser) invites(id models.PersonID) halves {
	b.t.Helper()
	path, change := b.asks(id)
	return halves{path, b.as(models.Controller).hands(change)}
}

func twice(text string) url.Values { return url.Values{"password": {text}, "again": {text}} }

func TestAnInvitationWorksOnceAndNotForEver(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.as(models.PeopleAdmin), a.add(models.Maker)
	first := admin.invites(p.ID)
	link := admin.invites(p.ID)
	b := a.nobody()
	b.get(first.path).is(http.StatusNotFound).says("does not work any more") // void by the second
	b.get(link.path).is(http.StatusOK)
	b.get(link.path).is(http.StatusOK) // looking uses nothing
	a.nobody().signIn(p)               // and the password is still theirs
	b.post(link.path, link.with("nine umbrellas at noon")).leadsTo("/profile")
	other := a.nobody()
	other.get("/sign-in")
	other.post(link.path, link.with("eleven kettles in snow")).is(http.StatusNotFound)
	late := admin.invites(p.ID)
	a.clock.pass(73 * time.Hour)
	a.nobody().get(late.path).is(http.StatusNotFound)
	nothingOpen(a, strings.TrimPrefix(link.path, "/invitations/"), strings.TrimPrefix(late.path, "/invitations/"), link.code, late.code, strings.ReplaceAll(late.code, "-", ""))
}

// nothingOpen fails if the secret of a link lies open in a table.
func nothingOpen(a *app, secrets ...string) {
	a.t.Helper()
	for _, table := range []string{"invitations", "changes", "events", "sessions", "form_keys"} {
		var rows []map[string]any
		must(a.t, a.Store.Read(a.t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for _, secret := range secrets {
				if strings.Contains(fmt.Sprint(row), secret) {
					a.t.Errorf("%s holds the secret of a link", table)
				}
			}
		}
	}
}

func TestAnInvitationDoesNotPassTheSecondFactor(t *testing.T) {
	t.Parallel()
	a := newSite(t)
	admin, owner := a.as(models.PeopleAdmin), a.as(models.Maker)
	owner.withCodes()
	b := a.nobody()
	b.get("/sign-in")
	link := admin.invites(owner.person.ID)
	b.post(link.path, link.with("nine umbrellas at noon")).leadsTo("/sign-in/factor?next=%2Fprofile")
	b.get("/profile").is(http.StatusSeeOther)
	owner.get("/profile").is(http.StatusSeeOther)
}

func TestNobodyInvitesThemselvesNorTheDeactivated(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.as(models.PeopleAdmin), a.add(models.Maker)
	admin.post(fmt.Sprintf("/people/%d/invitation", admin.person.ID), lost).is(http.StatusForbidden)
	admin.post(fmt.Sprintf("/people/%d/invitation", p.ID), nil).is(http.StatusUnprocessableEntity).says("Say why")
	link := admin.invites(p.ID)
	admin.post(fmt.Sprintf("/people/%d/deactivation", p.ID), nil).is(http.StatusSeeOther)
	a.nobody().get(link.path).is(http.StatusNotFound)
	admin.post(fmt.Sprintf("/people/%d/invitation", p.ID), lost).is(http.StatusConflict)
	a.as(models.Controller).post(fmt.Sprintf("/people/%d/invitation", p.ID), lost).is(http.StatusForbidden)
}

// One malicious people admin: whatever they have of a link, they come in as nobody.
func TestS3_OnePeopleAdminComesInAsNobodyElse(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Approver)
	thief := a.nobody()
	thief.get("/sign-in")
	path, change := admin.asks(p.ID)
	thief.get(path).is(http.StatusConflict).says("a controller has to confirm it first") // nobody has confirmed it
	thief.post(path, halves{path, "AAAA-AAAA-AAAA-AAAA"}.with("nine umbrellas at noon")).is(http.StatusConflict)
	admin.post(fmt.Sprintf("/people/%d/invitation", p.ID), lost).is(http.StatusConflict).says("waits already")
	admin.confirm(change).is(http.StatusForbidden)
	controller.get(fmt.Sprintf("/changes/%d", change)).says(p.Login, "none: link and code are all that is asked for").keepsQuiet(path)
	code := controller.hands(change)
	admin.get(fmt.Sprintf("/changes/%d", change)).is(http.StatusOK).says("Not used yet").keepsQuiet(code)
	controller.get(fmt.Sprintf("/changes/%d", change)).is(http.StatusOK).keepsQuiet(code, path)
	controller.confirm(change).is(http.StatusConflict) // the code is told once
	thief.post(path, halves{path, ""}.with("nine umbrellas at noon")).is(http.StatusUnprocessableEntity).says("not the code of this link")
	a.nobody().signIn(p)
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	owner := a.nobody()
	owner.get("/sign-in")
	owner.post(path, halves{path, typed}.with("nine umbrellas at noon")).leadsTo("/profile")
	admin.get(fmt.Sprintf("/changes/%d", change)).says("the password is chosen", "1 wrong code was tried")
	if refused := a.events("link_refused"); len(refused) != 1 || refused[0].ActorID != 0 || refused[0].SubjectID != fmt.Sprint(p.ID) {
		t.Errorf("on record: %+v", refused)
	}
}

// A code is guessed ten times, not more.
func TestS4_ALinkIsVoidAfterTenWrongCodes(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, p := a.as(models.PeopleAdmin), a.add(models.Maker)
	link, b := admin.invites(p.ID), a.nobody()
	b.get("/sign-in")
	for range models.LinkTries - 1 {
		b.post(link.path, halves{link.path, "AAAA-BBBB-CCCC-DDDD"}.with("nine umbrellas at noon")).is(http.StatusUnprocessableEntity)
	}
	b.post(link.path, halves{link.path, "AAAA-BBBB-CCCC-DDDD"}.with("nine umbrellas at noon")).is(http.StatusNotFound) // the tenth
	b.post(link.path, link.with("nine umbrellas at noon")).is(http.StatusNotFound)
}

// Nobody but the machine asks alone, and what was refused or taken back opens nothing.
func TestALinkThatNobodyConfirmedOpensNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	admin, controller, p := a.as(models.PeopleAdmin), a.as(models.Controller), a.add(models.Maker)
	refused, change := admin.asks(p.ID)
	controller.post(fmt.Sprintf("/changes/%d/refusal", change), url.Values{"reason": {"they asked for none"}}).is(http.StatusSeeOther)
	a.nobody().get(refused).is(http.StatusNotFound)
	back, change := admin.asks(p.ID)
	admin.post(fmt.Sprintf("/changes/%d/withdrawal", change), nil).is(http.StatusSeeOther)
	a.nobody().get(back).is(http.StatusNotFound)
	overtaken, change := admin.asks(p.ID)
	owner := a.nobody()
	owner.signIn(p)
	owner.withCodes() // they are there after all
	controller.confirm(change).is(http.StatusConflict)
	a.nobody().get(overtaken).is(http.StatusNotFound)
	secret, err := a.People.Invite(t.Context(), models.Machine("test"), a.add(models.Maker).ID, "nobody else is there", services.Signed{})
	must(t, err)
	b := a.nobody()
	b.get("/sign-in")
	b.get("/invitations/" + secret).is(http.StatusOK).keepsQuiet(`name="code"`)
	b.post("/invitations/"+secret, twice("nine umbrellas at noon")).leadsTo("/profile")
}

func firstPerson() url.Values {
	return url.Values{"name": {"Lin Yu-ting"}, "login": {"lin@harbour.example"}, "zone": {"Asia/Taipei"}, "password": {password}, "again": {password}}
}

func TestS20_TheFirstPersonComesByALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	void, err := a.People.OfferSetup(t.Context())
	must(t, err)
	secret, err := a.People.OfferSetup(t.Context())
	must(t, err)
	b := a.nobody()
	b.get("/sign-in")
	b.get("/setup/" + void).is(http.StatusNotFound)
	b.get("/invitations/" + secret).is(http.StatusNotFound)
	b.get("/setup/" + secret).is(http.StatusOK).says("You are the first person here")
	bad := firstPerson()
	bad.Set("login", "a b")
	b.post("/setup/"+secret, bad).is(http.StatusUnprocessableEntity).says("The login needs").keepsQuiet(password)
	b.post("/setup/"+secret, firstPerson()).leadsTo("/profile")
	b.get("/people").leadsTo("/profile") // a new installation asks everyone for a second factor (S3)
	b.person.ID = 1
	b.withCodes()
	b.get("/people").is(http.StatusOK).says("Lin Yu-ting", "People admin")
	other := a.nobody()
	other.get("/sign-in")
	other.post("/setup/"+secret, firstPerson()).is(http.StatusNotFound)
	if again, err := a.People.OfferSetup(t.Context()); err != nil || again != "" {
		t.Fatalf("another link is offered: %q, %v", again, err)
	}
	if added := a.events("person_added"); len(added) != 1 || added[0].Actor != "setup link" || added[0].Details["roles"] != "people_admin" {
		t.Fatalf("on record: %+v", added)
	}
	nothingOpen(a, secret, void)
}

func TestS20_ASetupLinkIsOverAfterAnHourOrOnceSomebodyIsThere(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	late, err := a.People.OfferSetup(t.Context())
	must(t, err)
	a.clock.pass(time.Hour)
	a.nobody().get("/setup/" + late).is(http.StatusNotFound)
	open, err := a.People.OfferSetup(t.Context())
	must(t, err)
	a.add(models.Maker) // from the shell
	a.nobody().get("/setup/" + open).is(http.StatusNotFound)
}

// Before the button it is said what becomes of each thing, and who may take it over is chosen.
func TestDeactivationSaysWhatBecomesOfWhatWaits(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	admin, maker, heir := a.as(models.PeopleAdmin), a.town.Maker, a.add(models.Maker)
	draft := a.town.Draft(a.town.Form("apay.taiwan", 1))
	a.town.Submitted(a.town.Form("apay.taiwan", 2))
	path := fmt.Sprintf("/people/%d", maker.ID)
	admin.get(path).says("1 draft of theirs goes to", "neither of the two can ever approve it", "1 order of theirs waits for signatures and can still be signed").keepsQuiet(draft.OrderNo)
	admin.post(path+"/deactivation", url.Values{"drafts_to": {fmt.Sprint(a.town.Approver.ID)}}).is(http.StatusUnprocessableEntity).says("does not hold the role for this")
	admin.post(path+"/drafts", url.Values{"drafts_to": {fmt.Sprint(heir.ID)}}).is(http.StatusConflict)
	admin.post(path+"/deactivation", url.Values{"drafts_to": {""}}).leadsTo(path)
	admin.get(path).says("Drafts that stayed behind")
	admin.post(path+"/drafts", url.Values{"drafts_to": {""}}).is(http.StatusUnprocessableEntity).says("Choose who gets the drafts")
	admin.post(path+"/drafts", url.Values{"drafts_to": {fmt.Sprint(heir.ID)}}).leadsTo(path)
	admin.get(path).keepsQuiet("Drafts that stayed behind")
	other := a.nobody()
	other.signIn(heir)
	other.get("/payouts/"+draft.OrderNo).is(http.StatusOK).says("gave the draft to "+heir.Name, maker.Name+", "+heir.Name)
	other.get("/payouts/" + draft.OrderNo + "/review").is(http.StatusOK)
	other.get("/payouts/" + draft.OrderNo + "/edit").is(http.StatusOK)
	other.get("/payouts?tab=mine").is(http.StatusOK).says(draft.PayeeName)
}

func TestDeactivationHandsCasesBackAndTellsWhatWaits(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	admin, p := a.as(models.PeopleAdmin), a.add(models.Resolver)
	order := a.muted("apay.taiwan", 1)
	must(t, a.Payouts.Claim(t.Context(), p, order.OrderNo))
	path := fmt.Sprintf("/people/%d", p.ID)
	admin.get(path).says("Waits for them", "1 unclear case")
	admin.post(path+"/deactivation", nil).leadsTo(path)
	admin.get(path).says("Deactivated", "Nothing")
	after, err := models.FindOrder(a.Store.Read(t.Context()), order.OrderNo)
	if err != nil || after.OwnerID != 0 {
		t.Fatalf("the case is still theirs: %v", err)
	}
	if back := a.events("handed_back"); len(back) != 1 || back[0].PayoutID != order.ID || back[0].ActorID != admin.person.ID {
		t.Fatalf("on record: %+v", back)
	}
}
