package models

import "fmt"

// orderStates is where each order stands by its events. Their numbers come one after the
// other, so that nearly all stand in a row.
type orderStates struct {
	dense  []*State
	sparse map[PayoutID]*State
}

func (s *orderStates) of(id PayoutID) *State {
	if id >= 0 && id < PayoutID(len(s.dense)) && s.dense[id] != nil {
		return s.dense[id]
	}
	return s.sparse[id]
}

// set keeps a number that is far beyond all others apart: it reserves nothing.
func (s *orderStates) set(id PayoutID, is *State) {
	if id < 0 || id >= PayoutID(2*len(s.dense)+spanLength) {
		if s.sparse == nil {
			s.sparse = map[PayoutID]*State{}
		}
		s.sparse[id] = is
		return
	}
	for id >= PayoutID(len(s.dense)) {
		s.dense = append(s.dense, make([]*State, max(len(s.dense), spanLength))...)
	}
	s.dense[id] = is
	delete(s.sparse, id)
}

// folded holds each order's row against what its events tell of it.
type folded struct {
	states *orderStates
	found  Report
}

func (f *folded) take(o *orderNow) {
	f.found.Orders++
	switch told := f.states.of(o.id); {
	case told == nil:
		f.found.find("fold", o.orderNo, "no event tells how it began")
	case *told != o.is:
		f.found.find("fold", o.orderNo, "its row says %s, its events say %s", plain(o.is.text()), plain(told.text()))
		fallthrough
	default:
		f.states.set(o.id, nil)
	}
}

// end says what is left over when all rows were there.
func (f *folded) end(r *Report) {
	left := func(id PayoutID, told *State) {
		if told != nil {
			f.found.find("fold", fmt.Sprint(id), "events tell of an order that has no row")
		}
	}
	for id, told := range f.states.dense {
		left(PayoutID(id), told)
	}
	for id, told := range f.states.sparse {
		left(id, told)
	}
	r.Orders = f.found.Orders
	r.add(f.found)
}
