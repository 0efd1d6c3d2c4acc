package models

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Deadlock is sums that nobody could sign: those of a band, made by these people (E9).
type Deadlock struct {
	Band   Band
	Need   Need     // what the band asks for, with what conditions may add
	More   bool     // conditions add to it: the band alone could be signed
	Makers []Person // whose orders; none where there is no maker at all
}

// Route is a way that orders of a currency take. Conditions on gateways and rails tell
// routes apart.
type Route struct {
	Currency string
	Gateway  AccountID
	Rail     string
}

// Deadlocks says which sums nobody could sign: for every band and every maker there
// have to be different active people who meet what it needs, with all conditions at
// once that an order of that currency can come under. The next band is looked at by
// itself.
func Deadlocks(p Policy, people []Person, routes []Route) (found []Deadlock) {
	active := slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return !p.Active })
	makers := slices.DeleteFunc(slices.Clone(active), func(p Person) bool { return !p.May(VerbDraft) })
	for _, currency := range p.Bands.Currencies() {
		extras := p.Rules.extras(currency, routes)
		for _, band := range p.Bands.For(currency) {
			if s := stuckAt(Deadlock{Band: band, Need: band.Need}, makers, active); s != nil {
				found = append(found, *s)
				continue
			}
			for _, extra := range extras {
				if s := stuckAt(Deadlock{Band: band, Need: band.Need.withAll(extra), More: true}, makers, active); s != nil {
					found = append(found, *s)
					break
				}
			}
		}
	}
	return found
}

// extras are what conditions can add at most to an order of the currency, by route.
func (r Rules) extras(currency string, routes []Route) (all [][]Step) {
	own := slices.DeleteFunc(slices.Clone(routes), func(route Route) bool { return route.Currency != currency })
	if len(own) == 0 {
		own = []Route{{Currency: currency}}
	}
	for _, route := range own {
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

// Newly are those of the second that are not in the first.
func Newly(before, after []Deadlock) (fresh []Deadlock) {
	was := func(s Deadlock, maker PersonID) bool {
		return slices.ContainsFunc(before, func(b Deadlock) bool {
			return b.Band.From() == s.Band.From() && (!b.More || s.More) && slices.ContainsFunc(b.Makers, func(p Person) bool { return p.ID == maker })
		})
	}
	for _, s := range after {
		s.Makers = slices.DeleteFunc(slices.Clone(s.Makers), func(p Person) bool { return was(s, p.ID) })
		if len(s.Makers) > 0 {
			fresh = append(fresh, s)
		}
	}
	return fresh
}

// Routes are those that the gateway accounts offer.
func Routes(accounts []GatewayAccount) (all []Route) {
	for _, a := range accounts {
		for _, rail := range strings.Split(a.Rails, ",") {
			all = append(all, Route{a.Currency, a.ID, rail})
		}
	}
	return all
}

// DeadlocksUnder are the deadlocks of a policy as people and accounts are now.
func DeadlocksUnder(db *gorm.DB, p Policy) ([]Deadlock, error) {
	people, err := People(db)
	if err != nil {
		return nil, err
	}
	accounts, err := Accounts(db)
	return Deadlocks(p, people, Routes(accounts)), err
}

// DeadlocksNow are those of the policy in force.
func DeadlocksNow(db *gorm.DB) ([]Deadlock, error) {
	p, err := CurrentPolicy(db)
	if err != nil {
		return nil, err
	}
	return DeadlocksUnder(db, p)
}

// DeadlocksWithout are those that would come if the person were gone.
func DeadlocksWithout(db *gorm.DB, gone PersonID) ([]Deadlock, error) {
	p, err := CurrentPolicy(db)
	if err != nil {
		return nil, err
	}
	people, err := People(db)
	if err != nil {
		return nil, err
	}
	accounts, err := Accounts(db)
	left := slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return p.ID == gone })
	return Newly(Deadlocks(p, people, Routes(accounts)), Deadlocks(p, left, Routes(accounts))), err
}
