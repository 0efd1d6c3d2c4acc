package ui

// LimitBar is a limit and what is used of it, in minor units of one currency.
type LimitBar struct {
	Name string
	Note string // softer, after the name
	Text string // the figures as they are written
	Most int64
	Used int64
	Adds int64 // what the order being looked at would add
	Over bool  // it does not fit
	Bare bool  // nothing is ever used of it: one order is held against it alone
}

// meter is the bar in hundredths of the limit, or of more where more is used.
func (b LimitBar) meter() MeterArgs {
	scale := max(b.Most, b.Used+b.Adds, 1)
	used := int(b.Used * 100 / scale)
	this := int((b.Used+b.Adds)*100/scale) - used
	if this == 0 && b.Adds > 0 {
		this = 1
	}
	return MeterArgs{Used: used, This: this, Over: b.Over, Label: b.Name + ": " + b.Text}
}
