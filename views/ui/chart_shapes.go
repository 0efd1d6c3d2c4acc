package ui

import "strings"

// piece is a part of a stacked bar.
type piece struct{ class, x, y, width, height string }

// pieces stacks the series of each day from the ground up, in their order.
func (c Chart) pieces(top int64) (found []piece) {
	for day := range c.Days {
		ground := int64(plotBottom)
		for _, s := range c.Series {
			tall := height(max(s.value(day), 0), top)
			if tall == 0 && s.value(day) > 0 {
				tall = 5 // what is there must be seen
			}
			if tall == 0 {
				continue
			}
			ground -= tall
			found = append(found, piece{s.Class, tenths(c.left(day)), tenths(ground), tenths(c.barWidth()), tenths(tall)})
		}
	}
	return found
}

// line draws a series from day to day and breaks where there is no figure. One that stands
// alone is a dash as wide as a bar: a line to nowhere would show nothing of it.
func (c Chart) line(s Series, top int64) string {
	var path strings.Builder
	pen := "M"
	for day := range c.Days {
		if s.value(day) < 0 {
			pen = "M"
			continue
		}
		x, y := c.middle(day), plotBottom-height(s.value(day), top)
		if s.alone(day) {
			x -= loneWidth / 2
		}
		path.WriteString(pen + tenths(x) + " " + tenths(y))
		if s.alone(day) {
			path.WriteString("h" + tenths(loneWidth))
		}
		pen = "L"
	}
	return path.String()
}

// loneWidth is of the dash of a figure that stands alone, in tenths.
const loneWidth = 80

// alone says whether neither the day before nor the day after has a figure.
func (s Series) alone(day int) bool {
	return (day == 0 || s.value(day-1) < 0) && (day+1 >= len(s.Values) || s.value(day+1) < 0)
}

func gridClass(value int64) string {
	if value == 0 {
		return "axis"
	}
	return "grid"
}
