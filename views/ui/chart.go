package ui

import (
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"countersign/views/i18n"
)

// Chart is figures by day. They are whole numbers (minor units, seconds, counts);
// the page says how an axis and a table write them.
type Chart struct {
	Title   string
	Unit    string // unit, length and zone: "Million TWD, 30 days, Taipei time"
	Finding string // what is to be seen, in a sentence, for those who cannot see it
	First   string // head of the first column of the table: "Day"
	Days    []string
	Series  []Series
	Axis    func(int64) string          // nil writes plain numbers
	Cell    func(int64) templ.Component // nil writes plain numbers
}

// Series is one kind of figure. Its class is its status: paid, gone, unclear, failed,
// returned; or p50 and p95 where it is none.
type Series struct {
	Name   string
	Legend string // name and sum: "Paid 70.10 m"
	Class  string
	Values []int64 // oldest first; below zero where there is none
}

// The drawing is 560 by 190, the plot inside it from 44 to 560 and from 12 to 166.
// Everything is reckoned in tenths, so that no float comes near a sum.
const (
	plotLeft, plotFirst, plotRight = 440, 470, 5600
	plotTop, plotBottom            = 120, 1660
)

func tenths(n int64) string { return fmt.Sprintf("%d.%d", n/10, n%10) }

// slot is the width of one day; a bar takes two thirds of it.
func (c Chart) slot() int64 { return (plotRight - plotFirst - 50) / int64(max(len(c.Days), 1)) }

func (c Chart) left(day int) int64 { return plotFirst + int64(day)*c.slot() }

func (c Chart) barWidth() int64 { return max(c.slot()*9/14, 1) }

func (c Chart) middle(day int) int64 { return c.left(day) + c.barWidth()/2 }

// steps are the round values at which lines are drawn, from zero to above the highest.
func steps(highest int64) (values []int64) {
	step := roundStep(max(highest, 1))
	for v := int64(0); ; v += step {
		values = append(values, v)
		if v >= highest {
			return values
		}
	}
}

// roundStep is 1, 2 or 5 times a power of ten, so that at most five lines are needed.
func roundStep(highest int64) int64 {
	for power := int64(1); ; power *= 10 {
		for _, digit := range []int64{1, 2, 5} {
			if digit*power*5 >= highest {
				return digit * power
			}
		}
	}
}

func topOf(values []int64) int64 { return max(values[len(values)-1], 1) }

func height(value, top int64) int64 { return value * (plotBottom - plotTop) / top }

func (c Chart) axis(v int64) string {
	if c.Axis == nil {
		return i18n.Number(int(v))
	}
	return c.Axis(v)
}

func (c Chart) cell(v int64) templ.Component {
	switch {
	case v < 0:
		return Text("–")
	case c.Cell == nil:
		return Text(i18n.Number(int(v)))
	}
	return c.Cell(v)
}

// value is zero where a series is shorter than the days.
func (s Series) value(day int) int64 {
	if day < len(s.Values) {
		return s.Values[day]
	}
	return 0
}

// highest is the tallest stack, or the highest point where they are not stacked.
func (c Chart) highest(stacked bool) (top int64) {
	for day := range c.Days {
		var sum int64
		for _, s := range c.Series {
			if stacked {
				sum += max(s.value(day), 0)
			} else {
				sum = max(sum, s.value(day))
			}
		}
		top = max(top, sum)
	}
	return top
}

// labelled are the days named under the axis: all of a few, else about five with the last.
func (c Chart) labelled() (days []int) {
	last := len(c.Days) - 1
	step := max((last+1)/4, 1)
	if last < 8 {
		step = 1
	}
	for day := 0; day <= last-step/2; day += step {
		days = append(days, day)
	}
	if last >= 0 && !slices.Contains(days, last) {
		days = append(days, last)
	}
	return days
}

func (c Chart) anchor(day int) string {
	if day == len(c.Days)-1 && len(c.Days) > 8 {
		return "end"
	}
	return "middle"
}

func (c Chart) labelX(day int) string {
	if c.anchor(day) == "end" {
		return tenths(plotRight)
	}
	return tenths(c.middle(day))
}
