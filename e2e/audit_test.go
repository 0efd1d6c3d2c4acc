package e2e

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheAuditorReadsEverythingAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := be(t, auditor)
	b.sees("Exceptions", "Chain of events")
	orderNo := b.orderOf("/unclear", "陳怡君")
	for _, path := range []string{"/", "/payouts", "/payouts/" + orderNo, "/approvals", "/unclear/" + orderNo, "/contradictions", "/notices?list=all", "/gateways", "/policy", "/people"} {
		b.visit(path)
		// Searching and taking evidence only read, and in a demonstration everybody may steer the sandbox.
		if forms := ask[[]string](b, `[...document.querySelectorAll('main form[method=post]:not([action$="/search"], [action$="/evidence"], [action^="/gateways/sandbox"])')].map(e => e.getAttribute('action'))`); len(forms) > 0 {
			t.Errorf("on %s the auditor is offered %v", path, forms)
		}
	}
	b.refused("/payouts/"+orderNo+"/hold", "/payouts/"+orderNo+"/query", "/unclear/"+orderNo+"/verdict", "/cord")
	b.visit("/audit/verification")
	b.follow("Check the chain now")
	b.sees("The check has begun", "The chain is whole")
	b.visit("/audit")
	b.pick("Refused acts")
	b.sees("Rosa Quispe")
	b.visit("/audit?q=" + orderNo)
	b.sees("Chen Wei-han", "Became unclear")
	if file := b.download("Export"); !strings.Contains(file, orderNo) {
		t.Errorf("the export does not tell of %s:\n%.400s", orderNo, file)
	}
}

// The file of a day is made behind the page, in a demonstration as well, and it is a bundle.
func TestM5_TheAuditorTakesTheEvidenceOfADay(t *testing.T) {
	t.Parallel()
	b := be(t, auditor)
	b.visit("/audit/bundles")
	b.fill("from", ask[string](b, `document.querySelector('[name=to]').value`))
	b.follow("Make the file")
	b.sees("is ready", "Download,")
	b.look(place{name: "evidence that waits"})
}

// refused posts where the reader may not, with the right key for a form.
func (b *browser) refused(paths ...string) {
	b.t.Helper()
	for _, path := range paths {
		status := ask[int](b, fmt.Sprintf(`fetch(%q, {method: 'POST', redirect: 'manual', body: new URLSearchParams({form_key: document.querySelector('[name=form_key]').value})}).then(r => r.status)`, path))
		if status != 403 {
			b.t.Errorf("POST %s is answered %d", path, status)
		}
	}
}
