// Package spell writes numbers in words, so that a sum is read twice: once in
// figures and once as on a cheque.
package spell

import "strings"

var small = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
	"sixteen seventeen eighteen nineteen")

var tens = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")

// steps are the names of the powers of a thousand, the largest first.
var steps = []struct {
	size int64
	name string
}{{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}, {1e3, "thousand"}}

// English writes a number from zero up: one thousand eight hundred and fifty.
func English(n int64) string {
	if n == 0 {
		return small[0]
	}
	var parts []string
	for _, step := range steps {
		if n >= step.size {
			parts = append(parts, below1000(n/step.size), step.name)
			n %= step.size
		}
	}
	switch {
	case n == 0:
	case n < 100 && len(parts) > 0:
		parts = append(parts, "and", below1000(n))
	default:
		parts = append(parts, below1000(n))
	}
	return strings.Join(parts, " ")
}

func below1000(n int64) string {
	hundreds, rest := n/100, n%100
	switch {
	case hundreds == 0:
		return below100(rest)
	case rest == 0:
		return small[hundreds] + " hundred"
	}
	return small[hundreds] + " hundred and " + below100(rest)
}

func below100(n int64) string {
	switch {
	case n < 20:
		return small[n]
	case n%10 == 0:
		return tens[n/10]
	}
	return tens[n/10] + "-" + small[n%10]
}
