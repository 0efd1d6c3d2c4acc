package views

// NewPayeePage asks whom to enter in the book.
type NewPayeePage struct {
	Shell  Shell
	Ways   []Way  // to choose from
	Rail   string // that was chosen; "" for none yet
	Rows   []FormRow
	Odd    []string // what is odd about them and may be right
	Seen   bool     // the reader stands by it
	Reason string
	Errors Errors
}

// here is the way that was chosen, in words.
func (p NewPayeePage) here() string {
	for _, way := range p.Ways {
		if way.Here {
			return way.Rail
		}
	}
	return ""
}
