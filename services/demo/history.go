package demo

import (
	"math"
	"time"

	"countersign/models"
)

// trade is how the business of one desk usually goes.
type trade struct {
	desk, maker   string
	zone          string
	first, second []string // who signs, the likely one first
	weekday       float64  // orders a day
	weekend       float64
	median        float64 // of the sums, in whole units
	spread        float64 // of their logarithm
	least, most   float64
	settles       time.Duration // median time to the final word
	purposes      []string
}

var trades = []trade{
	{
		desk: atTaipei, maker: chen, zone: taipei, first: []string{lin, wu}, second: []string{tsai}, weekday: 7.6, weekend: 1.6,
		median: 68_000, spread: 1.05, least: 900, most: 1_400_000, settles: 210 * time.Second,
		purposes: []string{"Freight to Keelung", "Packaging", "Customs duties advanced", "Warehouse rent", "Tour deposit returned", "Translation", "Sales commission"},
	},
	{
		desk: atShanghai, maker: wang, zone: shanghai, first: []string{lin, wu}, second: []string{tsai}, weekday: 5.8, weekend: 1.2,
		median: 9_500, spread: 1.05, least: 80, most: 240_000, settles: 180 * time.Second,
		purposes: []string{"Connector parts", "Licence for October", "Inspection at the works", "Samples", "Courier", "Design of the label"},
	},
	{
		desk: atLima, maker: ramos, zone: lima, first: []string{ortega}, second: []string{tsai}, weekday: 4.4, weekend: 0.8,
		median: 620, spread: 0.6, least: 18, most: 1_990, settles: 320 * time.Second,
		purposes: []string{"Transporte Callao", "Asesoria legal", "Servicio de almacen", "Comision de ventas", "Viaticos Cusco", "Reparacion de equipo"},
	},
}

// planHistory plans every ordinary day.
func (s *story) planHistory() {
	for day := range days + 1 {
		for _, t := range trades {
			zone := zoneOf(t.zone)
			year, month, date := s.begins.In(zone).AddDate(0, 0, day).Date()
			s.planDay(t, time.Date(year, month, date, 0, 0, 0, 0, zone))
		}
	}
}

func (s *story) planDay(t trade, midnight time.Time) {
	mean := t.weekday
	if day := midnight.Weekday(); day == time.Saturday || day == time.Sunday {
		mean = t.weekend
	}
	count := int(mean*(0.7+0.6*s.random.Float64()) + s.random.Float64())
	for range count {
		s.planOne(t, midnight)
	}
}

// planOne draws all that is to be drawn of one order before it decides whether
// the order still fits before the present.
func (s *story) planOne(t trade, midnight time.Time) {
	at := midnight.Add(s.clockTime())
	p := s.pick(t.desk)
	minor := s.sum(t, p)
	purpose := t.purposes[s.random.IntN(len(t.purposes))]
	submit := s.about(90 * time.Second)
	signers, waits := s.signers(t, at.Add(submit), minor)
	f := s.fate(t, p)
	sent := at.Add(submit)
	for _, wait := range waits {
		sent = sent.Add(wait)
	}
	if at.Before(s.begins) || sent.Add(f.lasts).After(s.ago(quietBefore)) {
		return
	}
	money := models.Money{Minor: minor, Currency: s.desks[t.desk].Currency}
	l := s.order(at, t.maker, p, money.Decimal(), purpose).submitted(submit)
	f.live(l, signers, waits)
}

// quietBefore keeps ordinary business out of the last minutes, which belong to
// the orders of today.
const quietBefore = 25 * time.Minute

// clockTime is a time of the working day: before noon or in the afternoon.
func (s *story) clockTime() time.Duration {
	peak := 10*time.Hour + 20*time.Minute
	if s.random.IntN(5) < 2 {
		peak = 15*time.Hour + 10*time.Minute
	}
	at := peak + time.Duration(s.random.NormFloat64()*float64(65*time.Minute))
	return min(max(at, 8*time.Hour+35*time.Minute), 18*time.Hour+20*time.Minute)
}

// about is a time around the median, sometimes much longer, never more than six
// times.
func (s *story) about(median time.Duration) time.Duration {
	return time.Duration(float64(median) * min(math.Exp(0.7*s.random.NormFloat64()), 6))
}

func (s *story) pick(desk string) *payee {
	total := 0
	for _, p := range s.book {
		if p.desk == desk {
			total += p.weight
		}
	}
	at := s.random.IntN(total)
	for _, p := range s.book {
		if p.desk != desk {
			continue
		}
		if at -= p.weight; at < 0 {
			return p
		}
	}
	panic("demo: nobody to pay at " + desk)
}

// sum is what the order is over, in minor units: round ones, whole ones, and
// some with odd cents. The last two digits never choose what the sandbox does.
func (s *story) sum(t trade, p *payee) int64 {
	units := t.median * float64(p.size) / 100 * math.Exp(t.spread*s.random.NormFloat64())
	whole := int64(min(max(units, t.least), t.most))
	switch draw := s.random.IntN(20); {
	case draw < 8 && whole >= 1000:
		return whole / 100 * 100 * 100
	case draw < 15:
		return whole * 100
	}
	return whole*100 + 11 + s.random.Int64N(89)
}

// signers are the people whom the policy asks for, and how long each takes:
// nobody signs at night.
func (s *story) signers(t trade, at time.Time, minor int64) (who []string, waits []time.Duration) {
	money := models.Money{Minor: minor, Currency: s.desks[t.desk].Currency}
	asked, _ := models.Policy{Bands: bandsOfToday}.Need(models.Facts{Sum: money})
	who = []string{t.first[0]}
	if s.random.IntN(4) == 0 {
		who[0] = t.first[len(t.first)-1]
	}
	if who[0] == wu && at.After(s.ago(wuLeaves+24*time.Hour)) {
		who[0] = t.first[0]
	}
	if asked.Need.Least() > 1 {
		who = append(who, t.second[0])
	}
	for i, key := range who {
		wait := s.about(time.Duration(11+14*i) * time.Minute)
		wait = atWork(s.people[key].Location(), at.Add(wait)).Sub(at)
		waits, at = append(waits, wait), at.Add(wait)
	}
	return who, waits
}

// atWork moves a time of the night to the morning.
func atWork(zone *time.Location, at time.Time) time.Time {
	year, month, day := at.In(zone).Date()
	opens := time.Date(year, month, day, 8, 40, 0, 0, zone)
	late := at.Sub(opens)
	switch {
	case late < 0:
		return opens.Add(late.Abs() % (25 * time.Minute))
	case late > 11*time.Hour:
		return opens.AddDate(0, 0, 1).Add(late % (25 * time.Minute))
	}
	return at
}
