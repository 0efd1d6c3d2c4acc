package torture

import (
	"fmt"
	"math/rand/v2"
	"time"

	"countersign/services"
)

// death is how a program ends.
type death struct {
	where string         // for the figures
	point services.Point // it kills itself there …
	nth   int            // … at this passing
	gate  string         // a create kills it: when it has "arrived" at the gateway, or is "booked"
	early bool           // before it is known to lead
	after time.Duration  // in any case after so long
}

// deathPatience is how long a death is waited for that has a place of its own.
const deathPatience = 6 * time.Second

// stop is the place as the program is told it.
func (d death) stop() string {
	if d.point == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", d.point, d.nth)
}

// otherwise is where the program was killed if its place was not reached.
func (d death) otherwise() string {
	if d.where == anyMoment {
		return anyMoment
	}
	return "not reached: " + d.where
}

const anyMoment = "any moment"

func atPoint(p services.Point, nth int) death {
	return death{where: string(p), point: p, nth: nth, after: deathPatience}
}

// deaths are so many: each point in turn, the gateway's two sides of a create, and as
// many at random moments, of which some before the program has come up.
func deaths(many int, random *rand.Rand) []death {
	var all []death
	for round := 0; len(all) < many; round++ {
		for _, p := range services.Points {
			if p == services.PointRecovering || p == services.PointRecovered {
				// Only what was cut off is recovered, once in a life.
				all = append(all, atPoint(services.PointLeaving, 1), atPoint(p, 1))
				continue
			}
			all = append(all, atPoint(p, 1+(round+random.IntN(2))%3))
		}
		for _, side := range []string{"arrived", "booked"} {
			all = append(all, death{where: "gateway " + side, gate: side, after: deathPatience})
		}
		for i := range len(services.Points) / 2 {
			moment := time.Duration(random.IntN(200)) * time.Millisecond
			all = append(all, death{where: anyMoment, early: i%3 == 0, after: moment})
		}
	}
	return all
}
