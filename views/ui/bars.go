package ui

// barLength is the share of the longest, in hundredths and tenths of them.
func barLength(bar HBar, bars []HBar) string {
	longest := int64(1)
	for _, b := range bars {
		longest = max(longest, b.Value)
	}
	return tenths(max(bar.Value, 0) * 1000 / longest)
}
