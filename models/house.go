package models

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// House is what decides which sums somebody can sign: who must, who there is, and which
// ways orders take. What a change would make of it is asked before the change is made
// (features.md E9).
type House struct {
	Policy Policy
	People []Person
	Routes []Route
}

// ReadHouse reads it as it is now.
func ReadHouse(db *gorm.DB) (h House, err error) {
	if h.Policy, err = CurrentPolicy(db); err != nil {
		return h, err
	}
	if h.People, err = People(db); err != nil {
		return h, err
	}
	// What is stuck is stuck for everybody, also for a reader who sees a part.
	accounts, err := Accounts(db.WithContext(Everywhere(db.Statement.Context)))
	h.Routes = Routes(accounts)
	return h, err
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

// Under is the house under another policy.
func (h House) Under(p Policy) House {
	h.Policy = p
	return h
}

// Granting is the house in which the person may do this.
func (h House) Granting(id PersonID, g Grant) House {
	h.People = slices.Clone(h.People)
	for i := range h.People {
		if p := &h.People[i]; p.ID == id {
			p.Active, p.Roles, p.Scope = g.Active, g.Roles, g.Scope
		}
	}
	return h
}

// Without is the house after somebody is gone.
func (h House) Without(id PersonID) House {
	h.People = slices.DeleteFunc(slices.Clone(h.People), func(p Person) bool { return p.ID == id })
	return h
}

// Opening is the house with one more gateway account.
func (h House) Opening(a GatewayAccount) House {
	h.Routes = append(slices.Clone(h.Routes), Routes([]GatewayAccount{a})...)
	return h
}

// Deadlocks are what nobody in the house could sign.
func (h House) Deadlocks() []Deadlock { return Deadlocks(h.Policy, h.People, h.Routes) }

// Newly are the deadlocks that the house would have after a change and has not now.
func (h House) Newly(after House) (fresh []Deadlock) {
	before := h.Deadlocks()
	for _, s := range after.Deadlocks() {
		for _, through := range s.accountsOf(after) {
			if one := s.besides(before, through); one != nil {
				fresh = joinStuck(fresh, one, through)
			}
		}
	}
	for i := range fresh {
		if len(fresh[i].Through) == len(byAccount(fresh[i].Band.Currency, after.Routes)) {
			fresh[i].Through = nil
		}
	}
	return fresh
}

// accountsOf names the accounts of a deadlock, also where it is of all.
func (s Deadlock) accountsOf(h House) (all []AccountID) {
	if len(s.Through) > 0 {
		return s.Through
	}
	for _, way := range byAccount(s.Band.Currency, h.Routes) {
		all = append(all, way[0].Gateway)
	}
	return all
}

// besides is what of a deadlock through one account was not known before; nil if nothing.
func (s Deadlock) besides(before []Deadlock, through AccountID) *Deadlock {
	known := func(maker PersonID) bool {
		return slices.ContainsFunc(before, func(b Deadlock) bool { return b.covers(s, maker, through) })
	}
	if len(s.Makers) == 0 && known(nobody) {
		return nil
	}
	if len(s.Makers) > 0 {
		s.Makers = slices.DeleteFunc(slices.Clone(s.Makers), func(p Person) bool { return known(p.ID) })
		if len(s.Makers) == 0 {
			return nil
		}
	}
	return &s
}

// covers says whether orders of this maker through that account were stuck already; of no
// maker, whether anybody's were.
func (s Deadlock) covers(fresh Deadlock, maker PersonID, through AccountID) bool {
	if s.Band.From() != fresh.Band.From() || s.More && !fresh.More || len(s.Through) > 0 && !slices.Contains(s.Through, through) {
		return false
	}
	return len(s.Makers) == 0 || maker == nobody || slices.ContainsFunc(s.Makers, func(p Person) bool { return p.ID == maker })
}

// DeadlocksNow are what nobody could sign as everything is.
func DeadlocksNow(db *gorm.DB) ([]Deadlock, error) {
	h, err := ReadHouse(db)
	return h.Deadlocks(), err
}
