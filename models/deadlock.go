package models

import "slices"

// Deadlock is sums that nobody could sign: those of a band, made by these people, on
// orders through these gateway accounts (E9).
type Deadlock struct {
	Band    Band
	Need    Need        // what the band asks for, with what conditions may add
	More    bool        // conditions add to it: the band alone could be signed
	Makers  []Person    // whose orders; none where there is no maker at all
	Through []AccountID // the accounts; none where every account of the currency is meant
}

// Route is a way that orders of a currency take. Conditions on gateways and rails tell
// routes apart.
type Route struct {
	Currency string
	Gateway  AccountID
	Rail     string
}

// Deadlocks says which sums nobody could sign: for every band, every gateway account of
// its currency and every maker there have to be different active people who see that
// account and that currency and meet what the band needs, with all conditions at once that
// such an order can come under. The next band is looked at by itself.
func Deadlocks(p Policy, people []Person, routes []Route) (found []Deadlock) {
	for _, currency := range p.Bands.Currencies() {
		ways := byAccount(currency, routes)
		for _, band := range p.Bands.For(currency) {
			var own []Deadlock
			for _, way := range ways {
				own = joinStuck(own, stuckOn(p.Rules, band, way, within(way[0], people)), way[0].Gateway)
			}
			for _, s := range own {
				if len(s.Through) == len(ways) {
					s.Through = nil
				}
				found = append(found, s)
			}
		}
	}
	return found
}

// byAccount are the routes of a currency, those of each gateway account together; where
// there is none, one that nobody's accounts leave out.
func byAccount(currency string, routes []Route) (ways [][]Route) {
	for _, r := range routes {
		if r.Currency != currency {
			continue
		}
		at := slices.IndexFunc(ways, func(way []Route) bool { return way[0].Gateway == r.Gateway })
		if at < 0 {
			ways = append(ways, []Route{r})
			continue
		}
		ways[at] = append(ways[at], r)
	}
	if len(ways) == 0 {
		ways = [][]Route{{{Currency: currency}}}
	}
	return ways
}

// within are the active people who see orders of the route at all (invariants.md 3).
func within(r Route, people []Person) (all []Person) {
	for _, p := range people {
		s := p.Scope
		if r.Gateway == 0 {
			s.Accounts = nil
		}
		if p.Active && s.Holds(r.Gateway, r.Currency) {
			all = append(all, p)
		}
	}
	return all
}

// stuckOn is what nobody could sign of a band on the routes of one account; nil if nothing.
func stuckOn(rules Rules, band Band, way []Route, active []Person) *Deadlock {
	makers := slices.DeleteFunc(slices.Clone(active), func(p Person) bool { return !p.May(VerbDraft) })
	if s := stuckAt(Deadlock{Band: band, Need: band.Need}, makers, active); s != nil {
		return s
	}
	for _, extra := range rules.extras(way) {
		if s := stuckAt(Deadlock{Band: band, Need: band.Need.withAll(extra), More: true}, makers, active); s != nil {
			return s
		}
	}
	return nil
}

// joinStuck says what is the same of several accounts once.
func joinStuck(all []Deadlock, s *Deadlock, through AccountID) []Deadlock {
	if s == nil {
		return all
	}
	for i := range all {
		if all[i].sameAs(*s) {
			all[i].Through = append(all[i].Through, through)
			return all
		}
	}
	s.Through = []AccountID{through}
	return append(all, *s)
}

func (s Deadlock) sameAs(other Deadlock) bool {
	same := func(a, b Person) bool { return a.ID == b.ID }
	return s.Band.From() == other.Band.From() && s.More == other.More && s.Need.String() == other.Need.String() && slices.EqualFunc(s.Makers, other.Makers, same)
}

// extras are what conditions can add at most to an order on one of the routes.
func (r Rules) extras(routes []Route) (all [][]Step) {
	for _, route := range routes {
		var steps []Step
		for _, c := range r.Conditions {
			if !c.Next && (!c.When.Named() || c.applies(r, Facts{Gateway: route.Gateway, Rail: route.Rail})) {
				steps = append(steps, c.Add)
			}
		}
		if len(steps) > 0 {
			all = append(all, onceByRole(steps))
		}
	}
	return all
}

func (n Need) withAll(steps []Step) Need {
	for _, step := range steps {
		n = n.With(step)
	}
	return n
}

// stuckAt names the makers whose orders nobody could sign; nil if there is none.
func stuckAt(s Deadlock, makers, active []Person) *Deadlock {
	if len(makers) == 0 {
		if s.Need.Met(signersBut(active, nobody)) {
			return nil
		}
		return &s
	}
	for _, maker := range makers {
		if !s.Need.Met(signersBut(active, maker.ID)) {
			s.Makers = append(s.Makers, maker)
		}
	}
	if len(s.Makers) == 0 {
		return nil
	}
	return &s
}

// signersBut are those who may sign what this person made.
func signersBut(active []Person, maker PersonID) (able []Signer) {
	for _, p := range active {
		if p.ID != maker && p.May(VerbApprove) {
			able = append(able, p.Signer())
		}
	}
	return able
}
