package services

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"countersign/models"
	"countersign/services/bundle"
)

// addOrders writes the folder of every order, one at a time.
func (t *periodTaking) addOrders() error {
	for i := range t.orders {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		if err := t.addOrder(&t.orders[i]); err != nil {
			return fmt.Errorf("evidence of order %d: %w", t.orders[i].PayoutID, err)
		}
		if t.tell != nil {
			t.tell(PeriodProgress{i + 1, len(t.orders), t.archive.Bytes})
		}
	}
	return nil
}

func (t *periodTaking) addOrder(o *models.PeriodOrder) (err error) {
	g := gathering{db: t.db, names: t.names, files: map[string][]byte{}}
	if g.payout, err = models.FindPayout(t.db, o.PayoutID); err != nil {
		return err
	}
	if err := t.readWhole(&g, t.by); err != nil {
		return err
	}
	if err := t.rows.Take(g.payout.ID, g.events); err != nil {
		return err
	}
	if err := t.addRequests(t.ctx, &g); err != nil {
		return err
	}
	if err := t.addPast(&g); err != nil {
		return err
	}
	g.files[bundle.FactsFile] = bundle.Encode(g.dossier)
	if g.files["index.html"], err = t.draw.Order(t.ctx, g.dossier, g.events); err != nil {
		return err
	}
	t.remember(o, &g)
	return t.archive.AddOrder(o.OrderNo, g.files)
}

// addPast adds the events, each with the hash that it follows.
func (t *periodTaking) addPast(g *gathering) error {
	var past []bundle.Past
	for _, e := range g.events {
		before, err := models.HashBefore(t.db, e.Seq)
		if err != nil {
			return err
		}
		past = append(past, bundle.Past{Event: e, Before: before})
	}
	g.files[bundle.EventsFile] = bundle.Encode(past)
	return nil
}

// remember keeps the line of the list, and what the order depends on.
func (t *periodTaking) remember(o *models.PeriodOrder, g *gathering) {
	d := g.dossier
	*o = models.PeriodOrder{
		OrderNo: d.OrderNo, PayoutID: d.PayoutID, MadeAt: g.events[0].At.UTC(), Amount: d.Content.Amount, Payee: d.Payee, Last4: d.Last4,
		Gateway: d.Gateway, Maker: d.Maker, State: d.State, Details: g.version.Number, PayeeID: g.version.PayeeID, Policy: g.payout.PolicyVersion,
		Events: len(g.events), Past: bundle.PastDigest(g.events),
	}
	for _, a := range d.Approvals {
		o.Signers = append(o.Signers, a.Person)
	}
	t.within[o.PayoutID], t.payees[g.version.ID] = d.OrderNo, g.version
	t.paid[g.version.PayeeID.Value()] = true
	if g.version.ChangeID != nil {
		t.changed[fmt.Sprint(*g.version.ChangeID)] = true
	}
	if d.Policy != nil {
		t.terms[d.Policy.Version] = *d.Policy
	}
	for _, e := range g.events {
		t.people[e.ActorID] = true
	}
}

// logSlice is how many events are read at once.
const logSlice = 2000

// addLog writes a line for every event of the span.
func (t *periodTaking) addLog() error {
	span := t.dossier.Span
	var text []byte
	lines, number := 0, 1
	flush := func() error {
		err := t.archive.Add(bundle.LogFile(number), text)
		text, lines, number = text[:0], 0, number+1
		return err
	}
	for at := span.Start; at < span.Last; {
		slice, err := t.logLines(at, span.Last)
		if err != nil {
			return err
		}
		for _, line := range slice {
			text = append(text, bundle.EncodeLine(line)...)
			at, lines = at+1, lines+1
			if lines == bundle.LogLines {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	if lines > 0 {
		return flush()
	}
	return nil
}

// logLines are the next events as the log tells them: whole where the reader may see them,
// unless they are in the folder of an order.
func (t *periodTaking) logLines(after, last int64) (lines []bundle.Line, err error) {
	events, err := models.EventsAfter(t.db, after, logSlice)
	if err != nil || len(events) == 0 {
		return nil, fmt.Errorf("the log ends after event %d, and not with %d: %w", after, last, err)
	}
	var seen map[int64]bool
	if !t.dossier.Whole {
		if seen, err = models.SeenAfter(t.seen, after, after+int64(len(events))); err != nil {
			return nil, err
		}
	}
	for i := range events {
		e := &events[i]
		orderNo, within := t.within[e.PayoutID]
		switch {
		case e.Seq != after+int64(i)+1:
			return nil, fmt.Errorf("the log has no event %d", after+int64(i)+1)
		case within:
			lines = append(lines, bundle.Line{Seq: e.Seq, Hash: e.Hash, Order: orderNo})
		case t.dossier.Whole || seen[e.Seq]:
			lines = append(lines, bundle.Line{Event: e})
		default:
			lines = append(lines, bundle.Line{Seq: e.Seq, Hash: e.Hash})
		}
	}
	return lines, t.ctx.Err()
}

// addGrounds adds what the orders depend on: people, details of payees, policies, and the
// events that changed them, from before the span with what shows them to be in the log.
func (t *periodTaking) addGrounds() error {
	grounds, err := models.Grounds(t.seen, t.dossier.Span.Last)
	if err != nil {
		return err
	}
	for _, e := range grounds {
		if t.matters(e) && e.Subject != "person" {
			t.people[e.ActorID] = true
		}
	}
	for _, e := range grounds {
		if !t.matters(e) {
			continue
		}
		if e.Seq <= t.dossier.Span.Start {
			t.earlier = append(t.earlier, e)
		} else {
			t.later = append(t.later, e)
		}
	}
	all, err := proven(t.db, t.earlier, t.dossier.Span.Start)
	if err != nil {
		return err
	}
	if err := t.archive.Add(bundle.EarlierFile, bundle.Encode(all)); err != nil {
		return err
	}
	return t.describe()
}

// matters says whether one of the orders depends on what the event changed. About the
// installation as a whole, each of them does.
func (t *periodTaking) matters(e models.Event) bool {
	switch e.Subject {
	case "person":
		id, err := strconv.ParseInt(e.SubjectID, 10, 64)
		return err == nil && t.people[models.PersonID(id)]
	case "session":
		return t.people[e.ActorID]
	case "payee":
		return t.paid[e.SubjectID]
	case "change":
		return !models.ChangeKind(e.Details["kind"]).OfDetails() || t.changed[e.SubjectID]
	}
	return true
}

// describe fills in who the people are, and which details and policies were in force.
func (t *periodTaking) describe() error {
	people, err := models.People(t.db)
	if err != nil {
		return err
	}
	for _, p := range people {
		if t.people[p.ID] {
			t.dossier.People = append(t.dossier.People, models.DossierPerson{ID: p.ID, Name: p.Name, Roles: p.Roles, Active: p.Active})
		}
	}
	for _, version := range slices.Sorted(maps.Keys(t.terms)) {
		t.dossier.Policies = append(t.dossier.Policies, t.terms[version])
	}
	for _, id := range slices.Sorted(maps.Keys(t.payees)) {
		t.dossier.Payees = append(t.dossier.Payees, detailsOf(t.payees[id], t.names))
	}
	return nil
}

// addList writes which orders there are and what they depend on, and every page but theirs.
func (t *periodTaking) addList() error {
	if err := t.archive.Add(bundle.OrdersFile, bundle.Encode(t.orders)); err != nil {
		return err
	}
	if err := t.archive.Add(bundle.PeriodFile, bundle.Encode(t.dossier)); err != nil {
		return err
	}
	return t.draw.Rest(t.ctx, t.dossier, t.orders, slices.Concat(t.earlier, t.later), t.archive.Add)
}
