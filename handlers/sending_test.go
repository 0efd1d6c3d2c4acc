package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"countersign/models"
)

// Whoever may stop sending may say no to a request that it goes on, with one press.
func TestARequestToGoOnIsVoidOnceSomebodyStopsAgain(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, one, two := a.as(models.Maker), a.as(models.Controller), a.as(models.Controller)
	because := url.Values{"reason": {"wrong bank file"}}
	maker.post("/cord", because).leadsTo("/gateways")
	maker.get("/gateways").keepsQuiet("Keep it stopped")
	one.post("/cord/release", url.Values{"reason": {"file withdrawn"}}).leadsTo("/gateways")
	if body := two.get("/profile").body; !strings.Contains(body, `href="/changes/1"`) || !strings.Contains(body, "asked at") {
		t.Error("the strip does not lead to the request")
	}
	two.get("/changes").says("All sending goes on", "file withdrawn")
	two.get("/changes/1").says("Sending", "Goes on. Approved orders leave at once", "wrong bank file")
	maker.get("/changes/1").is(http.StatusNotFound)
	maker.get("/gateways").says("Keep it stopped").keepsQuiet(`href="/changes/1"`)
	maker.get("/cord").says("asked at", "that request is void")
	maker.post("/cord", url.Values{"reason": {"the file is still there"}}).leadsTo("/gateways")
	two.get("/changes/1").says("Overtaken; nothing changed")
	maker.post("/cord", because).is(http.StatusConflict)
	if pulled := a.events("cord_pulled"); len(pulled) != 2 || pulled[1].ActorID != maker.person.ID {
		t.Errorf("on record: %+v", pulled)
	}
	one.post("/cord/release", url.Values{"reason": {"now it is gone"}}).leadsTo("/gateways")
	two.confirms(2)
	maker.get("/gateways").keepsQuiet("All sending is stopped")
}

// Where one controller alone is there, it is said before sending stops, and while it does.
func TestE9_AStopThatNobodyCouldEndIsSaid(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.nobody()
	b.signIn(a.add(models.Controller))
	told := "A stop of all sending could not be ended"
	b.get("/policy").keepsQuiet(told) // the town has another
	a.nowIs(a.town.Controller, models.Auditor)
	for _, path := range []string{"/", "/policy", "/cord/release"} {
		b.get(path).says(told, "takes two controllers who see every account and currency", "and there is 1.")
	}
	admin, other := a.as(models.PeopleAdmin), a.add(models.Controller)
	b.get("/policy").keepsQuiet(told)
	admin.get(personPath(other.ID)).says("Letting sending go on takes two controllers")
	admin.post(personPath(other.ID)+"/roles", url.Values{"roles": {"auditor"}, "reason": {"other work"}}).is(http.StatusSeeOther) // gives something, so a second person is told
}
