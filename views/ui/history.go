package ui

// The strip is 264 by 66: a bar every 22, this one the last and a little wider.
const (
	historyGround = 640
	historyTall   = 635
	historyStep   = 220
	historyThis   = 2420
)

func (h History) top() int64 {
	top := max(h.This.Minor, 1)
	for _, p := range h.Past {
		top = max(top, p.Money.Minor)
	}
	return top
}

func (h History) bars() (found []piece) {
	past := h.Past[max(len(h.Past)-11, 0):]
	for i, p := range past {
		tall := max(p.Money.Minor*historyTall/h.top(), 5)
		left := int64(historyThis - historyStep*(len(past)-i))
		found = append(found, piece{"bar", tenths(left), tenths(historyGround - tall), "16", tenths(tall)})
	}
	return found
}

func (h History) thisBar() piece {
	tall := max(h.This.Minor*historyTall/h.top(), 10)
	return piece{"this-one", tenths(historyThis), tenths(historyGround - tall), "21", tenths(tall)}
}
