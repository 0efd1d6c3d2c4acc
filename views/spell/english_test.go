package spell

import "testing"

func TestNumbersReadAsOnACheque(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0:                 "zero",
		7:                 "seven",
		13:                "thirteen",
		20:                "twenty",
		99:                "ninety-nine",
		100:               "one hundred",
		101:               "one hundred and one",
		1000:              "one thousand",
		1001:              "one thousand and one",
		1850:              "one thousand eight hundred and fifty",
		12_000:            "twelve thousand",
		100_010:           "one hundred thousand and ten",
		645_400:           "six hundred and forty-five thousand four hundred",
		1_000_005:         "one million and five",
		99_999_999:        "ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine",
		9_000_000_000:     "nine billion",
		1_000_000_000_001: "one trillion and one",
	} {
		if got := English(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
