// Package bench measures the product against a yardstick in the same run and
// prints ratios. `make bench` runs it; absolute figures are this machine's.
package bench
