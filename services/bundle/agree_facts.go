package bundle

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"countersign/models"
)

// This file holds what people read of an order against the line of the log that says so:
// who is paid, who made, signed and judged it, what left and what came. What no line says
// is the word of the installation (docs/evidence.md).

// agreeOrder holds the head of the order against the lines that made and edited it.
func (f *Found) agreeOrder(map[string][]byte) error {
	d, made := f.Dossier, models.Details{}
	for _, e := range f.of(models.MoveDraft, models.MoveEdit) {
		for name, value := range e.Details {
			made[name] = value
		}
	}
	switch {
	case d.Payee != made["payee"] || d.Last4 != made["last4"] || d.Content.Rail != made["rail"]:
		return refused("The facts name another payee, account or rail than the log.")
	case d.Content.Reference != made["reference"] || d.Replaces != made["replaces"]:
		return refused("The facts name another reference, or another order that was replaced, than the log.")
	case d.Maker != f.Events[0].Actor && !strings.HasPrefix(d.Maker, f.Events[0].Actor+", "):
		return refused("The facts name another maker than the log.")
	}
	if told := first(f.Events, "gateway_no"); told != "" && d.GatewayNo != told {
		return refused("The facts give the order another number of the gateway than the log.")
	}
	return nil
}

// first is what the first event with such a detail says; "" where none has it. What was
// told first stays: a verified notice may come before the reply, which proves less (M19).
func first(events []models.Event, name string) string {
	for _, e := range events {
		if e.Details[name] != "" {
			return e.Details[name]
		}
	}
	return ""
}

// near says whether both are of one act: the row and its line are written by one unit,
// each with its own look at the clock.
func near(a, b time.Time) bool { return a.Sub(b).Abs() <= time.Minute }

// agreeApproval holds who signed, when, in which roles and under which policy against
// the line of the signature.
func agreeApproval(e models.Event, a models.DossierApproval) error {
	if a.Person != e.Actor || differs(e, "roles", a.Roles) || differs(e, "policy", strconv.Itoa(a.Policy)) || !near(a.At, e.At) {
		return refused("The facts tell the signature of %s otherwise than the log: by whom, when, in which roles or under which policy.", e.Actor)
	}
	return nil
}

// agreeAttempts holds what left and what came back against the lines of the sends.
func (f *Found) agreeAttempts(map[string][]byte) error {
	for _, a := range f.Dossier.Attempts {
		sent, read := false, models.DossierAttempt{ReadAs: a.ReadAs, Fault: a.Fault, Code: a.Code, HTTP: a.HTTP}
		for _, e := range f.about("attempt", a.ID) {
			if e.Verb == string(models.MoveSend) {
				sent = true
				if e.Details["bytes"] != strconv.Itoa(a.Bytes) || !near(e.At, a.StartedAt) {
					return refused("The request in the facts is of another size or moment than the log says.")
				}
			}
			if as, told := e.Details["read_as"]; told {
				read.ReadAs, read.Fault, read.Code = as, e.Details["fault"], e.Details["code"]
				read.HTTP, _ = strconv.Atoi(e.Details["http"])
			}
			read.NotSent = read.NotSent || e.Details["read_as"] == "not_sent"
		}
		if sent && a.NotSent != read.NotSent {
			return refused("The facts and the log do not agree on whether the request left.")
		}
		if a.ReadAs != read.ReadAs || a.Fault != read.Fault || a.Code != read.Code || a.HTTP != read.HTTP {
			return refused("The facts tell the answer to the request otherwise than the log.")
		}
	}
	return nil
}

// agreeWords holds notices and answers against the lines that went by them.
func (f *Found) agreeWords(map[string][]byte) error {
	for _, n := range f.Dossier.Notices {
		for _, e := range f.about("notice", n.ID) {
			if said := e.Details["says"]; said != "" && said != "unknown" && said != n.Says || differs(e, "algorithm", n.Algorithm) || differs(e, models.BytesDigest, n.Digest) ||
				differs(e, models.NoticeFrom, n.Address) || differs(e, models.NoticeAt, models.Came(n.At)) {
				return refused("The facts tell notice %d otherwise than the log.", n.ID)
			}
		}
	}
	for _, q := range f.Dossier.Questions {
		for _, e := range f.about("question", q.ID) {
			said := e.Details["says"] // "unknown" is also written of an order that the gateway has not found
			if said != "" && said != "unknown" && said != q.Says || !near(e.At, q.At) || differs(e, models.BytesDigest, q.Digest) {
				return refused("The facts tell the answer to question %d otherwise than the log.", q.ID)
			}
		}
	}
	return nil
}

// differs says whether the event names another value; not every one names each.
func differs(e models.Event, name, value string) bool {
	told, names := e.Details[name]
	return names && told != value
}

// agreeThere asks whether every row that an event of the order goes by is told of: what was
// deleted since, the facts would just not mention.
func (f *Found) agreeThere(map[string][]byte) error {
	told, d := map[string]bool{}, f.Dossier
	for _, a := range d.Attempts {
		told[fmt.Sprint("attempt ", a.ID)] = true
	}
	for _, n := range d.Notices {
		told[fmt.Sprint("notice ", n.ID)] = true
	}
	for _, q := range d.Questions {
		told[fmt.Sprint("question ", q.ID)] = true
	}
	for _, v := range d.Verdicts {
		told[fmt.Sprint("verdict ", v.ID)] = true
	}
	for _, e := range f.Events {
		for _, what := range []string{"attempt", "notice", "question", "verdict"} {
			if id := e.Details[what]; id != "" && !e.Turned() && !told[what+" "+id] {
				return refused("Event %d goes by %s %s, and the facts leave it out.", e.Seq, what, id)
			}
		}
	}
	return nil
}
