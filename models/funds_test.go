package models_test

import (
	"testing"
	"time"

	"countersign/models"
)

// What is taken, available and missing, by what is known of the account.
func TestJ2_AvailableCountsNothingTwiceAndNothingTooLate(t *testing.T) {
	read := time.Date(2026, 11, 2, 14, 2, 0, 0, time.UTC)
	for _, c := range []struct {
		name                      string
		f                         models.Funds
		taken, available, missing int64
		besides                   int64
		alarm                     models.FundsAlarm
	}{
		{"nothing wants to leave", models.Funds{At: read, Balance: 1000}, 0, 1000, 0, 0, models.FundsEnough},
		{"never read", models.Funds{Approved: 500, Awaiting: 1}, 0, -500, 500, 0, models.FundsEnough},
		{"approved fits to the cent", models.Funds{At: read, Balance: 1000, Approved: 1000}, 0, 0, 0, 0, models.FundsEnough},
		{"approved is a cent too much", models.Funds{At: read, Balance: 1000, Approved: 1001}, 0, -1, 1, 0, models.FundsShort},
		{"awaiting fits to the cent", models.Funds{At: read, Balance: 1000, Approved: 600, Awaiting: 400}, 0, 400, 0, 0, models.FundsEnough},
		{"awaiting is a cent too much", models.Funds{At: read, Balance: 1000, Approved: 600, Awaiting: 401}, 0, 400, 1, 0, models.FundsTight},
		{"nothing is approved yet", models.Funds{At: read, Balance: 1000, Awaiting: 1200}, 0, 1000, 200, 0, models.FundsTight},
		{"short counts the approved alone", models.Funds{At: read, Balance: 1000, Approved: 1100, Awaiting: 400}, 0, -100, 100, 0, models.FundsShort},
		{"the frozen part is not available", models.Funds{At: read, Balance: 1000, Frozen: 300, Approved: 800}, 300, -100, 100, 300, models.FundsShort},
		{"frozen for the orders in flight counts once", models.Funds{At: read, Balance: 1000, Frozen: 300, InFlight: 200, Unclear: 100, Approved: 700}, 300, 0, 0, 0, models.FundsEnough},
		{"frozen with fees counts whole", models.Funds{At: read, Balance: 1000, Frozen: 310, InFlight: 300}, 310, 690, 0, 10, models.FundsEnough},
		{"a gateway that freezes nothing", models.Funds{At: read, Balance: 1000, InFlight: 200, Unclear: 100, Approved: 701}, 300, -1, 1, 0, models.FundsShort},
		{"left since the reading, open", models.Funds{At: read, Balance: 1000, Frozen: 300, InFlight: 500, LeftSince: 200, OpenSince: 200}, 500, 500, 0, 0, models.FundsEnough},
		{"left since the reading, paid already", models.Funds{At: read, Balance: 1000, LeftSince: 200, Approved: 801}, 200, -1, 1, 200, models.FundsShort},
		{"more is gone than there was", models.Funds{At: read, Balance: 100, LeftSince: 300}, 300, -200, 200, 300, models.FundsEnough},
	} {
		f := c.f
		f.Currency = "PEN"
		if f.Taken().Minor != c.taken || f.Available().Minor != c.available || f.Missing().Minor != c.missing || f.Besides().Minor != c.besides || f.Alarm() != c.alarm {
			t.Errorf("%s: taken %d, available %d, missing %d, besides %d, alarm %q", c.name, f.Taken().Minor, f.Available().Minor, f.Missing().Minor, f.Besides().Minor, f.Alarm())
		}
		// The terms that home shows add up (J2).
		if f.Balance-f.Reserved().Minor-f.Unclear-f.Besides().Minor != f.Available().Minor {
			t.Errorf("%s: the terms do not add up", c.name)
		}
	}
	// The known-bad variants: to count frozen and open orders both would call the tenth
	// case short, to look at the reading alone would not see what was paid since.
	twice := models.Funds{At: read, Balance: 1000, Frozen: 300, InFlight: 300, Approved: 700}
	if twice.Balance-twice.Frozen-twice.InFlight-twice.Approved >= 0 || twice.Alarm() != models.FundsEnough {
		t.Error("this table does not tell double counting apart")
	}
}
