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

// line draws a series from day to day and breaks where there is no figure.
func (c Chart) line(s Series, top int64) string {
	var path strings.Builder
	pen := "M"
	for day := range c.Days {
		if s.value(day) < 0 {
			pen = "M"
			continue
		}
		path.WriteString(pen + tenths(c.middle(day)) + " " + tenths(plotBottom-height(s.value(day), top)))
		pen = "L"
	}
	return path.String()
}

func gridClass(value int64) string {
	if value == 0 {
		return "axis"
	}
	return "grid"
}
