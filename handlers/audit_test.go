package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

var actPattern = regexp.MustCompile(`<tr role="row" id="act-([0-9]+)"`)

// actsOn are the numbers of the entries on a page.
func actsOn(p page) (numbers []string) {
	for _, found := range actPattern.FindAllStringSubmatch(p.body, -1) {
		numbers = append(numbers, found[1])
	}
	return numbers
}

func TestTheAuditBrowserShowsWhatItsAddressSays(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	a.town.Must(a.Payouts.Hold(t.Context(), a.town.Controller, p.OrderNo, "the invoice is missing"))
	b := a.as(models.Auditor)
	b.get("/audit").is(200).says("Nobody has checked the chain yet", "Held", "Signed in", "the invoice is missing", "Submitted", "Needs approval 0 of 1")
	order := b.get("/audit?order="+p.OrderNo).is(200).says("Drafted", "Submitted", "Held")
	if len(actsOn(order)) != 3 || !strings.Contains(order.body, `href="/payouts/`+p.OrderNo+`"`) {
		t.Errorf("about the order are %v", actsOn(order))
	}
	b.get("/audit?q=" + p.OrderNo[20:]).is(200).says("3 of 3 entries")
	b.get("/audit?q=controller&verb=held").is(200).says("1 of 1 entries", "What Held")
	b.get("/audit?verb=held&subject=payout&actor=" + fmt.Sprint(a.town.Controller.ID)).is(200).says("1 of 1 entries")
	b.get("/audit?question=roles").is(200).keepsQuiet("the invoice is missing")
	b.get("/audit?verb=exported&when=today").is(200).says("No entry fits these filters")
	b.get("/audit?verb=deleted").is(http.StatusUnprocessableEntity).says("cannot be read as a filter")
	b.get("/audit?verb=&when=today").leadsTo("/audit?when=today")
}

func TestEntriesAreReachedByTheirNumbers(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	for i := range 60 {
		a.town.Draft(a.town.Form("apay.taiwan", i))
	}
	b := a.as(models.Controller)
	b.get("/audit?q=12").leadsTo("/audit?at=12")
	jumped := b.get("/audit?at=12").is(200)
	if numbers := actsOn(jumped); numbers[0] != "12" || numbers[len(numbers)-1] != "1" || !strings.Contains(jumped.body, `<tr role="row" id="act-12" aria-selected="true"`) {
		t.Errorf("the page holds %v", numbers)
	}
	first := b.get("/audit").is(200)
	links := regexp.MustCompile(`href="(/audit\?(?:before|after)=[0-9]+)"`)
	second := b.get(links.FindStringSubmatch(first.body)[1]).is(200)
	above, below := actsOn(first), actsOn(second)
	last, _ := strconv.Atoi(above[len(above)-1])
	if next, _ := strconv.Atoi(below[0]); len(above) != 50 || next != last-1 {
		t.Errorf("after %v comes %v", above, below)
	}
	if whole := actsOn(b.get("/audit?size=200")); len(whole) != len(above)+len(below)+len(actsOn(b.get("/audit?before="+below[len(below)-1]))) {
		t.Errorf("a page of 200 holds %d", len(whole))
	}
	b.get("/audit?size=7").is(200)
}

func TestTheChainIsCheckedFromTheBrowserAndThatIsOnRecord(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.sent("apay.taiwan", 1)
	b := a.as(models.Auditor)
	b.post("/audit/verification", nil).leadsTo("/audit/verification")
	a.Proof.Wait()
	b.get("/audit").says("Checked ", "The chain is whole", "0 findings", "Chain checked")
	if events := a.events("chain_checked"); len(events) != 1 || events[0].ActorID != b.person.ID {
		t.Errorf("on record is %+v", events)
	}
	a.as(models.Approver).post("/audit/verification", nil).is(http.StatusForbidden)
	a.as(models.Maker).get("/audit").is(http.StatusForbidden)
}

func TestTheLogIsTakenOutAsItIsShown(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	a.town.Must(a.Payouts.Hold(t.Context(), a.town.Controller, p.OrderNo, "=cmd"))
	b := a.as(models.Auditor)
	shown := actsOn(b.get("/audit?subject=payout"))
	e := readExport(t, b.get("/audit.csv?subject=payout"))
	if len(e.rows) != len(shown) || e.count != strconv.Itoa(len(shown)) || e.rows[0][0] != shown[0] {
		t.Errorf("the file has %d entries, the page %d", len(e.rows), len(shown))
	}
	if e.head["Filter"] != "About Order" || e.column("reason")[0] != "'=cmd" || e.column("what")[0] != "Held" || e.column("after")[0] != "Held" ||
		e.column("order_no")[0] != p.OrderNo || len(e.column("hash")[0]) != 64 {
		t.Errorf("the file says %v and %v", e.head, e.rows[0])
	}
	if events := a.events("exported"); len(events) != 1 || events[0].SubjectID != "acts" || events[0].Details["filter"] != "subject=payout" {
		t.Errorf("on record is %+v", events)
	}
	b.get("/audit?question=exports").says("Exported", "Audit log")
}

// Whoever may be the second of the two judges without the first one's word.
func TestAnOpenProposalIsNoSuggestion(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Unclear(a.town.Form("apay.taiwan", 1))
	a.town.Must(a.Verdicts.Propose(t.Context(), a.town.Resolver, p.OrderNo, services.Proposal{
		Says: "paid", Evidence: "gateway_reply", Text: "Mail of the operator", Reason: "they name a number", Received: p.Amount().Decimal(),
	}, servicestest.Click(a.Verdicts.Core, a.town.Resolver)))
	address := "/audit?question=verdicts"
	a.as(models.Controller).get(address).is(200).says("Verdict proposed", "Hidden from who may judge it").keepsQuiet("Proposed: paid", "they name a number")
	a.as(models.Auditor).get(address).is(200).says("Proposed: paid", "they name a number", "reply of the gateway’s staff")
	e := readExport(t, a.as(models.Controller).get("/audit.csv?question=verdicts"))
	if strings.Contains(e.text, "they name a number") || strings.Contains(e.column("details")[0], "said") {
		t.Errorf("the file says %v", e.rows[0])
	}
}

func TestWhatWasRefusedIsInTheLog(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	maker := a.as(models.Maker)
	maker.post("/payouts/"+p.OrderNo+"/approval", url.Values{}).is(http.StatusForbidden)
	a.as(models.Auditor).get("/audit?question=refused").is(200).says("Refused: approve", "No role allows it", "POST /payouts/:no/approval")
}
